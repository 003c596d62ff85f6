"""How a dossier moves, and what stands in the way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from campaigns.models import Campaign, Milestone
from dossiers import rules
from dossiers.models import Document, Dossier, facts_of
from emulation.models import Role, User
from emulation.workflow import Transition, Workflow

State = Dossier.State
OFFICE, UNIT_HEAD = Role.OFFICE, Role.UNIT_HEAD


def not_running(campaign: Campaign) -> str:
    """Why nothing may be added in this campaign now; "" while it is launched."""
    if campaign.state == Campaign.State.LAUNCHED:
        return ""
    return f"Phong trào {campaign.get_state_display().lower()} nên không bổ sung, sửa được nữa."


def _still_running(dossier: Dossier) -> str:
    return not_running(dossier.campaign)


def _complete(dossier: Dossier) -> str:
    """Luật 06/2022/QH15, Điều 84, and what the plan asks for beyond it."""
    reason = _still_running(dossier)
    if reason:
        return reason
    missing = rules.gaps(rules.completeness(facts_of([dossier])[dossier.pk]))
    return f"Hồ sơ còn thiếu: {' '.join(missing)}" if missing else ""


def _in_time(dossier: Dossier, at: datetime) -> str:
    """What was submitted in time and returned may be submitted again."""
    if dossier.submitted_at is not None:
        return ""
    on = timezone.localdate(at)
    for milestone in dossier.campaign.milestones.all():
        late = milestone.kind == Milestone.Kind.SUBMISSION and milestone.is_past(on)
        if late and milestone.hard:
            when = f"{milestone.when[:1].lower()}{milestone.when[1:]}"
            return f"Đã quá thời hạn gửi hồ sơ ({when}). Theo kế hoạch, quá hạn thì không được xét."
    return ""


DOSSIER: Workflow[Dossier] = Workflow(
    {
        #                      label      from                           to               who
        "submit": Transition(
            "Trình hồ sơ",
            (State.DRAFT, State.RETURNED),
            State.SUBMITTED,
            (UNIT_HEAD,),
            _complete,
            deadline=_in_time,
        ),
        "return": Transition(
            "Trả lại",
            (State.SUBMITTED,),
            State.RETURNED,
            (OFFICE,),
            _still_running,
            needs_note=True,
        ),
        "accept": Transition("Tiếp nhận", (State.SUBMITTED,), State.ACCEPTED, (OFFICE,)),
    },
    dict(State.choices),
)


Standing = Document.Standing


@dataclass(frozen=True)
class Issued:
    """What the table asks of a paper: `state` is its standing, not how far its making is."""

    state: str
    is_made: bool


def issued(document: Document) -> Issued:
    """Of a row read with_standing()."""
    return Issued(document.standing, document.state == Document.State.READY)


def roles_on(document: Document, user: User) -> frozenset[str]:
    """Those that count for a paper: a head's only for papers of a dossier of the own unit."""
    unit = document.dossier.unit_id if document.dossier else None
    return user.roles_for(agency_id=document.campaign.agency_id, unit_id=unit)


def _made(paper: Issued) -> str:
    return "" if paper.is_made else "Văn bản chưa tạo xong."


PAPER: Workflow[Issued] = Workflow(
    {
        "annul": Transition(
            "Hủy văn bản",
            (Standing.IN_FORCE,),
            Standing.ANNULLED,
            (OFFICE, Role.DIRECTOR),
            _made,
            needs_note=True,
        ),
    },
    dict(Standing.choices),
)
