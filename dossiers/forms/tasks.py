"""Input of the appendix of tasks: a row typed, or a whole table out of a spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files import File

from dossiers import sheets
from dossiers.actions.tasks import MAX_TASKS, faults, tidied
from dossiers.models import Report, TaskRow
from dossiers.models.tasks import LABELS, LIMITS, TEXTS
from dossiers.sheets import Line
from dossiers.uploads import megabytes
from emulation.vietnamese import fold, number

# Words of a heading that say what its column holds, the more telling ones first: "Thời hạn hoàn
# thành" is a term, "Kết quả thực hiện nhiệm vụ" a result.
WORDS: tuple[tuple[str, str], ...] = (
    ("name", "^(ten|noi dung) (cac )?(cong viec|nhiem vu)"),
    ("note", "ghi chu|luu y"),
    ("result", "ket qua|san pham|muc do hoan thanh|danh gia|hieu qua"),
    ("due", "^han$|thoi han|han hoan thanh|han xu ly|han cuoi|ngay den han|ke hoach hoan thanh"),
    ("assigned_in", "van ban|can cu|so ky hieu|nguon giao|noi giao|nguoi giao|co quan giao"),
    ("done", "hoan thanh|thoi gian thuc hien|ngay thuc hien|thoi diem|^thoi gian$|tien do"),
    ("name", "cong viec|nhiem vu|noi dung|ten viec|dau viec|hoat dong"),
)
ORDER = re.compile(r"stt|tt|so tt|so thu tu|thu tu|no")
# A heading is short, a sentence that has such words in it is not.
MAX_HEADING = 80
# Rows that may stand above the headings: letterhead, title, note.
MAX_ABOVE = 40
# "(1)", "2", "A": columns are often numbered below their headings.
COLUMN_NUMBER = re.compile(r"\(?(\d{1,2}|[a-z])\)?")
NUMBER = re.compile(r"\d+([.)]|\.\d+\.?)*")

MAX_PACKED = 2_000_000
SALT = "dossiers.tasks"
FAULTY = "dossiers.tasks.faulty"
# What is wrong in more cells than this is not mended one by one.
MOST_MENDED = 200
# As a browser sends it.
SIGNS_FOR_A_LETTER = 9
TOO_MUCH = "Bảng có quá nhiều chữ để nhập một lần: hãy tách thành nhiều tệp rồi nhập thêm từng tệp."
NO_TABLE = (
    "Không tìm thấy dòng tiêu đề của bảng: cần một cột “Nội dung công việc” (hoặc “Nhiệm vụ”). "
    "Hãy dùng tệp mẫu, hoặc đặt lại tên các cột theo tệp mẫu."
)


class TaskForm(forms.Form):
    """One row. `seen` is by which another person's change in the meantime is noticed."""

    name = forms.CharField(
        label="Nội dung công việc, nhiệm vụ",
        max_length=LIMITS["name"],
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Hãy ghi nội dung công việc."},
    )
    assigned_in = forms.CharField(
        label="Văn bản giao, căn cứ", max_length=LIMITS["assigned_in"], required=False
    )
    due = forms.CharField(label="Thời hạn", max_length=LIMITS["due"], required=False)
    done = forms.CharField(label="Hoàn thành", max_length=LIMITS["done"], required=False)
    result = forms.CharField(
        label="Kết quả, sản phẩm",
        max_length=LIMITS["result"],
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    note = forms.CharField(label="Ghi chú", max_length=LIMITS["note"], required=False)
    is_heading = forms.BooleanField(
        label="Là dòng tiêu đề của một nhóm công việc",
        required=False,
        help_text="In đậm, không đánh số; chỉ ghi ô nội dung.",
    )

    def row(self) -> TaskRow:
        return TaskRow(**{field: self.cleaned_data[field] for field in TaskRow._fields})


class TaskEditForm(TaskForm):
    place = forms.IntegerField(
        label="Dòng thứ",
        min_value=1,
        max_value=MAX_TASKS,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text="Vị trí trong danh sách, kể cả dòng tiêu đề nhóm; sửa số để chuyển dòng này đi.",
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)


class TaskFileForm(forms.Form):
    file = forms.FileField(
        label="Tệp Excel",
        widget=forms.ClearableFileInput(attrs={"accept": sheets.ACCEPT}),
        allow_empty_file=True,
        max_length=None,
        error_messages={"required": "Hãy chọn tệp."},
        help_text=(
            f"Tệp .xlsx, tối đa {megabytes(sheets.MAX_BYTES)} MB và {number(MAX_TASKS)} dòng. "
            "Xem trước rồi mới nhập."
        ),
    )


class Problem(NamedTuple):
    """What is wrong in one cell, with the number of the row as the spreadsheet shows it."""

    line: int
    column: str
    text: str
    # Which row of those that were found, from 0, and which of its fields.
    place: int
    field: str


@dataclass(frozen=True)
class Found:
    """What a spreadsheet holds for the appendix."""

    sheet: str
    # Headings of columns, with the field that each fills; and those that fill none.
    columns: list[tuple[str, str]]
    ignored: list[str]
    rows: list[TaskRow]
    problems: list[Problem]


def read_tasks(file: File[bytes]) -> Found:
    """The first table with a column of tasks; raises `ValidationError` when there is none."""
    for sheet in sheets.read(file):
        head = _head(sheet.lines)
        if head is not None:
            return _found(sheet.title, head, sheet.lines)
    raise ValidationError(NO_TABLE)


def pack(report: Report, rows: Sequence[TaskRow], seen: str) -> str:
    """Rows to be carried by the page that shows them; `seen` says what stood there before."""
    packed = signing.dumps(
        {"report": report.pk, "seen": seen, "rows": rows}, salt=SALT, compress=True
    )
    if len(packed) > MAX_PACKED:
        raise ValidationError(TOO_MUCH)
    return packed


def unpack(report: Report, packed: str) -> tuple[list[TaskRow], str]:
    """What was packed for this report; raises `ValidationError` for anything else."""
    try:
        found = signing.loads(packed, salt=SALT) if len(packed) <= MAX_PACKED else {}
    except signing.BadSignature:
        found = {}
    if not found or found["report"] != report.pk:
        raise ValidationError("Không đọc lại được bảng vừa xem trước: hãy tải tệp lên lần nữa.")
    return [TaskRow(*row) for row in found["rows"]], found["seen"]


def input_of(problem: Problem) -> str:
    """The name of the box in which the cell is mended."""
    return f"o-{problem.place}-{problem.field}"


def leave_of(problem: Problem) -> str:
    """The name of the tick by which its row is left out."""
    return f"bo-{problem.place}"


def pack_faulty(report: Report, rows: Sequence[TaskRow], problems: Sequence[Problem]) -> str:
    """
    Rows to be mended on the page that shows what is wrong with them.

    "" where there is so much that the file is the better place.
    """
    packed = signing.dumps(
        {"report": report.pk, "rows": rows, "problems": problems}, salt=FAULTY, compress=True
    )
    texts = sum(len(getattr(rows[problem.place], problem.field)) for problem in problems)
    size = len(packed) + SIGNS_FOR_A_LETTER * texts
    return packed if len(problems) <= MOST_MENDED and size <= MAX_PACKED else ""


def mended(report: Report, sent: Mapping[str, str]) -> tuple[list[TaskRow], list[Problem]]:
    """The rows as somebody mended them, or left them out, and what is still wrong with them."""
    try:
        found = signing.loads(sent["loi"], salt=FAULTY) if len(sent["loi"]) <= MAX_PACKED else {}
    except signing.BadSignature:
        found = {}
    if not found or found["report"] != report.pk:
        raise ValidationError("Không đọc lại được bảng có lỗi: hãy tải tệp lên lần nữa.")
    rows = [TaskRow(*row) for row in found["rows"]]
    problems = [Problem(*problem) for problem in found["problems"]]
    for problem in problems:
        text = sent.get(input_of(problem))
        if text is not None:
            typed: dict[str, Any] = {problem.field: text}
            rows[problem.place] = rows[problem.place]._replace(**typed)
    left_out = {problem.place for problem in problems if leave_of(problem) in sent}
    places = [place for place in range(len(rows)) if place not in left_out]
    at = {place: now for now, place in enumerate(places)}
    rows = [tidied(rows[place]) for place in places]
    # Only what was wrong was to be changed, so nothing else can be wrong now.
    wrong = (
        (problem, faults(rows[at[problem.place]]).get(problem.field))
        for problem in problems
        if problem.place in at
    )
    return rows, [
        problem._replace(text=text, place=at[problem.place]) for problem, text in wrong if text
    ]


# --- Finding the table ----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Head:
    """`fields` by column, and the column of the order; the table begins at line `start`."""

    fields: Mapping[int, str]
    order: int | None
    texts: Mapping[int, str]
    start: int


def _field(heading: str) -> str:
    """The field that a heading stands for; "order" for STT, "" for something else."""
    text = " ".join(re.findall(r"[a-z0-9]+", fold(heading)))
    if not text or len(text) > MAX_HEADING:
        return ""
    if ORDER.fullmatch(text):
        return "order"
    return next((field for field, words in WORDS if re.search(rf"\b({words})\b", text)), "")


def _head(lines: Sequence[Line]) -> _Head | None:
    """
    The row of headings, with one below it where cells above span columns.

    Two columns at least must be known, or the one that there is; a title above the table may have
    "công việc" in it, but nothing beside it.
    """
    for place, line in enumerate(lines[:MAX_ABOVE]):
        texts = {i: text for i, text in enumerate(line.cells) if text}
        known = {i: field for i, text in texts.items() if (field := _field(text))}
        if "name" not in known.values() or len(known) < 2 - (len(line.cells) == 1):
            continue
        start = place + 1
        if start < len(lines):
            below = _below(texts, known, lines[start].cells)
            if below:
                texts = {**texts, **below}
                known = {i: field for i, text in texts.items() if (field := _field(text))}
                start += 1
        if start < len(lines) and _numbers_columns(lines[start].cells):
            start += 1
        order = next((i for i, field in known.items() if field == "order"), None)
        fields = {i: field for i, field in known.items() if field != "order"}
        return _Head(fields, order, texts, start)
    return None


def _below(
    above: Mapping[int, str], known: Mapping[int, str], cells: Sequence[str]
) -> dict[int, str]:
    """Headings of a second row: none where the column of tasks says something of its own there."""
    name = next(i for i, field in known.items() if field == "name")
    if cells[name] and cells[name] != above[name]:
        return {}
    found = {i: text for i, text in enumerate(cells) if text and text != above.get(i)}
    if not found or (not cells[name] and not all(map(_field, found.values()))):
        return {}
    return found


def _numbers_columns(cells: Sequence[str]) -> bool:
    texts = [fold(text) for text in cells if text]
    return len(texts) > 1 and all(COLUMN_NUMBER.fullmatch(text) for text in texts)


def _found(title: str, head: _Head, lines: Sequence[Line]) -> Found:
    rows: list[TaskRow] = []
    problems: list[Problem] = []
    body = lines[head.start :]
    is_numbered = head.order is not None and any(
        NUMBER.fullmatch(line.cells[head.order]) for line in body
    )
    for line in body:
        row = tidied(_row(head, line.cells, is_numbered=is_numbered))
        if not any(row[1:]):
            continue
        problems += _problems(head, line, row, len(rows))
        rows.append(row)
    if not rows:
        raise ValidationError(f"Trang tính “{title}” có dòng tiêu đề nhưng chưa có công việc nào.")
    if len(rows) > MAX_TASKS:
        raise ValidationError(
            f"Bảng có {number(len(rows))} dòng, phụ lục tối đa {number(MAX_TASKS)} dòng."
        )
    filled = {i for line in body for i, text in enumerate(line.cells) if text}
    return Found(
        sheet=title,
        columns=[(head.texts[i], LABELS[field]) for i, field in sorted(head.fields.items())],
        ignored=[
            head.texts.get(i) or f"cột thứ {i + 1}, không có tiêu đề"
            for i in sorted(filled - {*head.fields, head.order})
        ],
        rows=rows,
        problems=problems,
    )


def _row(head: _Head, cells: Sequence[str], *, is_numbered: bool) -> TaskRow:
    """Columns of one field are joined; a line that only names something is a heading."""
    parts: dict[str, list[str]] = {}
    for column, field in head.fields.items():
        if cells[column] and cells[column] not in parts.setdefault(field, []):
            parts[field].append(cells[column])
    texts = {field: "; ".join(parts.get(field, ())) for field in TEXTS}
    order = cells[head.order] if head.order is not None else ""
    is_alone = not any(texts[field] for field in TEXTS if field != "name")
    if is_alone and is_numbered and not NUMBER.fullmatch(order):
        name = texts["name"]
        # "I" and "Nhiệm vụ thường xuyên" beside it, or both in one cell that spans the row.
        return TaskRow(True, f"{order.rstrip('.)')}. {name}" if order and name else name or order)
    return TaskRow(False, **texts)


def _problems(head: _Head, line: Line, row: TaskRow, place: int) -> Iterator[Problem]:
    for field, text in faults(row).items():
        names = [head.texts[i] for i, known in sorted(head.fields.items()) if known == field]
        yield Problem(line.number, " và ".join(names), text, place, field)
