"""Who has a campaign, since when, and what happens next: told from its state and its dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from campaigns.models import Campaign, Milestone
from campaigns.workflow import registration_milestone
from emulation.models import Step
from emulation.vietnamese import short_date

TONES = {"draft": "neutral", "launched": "accent", "closed": "success", "archived": "neutral"}
REGISTRATION_TONES = {
    "draft": "neutral",
    "submitted": "info",
    "returned": "warning",
    "accepted": "success",
    "": "neutral",
}


@dataclass(frozen=True)
class Phase:
    label: str
    state: str
    hint: str = ""
    url: str = ""


@dataclass(frozen=True)
class Moment:
    """A milestone as the timeline shows it on a day."""

    milestone: Milestone
    tone: str
    note: str


def case_status(
    campaign: Campaign, milestones: Sequence[Milestone], steps: Sequence[Step], on: date
) -> dict[str, Any]:
    """The parameters of components/case_status.html."""
    ahead = next_milestone(milestones, on)
    since = next((s.at for s in steps if s.from_state and s.from_state != s.to_state), None)
    since = since or (steps[-1].at if steps else None)
    holder, then = _holder_and_next(campaign, ahead, on)
    deadline = f"{ahead.name}: {ahead.deadline}" if ahead and campaign.state == "launched" else ""
    return {
        "state_label": campaign.get_state_display(),
        "tone": TONES[campaign.state],
        "holder": holder,
        "since": short_date(since) if since else "chưa rõ",
        "next": then,
        "deadline": deadline,
        "deadline_tone": "warning" if ahead and _days_left(ahead, on) <= 7 else "",
    }


def next_milestone(milestones: Sequence[Milestone], on: date) -> Milestone | None:
    ahead = [m for m in milestones if m.date is not None and not m.is_past(on)]
    return min(ahead, key=lambda m: m.last_day or on, default=None)


def _days_left(milestone: Milestone, on: date) -> int:
    return ((milestone.last_day or on) - on).days


def _holder_and_next(campaign: Campaign, ahead: Milestone | None, on: date) -> tuple[str, str]:
    if campaign.state == Campaign.State.DRAFT:
        return "Văn phòng Sở", "Hoàn thiện kế hoạch, trình Giám đốc phát động"
    if campaign.state == Campaign.State.CLOSED:
        return "Văn phòng Sở", "Lưu trữ phong trào"
    if campaign.state == Campaign.State.ARCHIVED:
        return "Kho lưu trữ", "Không còn việc phải làm"
    if ahead:
        office = ahead.kind in (Milestone.Kind.UPWARD, Milestone.Kind.CEREMONY)
        return "Văn phòng Sở" if office else "Các đơn vị tham gia", ahead.name
    if campaign.last_day and on > campaign.last_day:
        return "Các đơn vị tham gia", "Bình xét, gửi hồ sơ; Văn phòng Sở tiếp nhận và tổng kết"
    return "Các đơn vị tham gia", "Thực hiện nội dung thi đua"


def phases(campaign: Campaign, milestones: Sequence[Milestone], on: date) -> list[Phase]:
    """Drawing up, launch, registration (where there is one), carrying out, awards, archive."""
    deadline = registration_milestone(campaign)
    registers = campaign.registration_rule != Campaign.RegistrationRule.NONE
    labels = [
        ("Soạn kế hoạch", ""),
        *([("Đăng ký", deadline.when if deadline else "")] if registers else []),
        ("Thực hiện", campaign.period),
        ("Bình xét, khen thưởng", ""),
        ("Lưu trữ", ""),
    ]
    names = [label for label, _ in labels]
    here = names.index(_current(campaign, deadline, registers, on))
    done = campaign.state == Campaign.State.ARCHIVED
    return [
        Phase(label, "done" if i < here or done else "current" if i == here else "todo", hint)
        for i, (label, hint) in enumerate(labels)
    ]


def _current(campaign: Campaign, deadline: Milestone | None, registers: bool, on: date) -> str:
    if campaign.state == Campaign.State.DRAFT:
        return "Soạn kế hoạch"
    if campaign.state != Campaign.State.LAUNCHED:
        return "Lưu trữ"
    if campaign.last_day and on > campaign.last_day:
        return "Bình xét, khen thưởng"
    if registers and deadline and not deadline.is_past(on):
        return "Đăng ký"
    return "Thực hiện"


def timeline(milestones: Sequence[Milestone], on: date) -> list[Moment]:
    """By date, those without one last; passed, next within a month, later."""
    ordered = sorted(milestones, key=lambda m: (m.date is None, m.date or on, m.position))
    return [Moment(m, *_tone(m, on)) for m in ordered]


def _tone(milestone: Milestone, on: date) -> tuple[str, str]:
    if milestone.date is None:
        return "open", "Sẽ có thông báo sau"
    if milestone.is_past(on):
        return "past", "Đã qua"
    left = _days_left(milestone, on)
    if left > 30:
        return "later", ""
    return "near", "Hôm nay là ngày cuối" if left == 0 else f"Còn {left} ngày"
