"""Looking for reports that repeat one another."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.core.cache import cache
from django.db import transaction
from django.db.models import F, Q

from campaigns.models import Campaign, RegistrationLine
from dossiers.documents.phrases import cite_plan
from dossiers.models import FormSection, Report, ReportEntry, Similarity
from dossiers.models.documents import Lane
from dossiers.similarity import Text, matches
from emulation.queue import enqueue

COMPARE = "dossiers.compare_reports"
# What is saved within this time (seconds) is compared in one go.
GATHER = 60
# What a plan says may be repeated by whoever reports on it: its columns, and those of its rows.
PLAN = ("name", "period_text", "occasion", "purpose", "requirements", "participants_text",
        "award_principle", "exclusion", "wrap_up", "closing")  # fmt: skip
ROWS = {
    "themes": ("text",),
    "bases": ("text",),
    "anniversaries": ("text",),
    "milestones": ("name", "text"),
    "areas": ("title", "text"),
    "targets": ("metric", "text", "note"),
    "offers": ("collective_eligible", "individual_eligible", "note"),
    "criteria": ("text",),
    "duties": ("text",),
    "statements": ("heading", "text"),
}


def ask_to_compare(*, campaign: Campaign) -> None:
    """Have the reports of a campaign compared soon, once however often it is asked meanwhile."""
    if cache.add(f"compare:{campaign.pk}", True, GATHER - 5):
        enqueue(COMPARE, campaign.pk, queue=Lane.DOCUMENTS, delay=GATHER)


def compare_reports(*, campaign: Campaign, at: datetime) -> int:
    """
    Find again which reports of a campaign share their text; how many pairs there are.

    Comparing takes its time, so nothing is locked before what was found is written down.
    """
    written: dict[int, list[str]] = defaultdict(list)
    units: dict[int, int] = {}
    entries = ReportEntry.objects.filter(
        # What a form has no place for is not part of the report.
        Q(section=None) | Q(section__form=F("report__form")),
        report__nomination__campaign=campaign,
    ).order_by("pk")
    for report, unit, text in entries.values_list("report", "report__nomination__unit", "text"):
        written[report].append(text)
        units[report] = unit
    texts = [Text(pk, units[pk], "\n".join(parts)) for pk, parts in written.items()]
    found = matches(texts, _given(campaign))
    with transaction.atomic():
        locked = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
        Similarity.objects.filter(campaign=locked).delete()
        Similarity.objects.bulk_create(
            Similarity(
                campaign=locked,
                first_id=match.first,
                second_id=match.second,
                share=match.share,
                passage=match.passage,
                found_at=at,
            )
            for match in found
        )
    return len(found)


def _given(campaign: Campaign) -> list[str]:
    """What stands in several reports without being copied from one: plan, form, registration."""
    said = [cite_plan(campaign), *(getattr(campaign, name) for name in PLAN)]
    for rows, columns in ROWS.items():
        for row in getattr(campaign, rows).values_list(*columns):
            said += row
    forms = Report.objects.filter(nomination__campaign=campaign).values("form")
    for row in FormSection.objects.filter(form__in=forms).values_list("heading", "hint"):
        said += row
    lines = RegistrationLine.objects.filter(registration__campaign=campaign).order_by("pk")
    return [*said, *lines.values_list("commitment", flat=True)]
