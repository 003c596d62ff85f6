"""Tables of tasks as offices make them in Excel: found, understood, faults told by their place."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from dossiers.documents.appendices import tasks_sheet, tasks_template
from dossiers.forms.tasks import Found, read_tasks
from dossiers.models import TaskRow
from tests.dossiers.task_rows import FULL, row, sheet


def found(*lines: list[Any], merge: str = "") -> Found:
    return read_tasks(sheet(*lines, merge=merge))


def test_what_is_exported_can_be_imported() -> None:
    rows = [
        TaskRow(True, "I. Thường xuyên"),
        FULL,
        row("=1+1\n- dòng hai"),
        TaskRow(True, "II. Khác"),
    ]
    rows.append(row("Việc cuối"))
    made = SimpleUploadedFile("a.xlsx", tasks_sheet(rows, title="Phụ lục công việc"))
    back = read_tasks(made)
    assert back.rows == rows
    assert (back.problems, back.ignored) == ([], [])
    assert len(read_tasks(SimpleUploadedFile("a.xlsx", tasks_template())).rows) == 2


def test_a_table_as_offices_make_it() -> None:
    """Letterhead and title above, two rows of headings, numbered columns, groups, empty rows."""
    result = found(
        ["SỞ NỘI VỤ", None, None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
        ["PHÒNG CẢI CÁCH HÀNH CHÍNH"],
        ["DANH MỤC CÔNG VIỆC, NHIỆM VỤ NĂM 2025"],
        [],
        [
            "Số TT",
            "NỘI DUNG CÔNG VIỆC",
            "Thời gian",
            None,
            "Kết quả thực hiện nhiệm vụ",
            "Phụ trách",
        ],
        [None, None, "Thời hạn giao", "Hoàn thành"],
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"],
        ["I", "Nhiệm vụ thường xuyên"],
        [1, "Việc một", "15/02/2025", "12/02/2025", "Đạt", "Bà Nguyệt"],
        [],
        ["II. Nhiệm vụ đột xuất"],
        [2, "Việc hai", None, None, 0.5],
        merge="A5:A6 B5:B6 C5:D5 E5:E6 F5:F6 A11:F11",
    )
    assert result.rows == [
        TaskRow(True, "I. Nhiệm vụ thường xuyên"),
        row("Việc một", due="15/02/2025", done="12/02/2025", result="Đạt"),
        TaskRow(True, "II. Nhiệm vụ đột xuất"),
        row("Việc hai", result="0,5"),
    ]
    assert result.ignored == ["Phụ trách"]
    assert result.columns == [
        ("NỘI DUNG CÔNG VIỆC", "Công việc, nhiệm vụ"),
        ("Thời hạn giao", "Thời hạn"),
        ("Hoàn thành", "Hoàn thành"),
        ("Kết quả thực hiện nhiệm vụ", "Kết quả, sản phẩm"),
    ]


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Thời hạn hoàn thành", "due"),
        ("HAN HOAN THANH", "due"),
        ("Hạn", "due"),
        ("Ngày hoàn thành công việc", "done"),
        ("Thời gian thực hiện", "done"),
        ("Văn bản giao nhiệm vụ", "assigned_in"),
        ("Căn cứ", "assigned_in"),
        ("Số, ký hiệu văn bản", "assigned_in"),
        ("Sản phẩm đầu ra", "result"),
        ("Mức độ hoàn thành", "result"),
        ("Ghi chú", "note"),
        ("Người thực hiện", ""),
        ("Ngày giao", ""),
    ],
)
def test_headings_are_known_in_their_usual_words(heading: str, field: str) -> None:
    result = found(["TT", "Tên nhiệm vụ/sản phẩm", heading], [1, "Việc", "chữ"])
    assert result.rows == [row("Việc", **{field: "chữ"} if field else {})]
    assert result.ignored == ([] if field else [heading])


def test_columns_of_one_kind_are_joined() -> None:
    result = found(
        ["Nhiệm vụ", "Kết quả", "Sản phẩm"], ["a", "Đạt", "Báo cáo"], ["b", "Đạt", "Đạt"]
    )
    assert [one.result for one in result.rows] == ["Đạt; Báo cáo", "Đạt"]


def test_a_list_of_names_alone_is_a_table() -> None:
    assert found(["Công việc"], ["a"], ["b"]).rows == [row("a"), row("b")]


def test_without_numbers_nothing_is_a_heading() -> None:
    assert found(["Công việc", "Ghi chú"], ["a"], ["b", "c"]).rows[0] == row("a")


def test_errors_name_the_row_and_the_column() -> None:
    result = found(
        ["STT", "Nội dung", "Hạn hoàn thành", "Kết quả"],
        [1, "a" * 501, "b" * 61],
        [],
        [2, None, None, "Có kết quả"],
    )
    assert [(p.line, p.column) for p in result.problems] == [
        (2, "Nội dung"),
        (2, "Hạn hoàn thành"),
        (4, "Nội dung"),
    ]
    assert "dài 501 ký tự, tối đa 500" in result.problems[0].text
    assert "Chưa có nội dung công việc" in result.problems[2].text


@pytest.mark.parametrize(
    "lines",
    [
        [["a", "b"], ["c", "d"]],
        [["Danh mục công việc"], ["a", "b"]],
        [["Trong tháng đã hoàn thành nhiều công việc, nhiệm vụ được giao " * 3, "Ghi chú"]],
    ],
)
def test_a_table_without_tasks_is_refused(lines: list[list[Any]]) -> None:
    with pytest.raises(ValidationError, match="Không tìm thấy dòng tiêu đề"):
        found(*lines)


def test_a_table_that_is_empty_or_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValidationError, match="chưa có công việc nào"):
        found(["STT", "Công việc"], [1, None])
    monkeypatch.setattr("dossiers.forms.tasks.MAX_TASKS", 2)
    with pytest.raises(ValidationError, match="Bảng có 3 dòng"):
        found(["Công việc"], ["a"], ["b"], ["c"])
