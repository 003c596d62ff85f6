"""The way to a page for breadcrumb.html: the same steps wherever one stands below them."""

from __future__ import annotations

from django.urls import reverse
from django.utils.text import Truncator

from awards.views.workspace import workspace_of
from campaigns.models import Campaign
from dossiers.models import Batch, Document, Dossier, Report
from emulation.models import User

Trail = list[tuple[str, str]]
MAKING = "Tạo toàn bộ hồ sơ"


def of_campaign(campaign: Campaign, *pages: tuple[str, str]) -> Trail:
    plan = reverse("campaigns:detail", args=(campaign.slug,))
    return [
        ("Phong trào", reverse("campaigns:list")),
        (campaign.number or Truncator(campaign.name).chars(48), plan),
        *pages,
    ]


def of_batch(batch: Batch, *pages: tuple[str, str]) -> Trail:
    campaign = batch.campaign
    return of_campaign(
        campaign,
        (MAKING, reverse("dossiers:batches", args=(campaign.slug,))),
        (f"Đợt {batch.pk}", reverse("dossiers:batch", args=(batch.pk,))),
        *pages,
    )


def of_dossier(dossier: Dossier, *pages: tuple[str, str]) -> Trail:
    """By its unit and its deciding level, since a unit may have several in one campaign."""
    place = reverse("dossiers:unit_case", args=(dossier.campaign.slug, dossier.unit_id))
    return [
        ("Hồ sơ", reverse("dossiers:list")),
        (dossier.unit.name, place),
        (dossier.get_decider_display(), reverse("dossiers:dossier", args=(dossier.pk,))),
        *pages,
    ]


def of_report(user: User, report: Report, *pages: tuple[str, str]) -> Trail:
    """Through the page of the unit, for whom that is open."""
    nomination = report.nomination
    campaign, unit = nomination.campaign, nomination.unit
    case = reverse("dossiers:unit_case", args=(campaign.slug, unit.pk))
    return of_campaign(
        campaign,
        *([(unit.name, case)] if workspace_of(user, nomination).is_reader else []),
        (
            f"Báo cáo: {nomination.subject_name}",
            reverse("dossiers:report", args=(report.pk,)),
        ),
        *pages,
    )


def of_paper(user: User, paper: Document) -> Trail:
    """Through what it was made of."""
    here = (paper.get_kind_display(), "")
    if paper.dossier:
        papers = reverse("dossiers:papers", args=(paper.dossier_id,))
        return of_dossier(paper.dossier, ("Văn bản", papers), here)
    if paper.batch:
        return of_batch(paper.batch, here)
    assert paper.report is not None
    papers = reverse("dossiers:report_papers", args=(paper.report_id,))
    return of_report(user, paper.report, ("Bản PDF", papers), here)
