"""Each rule by its facts, and each article on its first and last day."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awards.rules import (
    COLLECTIVE,
    INDIVIDUAL,
    LAW,
    LEVELS,
    Condition,
    Facts,
    RatingFact,
    Verdict,
    campaign_ground,
    cites,
    gate,
    judge,
    passes,
    remarks,
    years_run,
)

TODAY = date(2026, 11, 21)
PERSON = Facts(subject=INDIVIDUAL, title="giay-khen-so")
UNIT = Facts(subject=COLLECTIVE, title="giay-khen-so")
GOOD_2024 = Condition(
    "Hoàn thành tốt 2024", "mục IV.4", "rating_at_least", {"year": 2024, "level": "good"}
)
REGISTERED = Condition("Có đăng ký", "mục I.2", "registered")
LABELS = {
    1: "Không hoàn thành nhiệm vụ",
    2: "Hoàn thành nhiệm vụ",
    3: "Hoàn thành tốt nhiệm vụ",
    4: "Hoàn thành xuất sắc nhiệm vụ",
}


def rated(year: int, level: int, decision: str = "Quyết định số 412/QĐ-SNV") -> Facts:
    return replace(PERSON, ratings=(RatingFact(year, level, LABELS[level], decision),))


def said(facts: Facts, part: str, on: date = TODAY) -> list[str]:
    return [f.text for f in remarks(facts, on=on) if part in f.source]


@given(level=st.integers(1, 4), wanted=st.sampled_from(sorted(LEVELS)))
def test_a_rating_is_met_from_the_wanted_level_upward(level: int, wanted: str) -> None:
    condition = replace(GOOD_2024, params={"year": 2024, "level": wanted})
    finding = judge(condition, rated(2024, level))
    assert finding.verdict is (Verdict.MET if level >= LEVELS[wanted] else Verdict.NOT_MET)
    assert finding.record == f"Xếp loại 2024: {LABELS[level]} — Quyết định số 412/QĐ-SNV"
    assert finding.missing == ""


@given(year=st.integers(2000, 2100).filter(lambda y: y != 2024), level=st.integers(1, 4))
def test_another_year_says_nothing(year: int, level: int) -> None:
    finding = judge(GOOD_2024, rated(year, level))
    assert finding.verdict is Verdict.UNKNOWN
    assert finding.record == ""
    assert finding.missing == "Chưa có kết quả xếp loại năm 2024."


def test_a_rating_without_a_decision_says_so() -> None:
    finding = judge(GOOD_2024, rated(2024, 3, decision=""))
    assert finding.record == "Xếp loại 2024: Hoàn thành tốt nhiệm vụ (chưa ghi số quyết định)"


@given(
    params=st.dictionaries(
        st.sampled_from(["year", "level"]),
        st.one_of(st.none(), st.text(max_size=5), st.integers(), st.lists(st.integers())),
    )
)
def test_odd_parameters_never_fail(params: dict[str, Any]) -> None:
    condition = replace(GOOD_2024, params=params)
    assert judge(condition, rated(2024, 4)).verdict is Verdict.UNKNOWN


def test_a_rule_that_nobody_knows_is_no_verdict() -> None:
    assert judge(replace(GOOD_2024, rule="horoscope"), PERSON).verdict is Verdict.UNKNOWN


def test_without_a_rule_the_unit_attests() -> None:
    finding = judge(Condition("Gương mẫu", "mục IV.4.b"), PERSON)
    assert (finding.verdict, finding.source) == (Verdict.ATTESTED, "mục IV.4.b")


@pytest.mark.parametrize(
    ("state", "verdict", "missing"),
    [
        ("accepted", Verdict.MET, ""),
        ("", Verdict.NOT_MET, "Chưa đăng ký"),
        ("draft", Verdict.NOT_MET, "đang soạn"),
        ("submitted", Verdict.NOT_MET, "chưa tiếp nhận"),
        ("returned", Verdict.NOT_MET, "trả lại"),
    ],
)
def test_registered_means_accepted(state: str, verdict: Verdict, missing: str) -> None:
    facts = replace(PERSON, registration=state)
    finding = judge(REGISTERED, facts)
    assert finding.verdict is verdict
    assert missing in finding.missing
    closed = replace(facts, registration_required=True)
    assert bool(gate(closed)) is (verdict is Verdict.NOT_MET)
    assert missing in gate(closed)
    assert gate(facts) == ""


@given(st.integers(0, 500), st.integers(1, 500), st.integers(0, 99))
def test_a_vote_passes_above_the_percentage_only(favour: int, present: int, percent: int) -> None:
    favour = min(favour, present)
    passed = passes(in_favour=favour, present=present, required_percent=percent)
    assert passed is (favour * 100 - percent * present > 0)


@pytest.mark.parametrize(
    ("in_favour", "present", "percent", "passed"),
    [
        (5, 10, 50, False),
        (6, 10, 50, True),
        (4, 7, 50, True),
        (2, 3, 66, True),
        (2, 3, 67, False),
        (0, 3, 0, False),
        (99, 100, 99, False),
        (100, 100, 99, True),
    ],
)
def test_votes_at_the_border(in_favour: int, present: int, percent: int, passed: bool) -> None:
    assert passes(in_favour=in_favour, present=present, required_percent=percent) is passed


def test_two_forms_for_one_achievement_are_a_warning() -> None:
    facts = replace(PERSON, other_offers=("Bằng khen của Bộ trưởng Bộ Nội vụ",))
    (text,) = said(facts, "khoản 2 Điều 5")
    assert "Bằng khen của Bộ trưởng Bộ Nội vụ" in text
    assert gate(facts) == ""
    assert not said(PERSON, "khoản 2 Điều 5")


TTG_UNIT = replace(
    UNIT,
    title="bang-khen-ttg",
    campaign_start=date(2024, 7, 15),
    campaign_end=date(2025, 7, 31),
    parent_issuers=("Bộ Nội vụ",),
)


@pytest.mark.parametrize(
    ("changes", "warned"),
    [
        ({}, True),
        ({"campaign_end": None}, True),
        ({"campaign_end": date(2027, 7, 13)}, True),
        ({"campaign_end": date(2027, 7, 14)}, False),
        ({"subject": INDIVIDUAL}, False),
        ({"title": "bang-khen-bo"}, False),
        ({"parent_issuers": ("Thủ tướng Chính phủ",)}, False),
        ({"legal_ground": "điểm d khoản 4 Điều 73"}, True),
        ({"legal_ground": "Điều 73, khoản 4, điểm d"}, True),
        ({"legal_ground": "điểm đ khoản 4 Điều 73"}, False),
        ({"legal_ground": "Điều 73"}, True),
    ],
)
def test_a_one_year_campaign_and_the_prime_minister(changes: dict[str, Any], warned: bool) -> None:
    assert bool(said(replace(TTG_UNIT, **changes), "điểm d khoản 4 Điều 73")) is warned


@pytest.mark.parametrize(
    ("title", "subject", "article", "ground"),
    [
        ("bang-khen-ttg", COLLECTIVE, "Điều 73", "điểm d khoản 4 Điều 73"),
        ("bang-khen-bo", INDIVIDUAL, "Điều 74", "điểm a khoản 1 Điều 74"),
        ("bang-khen-bo", INDIVIDUAL, "Điều 71", "Điều 71"),
        ("bang-khen-bo", INDIVIDUAL, "", ""),
        ("bang-khen-bo", "", "Điều 74", "Điều 74"),
        ("giay-khen-so", INDIVIDUAL, "Điều 75", "Điều 75"),
    ],
)
def test_the_ground_that_is_suggested(title: str, subject: str, article: str, ground: str) -> None:
    assert campaign_ground(title=title, subject=subject, article=article) == ground


TINH_PERSON = replace(PERSON, title="bang-khen-tinh", parent_issuers=("Bộ Nội vụ",))


@pytest.mark.parametrize(
    ("changes", "warned"),
    [
        ({}, True),
        ({"parent_issuers": ()}, True),
        ({"parent_issuers": ("UBND tỉnh Thanh Hóa",)}, False),
        ({"title": "bang-khen-bo"}, False),
        ({"title": "bang-khen-bo", "parent_issuers": ("UBND tỉnh Thanh Hóa",)}, True),
        ({"subject": COLLECTIVE}, False),
        ({"title": "giay-khen-so"}, False),
        ({"legal_ground": "điểm a khoản 1 Điều 74"}, True),
        ({"legal_ground": "điểm d khoản 1 Điều 74"}, False),
    ],
)
def test_a_person_needs_a_campaign_of_ministry_or_province(
    changes: dict[str, Any], warned: bool
) -> None:
    assert bool(said(replace(TINH_PERSON, **changes), "điểm a khoản 1 Điều 74")) is warned


def loud() -> Facts:
    """Facts on which each rule of the law has something to say, one kind of subject at a time."""
    return replace(TTG_UNIT, other_offers=("Giấy khen",))


@pytest.mark.parametrize("rule", LAW, ids=lambda r: r.article)
def test_each_article_holds_from_its_first_to_its_last_day(rule: Any) -> None:
    facts = next(f for f in (loud(), TINH_PERSON) if rule.says(f))
    day = timedelta(days=1)

    def heard(on: date) -> bool:
        return bool(said(facts, rule.article, on))

    assert heard(rule.since)
    assert not heard(rule.since - day)
    if rule.until is None:
        assert heard(date(2100, 1, 1))
    else:
        assert heard(rule.until)
        assert not heard(rule.until + day)


@given(st.dates(date(2024, 1, 1), date(2100, 1, 1)))
def test_one_decree_at_a_time(on: date) -> None:
    decrees = [f for f in remarks(PERSON, on=on) if f.source.startswith("Nghị định")]
    assert [f.verdict for f in decrees] == [Verdict.ATTESTED]
    assert ("152/2025" in decrees[0].source) is (on >= date(2025, 7, 1))


def test_the_law_warns_and_never_forbids() -> None:
    for facts in (loud(), TINH_PERSON):
        verdicts = {f.verdict for f in remarks(facts, on=TODAY)}
        assert verdicts <= {Verdict.WARNING, Verdict.ATTESTED}


@pytest.mark.parametrize(
    ("start", "end", "years"),
    [
        (date(2024, 1, 1), date(2026, 12, 30), 2),
        (date(2024, 1, 1), date(2026, 12, 31), 3),
        (date(2024, 2, 29), date(2025, 2, 27), 0),
        (date(2024, 2, 29), date(2025, 2, 28), 1),
        (date(2024, 7, 15), date(2024, 7, 15), 0),
        (None, date(2024, 7, 15), None),
        (date(2024, 7, 15), None, None),
    ],
)
def test_years_run(start: date | None, end: date | None, years: int | None) -> None:
    assert years_run(start, end) == years


@given(st.text(alphabet="điểmkhoảnề dđ0734.(", max_size=60))
def test_any_text_may_stand_as_a_ground(text: str) -> None:
    cites(text, article=73, clause=4, point="d")


@pytest.mark.parametrize(
    ("ground", "cited"),
    [
        ("Điểm d khoản 4 Điều 73 Luật Thi đua, khen thưởng", True),
        ("điều 73 khoản 4 điểm d", True),
        ("điểm đ khoản 4 Điều 73", False),
        ("điểm d khoản 4 Điều 731", False),
        ("điểm d khoản 14 Điều 73", False),
        ("", False),
    ],
)
def test_cites(ground: str, cited: bool) -> None:
    assert cites(ground, article=73, clause=4, point="d") is cited
