"""What makes a paper an issued one, and what ends its force."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from dossiers.codes import new_code
from dossiers.documents import Paper, number_of
from dossiers.models import Document, Dossier, RegisterEntry
from dossiers.workflow import PAPER, issued, roles_on
from emulation.actions import record_step
from emulation.models import User
from emulation.workflow import Refused

LONGEST_REASON = 300
# The day of a paper by campaign, unit and number.
Days = dict[tuple[int, int, str], date]


def days_of_minutes(dossiers: Sequence[Dossier]) -> Days:
    """When the records of meetings were registered, which go into dossiers of other days too."""
    entries = RegisterEntry.objects.filter(
        kind=Document.Kind.MINUTES,
        dossier__campaign__in={dossier.campaign_id for dossier in dossiers},
        dossier__unit__in={dossier.unit_id for dossier in dossiers},
    )
    rows = entries.order_by("pk").select_related("dossier")
    return {
        (row.dossier.campaign_id, row.dossier.unit_id, str(row)): row.date
        for row in rows
        if row.dossier
    }


def particulars(
    dossier: Dossier, frozen: dict[str, Any], paper: Paper | None, days: Days
) -> dict[str, Any]:
    """Number, issuer and day of a paper of a submitted dossier; `paper` None is the bound whole."""
    assert dossier.submitted_at is not None
    day = paper.snapshot.get("header", {}).get("date") if paper else None
    number = number_of(paper) if paper else ""
    registered = days.get((dossier.campaign_id, dossier.unit_id, number))
    submitted = registered or timezone.localdate(dossier.submitted_at)
    return {
        "number": number,
        "issuer": frozen["cover"]["agency"],
        "issued_date": date.fromisoformat(day) if day else submitted,
    }


def free_code() -> str:
    """A code that no paper has; the constraint has the last word."""
    code = new_code()
    while Document.objects.filter(code=code).exists():
        code = new_code()
    return code


@transaction.atomic
def annul(*, document: Document, note: str, by: User, at: datetime) -> Document:
    """End the force of an issued paper; it stays where it is, marked."""
    rows = Document.objects.select_for_update(of=("self",)).with_standing()
    locked = rows.select_related("campaign", "dossier").get(pk=document.pk)
    roles = roles_on(locked, by)
    paper, note = issued(locked), note.strip()
    reason = PAPER.obstacle(paper, "annul", roles=roles, note=note, at=at)
    if reason:
        raise Refused(reason)
    if len(note) > LONGEST_REASON:
        raise ValidationError(f"Lý do quá dài: tối đa {LONGEST_REASON} ký tự.")
    transition = PAPER.transitions["annul"]
    locked.annulled_at, locked.annulled_by, locked.annul_reason = at, by, note
    locked.save(update_fields=["annulled_at", "annulled_by", "annul_reason"])
    record_step(
        subject=locked,
        act="annul",
        label=transition.label,
        before=(paper.state, PAPER.states[paper.state]),
        after=(transition.target, PAPER.states[transition.target]),
        by=by,
        at=at,
        note=note,
    )
    return locked
