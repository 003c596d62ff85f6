"""What changed between two tables: rows that came, went, moved and changed."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossiers.comparing import Cells, RowChange, row_changes


def table(*names: str) -> list[Cells]:
    return [(False, *name.split("|")) for name in names]


def told(old: list[Cells], new: list[Cells]) -> list[tuple[str, int | None, int | None]]:
    return [tuple(change) for change in row_changes(old, new)]  # type: ignore[misc]


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (["a", "b"], ["a", "b"], []),
        (["a", "b"], ["a", "x", "b"], [("new", None, 1)]),
        (["a", "x", "b"], ["a", "b"], [("old", 1, None)]),
        (["a|1", "b|1"], ["a|1", "b|2"], [("changed", 1, 1)]),
        (["a", "b", "c", "d"], ["d", "a", "b", "c"], [("moved", 3, 0)]),
        (["a|1", "b", "c"], ["b", "c", "a|2"], [("changed", 0, 2)]),
        # Another name, the rest the same; and nothing in common.
        (["một hai ba|Đạt|x"], ["một hai bốn|Đạt|x"], [("changed", 0, 0)]),
        (["một|hai"], ["ba|bốn"], [("old", 0, None), ("new", None, 0)]),
        # One came in before the one that changed.
        (
            ["đầu", "việc này|Đạt|x y", "cuối"],
            ["đầu", "khác hẳn", "việc kia|Đạt|x y", "cuối"],
            [("new", None, 1), ("changed", 1, 2)],
        ),
        # The same rows several times are no moves.
        (["a", "a", "b", "a"], ["a", "a", "a", "b", "a"], [("new", None, 2)]),
        ([], ["a"], [("new", None, 0)]),
        (["a"], [], [("old", 0, None)]),
        (["a", "b", "c"], ["c"], [("old", 0, None), ("old", 1, None)]),
    ],
)
def test_changes_are_told_in_order(
    old: list[str], new: list[str], found: list[tuple[str, int | None, int | None]]
) -> None:
    assert told(table(*old), table(*new)) == found


def test_a_heading_is_no_task() -> None:
    assert told([(False, "a", "b")], [(True, "a", "b")]) == [("old", 0, None), ("new", None, 0)]


ROWS = st.lists(st.tuples(st.booleans(), st.sampled_from("abc"), st.sampled_from(["", "x y", "z"])))


@given(ROWS, ROWS)
def test_each_row_is_told_once(old: list[Cells], new: list[Cells]) -> None:
    found = row_changes(old, new)
    gone = [c.old for c in found if c.old is not None]
    come = [c.new for c in found if c.new is not None]
    assert len(set(gone)) == len(gone)
    assert len(set(come)) == len(come)
    # What is not told of stands in the same order in both.
    assert [row for i, row in enumerate(old) if i not in gone] == [
        row for j, row in enumerate(new) if j not in come
    ]
    for change in found:
        assert (change.old is None, change.new is None) == (
            change.kind == "new",
            change.kind == "old",
        )
        if change.old is not None and change.new is not None:
            is_same = old[change.old] == new[change.new]
            assert is_same is (change.kind == "moved")
    if old == new:
        assert found == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ([f"Việc {n}|x" for n in range(5000)], [f"Việc {n}|y" for n in range(5000)]),
        ([f"Việc {n}" for n in range(5000)], [f"Khác {n} hẳn đi" for n in range(5000)]),
        ([f"Việc {n}" for n in range(5000)], [f"Việc {n}" for n in reversed(range(5000))]),
        (["a", "b"] * 2500, ["b", "a", "c"] * 1600),
        (["a"] * 5000, ["a"] * 2500),
    ],
)
def test_thousands_of_rows_keep_nobody_waiting(old: list[str], new: list[str]) -> None:
    began = time.process_time()
    assert isinstance(row_changes(table(*old), table(*new))[0], RowChange)
    assert time.process_time() - began < 2
