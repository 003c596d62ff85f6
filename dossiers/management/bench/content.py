"""The dossiers of the demo many times over, each with texts of its own, and gone afterwards."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from itertools import count, cycle
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from campaigns.models import Campaign
from dossiers.models import Batch, BatchItem, Document, DocumentPart, Dossier
from emulation.models import Unit

MARK = "bench"
# Texts of at least so many words are changed; what is shorter is a name or a heading.
LONG = 20


@contextmanager
def copies(campaign: Campaign, documents: int) -> Iterator[Campaign]:
    """A campaign whose submitted dossiers make at least so many documents."""
    clear()
    try:
        yield _copy(campaign, documents)
    finally:
        clear()


def distinct(value: Any, turn: int) -> Any:
    """The same content with its long texts turned by some words: as long, but another text."""
    if isinstance(value, dict):
        return {key: distinct(item, turn) for key, item in value.items()}
    if isinstance(value, list):
        return [distinct(item, turn) for item in value]
    if isinstance(value, str) and len(words := value.split(" ")) >= LONG:
        at = turn % len(words)
        return " ".join(words[at:] + words[:at])
    return value


def change(campaign: Campaign, number: int) -> None:
    """Another text in one report of each of so many dossiers."""
    for dossier in Dossier.objects.filter(campaign=campaign).order_by("pk")[:number]:
        snapshot = dossier.snapshot
        assert snapshot is not None
        paper = next(paper for paper in snapshot["papers"] if paper["kind"] == "report")
        paper["snapshot"] = distinct(paper["snapshot"], 3)
        dossier.save(update_fields=["snapshot"])


@transaction.atomic
def _copy(campaign: Campaign, documents: int) -> Campaign:
    originals = list(
        Dossier.objects.filter(campaign=campaign, state__in=("submitted", "accepted"))
        .select_related("unit")
        .order_by("pk")
    )
    made = deepcopy(campaign)
    made.pk, made.slug = None, f"{MARK}-{campaign.slug}"[:80]
    made.save(force_insert=True)
    total = 0
    for number, original in zip(count(1), cycle(originals), strict=False):
        if total >= documents:
            return made
        assert original.snapshot is not None
        unit = deepcopy(original.unit)
        unit.pk, unit.code = None, f"{MARK}-{number}"
        unit.name = f"{original.unit.name} {number}"
        unit.save(force_insert=True)
        snapshot = distinct(original.snapshot, number)
        Dossier.objects.create(
            campaign=made,
            unit=unit,
            decider=original.decider,
            state="submitted",
            created_by_id=original.created_by_id,
            created_at=original.created_at,
            submitted_at=original.submitted_at,
            snapshot=snapshot,
        )
        total += len(snapshot["papers"]) + 1
    raise AssertionError("there is no end to a cycle")


def forget(campaign: Campaign) -> None:
    """All documents of the campaign and their files, as if nothing had been made."""
    rows = Document.objects.filter(campaign=campaign)
    with transaction.atomic():
        BatchItem.objects.filter(batch__campaign=campaign).delete()
        DocumentPart.objects.filter(bound__campaign=campaign).delete()
        rows.update(supersedes=None)
        rows.filter(batch__isnull=False).delete()
        Batch.objects.filter(campaign=campaign).delete()
        rows.delete()
    shutil.rmtree(Path(settings.MEDIA_ROOT) / "documents" / str(campaign.pk), ignore_errors=True)


def clear() -> None:
    """What a run before this one may have left."""
    for campaign in Campaign.objects.filter(slug__startswith=f"{MARK}-").order_by("pk"):
        forget(campaign)
        Dossier.objects.filter(campaign=campaign).delete()
        campaign.delete()
    Unit.objects.filter(code__startswith=f"{MARK}-").delete()
