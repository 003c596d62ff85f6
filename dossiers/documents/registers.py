"""A register of papers as a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from dossiers import sheets
from dossiers.models import RegisterEntry
from dossiers.sheets import Column
from emulation.vietnamese import short_date

COLUMNS = (
    Column("Số", 8),
    Column("Ký hiệu", 18),
    Column("Ngày văn bản", 14),
    Column("Tên loại và trích yếu nội dung", 70),
    Column("Hồ sơ", 50),
    Column("Người lấy số", 28),
    Column("Lúc lấy số", 18),
)


def register_sheet(title: str, entries: Iterable[RegisterEntry]) -> bytes:
    return sheets.write(COLUMNS, map(_row, entries), sheet="Sổ văn bản", title=title)


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
