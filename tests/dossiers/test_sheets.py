"""Spreadsheets: what is written is text, what is read is checked before it is believed."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from io import BytesIO
from time import process_time
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from dossiers import sheets
from dossiers.sheets import Column, Sheet

# A spreadsheet knows no time zones.
moment = datetime
COLUMNS = (Column("STT", 6), Column("Nội dung", 60))


def upload(content: bytes, name: str = "bang.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def workbook(fill: Callable[[Any], None], **more: Callable[[Any], None]) -> bytes:
    """One sheet filled by `fill`, and one by each keyword."""
    from openpyxl import Workbook

    book = Workbook()
    fill(book.active)
    for title, other in more.items():
        other(book.create_sheet(title))
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def cells(content: bytes) -> list[list[str]]:
    [sheet] = sheets.read(upload(content))
    return [line.cells for line in sheet.lines]


def one(value: Any, form: str = "General") -> str:
    """How a single cell is read."""

    def fill(page: Any) -> None:
        page["A1"] = value
        page["A1"].number_format = form

    [[text]] = cells(workbook(fill))
    return text


def test_what_is_written_is_read() -> None:
    rows = [["01", "Tham mưu “Một cửa”\n- Đợt 1"], ["", "Nhóm việc"]]
    made = sheets.write(COLUMNS, rows, sheet="Phụ lục", title="Danh mục", note="Ghi chú")
    assert sheets.read(upload(made)) == [
        Sheet(
            "Phụ lục",
            [
                sheets.Line(1, ["Danh mục", ""]),
                sheets.Line(2, ["Ghi chú", ""]),
                sheets.Line(3, ["STT", "Nội dung"]),
                sheets.Line(4, rows[0]),
                sheets.Line(5, rows[1]),
            ],
        )
    ]


@pytest.mark.parametrize("text", ["=1+1", "+84 205", "-5 độ", "@tên", '=HYPERLINK("http://x","y")'])
def test_nothing_written_is_taken_for_a_formula(text: str) -> None:
    from openpyxl import load_workbook

    made = sheets.write(COLUMNS, [["1", text]], sheet="a", title=text)
    page = load_workbook(BytesIO(made)).active
    assert page is not None
    for place in ("A1", "B4"):
        assert page[place].value == text
        assert page[place].data_type == "s"
        assert page[place].quotePrefix
    assert not page["A4"].quotePrefix


def test_signs_that_a_workbook_cannot_hold_are_left_out() -> None:
    assert cells(sheets.write(COLUMNS, [["1", "a\x00b\x1f"]], sheet="a", title="b"))[-1] == [
        "1",
        "ab",
    ]


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (5, "General", "5"),
        (2024, "General", "2024"),
        (1234567, "#,##0", "1.234.567"),
        (0.5, "General", "0,5"),
        (0.1 + 0.2, "0.00", "0,3"),
        (0.954, "0.0%", "95,4%"),
        (1, "0%", "100%"),
        (True, "General", "Có"),
        (moment(2025, 7, 31), "dd/mm/yyyy", "31/07/2025"),
        (date(2025, 7, 31), "[$-42A]dd mmmm yyyy", "31/07/2025"),
        (date(2025, 6, 1), "mm/yyyy", "06/2025"),
        (date(2025, 6, 1), '"năm" yyyy', "2025"),
        (moment(2025, 7, 31, 14, 30), "dd/mm/yyyy hh:mm", "14:30 31/07/2025"),
        (moment(2025, 7, 31, 14, 30), "dd/mm/yyyy", "31/07/2025"),
        (time(7, 5), "hh:mm", "07:05"),
        ("  hai   khoảng \n\t trắng ", "General", "hai khoảng\ntrắng"),
        ("Hoa\u0300n tha\u0300nh", "General", "Hoàn thành"),
    ],
)
def test_values_are_read_as_a_vietnamese_reader_sees_them(value: Any, form: str, text: str) -> None:
    assert one(value, form) == text


def test_empty_rows_are_left_out_and_numbers_kept() -> None:
    def fill(page: Any) -> None:
        page["B2"], page["C5000"] = "a", "b"

    [sheet] = sheets.read(upload(workbook(fill)))
    assert sheet.lines == [(2, ["", "a", ""]), (5000, ["", "", "b"])]


def test_cells_over_several_rows_are_said_in_each() -> None:
    def fill(page: Any) -> None:
        page.append(["Kế hoạch 5", "việc một"])
        page.append([None, "việc hai"])
        page.append([None, None])
        page.append([None, "việc ba"])
        page.merge_cells("A1:A3")

    assert cells(workbook(fill)) == [
        ["Kế hoạch 5", "việc một"],
        ["Kế hoạch 5", "việc hai"],
        ["", "việc ba"],
    ]


def test_hidden_sheets_are_not_read() -> None:
    def hidden(page: Any) -> None:
        page["A1"] = "kín"
        page.sheet_state = "hidden"

    found = sheets.read(upload(workbook(lambda page: page.append(["mở"]), Khac=hidden)))
    assert [sheet.title for sheet in found] == ["Sheet"]


def refused(content: bytes) -> str:
    with pytest.raises(ValidationError) as caught:
        sheets.read(upload(content))
    return " ".join(caught.value.messages)


def plain(rows: int = 3) -> bytes:
    def fill(page: Any) -> None:
        for _ in range(rows):
            page.append(["a", "b"])

    return workbook(fill)


def rezipped(content: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    target = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(content)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return target.getvalue()


def test_what_is_no_workbook_is_refused_by_its_kind() -> None:
    assert "rỗng" in refused(b"")
    assert "không phải bảng tính" in refused(b"STT;Cong viec\n1;a\n")
    assert "kiểu cũ (.xls)" in refused(sheets.OLE + b"Workbook".ljust(600))
    assert "mật khẩu" in refused(sheets.OLE + b"\0" * 500 + sheets.ENCRYPTED)
    other = BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert "không phải bảng tính" in refused(other.getvalue())


def test_broken_files_are_refused_kindly() -> None:
    whole = plain(200)
    for content in (whole[:-200], whole[: len(whole) // 2], whole[:4] + b"x" * 500):
        assert "hỏng" in refused(content)
    for name in ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml"):
        cut = rezipped(whole, lambda n, data, name=name: data[:90] if n == name else data)  # type: ignore[misc]
        assert "hỏng" in refused(cut)


def test_what_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = rezipped(plain(), lambda name, data: data + b" " * (30 * 1024 * 1024))
    assert len(bomb) < 2_000_000
    assert "quá lớn khi giải nén" in refused(bomb)
    monkeypatch.setattr(sheets, "MAX_BYTES", 100)
    assert "quá mức cho phép" in refused(plain())


def test_entities_are_refused() -> None:
    entity = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'

    def spoil(name: str, data: bytes) -> bytes:
        return data.replace(b"<worksheet", entity + b"<worksheet", 1)

    assert "hỏng" in refused(rezipped(plain(), spoil))


@pytest.mark.parametrize(
    ("start", "form"),
    [("<?xml version='1.0'?>" + " " * 300_000, "utf-8"), ("", "utf-16"), (" " * 262_140, "utf-8")],
)
def test_entities_are_found_wherever_and_however_they_are_written(start: str, form: str) -> None:
    doctype = f'{start}<!DOCTYPE x [<!ENTITY a "aaaa">]>'

    def spoil(name: str, data: bytes) -> bytes:
        is_sheet = name == "xl/worksheets/sheet1.xml"
        return (doctype + data.decode()).encode(form) if is_sheet else data

    assert "hỏng" in refused(rezipped(plain(), spoil))


def sheet_of(xml: str, strings: str = "") -> bytes:
    """A workbook whose only sheet is this XML, with these shared strings."""
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    part = '<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.'
    part += 'openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'

    def change(name: str, data: bytes) -> bytes:
        if name == "xl/worksheets/sheet1.xml":
            return f"<worksheet {space}>{xml}</worksheet>".encode()
        if name == "[Content_Types].xml":
            return data.replace(b"</Types>", part.encode())
        return data

    target = BytesIO(rezipped(plain(), change))
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", f"<sst {space}>{strings}</sst>")
    return target.getvalue()


def shared(cells: str) -> str:
    return "".join(f'<c r="{cell}" t="s"><v>0</v></c>' for cell in cells.split())


ONE = f'<sheetData><row r="1">{shared("A1")}</row></sheetData>'


def seconds(read: Callable[[], object]) -> float:
    start = process_time()
    read()
    return process_time() - start


def test_one_text_said_in_every_cell_is_refused_before_it_fills_the_memory() -> None:
    rows = "".join(
        f'<row r="{n}">{shared(" ".join(f"{c}{n}" for c in "ABCDEFGH"))}</row>'
        for n in range(1, 60)
    )
    content = sheet_of(f"<sheetData>{rows}</sheetData>", f"<si><t>{'a' * 1_000_000}</t></si>")
    assert len(content) < 20_000
    assert "quá lớn khi giải nén" in refused(content)


def test_a_cell_over_many_rows_counts_in_each() -> None:
    rows = f'<row r="1">{shared("A1")}</row>' + "".join(
        f'<row r="{n}"><c r="B{n}"><v>1</v></c></row>' for n in range(2, 500)
    )
    merged = '<mergeCells><mergeCell ref="A1:A9999"/></mergeCells>'
    text = f"<si><t>{'a' * 30_000}</t></si>"
    assert "quá lớn khi giải nén" in refused(
        sheet_of(f"<sheetData>{rows}</sheetData>{merged}", text)
    )


def test_cells_that_overlap_are_filled_once() -> None:
    rows = "".join(f'<row r="{n}">{shared(f"A{n}")}</row>' for n in range(1, 5000))
    merged = "".join(f'<mergeCell ref="B{1 + n % 50}:B9999"/>' for n in range(5000))
    content = sheet_of(
        f"<sheetData>{rows}</sheetData><mergeCells>{merged}</mergeCells>", "<si><t>a</t></si>"
    )
    assert seconds(lambda: cells(content)) < 2


@pytest.mark.parametrize("words", ["<mergeCell " * 20_000, "<c><f/>" + " " * 60_000, "<" * 60_000])
def test_a_comment_is_not_searched_from_each_of_its_words(words: str) -> None:
    content = sheet_of(f"{ONE}<!-- {words} -->", "<si><t>a</t></si>")
    assert seconds(lambda: cells(content)) < 2


@pytest.mark.parametrize("last", [sheets.LAST_ROW, 2_000_000_000])
def test_rows_that_are_not_there_cost_nothing(last: int) -> None:
    xml = ONE.replace("</sheetData>", f'<row r="{last}"><c r="A{last}" s="0"/></row></sheetData>')
    content = sheet_of(xml, "<si><t>a</t></si>")
    assert seconds(lambda: cells(content)) < 2


@pytest.mark.parametrize("result", ["", "<v/>", "<v></v>"])
@pytest.mark.parametrize("formula", ["<f>A2</f>", '<f t="shared" si="0"/>'])
def test_a_formula_without_its_result_is_not_passed_over(formula: str, result: str) -> None:
    xml = ONE.replace("</row>", f'<c r="B1" s="0">{formula}{result}</c></row>')
    assert "“Sheet”" in refused(sheet_of(xml, "<si><t>a</t></si>"))


def test_the_result_of_a_formula_is_read_also_when_it_is_empty() -> None:
    xml = ONE.replace(
        "</row>",
        '<c r="B1" t="str"><f>IF(A2,A2,"")</f><v></v></c><c r="C1"><f>1+1</f><v>2</v></c></row>',
    )
    assert cells(sheet_of(xml, "<si><t>a</t></si>")) == [["a", "", "2"]]


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MAX_ROWS", 5)
    assert len(cells(plain(5))) == 5
    assert "quá 5 dòng" in refused(plain(6))


def test_columns_far_to_the_right_are_not_read() -> None:
    def fill(page: Any) -> None:
        page["A1"], page["XFD1"] = "a", "b"

    assert cells(workbook(fill)) == [["a"]]
