"""Who has a nomination, since when, and what happens to it next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from awards.models import Nomination
from awards.rules import Verdict
from emulation.templatetags.vietnamese import vdatetime

TONES: dict[Any, str] = {
    "proposed": "info",
    "chosen": "success",
    "not_chosen": "neutral",
    "received": "accent",
    "draft": "info",
    "concluded": "success",
    Verdict.MET: "success",
    Verdict.NOT_MET: "danger",
    Verdict.UNKNOWN: "warning",
    Verdict.WARNING: "warning",
    Verdict.ATTESTED: "neutral",
}


@dataclass(frozen=True)
class Status:
    """The parameters of case_status.html."""

    label: str
    tone: str
    holder: str
    since: str
    next: str


def status_of(nomination: Nomination, since: datetime) -> Status:
    unit = nomination.unit.name
    label = nomination.get_state_display()
    if nomination.state == "chosen" and nomination.submitted_at:
        label, since = "Đã trình", nomination.submitted_at
        holder, then = "Văn phòng", "Văn phòng kiểm tra, tiếp nhận hồ sơ của đơn vị."
    else:
        holder, then = {
            "proposed": (unit, "Cuộc họp bình xét của đơn vị biểu quyết."),
            "chosen": (unit, "Đơn vị viết báo cáo thành tích và trình hồ sơ."),
            "not_chosen": (unit, "Không có; đơn vị có thể mở lại cuộc họp để xét lại."),
            "received": ("Văn phòng", "Hội đồng và người có thẩm quyền xem xét."),
        }[nomination.state]
    return Status(label, TONES[nomination.state], holder, vdatetime(since), then)
