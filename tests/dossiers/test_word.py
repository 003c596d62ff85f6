"""The Word file as a reader of offices opens it: page, header, headings, tables, styles."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from functools import cache
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.conf import settings

from dossiers import word
from dossiers.documents import html
from tests.dossiers import samples
from tests.dossiers.boxes import columns_on_paper
from tests.dossiers.cases import KINDS
from tests.dossiers.office import opened, paragraphs_of, text_of

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MM = 360_00  # of the measure that python-docx counts in
ACROSS = "list"


def page_of(kind: str) -> str:
    return html(kind, samples.SAMPLES[kind])


@cache
def made(kind: str) -> bytes:
    return word.docx(page_of(kind))


def of(body: str, attributes: str = "") -> bytes:
    return word.docx(f"<html><head><title>T</title></head><body {attributes}>{body}</body></html>")


def found(content: bytes, text: str) -> Any:
    return next(p for p in paragraphs_of(opened(content)) if text in p.text)


def has(paragraph: Any, name: str) -> bool:
    return paragraph._p.find(f"{W}pPr/{W}{name}") is not None


# --- Page -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_paper_and_margins_are_those_of_the_decree(kind: str) -> None:
    [section] = opened(made(kind)).sections
    sides = [section.page_width or 0, section.page_height or 0]
    assert [round(side / MM) for side in sides] == ([297, 210] if kind == ACROSS else [210, 297])
    assert (section.orientation == 1) == (kind == ACROSS)
    margins = [
        section.top_margin,
        section.right_margin,
        section.bottom_margin,
        section.left_margin,
    ]
    assert [round((margin or 0) / MM) for margin in margins] == [20, 15, 20, 30]


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_number_stands_in_the_header_but_not_on_page_one(kind: str) -> None:
    [section] = opened(made(kind)).sections
    assert section.different_first_page_header_footer
    assert section.first_page_header.is_linked_to_previous, "there is none: page one has nothing"
    [number] = section.header.paragraphs
    assert "PAGE" in number._p.xpath(".//w:fldSimple/@w:instr")[0]
    assert number.style.paragraph_format.alignment == 1
    assert number.style.font.size.pt == 14


def test_a_document_without_text_opens() -> None:
    assert len(opened(of("")).sections) == 1
    assert opened(of("", 'class="landscape"')).sections[0].orientation == 1


def test_an_appendix_counts_its_own_pages_and_lies_across_if_it_must() -> None:
    content = of(
        '<p>Văn bản</p><div class="appendix landscape"><h1>PHỤ LỤC I</h1><p>Một</p></div>'
        '<div class="appendix"><h1>PHỤ LỤC II</h1><table class="grid"><tr><td>1</td></tr></table>'
        "</div>"
    )
    whole, first, second = opened(content).sections
    assert [s.orientation for s in (whole, first, second)] == [0, 1, 0]
    assert [s._sectPr.find(f"{W}pgNumType") is not None for s in (whole, first, second)] == [
        False,
        True,
        True,
    ]
    assert all(s.different_first_page_header_footer for s in (whole, first, second))
    assert text_of(content) == ["Văn bản", "PHỤ LỤC I", "Một", "PHỤ LỤC II", "1"]


def test_pages_across_within_a_document_go_on_counting() -> None:
    body = '<p>Một</p><div class="landscape"><p>Hai</p></div><p>Ba</p>'
    first, across, last = opened(of(body)).sections
    assert [s.orientation for s in (first, across, last)] == [0, 1, 0]
    assert not across.different_first_page_header_footer
    assert not last.different_first_page_header_footer
    assert last._sectPr.find(f"{W}pgNumType") is None


# --- Styles ---------------------------------------------------------------------------------------


def test_headings_are_headings() -> None:
    shown = [
        (style.name, p.text)
        for p in paragraphs_of(opened(made("report")))
        if (style := p.style) and style.name.startswith("Heading")
    ]
    assert shown[:4] == [
        ("Heading 1", "BÁO CÁO THÀNH TÍCH"),
        ("Heading 2", "I. SƠ LƯỢC LÝ LỊCH"),
        ("Heading 2", "II. THÀNH TÍCH ĐẠT ĐƯỢC"),
        ("Heading 3", "1. Kết quả thực hiện phong trào thi đua"),
    ]
    styles = opened(made("report")).styles.element
    for level in range(3):
        [outline] = styles.xpath(f"w:style[@w:styleId='Heading{level + 1}']/w:pPr/w:outlineLvl")
        assert outline.get(f"{W}val") == str(level)


@pytest.mark.parametrize("kind", KINDS)
def test_all_is_in_black_times_new_roman_and_vietnamese(kind: str) -> None:
    with ZipFile(BytesIO(made(kind))) as archive:
        xml = b"".join(archive.read(name) for name in archive.namelist() if name.endswith(".xml"))
    document = opened(made(kind))
    defaults = document.styles.element.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
    assert defaults.find(f"{W}lang").get(f"{W}val") == "vi-VN"
    assert set(defaults.find(f"{W}rFonts").attrib.values()) == {"Times New Roman"}
    for style in document.styles:
        if style.type == 1:
            fonts = style.element.rPr.rFonts.attrib
            assert {name.removeprefix(W) for name in fonts} == {"ascii", "hAnsi", "eastAsia", "cs"}
            assert set(fonts.values()) == {"Times New Roman"}
    assert b"Theme=" not in xml
    assert b"Calibri" not in xml
    coloured = [style.name for style in document.styles if style.type == 1 and style.font.color.rgb]
    assert coloured == ["Mức độ khẩn"], "the stamp of urgency is red"


def test_title_and_author_are_set_and_no_day() -> None:
    properties = opened(made("report")).core_properties
    assert properties.title == samples.SAMPLES["report"]["meta"]["title"]
    assert properties.author == "Phòng Cải cách hành chính"
    assert properties.language == "vi-VN"
    assert properties.created is None


# --- Tables ---------------------------------------------------------------------------------------


def test_letterhead_and_signatures_stand_in_tables_without_rules() -> None:
    letterhead, *_, signing = opened(made("letter")).tables
    for table in (letterhead, signing):
        assert not table._tbl.xpath(".//w:tblBorders | .//w:tcBorders")
        assert table._tbl.tblPr.xpath("w:tblLayout/@w:type") == ["fixed"]
    assert [round(cell.width / MM, 1) for cell in letterhead.rows[0].cells] == [75.9, 89.1]
    assert [p.text for p in signing.cell(0, 1).paragraphs] == [
        "KT. TRƯỞNG PHÒNG",
        "PHÓ TRƯỞNG PHÒNG",
    ]
    assert signing.cell(0, 0).text.startswith("Nơi nhận:")


def test_rules_are_as_long_as_the_motto_and_a_part_of_the_agency() -> None:
    content = made("letter")
    lengths = {}
    above = ""
    for p in paragraphs_of(opened(content)):
        if p._p.xpath("w:pPr/w:pBdr/w:bottom"):
            cell = p._p.getparent()
            [wide] = cell.xpath("w:tcPr/w:tcW/@w:w") or [9354]
            sides = p._p.xpath("w:pPr/w:ind/@w:left") + p._p.xpath("w:pPr/w:ind/@w:right")
            lengths[above] = (int(wide) - sum(map(int, sides))) / 56.7
        above = p.text
    assert lengths["Độc lập - Tự do - Hạnh phúc"] == pytest.approx(56, abs=1.5)
    whole = 66  # mm, as it is printed
    assert 1 / 3 < lengths["PHÒNG CẢI CÁCH HÀNH CHÍNH"] / whole < 1 / 2
    subject = next(length for text, length in lengths.items() if text.startswith("Về việc"))
    assert 149 / 3 < subject < 149 / 2


def test_the_head_of_a_table_repeats_and_no_row_is_parted() -> None:
    table = opened(made("minutes")).tables[1]
    heads = [bool(row._tr.xpath("w:trPr/w:tblHeader")) for row in table.rows]
    assert heads == [True, True, False]
    assert all(row._tr.xpath("w:trPr/w:cantSplit") for row in table.rows)
    assert table._tbl.xpath("w:tblPr/w:tblBorders")
    assert [cell.text for cell in table.rows[1].cells] == [
        "STT",
        "Họ và tên, tên tập thể",
        "Hình thức đề nghị",
        "Đồng ý",
        "Không đồng ý",
        "Ý kiến khác",
        "Tỷ lệ đồng ý",
        "Kết quả",
    ]
    assert len({cell._tc for cell in table.rows[0].cells}) == 6


@pytest.mark.parametrize("kind", KINDS)
def test_columns_are_as_wide_as_in_print(kind: str) -> None:
    """But for a hair: a word that is wider than its column may reach out of it in print only."""
    written = opened(made(kind)).tables
    for mine, theirs in zip(written, columns_on_paper(page_of(kind)), strict=False):
        wide = [(column.width or 0) / MM for column in mine.columns]
        assert wide == pytest.approx(theirs, abs=1.5)


def test_columns_without_a_width_follow_their_content() -> None:
    long = "Một nội dung dài hơn hẳn so với hai cột kia của bảng này và còn dài nữa"
    [table] = opened(
        of(f'<table class="grid"><tr><td>1</td><td>{long}</td><td>Đạt</td></tr></table>')
    ).tables
    first, second, third = (column.width / MM for column in table.columns)
    assert first < third < 30 < second
    assert first + second + third == pytest.approx(165, abs=0.2)


def test_an_address_of_the_web_does_not_push_the_columns_of_tasks() -> None:
    address = "https://sonoivu.langson.gov.vn/thi-dua-khen-thuong/phong-trao-2025/cong-viec"
    row = ["1", "Việc", "", "", "", "", address]
    page = html(
        "report",
        samples.report(0)
        | {
            "appendices": [
                {"title": "T", "note": "", "wide": True, "blocks": [{"kind": "tasks", "rows": [r]}]}
                for r in (row, [*row[:-1], ""])
            ]
        },
    )
    pushed, plain = (
        [column.width for column in table.columns]
        for table in opened(word.docx(page)).tables
        if len(table.columns) == 7
    )
    assert pushed == plain


def test_two_tables_in_a_row_stay_two() -> None:
    table = '<table class="grid"><tr><td>Ô</td></tr></table>'
    document = opened(of(table * 2))
    assert len(document.tables) == 2
    assert [child.tag.removeprefix(W) for child in document.element.body] == [
        "tbl",
        "p",
        "tbl",
        "p",
        "sectPr",
    ]


# --- Paragraphs -----------------------------------------------------------------------------------


def test_emphasis_breaks_and_gaps_within_a_line() -> None:
    content = of(
        "<p>Số: <span class='blank'></span>/BC,\n  <strong>đậm</strong>  <em>nghiêng"
        " <b>cả hai</b></em><br>dòng <u>sau</u> <x-la class='la'>lạ</x-la></p>"
    )
    [paragraph] = paragraphs_of(opened(content))
    assert paragraph.text.replace("\u00a0", "") == "Số: /BC, đậm nghiêng cả hai\ndòng sau lạ"
    assert paragraph.text.count("\u00a0") > 5
    forms = {run.text.strip(): (run.bold, run.italic, run.underline) for run in paragraph.runs}
    assert forms["đậm"] == (True, None, None)
    assert forms["nghiêng"] == (None, True, None)
    assert forms["cả hai"] == (True, True, None)
    assert forms["sau"] == (None, None, True)


def test_a_span_of_days_stays_on_one_line() -> None:
    content = of("<p>Đợt <time>(28/8/1945 - 28/8/2025)</time> này</p>")
    [paragraph] = paragraphs_of(opened(content))
    assert paragraph.text == "Đợt (28/8/1945\u00a0-\u00a028/8/2025) này"


def test_what_only_paper_bears_is_left_out() -> None:
    content = of('<div class="verification"><p>Mã tra cứu</p></div><p>Văn bản</p><svg>x</svg>')
    assert text_of(content) == ["Văn bản"]


def test_signs_that_xml_cannot_hold_do_no_harm() -> None:
    assert text_of(of("<p>Một\x0bhai\x00 &lt;ba&gt; &amp; \ufffe</p>")) == ["Mộthai <ba> &"]


@pytest.mark.parametrize("kind", KINDS)
def test_signatures_never_stand_alone(kind: str) -> None:
    """Each paragraph from the one before the last words to the last row keeps the next."""
    body = opened(made(kind)).element.body
    signing = body.xpath("w:tbl[.//w:pStyle/@w:val = 'Authority']")
    before = signing[0].getprevious()
    while before.tag == f"{W}p" and not before.xpath(".//w:t"):
        before = before.getprevious()
    assert before.xpath("w:pPr/w:keepNext")
    for table in signing:
        for row in table.findall(f"{W}tr")[:-1]:
            assert all(
                p.xpath("w:pPr/w:keepNext") for p in row.xpath("w:tc/w:p") if p.xpath(".//w:t")
            )


def test_the_recipients_below_the_signatures_keep_their_distance() -> None:
    label = found(made("minutes"), "Nơi nhận:")
    assert label.paragraph_format.space_before.pt == 10
    assert label._p.getprevious().tag == f"{W}tbl"


# --- The file -------------------------------------------------------------------------------------

MAKE_ALL = """
import hashlib, django
django.setup()
from dossiers import word
from dossiers.documents import html
from tests.dossiers.samples import SAMPLES
from tests.dossiers.boxes import columns_on_paper
from tests.dossiers.cases import KINDS
for kind in KINDS:
    print(hashlib.sha256(word.docx(html(kind, SAMPLES[kind]))).hexdigest())
