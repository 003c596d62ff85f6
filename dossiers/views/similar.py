"""Warnings about reports that repeat one another, each in the words that the reader may see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse

from campaigns.models import Campaign
from dossiers.models import Report, Similarity
from emulation.models import User


@dataclass(frozen=True)
class Likeness:
    """The parameters of _similar.html: one report and the other that shares its text."""

    share: int
    name: str
    url: str
    other: str
    other_url: str
    passage: str


def likenesses(user: User, reports: Iterable[Report]) -> list[Likeness]:
    """Of these reports, which the user may see; another unit's report is not named."""
    pks = {report.pk for report in reports}
    return _told(user, Q(first__in=pks) | Q(second__in=pks), pks)


def likenesses_in(user: User, campaign: Campaign) -> list[Likeness]:
    """Of a whole campaign, for its office."""
    return _told(user, Q(campaign=campaign), set())


def _told(user: User, which: Q, own: set[int]) -> list[Likeness]:
    rows = list(Similarity.objects.filter(which))
    pks = {pk for row in rows for pk in (row.first_id, row.second_id)}
    seen = Report.objects.visible_to(user).filter(pk__in=pks).with_subjects()
    names = {report.pk: report.nomination.subject_name for report in seen}
    found = []
    for row in rows:
        one, other = row.first_id, row.second_id
        if one not in names or (own and one not in own):
            one, other = other, one
        if one not in names:
            continue
        found.append(
            Likeness(
                share=row.share,
                name=names[one],
                url=reverse("dossiers:report", args=(one,)),
                other=names.get(other, "một báo cáo của đơn vị khác"),
                other_url=reverse("dossiers:report", args=(other,)) if other in names else "",
                passage=row.passage,
            )
        )
    return found
