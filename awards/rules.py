"""When a subject may be nominated and what speaks against it: law and plan as data over facts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any

INDIVIDUAL, COLLECTIVE = "individual", "collective"


class Verdict(Enum):
    """What the data say of one condition; `ATTESTED` is for the unit to answer."""

    MET = "Đạt"
    NOT_MET = "Chưa đạt"
    UNKNOWN = "Chưa đủ dữ liệu"
    WARNING = "Cảnh báo"
    ATTESTED = "Đơn vị xác nhận"


@dataclass(frozen=True)
class RatingFact:
    """One yearly rating; `level` grows from 1 (không hoàn thành) to 4 (hoàn thành xuất sắc)."""

    year: int
    level: int
    label: str
    decision: str = ""

    @property
    def cited(self) -> str:
        """The record as shown to people: year, level, and the decision that it rests on."""
        text = f"Xếp loại {self.year}: {self.label}"
        return f"{text} — {self.decision}" if self.decision else f"{text} (chưa ghi số quyết định)"


@dataclass(frozen=True)
class Facts:
    """All that the rules may know of a nomination, frozen when they are asked."""

    subject: str
    title: str = ""
    ratings: tuple[RatingFact, ...] = ()
    # State of the registration of this very subject for this very title; "" when there is none.
    registration: str = ""
    registration_required: bool = False
    # Other titles for which the same subject is nominated in the same campaign.
    other_offers: tuple[str, ...] = ()
    legal_ground: str = ""
    campaign_start: date | None = None
    campaign_end: date | None = None
    # Who issued the plans that this campaign carries out.
    parent_issuers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finding:
    """One condition, where it comes from, and what the data say."""

    verdict: Verdict
    text: str
    source: str
    record: str = ""
    missing: str = ""


@dataclass(frozen=True)
class Condition:
    """A criterion as its plan words it; without a rule the unit attests it."""

    text: str
    source: str
    rule: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)


Answer = tuple[Verdict, str, str]

LEVELS = {"not_completed": 1, "completed": 2, "good": 3, "excellent": 4}


def _rating_at_least(facts: Facts, params: Mapping[str, Any]) -> Answer:
    year, wanted = params.get("year"), LEVELS.get(str(params.get("level")))
    if not isinstance(year, int) or wanted is None:
        return Verdict.UNKNOWN, "", "Tiêu chuẩn chưa ghi rõ năm hoặc mức xếp loại."
    for rating in facts.ratings:
        if rating.year == year:
            verdict = Verdict.MET if rating.level >= wanted else Verdict.NOT_MET
            return verdict, rating.cited, ""
    return Verdict.UNKNOWN, "", f"Chưa có kết quả xếp loại năm {year}."


_REGISTRATION = {
    "draft": "Bản đăng ký của đơn vị đang soạn, chưa gửi.",
    "submitted": "Bản đăng ký của đơn vị đã gửi, Văn phòng chưa tiếp nhận.",
    "returned": "Bản đăng ký của đơn vị bị trả lại, chưa gửi lại.",
}


def _registered(facts: Facts, params: Mapping[str, Any]) -> Answer:
    if facts.registration == "accepted":
        return Verdict.MET, "Bản đăng ký đã được Văn phòng tiếp nhận.", ""
    missing = _REGISTRATION.get(facts.registration, "Chưa đăng ký thi đua hình thức này.")
    return Verdict.NOT_MET, "", missing


AUTOMATIC: Mapping[str, Callable[[Facts, Mapping[str, Any]], Answer]] = {
    "rating_at_least": _rating_at_least,
    "registered": _registered,
}


def judge(condition: Condition, facts: Facts) -> Finding:
    """The verdict on one criterion of the plan, with the record used and what is missing."""
    if not condition.rule:
        return Finding(Verdict.ATTESTED, condition.text, condition.source)
    rule = AUTOMATIC.get(condition.rule)
    if rule is None:
        answer: Answer = (Verdict.UNKNOWN, "", "Chưa có cách đối chiếu tự động.")
    else:
        answer = rule(facts, condition.params)
    return Finding(answer[0], condition.text, condition.source, record=answer[1], missing=answer[2])


@dataclass(frozen=True)
class Rule:
    """An article in force from `since` to `until`; `says(facts)` is "" when it has no remark."""

    article: str
    verdict: Verdict
    says: Callable[[Facts], str]
    since: date
    until: date | None = None

    def in_force(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on <= self.until)


def years_run(start: date | None, end: date | None) -> int | None:
    """Whole years from `start` to the end of `end`; None when a day is not known."""
    if start is None or end is None:
        return None
    after = date.fromordinal(end.toordinal() + 1)
    return after.year - start.year - ((after.month, after.day) < (start.month, start.day))


def cites(ground: str, *, article: int, clause: int, point: str) -> bool:
    """Whether `ground` names this điểm, khoản, điều, in whatever order; "d" is not "đ"."""
    text = ground.lower()
    return all(
        re.search(rf"{word}\s+{re.escape(str(mark))}(?!\w)", text)
        for word, mark in (("điều", article), ("khoản", clause), ("điểm", point))
    )


def _may_rest_on(facts: Facts, *, article: int, clause: int, point: str) -> bool:
    """Whether the nomination rests on this point, or has not said yet on which point it does."""
    ground = facts.legal_ground.lower()
    if not re.search(r"điểm\s+\w", ground):
        return True
    return cites(ground, article=article, clause=clause, point=point)


# What a campaign's result rests on, by title and subject (Luật 06/2022/QH15).
_GROUNDS = {
    ("bang-khen-ttg", INDIVIDUAL): "điểm a khoản 1 Điều 73",
    ("bang-khen-ttg", COLLECTIVE): "điểm d khoản 4 Điều 73",
    ("bang-khen-bo", INDIVIDUAL): "điểm a khoản 1 Điều 74",
    ("bang-khen-bo", COLLECTIVE): "điểm a khoản 3 Điều 74",
    ("bang-khen-tinh", INDIVIDUAL): "điểm a khoản 1 Điều 74",
    ("bang-khen-tinh", COLLECTIVE): "điểm a khoản 3 Điều 74",
}


def campaign_ground(*, title: str, subject: str, article: str) -> str:
    """The point for results of a campaign within the title's `article`, else the article."""
    point = _GROUNDS.get((title, subject), "")
    return point if article and point.endswith(article) else article


