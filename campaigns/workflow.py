"""How a campaign and a unit's registration move, and what stands in the way."""

from datetime import datetime

from django.utils import timezone

from campaigns.models import Campaign, Milestone, Registration
from emulation.models import Role
from emulation.workflow import Transition, Workflow

State = Campaign.State
Registered = Registration.State
OFFICE, DIRECTOR, UNIT_HEAD = Role.OFFICE, Role.DIRECTOR, Role.UNIT_HEAD


def _ready_to_launch(campaign: Campaign) -> str:
    """A plan is launched when it says what, when and for whom; everything else may be missing."""
    if not campaign.name.strip():
        return "Chưa có trích yếu (tên phong trào)."
    if not campaign.period:
        return "Chưa có thời gian thực hiện: nhập ngày bắt đầu, kết thúc hoặc ghi nguyên văn."
    if not campaign.participants.exists():
        return "Chưa có đơn vị tham gia nào."
    return ""


def _still_running(registration: Registration) -> str:
    if registration.campaign.state != State.LAUNCHED:
        state = registration.campaign.get_state_display().lower()
        return f"Phong trào {state} nên không còn nhận đăng ký."
    return ""


def _can_be_sent(registration: Registration) -> str:
    reason = no_registration(registration.campaign) or _still_running(registration)
    if not reason and not registration.lines.exists():
        reason = "Bản đăng ký chưa có nội dung nào: thêm tập thể hoặc cá nhân trước khi gửi."
    return reason


def _in_time(registration: Registration, at: datetime) -> str:
    """What was sent in time and returned may be sent again: the deadline is for the first time."""
    if registration.submitted_at is not None:
        return ""
    return overdue(registration.campaign, at)


def no_registration(campaign: Campaign) -> str:
    if campaign.registration_rule == Campaign.RegistrationRule.NONE:
        return "Kế hoạch này không tổ chức đăng ký thi đua."
    return ""


def registration_milestone(campaign: Campaign) -> Milestone | None:
    """The dated deadline for registering that comes first; a hard one before a soft one."""
    dated = [
        m
        for m in campaign.milestones.all()
        if m.kind == Milestone.Kind.REGISTRATION and m.date is not None
    ]
    return min(dated, key=lambda m: (not m.hard, m.date), default=None)


def overdue(campaign: Campaign, at: datetime) -> str:
    """Why nothing may be registered any more at `at`: a hard deadline of the plan has passed."""
    milestone = registration_milestone(campaign)
    if milestone is None or not milestone.hard or not milestone.is_past(timezone.localdate(at)):
        return ""
    return (
        f"Đã quá thời hạn đăng ký ({milestone.deadline}). "
        "Theo kế hoạch, quá thời hạn đăng ký thì không được xét khen thưởng."
    )


def is_late(registration: Registration) -> bool:
    """Sent after a deadline that the plan does not enforce."""
    milestone = registration_milestone(registration.campaign)
    return (
        milestone is not None
        and registration.submitted_at is not None
        and milestone.is_past(timezone.localdate(registration.submitted_at))
    )


CAMPAIGN: Workflow[Campaign] = Workflow(
    {
        #                       label          from               to               who
        "launch": Transition(
            "Phát động", (State.DRAFT,), State.LAUNCHED, (OFFICE, DIRECTOR), _ready_to_launch
        ),
        "close": Transition("Tổng kết", (State.LAUNCHED,), State.CLOSED, (OFFICE, DIRECTOR)),
        "reopen": Transition("Mở lại", (State.CLOSED,), State.LAUNCHED, (OFFICE,), needs_note=True),
        "archive": Transition("Lưu trữ", (State.CLOSED,), State.ARCHIVED, (OFFICE,)),
    },
    dict(State.choices),
)

REGISTRATION: Workflow[Registration] = Workflow(
    {
        "submit": Transition(
            "Gửi đăng ký",
            (Registered.DRAFT, Registered.RETURNED),
            Registered.SUBMITTED,
            (UNIT_HEAD,),
            _can_be_sent,
            deadline=_in_time,
        ),
        "return": Transition(
            "Trả lại",
            (Registered.SUBMITTED,),
            Registered.RETURNED,
            (OFFICE,),
            _still_running,
            needs_note=True,
        ),
        "accept": Transition("Tiếp nhận", (Registered.SUBMITTED,), Registered.ACCEPTED, (OFFICE,)),
    },
    dict(Registered.choices),
)
