"""What is typed can be printed, the same in both formats and with the font of the decree alone."""

from __future__ import annotations

import subprocess
import unicodedata
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from dossiers import actions
from dossiers.documents import html
from dossiers.prose import blocks, normal
from dossiers.rendering import render_pdf
from emulation.printable import UNSEEN, VARIANTS, unprintable, why_unprintable
from tests.dossiers.alike import (
    assert_paragraphs_are_alike,
    assert_tables_are_alike,
    assert_words_are_alike,
)
from tests.dossiers.conftest import Story
from tests.dossiers.poppler import fonts_of
from tests.dossiers.samples import report
from tests.dossiers.task_rows import row

CUTS = ("", ":bold", ":italic", ":bold:italic")
TYPED = "\n".join(
    (
        "Giảm 120 tấn CO₂ (−5 %), 35 m², 10⁶ đồng, 5.000₫, ≥ 90 %, ≤ 5‰, ½ quỹ, α → β, № 7, ℃, ⇒.",
        unicodedata.normalize("NFD", "Nguyễn Thị Thuỳ Trâm, Đặng Ước, hoà thuận, quý ưỡn ẽo"),
        "Trái \u202eabc\u202c phải, a\u200db, a\u200bb, kh\u00aden, a\u2060b, \ufeffB, ♥\ufe0f",
        "tự\u2011động, tab\tgiữa, không\u00a0ngắt, hẹp\u202fhơn, rộng\u2003hơn",
        "\uf0b7\tGạch đầu dòng của Word",
        "➢ Mũi tên của Word",
        "+ Cấp dưới **đậm**",
        "| STT | Kết quả |",
        "| 1 | **m²** và \u200f_CO₂_ |",
    )
)  # fmt: skip


def printed(text: str) -> str:
    made = report(1)
    made["sections"][1]["subsections"][0]["blocks"] = blocks(text)
    return html("report", made)


def test_signs_that_offices_use_are_the_same_in_both_formats() -> None:
    page = printed(TYPED)
    assert not unprintable(normal(TYPED))
    assert_paragraphs_are_alike(page)
    assert_tables_are_alike(page)
    assert_words_are_alike(page)


def test_no_other_font_is_needed() -> None:
    """What another font draws is lost on a machine without it, and other bytes on one with it."""
    names = {name for name, *_ in fonts_of(render_pdf(printed(TYPED)))}
    assert names
    assert all("+Liberation-Serif" in name for name in names), names


def test_what_word_makes_of_signs_is_read_as_what_was_typed() -> None:
    assert blocks("\uf0b7\tMột\n➢ Hai")[0].get("items") == ["Một", "Hai"]
    assert normal("tự\u2011động ⇒ 5 ℃") == "tự-động → 5 °C"


def test_what_cannot_be_seen_is_left_out() -> None:
    assert normal("\ufeffkh\u00aden \u202eth\u202c\x07ưởng\u200b\ufe0f") == "khen thưởng"
    assert normal("a\tb\x0bc\u00a0d") == "a b c d"


def font_file(cut: str) -> Path:
    command = ["fc-match", "--format=%{file}", f"Liberation Serif{cut}"]
    found = Path(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert found.name.startswith("LiberationSerif"), "fonts-liberation2 is not installed"
    return found


def test_the_font_has_the_signs_that_are_taken_and_no_others() -> None:
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    cuts = [set(TTFont(font_file(cut)).getBestCmap()) for cut in CUTS]
    has = set.intersection(*cuts)
    for code in (*range(0x20, 0xD800), *range(0xF900, 0x1F000)):
        sign = chr(code)
        is_unseen = unicodedata.category(sign) in UNSEEN or code in VARIANTS
        if not unprintable(sign) and not is_unseen:
            assert code in has or sign.isspace(), hex(code)
    lost = [hex(code) for code in has if unprintable(chr(code)) and code < 0xF000]
    assert lost == []


@given(st.text(max_size=60))
def test_any_text_is_judged(text: str) -> None:
    assert normal(normal(text)) == normal(text)
    assert bool(why_unprintable(text)) is bool(unprintable(text))


@pytest.mark.django_db
@pytest.mark.parametrize("sign", ["👍", "✓", "한", "ไ", "\ufffc", "\ufffd", "\ue000", "🇻"])
def test_what_would_be_left_blank_is_refused(sign: str, story: Story) -> None:
    written = story.report(story.mine)
    key, *_ = story.texts(written)
    with pytest.raises(ValidationError) as refused:
        actions.save_report(
            report=written,
            version=written.version,
            entries={key: f"Đạt {sign} kết quả"},
            **story.as_head(),
        )
    assert list(refused.value.message_dict) == [f"{key[0]}-{key[1]}"]
    assert f"U+{ord(sign):04X}" in str(refused.value)
    with pytest.raises(ValidationError, match="Không in được ký hiệu"):
        actions.add_task(report=written, row=row(f"Việc {sign}"), **story.as_head())


def test_many_signs_are_named_in_short() -> None:
    assert why_unprintable("Đã xong") == ""
    said = why_unprintable("😀😁😂😃😄😅😆 và \ue000")
    assert said.count("U+") == 5
    assert "…: hãy bỏ đi" in said
    assert (
        why_unprintable("\ue000") == "Không in được ký hiệu U+E000: hãy bỏ đi hoặc viết bằng chữ."
    )
