"""Punctuation and wording that Nghị định 30/2020 prescribes."""

from __future__ import annotations

from datetime import date

import pytest

from dossiers.templatetags import paper


def test_lines_end_with_semicolons_and_the_last_with_a_full_stop() -> None:
    assert paper.points(["Một;", "Hai", "Ba ."]) == ["Một;", "Hai;", "Ba."]
    assert paper.points([]) == []


@pytest.mark.parametrize("text", ["Hết", "Hết.", "Hết./.", "Hết ;"])
def test_the_end_mark_stands_once(text: str) -> None:
    assert paper.endmark(text) == "Hết./."


@pytest.mark.parametrize(
    ("value", "shown"),
    [("14:00", "14 giờ 00"), ("08:05", "08 giờ 05 phút"), ("14:30:00", "14 giờ 30 phút")],
)
def test_clock(value: str, shown: str) -> None:
    assert paper.clock(value) == shown


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        ("2025-01-05", "ngày 05 tháng 01 năm 2025"),
        ("2025-03-31", "ngày 31 tháng 3 năm 2025"),
        (date(2025, 12, 9), "ngày 09 tháng 12 năm 2025"),
    ],
)
def test_long_day(day: str | date, shown: str) -> None:
    assert paper.longday(day) == shown


@pytest.mark.parametrize(
    ("number", "shown"), [(0, "00"), (9, "09"), (10, "10"), (1234, "1.234"), ("7", "07")]
)
def test_counts_below_ten_have_two_digits(number: int | str, shown: str) -> None:
    assert paper.amount(number) == shown


def test_percent_has_a_comma() -> None:
    assert paper.percent("87.50") == "87,5%"
    assert paper.percent("100.00") == "100%"
