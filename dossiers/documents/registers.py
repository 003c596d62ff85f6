"""A register of papers as a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

from django.utils import timezone

from dossiers.models import RegisterEntry
from emulation.vietnamese import short_date

COLUMNS = (
    ("Số", 8),
    ("Ký hiệu", 18),
    ("Ngày văn bản", 14),
    ("Tên loại và trích yếu nội dung", 70),
    ("Hồ sơ", 50),
    ("Người lấy số", 28),
    ("Lúc lấy số", 18),
)


def register_sheet(title: str, entries: Iterable[RegisterEntry]) -> bytes:
    """All values are text: a number keeps its zero, and nothing is taken for a formula."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Sổ văn bản"
    sheet.append([title])
    sheet["A1"].font = Font(name="Times New Roman", size=14, bold=True)
    sheet.append([])
    rows = [[name for name, _ in COLUMNS], *map(_row, entries)]
    for number, row in enumerate(rows, 3):
        for column, text in enumerate(row, 1):
            cell = sheet.cell(number, column)
            cell.value, cell.data_type = text, "s"
            cell.font = Font(name="Times New Roman", size=12, bold=number == 3)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for letter, (_, width) in zip("ABCDEFG", COLUMNS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A4"
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def _row(entry: RegisterEntry) -> list[str]:
    return [
        f"{entry.ordinal:02d}",
        entry.symbol,
        short_date(entry.date),
        entry.subject,
        str(entry.dossier) if entry.dossier else "",
        str(entry.given_by),
        timezone.localtime(entry.given_at).strftime("%H:%M %d/%m/%Y"),
    ]
