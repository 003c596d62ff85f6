"""What a dossier must contain, judged from plain facts (Luật 06/2022/QH15, Điều 84)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

LETTER, MINUTES, LIST, REPORT = "letter", "minutes", "list", "report"
BOTH = "both"


@dataclass(frozen=True)
class Part:
    """A part that the plan asks for; `pk` is None for what the law asks where a plan is silent."""

    pk: int | None
    kind: str
    name: str
    required: bool = True
    applies: str = BOTH
    offers: frozenset[int] = frozenset()
    note: str = ""

    def concerns(self, nominee: Nominee) -> bool:
        return self.applies in (BOTH, nominee.kind) and (
            not self.offers or nominee.offer in self.offers
        )


@dataclass(frozen=True)
class Nominee:
    """Somebody proposed in the dossier; `missing` names what the report still has to state."""

    pk: int
    name: str
    kind: str
    offer: int
    report: int | None
    missing: tuple[str, ...]

    @property
    def gap(self) -> str:
        if self.report is None:
            return "chưa lập báo cáo thành tích"
        return f"báo cáo còn thiếu: {'; '.join(self.missing)}" if self.missing else ""


@dataclass(frozen=True)
class Facts:
    parts: Sequence[Part]
    nominees: Sequence[Nominee]
    meeting_concluded: bool
    # The part that each attached file belongs to; None for other papers.
    files: Sequence[int | None] = ()


@dataclass(frozen=True)
class Check:
    """What was found for one part: there, missing, not there but not asked for, or not needed."""

    part: Part
    state: Literal["ok", "missing", "optional", "not_needed"]
    text: str
    nominees: tuple[Nominee, ...] = field(default=())


DEFAULT_PARTS = (
    Part(None, LETTER, "Tờ trình đề nghị khen thưởng", note="Điều 84 Luật Thi đua, khen thưởng"),
    Part(None, MINUTES, "Biên bản họp bình xét", note="Điều 84 Luật Thi đua, khen thưởng"),
    Part(None, REPORT, "Báo cáo thành tích", note="Điều 84 Luật Thi đua, khen thưởng"),
)


def completeness(facts: Facts) -> list[Check]:
    """Every part with what there is of it; without parts of the plan, those of the law."""
    return [_check(part, facts) for part in facts.parts or DEFAULT_PARTS]


def gaps(checks: Sequence[Check]) -> list[str]:
    """What stands between the dossier and its submission, one sentence for each part."""
    return [f"{check.part.name}: {check.text}" for check in checks if check.state == "missing"]


def _check(part: Part, facts: Facts) -> Check:
    if part.kind in (LETTER, LIST):
        if facts.nominees:
            return Check(part, "ok", f"Tự lập từ {len(facts.nominees)} đề nghị đã chọn.")
        return Check(part, "missing", "chưa có tập thể, cá nhân nào được chọn đề nghị.")
    if part.kind == MINUTES:
        if facts.meeting_concluded:
            return Check(part, "ok", "Tự lập từ kết luận cuộc họp bình xét.")
        return Check(part, "missing", "cuộc họp bình xét chưa kết luận.")
    nominees = tuple(nominee for nominee in facts.nominees if part.concerns(nominee))
    if not nominees:
        return Check(part, "not_needed", "Không áp dụng cho các đề nghị trong hồ sơ này.")
    if part.kind == REPORT:
        return _check_reports(part, nominees)
    count = sum(1 for of_part in facts.files if of_part == part.pk)
    if count:
        return Check(part, "ok", f"Đã đính kèm {count} tệp.", nominees)
    if part.required:
        return Check(part, "missing", "chưa đính kèm tệp.", nominees)
    return Check(part, "optional", "Không bắt buộc, chưa đính kèm.", nominees)


def _check_reports(part: Part, nominees: tuple[Nominee, ...]) -> Check:
    ready = sum(1 for nominee in nominees if not nominee.gap)
    if ready == len(nominees):
        return Check(part, "ok", f"Đủ {ready} báo cáo.", nominees)
    text = f"mới đủ {ready} trên {len(nominees)} báo cáo."
    return Check(part, "missing" if part.required else "optional", text, nominees)
