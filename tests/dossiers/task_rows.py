"""Rows of an appendix, and spreadsheets of them."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from dossiers.models import TaskRow

FULL = TaskRow(
    False,
    "Tham mưu ban hành Kế hoạch cải cách hành chính",
    "Công văn số 12/UBND-THNC",
    "15/02/2025",
    "12/02/2025",
    "Kế hoạch số 8/KH-UBND",
    "Trước hạn",
)


def row(name: str, **more: str) -> TaskRow:
    return TaskRow(is_heading=False, name=name, **more)


def sheet(*lines: list[Any], merge: str = "") -> SimpleUploadedFile:
    from openpyxl import Workbook

    book = Workbook()
    filled = book.active
    assert filled is not None
    for line in lines:
        filled.append(line)
    for place in merge.split():
        filled.merge_cells(place)
    target = BytesIO()
    book.save(target)
    return SimpleUploadedFile("bang.xlsx", target.getvalue())
