"""Who has a dossier, since when, and what happens to it next; the colours of states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from dossiers.models import Case, Deadline, Dossier, Stage
from emulation.templatetags.vietnamese import vdatetime

TONES: Mapping[str, str] = {
    "draft": "info",
    "submitted": "accent",
    "returned": "warning",
    "accepted": "success",
    "proposed": "info",
    "chosen": "success",
    "not_chosen": "neutral",
    "received": "success",
    "concluded": "success",
}
OFFICE_NAME = "Văn phòng Sở"


@dataclass(frozen=True)
class Status:
    """The parameters of case_status.html."""

    label: str
    tone: str
    holder: str
    since: str
    next: str
    deadline: str = ""
    deadline_tone: str = ""


def status_of_dossier(dossier: Dossier, since: datetime, deadline: Deadline | None) -> Status:
    unit = dossier.unit.name
    holder, then = {
        "draft": (unit, "Bổ sung đủ các thành phần rồi trình hồ sơ."),
        "submitted": (OFFICE_NAME, "Kiểm tra hồ sơ, tiếp nhận hoặc trả lại bổ sung."),
        "returned": (unit, "Bổ sung theo lý do trả lại rồi trình lại."),
        "accepted": (OFFICE_NAME, "Hội đồng Thi đua - Khen thưởng họp xét."),
    }[dossier.state]
    shown = deadline if dossier.is_open else None
    return Status(
        dossier.get_state_display(),
        TONES[dossier.state],
        holder,
        vdatetime(since),
        then,
        shown.text if shown else "",
        shown.tone if shown else "",
    )


def status_of_case(case: Case, stage: Stage | None, deadline: Deadline | None) -> Status:
    if stage is None:
        ends = [d.decided_at for d in case.dossiers if d.decided_at]
        then = "Hội đồng Thi đua - Khen thưởng họp xét." if case.dossiers else "Không có."
        label = "Đã tiếp nhận" if case.dossiers else "Không đề nghị"
        return Status(
            label, "success", OFFICE_NAME, vdatetime(max(ends, default=None)) or "–", then
        )
    holder = OFFICE_NAME if stage.holder == "office" else case.unit.name
    tone = "accent" if stage.holder == "office" else "info"
    if "trả lại" in stage.hint.lower():
        tone = "warning"
    since = vdatetime(stage.since) or "chưa bắt đầu"
    return Status(
        stage.label,
        tone,
        holder,
        since,
        f"{stage.next}.",
        deadline.text if deadline else "",
        deadline.tone if deadline else "",
    )
