"""What a worker does: fetch by key, call one action, done; each is safe to run twice."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from campaigns.models import Campaign
from dossiers import actions


@shared_task(name="dossiers.render_document")
def render_document(pk: int) -> None:
    actions.make_documents(first=pk, clock=timezone.now)


@shared_task(name="dossiers.compare_reports")
def compare_reports(campaign_pk: int) -> None:
    campaign = Campaign.objects.get(pk=campaign_pk)
    actions.compare_reports(campaign=campaign, at=timezone.now())
