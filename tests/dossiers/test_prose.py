"""Plain text as people type it comes out as paragraphs and lists, whole and in order."""

from __future__ import annotations

import re
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossiers.prose import Run, blocks, normal, runs


def test_a_line_is_a_paragraph_and_blank_lines_do_not_matter() -> None:
    assert blocks("Một.\nHai.\n\n\nBa.\r\nBốn.") == [
        {"kind": "p", "text": text} for text in ("Một.", "Hai.", "Ba.", "Bốn.")
    ]


def test_dashes_make_a_list_and_pluses_one_below_it() -> None:
    text = "Kết quả:\n- Một;\n– Hai;\n+ Trong đó;\n+ Ngoài ra.\n- Ba.\nHết."
    assert blocks(text) == [
        {"kind": "p", "text": "Kết quả:"},
        {"kind": "ul", "level": 1, "items": ["Một;", "Hai;"]},
        {"kind": "ul", "level": 2, "items": ["Trong đó;", "Ngoài ra."]},
        {"kind": "ul", "level": 1, "items": ["Ba."]},
        {"kind": "p", "text": "Hết."},
    ]


def test_a_dash_without_a_blank_is_a_list_but_a_negative_number_is_not() -> None:
    assert blocks("-Đã làm")[0] == {"kind": "ul", "level": 1, "items": ["Đã làm"]}
    assert blocks("-5 độ")[0] == {"kind": "p", "text": "-5 độ"}


def test_empty_text_and_empty_items_are_nothing() -> None:
    assert blocks("") == blocks(" \n\t\n") == blocks("-\n- \n+") == []


def test_letters_are_composed_and_blanks_single() -> None:
    typed = unicodedata.normalize("NFD", "Đề  nghị\u00a0tặng ")
    assert normal(typed) == "Đề nghị tặng"


def test_rows_between_bars_make_a_table() -> None:
    text = "Trước\n|Việc|Số lượng|\n|---|:-:|\n| Kế hoạch | **12** |\n|Công văn|\nSau"
    assert blocks(text) == [
        {"kind": "p", "text": "Trước"},
        {
            "kind": "table",
            "head": ["Việc", "Số lượng"],
            "rows": [["Kế hoạch", "**12**"], ["Công văn", ""]],
        },
        {"kind": "p", "text": "Sau"},
    ]


def test_one_row_alone_has_no_head_and_empty_rows_are_nothing() -> None:
    assert blocks("|a|b|") == [{"kind": "table", "head": [], "rows": [["a", "b"]]}]
    assert blocks("| | |\n||") == []


def test_a_bar_after_a_backslash_stays_in_its_cell() -> None:
    assert blocks(r"|a \| b|c|")[0]["rows"] == [[r"a \| b", "c"]]
    assert runs(r"a \| b") == [Run("a | b")]
    assert blocks("đúng | sai")[0]["kind"] == "p"


def test_bold_and_italic_words() -> None:
    assert runs("Đạt **100%** _kế hoạch_ năm") == [
        Run("Đạt "),
        Run("100%", bold=True),
        Run(" "),
        Run("kế hoạch", italic=True),
        Run(" năm"),
    ]
    assert runs("**rất _tốt_**") == [
        Run("rất ", bold=True),
        Run("tốt", bold=True, italic=True),
    ]


def test_signs_that_are_no_marks_stay() -> None:
    for text in (
        "ten_tep_2024.pdf",
        "5*3*2 = 30",
        "2 ** 3 ** 4",
        "** Ghi chú",
        "a_b_",
        "(*)",
        "__",
    ):
        assert runs(text) == [Run(text)]


def test_a_backslash_makes_a_mark_an_ordinary_sign() -> None:
    assert runs(r"\**không đậm\** \_thẳng\_ \\") == [Run("**không đậm** _thẳng_ \\")]


@pytest.mark.parametrize("opened", ["**a ", "_a ", "**a _b "])
def test_marks_that_are_never_closed_keep_nobody_waiting(opened: str) -> None:
    text = (opened * 10_000).strip()
    began = time.process_time()
    assert runs(text) == [Run(text)]
    assert time.process_time() - began < 2
    assert runs(f"{opened}{opened}**đậm** _nghiêng_")[1:] == [
        Run("đậm", bold=True),
        Run(" "),
        Run("nghiêng", italic=True),
    ]


def plain(text: str) -> str:
    return "".join(run.text for run in runs(text))


@given(st.text())
def test_no_word_is_lost_or_invented(text: str) -> None:
    shown: list[str] = []
    for block in blocks(text):
        rows = [block.get("head", []), *block.get("rows", [])]
        shown += [block.get("text", ""), *block.get("items", []), *(c for row in rows for c in row)]
    marks = "-–—•*+|_\\: "

    def letters(line: str) -> str:
        return "".join(sign for sign in line if sign not in marks and not sign.isspace())

    assert letters(normal(text)) == letters("".join(shown)) == letters("".join(map(plain, shown)))


@given(st.text(alphabet="ab*_\\| đ"))
def test_any_sequence_of_marks_can_be_read(text: str) -> None:
    assert [sign for sign in plain(text) if sign in "abđ"] == [s for s in text if s in "abđ"]


@given(st.text(alphabet="ab*_\\|- đ"))
def test_what_was_escaped_comes_out_as_it_was(text: str) -> None:
    assert plain(re.sub(r"([\\*_|])", r"\\\1", text)) == text


@given(st.text())
def test_reading_twice_changes_nothing(text: str) -> None:
    assert normal(normal(text)) == normal(text)
