"""What makes a paper an issued one, and what ends its force."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from dossiers.codes import new_code
from dossiers.documents import Paper, number_of
from dossiers.models import Document, Dossier
from dossiers.workflow import PAPER, issued
from emulation.models import Step, User
from emulation.workflow import Refused

LONGEST_REASON = 300


def particulars(dossier: Dossier, frozen: dict[str, Any], paper: Paper | None) -> dict[str, Any]:
    """Number, issuer and day of a paper of a submitted dossier; `paper` None is the bound whole."""
    assert dossier.submitted_at is not None
    day = paper.snapshot.get("header", {}).get("date") if paper else None
    return {
        "number": number_of(paper) if paper else "",
        "issuer": frozen["cover"]["agency"],
        "issued_date": date.fromisoformat(day) if day else timezone.localdate(dossier.submitted_at),
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
    unit = locked.dossier.unit_id if locked.dossier else None
    roles = by.roles_for(agency_id=locked.campaign.agency_id, unit_id=unit)
    paper, note = issued(locked), note.strip()
    reason = PAPER.obstacle(paper, "annul", roles=roles, note=note, at=at)
    if reason:
        raise Refused(reason)
    if len(note) > LONGEST_REASON:
        raise ValidationError(f"Lý do quá dài: tối đa {LONGEST_REASON} ký tự.")
    transition = PAPER.transitions["annul"]
    locked.annulled_at, locked.annulled_by, locked.annul_reason = at, by, note
    locked.save(update_fields=["annulled_at", "annulled_by", "annul_reason"])
    Step.objects.create(
        subject_type=ContentType.objects.get_for_model(Document),
        subject_id=locked.pk,
        act="annul",
        label=transition.label,
        from_state=paper.state,
        to_state=transition.target,
        from_label=PAPER.states[paper.state],
        to_label=PAPER.states[transition.target],
        by=by,
        at=at,
        note=note,
    )
    return locked
