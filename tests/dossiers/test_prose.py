"""Plain text as people type it comes out as paragraphs and lists, whole and in order."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from dossiers.prose import blocks, normal


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


@given(st.text())
def test_no_word_is_lost_or_invented(text: str) -> None:
    found = blocks(text)
    shown = [b["text"] if b["kind"] == "p" else i for b in found for i in b.get("items", [""])]
    marks = set("-–—•*+")
    words = [word.lstrip("-–—•*+") for word in normal(text).split()]
    assert "".join(w for w in words if w not in marks) == "".join(
        word.lstrip("-–—•*+") for line in shown for word in line.split() if word not in marks
    )


@given(st.text())
def test_reading_twice_changes_nothing(text: str) -> None:
    assert normal(normal(text)) == normal(text)
