"""The appendix of tasks done: in the report's snapshot, and as a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from dossiers import sheets
from dossiers.documents.phrases import polite
from dossiers.models import Report, TaskRow
from dossiers.models.tasks import LABELS, TEXTS
from emulation.vietnamese import short_date

TITLE = "Danh mục công việc, nhiệm vụ đã thực hiện"
WIDTHS = {"name": 60.0, "assigned_in": 30.0, "result": 40.0, "note": 24.0}
EXAMPLE = (
    TaskRow(True, "I. Nhiệm vụ thường xuyên"),
    TaskRow(
        False,
        "Tham mưu ban hành Kế hoạch cải cách hành chính năm 2025",
        "Công văn số 12/UBND-THNC ngày 05/01/2025",
        "15/01/2025",
        "12/01/2025",
        "Kế hoạch số 08/KH-UBND ngày 12/01/2025",
    ),
)
NOTE = (
    "Xóa các dòng ví dụ; mỗi công việc một dòng. Dòng tiêu đề nhóm chỉ ghi cột công việc, để trống "
    "cột STT."
)


def appendices(report: Report, *, on: date | None) -> list[dict[str, Any]]:
    """What stands behind the report: nothing, or the table of its tasks, across the page."""
    rows = [task.row for task in report.tasks.all()]
    if not rows:
        return []
    nomination = report.nomination
    person = nomination.individual
    whose = polite(person) if person else nomination.subject_name
    whose = whose[:1].lower() + whose[1:] if person else whose
    day = f" ngày {short_date(on)}" if on else ""
    return [
        {
            "title": TITLE,
            "note": f"Kèm theo {report.form.heading.capitalize()}{day} của {whose}",
            "wide": True,
            "blocks": [{"kind": "tasks", "rows": [list(row) for row in _numbered(rows)]}],
        }
    ]


def tasks_sheet(rows: Iterable[TaskRow], *, title: str, note: str = "") -> bytes:
    """The rows as a workbook that can be imported again."""
    columns = [
        sheets.Column("STT", 6),
        *(sheets.Column(LABELS[field], WIDTHS.get(field, 16)) for field in TEXTS),
    ]
    return sheets.write(
        columns, _numbered(rows), sheet="Phụ lục", title=title, note=note, is_bold=_is_heading
    )


def tasks_template() -> bytes:
    return tasks_sheet(EXAMPLE, title=TITLE, note=NOTE)


def _numbered(rows: Iterable[TaskRow]) -> Iterator[list[str]]:
    """Each row led by its number; a heading has none, and only its name."""
    count = 0
    for row in rows:
        if row.is_heading:
            yield ["", row.name]
        else:
            count += 1
            yield [str(count), *row[1:]]


def _is_heading(row: Any) -> bool:
    return len(row) == 2
