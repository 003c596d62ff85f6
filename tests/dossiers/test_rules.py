"""Completeness of a dossier, from facts alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossiers.rules import (
    DEFAULT_PARTS,
    LETTER,
    LIST,
    MINUTES,
    REPORT,
    Facts,
    Nominee,
    Part,
    completeness,
    gaps,
)

PERSON = Nominee(1, "Nông Văn Đức", "individual", offer=1, report=1, missing=())
UNIT = Nominee(2, "Phòng Nghiệp vụ", "collective", offer=2, report=2, missing=())
FULL = Facts(parts=(), nominees=(PERSON, UNIT), meeting_concluded=True)


def state_of(part: Part, facts: Facts = FULL) -> str:
    return completeness(replace(facts, parts=(part,)))[0].state


def test_a_silent_plan_leaves_what_the_law_asks() -> None:
    """Luật 06/2022, Điều 84."""
    checks = completeness(FULL)
    assert [c.part.kind for c in checks] == [LETTER, MINUTES, REPORT]
    assert {c.part for c in checks} == set(DEFAULT_PARTS)
    assert gaps(checks) == []


@pytest.mark.parametrize("kind", [LETTER, LIST])
def test_letter_and_list_need_somebody_chosen(kind: str) -> None:
    part = Part(1, kind, "Văn bản")
    assert state_of(part) == "ok"
    assert state_of(part, replace(FULL, nominees=())) == "missing"


def test_minutes_need_a_concluded_meeting() -> None:
    part = Part(1, MINUTES, "Biên bản")
    assert state_of(part) == "ok"
    assert state_of(part, replace(FULL, meeting_concluded=False)) == "missing"


@pytest.mark.parametrize(
    ("nominee", "gap"),
    [
        (replace(PERSON, report=None), "chưa lập báo cáo thành tích"),
        (replace(PERSON, missing=("A", "B")), "báo cáo còn thiếu: A; B"),
    ],
)
def test_reports_need_every_statement(nominee: Nominee, gap: str) -> None:
    part = Part(1, REPORT, "Báo cáo thành tích")
    facts = replace(FULL, parts=(part,), nominees=(nominee, UNIT))
    assert nominee.gap == gap
    assert gaps(completeness(facts)) == ["Báo cáo thành tích: mới đủ 1 trên 2 báo cáo."]
    assert state_of(replace(part, required=False), facts) == "optional"


def test_files_count_for_their_own_part() -> None:
    part = Part(7, "consultation", "Văn bản hiệp y")
    assert state_of(part) == "missing"
    assert state_of(part, replace(FULL, files=(None, 8))) == "missing"
    assert state_of(part, replace(FULL, files=(7,))) == "ok"
    assert state_of(replace(part, required=False)) == "optional"


@pytest.mark.parametrize(
    ("applies", "offers", "needed"),
    [
        ("both", (), True),
        ("individual", (), True),
        ("individual", (1,), True),
        ("individual", (2,), False),
        ("collective", (1,), False),
        ("both", (3,), False),
    ],
)
def test_a_part_for_some_is_not_asked_of_others(
    applies: str, offers: tuple[int, ...], needed: bool
) -> None:
    part = Part(7, "confirmation", "Xác nhận", applies=applies, offers=frozenset(offers))
    assert (state_of(part) == "missing") is needed
    assert state_of(part) in ("missing", "not_needed")


parts = st.builds(
    Part,
    pk=st.integers(1, 4),
    kind=st.sampled_from([LETTER, MINUTES, LIST, REPORT, "appendix", "other"]),
    name=st.just("Phần"),
    required=st.booleans(),
    applies=st.sampled_from(["both", "individual", "collective"]),
    offers=st.frozensets(st.integers(1, 2)),
)
nominees = st.builds(
    Nominee,
    pk=st.integers(1, 9),
    name=st.just("Người"),
    kind=st.sampled_from(["individual", "collective"]),
    offer=st.integers(1, 2),
    report=st.none() | st.integers(1, 9),
    missing=st.lists(st.just("Nội dung"), max_size=2).map(tuple),
)
facts = st.builds(
    Facts,
    parts=st.lists(parts, max_size=5),
    nominees=st.lists(nominees, max_size=4),
    meeting_concluded=st.booleans(),
    files=st.lists(st.none() | st.integers(1, 4), max_size=4),
)


@given(facts)
def test_more_of_everything_is_never_less_complete(found: Facts) -> None:
    """Adding files, concluding the meeting and finishing reports takes no part away."""
    better = replace(
        found,
        meeting_concluded=True,
        files=[*found.files, 1, 2, 3, 4],
        nominees=[replace(n, report=1, missing=()) for n in found.nominees],
    )
    before, after = completeness(found), completeness(better)
    for old, new in zip(before, after, strict=True):
        assert old.part == new.part
        if old.state == "ok":
            assert new.state == "ok"
    if better.nominees:
        assert gaps(after) == []