"""


def test_the_same_html_gives_the_same_bytes_in_every_process_and_time_zone() -> None:
    environment = os.environ | {
        "TZ": "America/New_York",
        "PYTHONHASHSEED": "7",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    elsewhere = subprocess.run(
        [sys.executable, "-c", MAKE_ALL],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    here = [hashlib.sha256(made(kind)).hexdigest() for kind in KINDS]
    assert elsewhere.stdout.split() == here


MAKE_LARGE = """
import resource, sys, time, django
django.setup()
from dossiers import word
from dossiers.documents import html
from dossiers.prose import blocks
from dossiers.specimens import papers, texts
from tests.dossiers import samples

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

report = samples.report(1)
chapters = report["sections"][1]["subsections"]
table = {"title": "T", "note": "", "wide": True, "blocks": papers.tasks(2000)}
kind, snapshot = {
    "pages": ("report", report | {"sections": [
        {"numeral": "I", "heading": "H", "subsections": [], "blocks": blocks(texts.prose(400))}
    ]}),
    "appendix": ("report", report | {"appendices": [table]}),
    "list": ("list", samples.roll(2000)),
}[sys.argv[1]]
word.docx(html("report", report))
page = html(kind, snapshot)
before, start = peak(), time.process_time()
word.docx(page)
print(time.process_time() - start, peak() - before)
"""


@pytest.mark.parametrize("content", ["pages", "appendix", "list"])
def test_what_is_long_is_made_while_one_waits_and_in_little_memory(content: str) -> None:
    """Sixty pages, two thousand tasks done, a list of two thousand people."""
    made = subprocess.run(
        [sys.executable, "-c", MAKE_LARGE, content],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    seconds, megabytes = map(float, made.stdout.split())
    assert seconds < 4, "half a second at most on an idle machine"
    assert megabytes < 60, "twenty at most"