def _one_form_for_one_achievement(facts: Facts) -> str:
    if not facts.other_offers:
        return ""
    others = "; ".join(facts.other_offers)
    return (
        "Không tặng thưởng nhiều hình thức cho một thành tích đạt được. "
        f"Đối tượng này còn được đề cử: {others}."
    )


def _three_years_for_a_collective(facts: Facts) -> str:
    if facts.title != "bang-khen-ttg" or facts.subject != COLLECTIVE:
        return ""
    years = years_run(facts.campaign_start, facts.campaign_end)
    if years is not None and years >= 3:
        return ""
    if not _may_rest_on(facts, article=73, clause=4, point="d"):
        return ""
    if any("Thủ tướng" in i or "Chủ tịch nước" in i for i in facts.parent_issuers):
        return ""
    lasted = "chưa ghi rõ thời gian" if years is None else "chưa đủ 03 năm"
    return (
        "Căn cứ này dành cho phong trào do Chủ tịch nước, Thủ tướng Chính phủ phát động, hoặc do "
        f"bộ, tỉnh phát động từ 03 năm trở lên; phong trào này {lasted}. Cần căn cứ khác."
    )


_LAUNCHERS = {
    "bang-khen-bo": ("Bộ",),
    "bang-khen-tinh": ("Ủy ban nhân dân tỉnh", "UBND tỉnh", "Ủy ban nhân dân thành phố"),
}


def _launched_by_ministry_or_province(facts: Facts) -> str:
    launchers = _LAUNCHERS.get(facts.title)
    if launchers is None or facts.subject != INDIVIDUAL:
        return ""
    if not _may_rest_on(facts, article=74, clause=1, point="a"):
        return ""
    if any(name in issuer for issuer in facts.parent_issuers for name in launchers):
        return ""
    level = "Bộ" if facts.title == "bang-khen-bo" else "Ủy ban nhân dân tỉnh"
    return (
        f"Với cá nhân, căn cứ này cần phong trào do bộ, tỉnh phát động; kế hoạch không ghi phong "
        f"trào do {level} phát động. Cần kiểm tra hoặc ghi căn cứ khác."
    )


def _nothing_pending(facts: Facts) -> str:
    return (
        "Không thuộc trường hợp đang xem xét kỷ luật; đang điều tra, thanh tra, kiểm tra có dấu "
        "hiệu vi phạm; đang xác minh khiếu nại, tố cáo hoặc tiêu cực mà báo chí nêu."
    )


_LAW = "Luật Thi đua, khen thưởng số 06/2022/QH15"
_LAW_SINCE = date(2024, 1, 1)

LAW: tuple[Rule, ...] = (
    Rule(
        f"{_LAW}, khoản 2 Điều 5", Verdict.WARNING, _one_form_for_one_achievement, since=_LAW_SINCE
    ),
    Rule(
        f"{_LAW}, điểm d khoản 4 Điều 73",
        Verdict.WARNING,
        _three_years_for_a_collective,
        since=_LAW_SINCE,
    ),
    Rule(
        f"{_LAW}, điểm a khoản 1 Điều 74",
        Verdict.WARNING,
        _launched_by_ministry_or_province,
        since=_LAW_SINCE,
    ),
    Rule(
        "Nghị định số 98/2023/NĐ-CP, Điều 4",
        Verdict.ATTESTED,
        _nothing_pending,
        since=date(2024, 1, 1),
        until=date(2025, 6, 30),
    ),
    Rule(
        "Nghị định số 152/2025/NĐ-CP, Điều 4",
        Verdict.ATTESTED,
        _nothing_pending,
        since=date(2025, 7, 1),
    ),
)


def remarks(facts: Facts, *, on: date) -> list[Finding]:
    """What the law in force on that day has to say; it warns, it does not forbid."""
    found = []
    for rule in LAW:
        text = rule.says(facts) if rule.in_force(on) else ""
        if text:
            found.append(Finding(rule.verdict, text, rule.article))
    return found


def gate(facts: Facts) -> str:
    """Why the plan forbids this nomination; "" when it does not."""
    if not facts.registration_required:
        return ""
    _, _, missing = _registered(facts, {})
    return f"Phong trào chỉ xét đối tượng đã đăng ký thi đua. {missing}" if missing else ""


def passes(*, in_favour: int, present: int, required_percent: int) -> bool:
    """Whether the votes in favour are more than the percentage of those present."""
    return in_favour * 100 > required_percent * present
