"""Who from outside the unit looked at a dossier, told by person; every look stays a row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Max, Q, QuerySet

from dossiers.models import Batch, Document, Dossier, Report
from emulation.models import Look, User


@dataclass(frozen=True)
class Seen:
    """One thing that somebody opened: how many times, and when last."""

    what: str
    times: int
    last: datetime


@dataclass
class Onlooker:
    """A person, what that person opened, the last first."""

    user: User
    things: list[Seen]

    @property
    def times(self) -> int:
        return sum(seen.times for seen in self.things)

    @property
    def last(self) -> datetime:
        return self.things[0].last


def onlookers(dossier: Dossier) -> list[Onlooker]:
    """Who looked last comes first."""
    rows = looks_at(dossier).values_list("by", "what")
    counted = rows.annotate(times=Count("pk"), last=Max("at")).order_by("-last", "what")
    things: dict[int, list[Seen]] = {}
    for by, what, times, last in counted:
        things.setdefault(by, []).append(Seen(what, times, last))
    users = User.objects.filter(pk__in=things).select_related("individual").in_bulk()
    return [Onlooker(users[by], seen) for by, seen in things.items()]


def looks_at(dossier: Dossier) -> QuerySet[Look]:
    """At the dossier, its files, a paper made of it, or many of which one was made of it."""
    types = ContentType.objects.get_for_models(Batch, Dossier, Document, Report)
    papers = dossier.documents.values("pk")
    batches = Batch.objects.filter(documents__dossier=dossier).values("pk")
    prints = Document.objects.filter(parts__document__dossier=dossier).values("pk")
    reports = Report.objects.filter(nomination__in=dossier.nominations()).values("pk")
    return Look.objects.filter(
        Q(subject_type=types[Dossier], subject_id=dossier.pk)
        | Q(subject_type=types[Document], subject_id__in=papers)
        | Q(subject_type=types[Document], subject_id__in=prints)
        | Q(subject_type=types[Batch], subject_id__in=batches)
        | Q(subject_type=types[Report], subject_id__in=reports)
    )
