"""Spreadsheets: tables written for people, and read from what they filled in."""

from __future__ import annotations

import re
import unicodedata
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from django.core.exceptions import ValidationError
from django.core.files import File

from dossiers.uploads import check_size
from emulation.vietnamese import number, short_date

if TYPE_CHECKING:
    from openpyxl.styles import Font

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ACCEPT = ".xlsx"

MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED = 60 * 1024 * 1024
MAX_MEMBERS = 2000
MAX_SHEETS = 20
# Rows with something in them, in one sheet.
MAX_ROWS = 10_000
MAX_COLUMNS = 60
MAX_MERGED = 20_000
MAX_CHARS = 10_000_000
TOO_LARGE = "Hãy sao riêng bảng cần nhập sang một tệp mới rồi tải lên."
# What Excel itself can hold: a file may claim more.
LAST_ROW = 1_048_576
LONGEST_CELL = 32_767

FONT = "Times New Roman"
# What a spreadsheet takes for the beginning of a formula.
FORMULA = ("=", "+", "-", "@")
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")

CHUNK = 256 * 1024
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
# As UTF-8 and as UTF-16, which XML may be in, too.
DOCTYPES = tuple("<!DOCTYPE".encode(form) for form in ("utf-8", "utf-16-le", "utf-16-be"))
MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^<>]*?ref="([A-Z]{1,3})(\d{1,7}):[A-Z]+(\d{1,7})"')
# A formula whose result is not kept; an empty text as a result is one.
UNKNOWN = re.compile(
    rb'<(?:\w+:)?c\b(?![^<>]*\st="str")[^<>]*>\s*<(?:\w+:)?f\b[^<>]*(?:/>|>[^<]*</(?:\w+:)?f>)'
    rb"(?:\s*<(?:\w+:)?v\s*/>|\s*<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
OTHER = (
    "Tệp không phải bảng tính Excel (.xlsx). Hãy mở bằng Excel, chọn Lưu thành .xlsx rồi tải lên."
)
BROKEN = "Tệp Excel bị hỏng hoặc chưa tải đủ: hãy mở thử trên máy, lưu lại rồi tải lên lần nữa."
LOCKED = "Tệp Excel đang đặt mật khẩu: hãy bỏ mật khẩu rồi tải lại."
OLD = "Tệp Excel kiểu cũ (.xls): hãy mở bằng Excel, chọn Lưu thành .xlsx rồi tải lên."
NOT_WORKED_OUT = (
    "Tệp có công thức chưa có kết quả ở trang tính “{}”: hãy mở bằng Excel, lưu lại rồi tải lên."
)
BULKY = "Tệp Excel quá lớn khi giải nén: hãy sao riêng bảng cần nhập sang một tệp mới rồi tải lên."


class Column(NamedTuple):
    """A heading and how wide the column is, in signs."""

    name: str
    width: float


class Line(NamedTuple):
    """A row as the spreadsheet numbers it, its cells as text."""

    number: int
    cells: list[str]


@dataclass(frozen=True)
class Sheet:
    """A sheet without its empty rows; all of its lines have as many cells."""

    title: str
    lines: list[Line]


# --- Writing --------------------------------------------------------------------------------------


def write(
    columns: Sequence[Column],
    rows: Iterable[Sequence[str]],
    *,
    sheet: str,
    title: str,
    note: str = "",
    is_bold: Callable[[Sequence[str]], bool] = lambda row: False,
) -> bytes:
    """
    A workbook of one sheet: its title, a note, the headings in the third row, the rows.

    All values are text: a number keeps its zero, and nothing is taken for a formula.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    heads = ((title, Font(name=FONT, size=14, bold=True)), (note, Font(name=FONT, size=12)))
    for line, (text, font) in enumerate(heads, 1):
        if text:
            _put(page.cell(line, 1), text, font)
    plain, bold = Font(name=FONT, size=12), Font(name=FONT, size=12, bold=True)
    alignment = Alignment(wrap_text=True, vertical="top")
    for line, row in enumerate([[column.name for column in columns], *rows], 3):
        font = bold if line == 3 or is_bold(row) else plain
        for place, text in enumerate(row, 1):
            cell = page.cell(line, place)
            _put(cell, text, font)
            cell.alignment = alignment
    for place, column in enumerate(columns, 1):
        page.column_dimensions[get_column_letter(place)].width = column.width
    page.freeze_panes = "A4"
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def _put(cell: Any, text: str, font: Font) -> None:
    cell.value, cell.data_type = CONTROLS.sub("", text), "s"
    cell.font = font
    # As with an apostrophe before it, so that it stays text when somebody edits it.
    cell.quotePrefix = text.startswith(FORMULA)


# --- Reading --------------------------------------------------------------------------------------


def read(file: File[bytes]) -> list[Sheet]:
    """
    The sheets that are not hidden; raises `ValidationError` for what is no workbook or too large.

    A cell that spans several rows is said in each of them that says something else besides.
    """
    check_size(file, MAX_BYTES, TOO_LARGE)
    stream: IO[bytes] = file.open("rb")
    _check(stream)
    try:
        # What openpyxl warns about (validation, styles it does not know) is not read here.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _sheets(stream)
    except ValidationError:
        raise
    except Exception as error:  # of whatever kind: the file came from outside
        raise ValidationError(BROKEN) from error


def _check(stream: IO[bytes]) -> None:
    """A whole workbook, not larger once unpacked than is taken in, without entities of its own."""
    stream.seek(0)
    head = stream.read(len(OLE))
    if head == OLE:
        stream.seek(0)
        raise ValidationError(LOCKED if ENCRYPTED in stream.read() else OLD)
    if not head.startswith(b"PK\x03\x04"):
        raise ValidationError(OTHER)
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            members = archive.infolist()
            if "xl/workbook.xml" not in {member.filename for member in members}:
                raise ValidationError(OTHER)
            if len(members) > MAX_MEMBERS or sum(m.file_size for m in members) > MAX_UNPACKED:
                raise ValidationError(BULKY)
            for member in members:
                _check_member(archive, member)
    except (zipfile.BadZipFile, EOFError, OSError, RuntimeError, ValueError, NotImplementedError,
            zlib.error) as error:  # fmt: skip
        raise ValidationError(BROKEN) from error


def _check_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Unpacks it all: not more than it declares, its checksum compared."""
    with archive.open(member) as part:
        before = b""
        while chunk := part.read(CHUNK):
            seen = before + chunk
            if any(mark in seen for mark in DOCTYPES):
                raise ValidationError(BROKEN)
            before = chunk[-len(DOCTYPES[-1]) :]


def _sheets(stream: IO[bytes]) -> list[Sheet]:
    from openpyxl import load_workbook
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

    stream.seek(0)
    book = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
    try:
        pages = [page for page in book.worksheets if isinstance(page, ReadOnlyWorksheet)]
        shown = [page for page in pages if page.sheet_state == "visible"][:MAX_SHEETS]
        return [_sheet(page) for page in shown]
    finally:
        book.close()


def _sheet(page: Any) -> Sheet:
    # What the file says of its own size may be wrong.
    page.reset_dimensions()
    lines: list[Line] = []
    last, chars = None, 0
    for place, row in enumerate(page.iter_rows(max_col=MAX_COLUMNS, max_row=LAST_ROW), 1):
        if row is last:  # one and the same stands for all rows that the file leaves out
            continue
        last, cells = row, [_text(cell) for cell in row]
        if any(cells):
            lines.append(Line(place, cells))
            # A text that the file holds once may be said in every cell.
            chars = _add_up(chars, cells)
        if len(lines) > MAX_ROWS:
            raise ValidationError(
                f"Trang tính “{page.title}” có quá {number(MAX_ROWS)} dòng: hãy tách thành nhiều "
                "tệp."
            )
    with page._get_source() as source:
        content = source.read()
    if UNKNOWN.search(content):
        raise ValidationError(NOT_WORKED_OUT.format(page.title))
    _fill_down(lines, _merged(content))
    chars = 0
    for line in lines:
        chars = _add_up(chars, line.cells)
    width = max((i for line in lines for i, text in enumerate(line.cells, 1) if text), default=0)
    return Sheet(page.title, [Line(line.number, line.cells[:width]) for line in lines])


def _add_up(chars: int, cells: Iterable[str]) -> int:
    chars += sum(map(len, cells))
    if chars > MAX_CHARS:
        raise ValidationError(BULKY)
    return chars


def _merged(content: bytes) -> list[tuple[int, int, int]]:
    """Cells that span rows: column, first row, last row, all from 1."""
    from openpyxl.utils import column_index_from_string

    found = MERGED.findall(content)[:MAX_MERGED]
    return [
        (column_index_from_string(left.decode()), int(top), int(bottom))
        for left, top, bottom in found
        if int(bottom) > int(top)
    ]


def _fill_down(lines: Sequence[Line], merged: Iterable[tuple[int, int, int]]) -> None:
    at = {line.number: i for i, line in enumerate(lines)}
    ends: dict[int, int] = {}
    for column, top, bottom in sorted(merged):
        # Cells that overlap are no work of Excel's.
        if top not in at or column > MAX_COLUMNS or top <= ends.get(column, 0):
            continue
        ends[column] = bottom
        text = lines[at[top]].cells[column - 1]
        for i in range(at[top] + 1, len(lines)):
            line = lines[i]
            if line.number > bottom:
                break
            line.cells[column - 1] = line.cells[column - 1] or text


def _text(cell: Any) -> str:
    """The value about as the spreadsheet shows it to a Vietnamese reader."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, datetime):
        return _moment(value, _form(cell))
    if isinstance(value, date):
        return short_date(value)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, int | float):
        return _number(value, _form(cell))
    text = CONTROLS.sub("", unicodedata.normalize("NFC", str(value)[:LONGEST_CELL]))
    return "\n".join(" ".join(line.split()) for line in text.splitlines()).strip()


def _form(cell: Any) -> str:
    """The cell's number format without colours, locales and quoted text."""
    return re.sub(r'\[[^\]]*\]|"[^"]*"|\\.', "", str(cell.number_format or "")).lower()


def _moment(value: datetime, form: str) -> str:
    if "y" in form and "d" not in form:
        return f"{value:%m/%Y}" if "m" in form else f"{value:%Y}"
    day = short_date(value)
    return f"{value:%H:%M} {day}" if value.time() != time() and "h" in form else day


def _number(value: float, form: str) -> str:
    decimal = Decimal(repr(value))
    if not decimal.is_finite():
        return str(value)
    sign = ""
    if "%" in form:
        decimal, sign = decimal * 100, "%"
    places = re.search(r"\.([0#?]+)", form)
    if places or "0" in form:
        decimal = round(decimal, len(places[1]) if places else 0)
    if "," in form.partition(".")[0]:
        return number(decimal) + sign
    text = f"{decimal:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".").replace(".", ",")
    return text + sign
