"""The appendix of tasks in two versions of a report: the rows that are not the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

from dossiers.comparing import Piece, RowChange, changes, row_changes
from dossiers.models import ReportVersion, TaskRow
from dossiers.models.tasks import LABELS, TEXTS
from emulation.vietnamese import number
from emulation.views.lists import address_without

PER_PAGE = 50
KINDS = {"new": "Thêm", "old": "Bỏ", "changed": "Sửa", "moved": "Chuyển chỗ"}
COUNTED = {"new": "thêm {}", "old": "bỏ {}", "changed": "sửa {}", "moved": "chuyển chỗ {}"}


@dataclass(frozen=True)
class Cell:
    label: str
    pieces: list[Piece]


@dataclass(frozen=True)
class Line:
    """A row that is not the same in both; `places` are its places in the list, from 1."""

    kind: str
    label: str
    places: str
    is_heading: bool
    cells: list[Cell]


@dataclass(frozen=True)
class Appendix:
    """`missing` says which of the two has kept no rows; there is nothing to compare then."""

    missing: str
    told: str
    page: Page[RowChange] | None
    query: str
    lines: list[Line]


def compare_appendix(
    request: HttpRequest, old: ReportVersion, new: ReportVersion
) -> Appendix | None:
    """None where neither has any row."""
    if not old.task_count and not new.task_count:
        return None
    if old.task_count is None or new.task_count is None:
        return Appendix("old" if old.task_count is None else "new", "", None, "", [])
    if old.tasks_digest == new.tasks_digest:
        return Appendix("", "", None, "", [])
    before, after = old.rows or [], new.rows or []
    found = row_changes(before, after)
    counts = Counter(change.kind for change in found)
    told = ", ".join(
        text.format(number(counts[kind]))  # type: ignore[index]
        for kind, text in COUNTED.items()
        if counts[kind]  # type: ignore[index]
    )
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("trang"))
    lines = [_line(change, before, after) for change in page]
    return Appendix("", told, page, address_without(request, "trang"), lines)


def _line(change: RowChange, before: Sequence[TaskRow], after: Sequence[TaskRow]) -> Line:
    was = None if change.old is None else before[change.old]
    now = None if change.new is None else after[change.new]
    cells = []
    for field in TEXTS:
        old, new = (getattr(row, field) if row else "" for row in (was, now))
        cells.append(Cell(LABELS[field], changes(old, new)))
    places = [number(place + 1) for place in (change.old, change.new) if place is not None]
    row = now or was
    assert row is not None
    return Line(
        kind=change.kind,
        label=KINDS[change.kind],
        places=" → ".join(dict.fromkeys(places)),
        is_heading=row.is_heading,
        cells=cells,
    )
