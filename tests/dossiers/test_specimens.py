"""Nghị định 30/2020, Phụ lục I, on every page of every specimen: paper, margins, type, numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO, StringIO
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.management import call_command

from dossiers.documents.pages import TEMPLATES
from dossiers.management.commands import make_specimens
from dossiers.models import Document
from dossiers.prose import runs
from dossiers.specimens import SIZES
from dossiers.specimens.texts import KEY
from tests.dossiers.measuring import Page, Text, ink_of, pages_of, pictures_of
from tests.dossiers.poppler import run
from tests.dossiers.specimen_files import (
    ALL,
    LONG,
    NAMES,
    ONE_PROCESS,
    dossier,
    made,
    of_kind,
    pages,
    snapshot,
    starts_appendix,
)

pytestmark = ONE_PROCESS

LEFT, RIGHT, TOP, BOTTOM = 30, 15, 20, 20
INDENT = 12.7
# Liberation Serif and Tinos are as wide as Times New Roman, letter by letter.
TIMES = re.compile(r"(Times-?New-?Roman|Liberation-?Serif|Tinos)", re.IGNORECASE)


def sheets() -> Iterator[tuple[str, Page, int]]:
    """Every page with the number that it should bear; an appendix counts anew."""
    for name in NAMES:
        number = 0
        for page in pages(name):
            starts = starts_appendix(page)
            number = 1 if starts else number + 1
            yield name, page, number


def is_body(text: Text) -> bool:
    return text.size == 14


# --- What there is --------------------------------------------------------------------------------


def test_there_is_a_specimen_of_each_kind_and_size() -> None:
    """PRINT is laid out as SIGNING; a dossier is bound of the others."""
    kinds = {specimen.kind for specimen in ALL.values()}
    assert {kind.value for kind in Document.Kind} - {"dossier", "print"} <= kinds
    assert {"decision", "dispatch", "collective"} <= kinds
    assert set(TEMPLATES.values()) - {"documents/bound.html"} <= {s.template for s in ALL.values()}
    assert {(s.kind, s.size) for s in ALL.values()} == {(k, size) for k in kinds for size in SIZES}


def test_the_largest_hold_as_much_as_anybody_writes() -> None:
    rows = snapshot("list-extreme")["groups"]
    assert sum(len(group["rows"]) for group in rows) == 300
    assert max(len(row["name"]) for group in rows for row in group["rows"]) >= 60
    upright = [page for page in pages("report-extreme") if not page.is_wide]
    assert len(upright) > 12
    assert any(page.is_wide for page in pages("report-extreme"))
    lines = {
        line.split(".")[0] + "."
        for specimen in ALL.values()
        for row in specimen.snapshot.get("signing", ())
        for signer in row
        for line in signer["lines"]
        if "." in line
    }
    assert lines == {"KT.", "TL.", "TM.", "TUQ.", "Q."}


def test_the_command_leaves_files_and_an_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the short ones, to be quick."""
    short = [specimen for specimen in ALL.values() if specimen.size == "short"]
    monkeypatch.setattr(make_specimens, "specimens", lambda: short)
    monkeypatch.setattr(make_specimens, "SIZES", {"short": "ngắn"})
    call_command("make_specimens", out=tmp_path, stdout=StringIO())
    links = re.findall(r'href="([^"]+)"', (tmp_path / "index.html").read_text("utf-8"))
    papers = {f"{specimen.name}.{end}" for specimen in short for end in ("pdf", "docx")}
    assert sorted(links) == sorted({*papers, "dossier-short.pdf"})
    assert (tmp_path / "letter-short.pdf").read_bytes() == made("letter-short")
    assert {(tmp_path / link).read_bytes()[:4] for link in links} == {b"%PDF", b"PK\x03\x04"}


# --- Paper and margins ----------------------------------------------------------------------------


def test_every_page_is_a4_across_only_for_wide_tables() -> None:
    for name, page, _ in sheets():
        size = (round(page.width), round(page.height))
        found = snapshot(name).get("appendices", ())
        wide = ALL[name].kind == "list" or (
            any(appendix["wide"] for appendix in found) and page.is_wide
        )
        assert size == ((297, 210) if wide else (210, 297)), name
    for name in LONG:
        with pikepdf.open(BytesIO(made(name))) as pdf:
            assert {int(page.obj.get("/Rotate", 0)) for page in pdf.pages} == {0}
    for name in ("report-extreme", "dispatch-extreme", "decision-extreme"):
        shown = [a["wide"] for a in snapshot(name)["appendices"]]
        turns = [page.is_wide for page in pages(name) if starts_appendix(page)]
        assert turns == shown


def test_text_keeps_within_the_margins() -> None:
    for name, page, _ in sheets():
        for text in page.body:
            assert text.left >= LEFT - 0.15, (name, text)
            assert text.right <= page.width - RIGHT + 0.6, (name, text)
            assert text.top >= TOP - 0.3, (name, text)
            assert text.bottom <= page.height - BOTTOM + 0.6, (name, text)


def test_margins_are_those_of_the_decree() -> None:
    """What the fullest pages leave free: 30-35 mm left, 15-20 right, 20-25 above and below."""
    for name in of_kind("report", "collective", "minutes", "dispatch"):
        if name not in LONG:
            continue
        body = [(page, t) for page in pages(name) if not page.is_wide for t in page.body]
        # A third of a point each way, and the blank that a line may end with.
        assert 30 - 0.2 <= min(t.left for _, t in body) <= 35
        assert 15 - 0.5 <= min(page.width - t.right for page, t in body) <= 20
        assert 20 - 0.3 <= min(t.top for _, t in body) <= 25
        assert 20 - 0.6 <= min(page.height - t.bottom for page, t in body) <= 25


@pytest.mark.parametrize("name", NAMES)
def test_no_ink_stands_in_the_margins(name: str) -> None:
    """Rules of tables and stamps too; above stands the number, below the code."""
    for page, image in zip(pages(name), pictures_of(made(name), 25.4), strict=True):
        width, height = page.width, page.height
        assert not ink_of(image, (0, 0, LEFT - 1, height))
        assert not ink_of(image, (width - RIGHT + 2, 0, width, height))
        assert not ink_of(image, (0, 0, width, 5))
        if not page.above:
            assert not ink_of(image, (0, 0, width, TOP - 1))
        if not page.below:
            assert not ink_of(image, (0, height - BOTTOM + 2, width, height))


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_written_over_something_else(name: str) -> None:
    for page in pages(name):
        for one, other in combinations(page.texts, 2):
            assert not one.meets(other), (page.number, one, other)


# --- Type -----------------------------------------------------------------------------------------


def test_all_is_set_in_a_times_of_the_sizes_of_the_decree() -> None:
    """13 or 14 points, 12 in letterheads and tables, 11 for Nơi nhận; black but for the stamp."""
    for name, page, _ in sheets():
        for text in page.texts:
            assert TIMES.match(text.family), (name, text)
            is_stamp = text.text in ("KHẨN", "THƯỢNG KHẨN", "HỎA TỐC")
            assert (text.colour == "#000000") != is_stamp, (name, text)
        assert {text.size for text in page.body} <= {11, 12, 13, 14}, name
        assert {text.size for text in page.below} <= {8, 9}, name


def test_lines_of_a_paragraph_stand_single_to_one_and_a_half() -> None:
    """And paragraphs at least 6 points apart beyond that."""
    for name in ("report-normal", "letter-normal", "dispatch-normal", "decision-normal"):
        body = [line[0] for page in pages(name) for line in page.lines if is_body(line[0])]
        near = [(a, b) for a, b in pairwise(body) if 0 < b.bottom - a.bottom < 12 and not a.bold]
        gaps = [(round(b.bottom - a.bottom, 1), b) for a, b in near]
        inside = {gap for gap, b in gaps if b.left == pytest.approx(LEFT, abs=0.2)}
        between = {gap for gap, b in gaps if b.left == pytest.approx(LEFT + INDENT, abs=0.2)}
        single, point = 14 * 1.15 * 25.4 / 72, 25.4 / 72
        assert inside, name
        assert single <= min(inside) <= max(inside) <= 1.5 * single + 0.1, name
        assert min(between) >= min(inside) + 6 * point - 0.2, name


def test_first_lines_are_indented_and_both_edges_even() -> None:
    for name in of_kind("report", "collective", "dispatch"):
        body = [line for page in pages(name) for line in page.lines if is_body(line[0])]
        starts = {round(line[0].left, 1) for line in body if line[0].text.startswith("Chủ động")}
        assert starts == {LEFT + INDENT}, name
        full = [
            line[-1].right
            for line, after in pairwise(body)
            if after[0].left == pytest.approx(LEFT, abs=0.2) and after[0].bottom > line[0].bottom
        ]
        assert full, name
        assert min(full) > 195 - 0.4, name


# --- Page numbers ---------------------------------------------------------------------------------


def test_pages_are_numbered_at_the_top_in_the_middle_from_the_second_on() -> None:
    """In Arabic figures of 13 or 14 points; each appendix has numbers of its own."""
    for name, page, number in sheets():
        if number == 1 or ALL[name].kind == "signing":
            assert not page.above, name
            continue
        [shown] = page.above
        assert shown.text == str(number), name
        assert shown.middle == pytest.approx(LEFT + (page.width - LEFT - RIGHT) / 2, abs=0.3)
        assert 13 <= shown.size <= 14
        assert not shown.bold
        assert not shown.italic


def test_appendices_are_numbered_in_roman_when_there_are_several() -> None:
    for name, specimen in ALL.items():
        labels = [page.lines[0][0].text for page in pages(name) if starts_appendix(page)]
        count = len(specimen.snapshot.get("appendices", ()))
        numbers = {0: [], 1: ["Phụ lục"], 2: ["Phụ lục I", "Phụ lục II"]}
        assert labels == numbers[count], name
    assert pages("decision-extreme")[-1].above[0].text != str(len(pages("decision-extreme")))


# --- Tables ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in LONG if ALL[name].kind != "letter"])
def test_heads_of_tables_stand_again_on_every_page(name: str) -> None:
    again = 0
    for before, after in pairwise(pages(name)):
        if starts_appendix(after) or not _is_row(after) or not _is_row(before, -1):
            continue
        heads = [t.text for line in after.lines[:4] for t in line if t.bold]
        known = ("STT", "Chỉ tiêu", "Tháng 1")
        assert any(head.startswith(known) for head in heads), (name, after.number)
        again += 1
    assert again > 1


def _is_row(page: Page, at: int = 0) -> bool:
    """Whether the first or the last line stands in a table with rules."""
    return all(text.size == 12 for text in page.lines[at])


def test_rows_are_not_torn_and_groups_keep_their_first_row() -> None:
    for name in of_kind("list"):
        numbers = {"names": 0, "ends": 0}
        for page in pages(name):
            found = [t for t in page.body if t.size == 12]
            numbers["names"] = sum(t.text.startswith("Giấy khen") for t in found)
            numbers["ends"] = sum(t.text == "Điều 75" for t in found)
            assert numbers["names"] == numbers["ends"], (name, page.number)
            last = page.lines[-1][0]
            assert not re.match(r"[IVX]+\. ", last.text), name


def test_figures_stand_in_the_middle_of_their_column() -> None:
    page = next(page for page in pages("report-extreme") if page.has("Kế hoạch"))
    columns = {"Kế hoạch": ("1.200", "40", "05"), "Tỷ lệ (%)": ("107,0", "117,5")}
    for head, figures in columns.items():
        for figure in figures:
            shown = [t for t in page.body if t.text == figure and t.size == 12]
            assert any(t.middle == pytest.approx(page.find(head).middle, abs=0.3) for t in shown)


# --- Text -----------------------------------------------------------------------------------------

# Where a line may end.
ENDS = re.compile(r"[\s/-]+")
# What stands in a snapshot for the machine, or is printed in other words.
UNSAID = {"meta", "kind", "date", "time", "ratio", "level", "reason", "lines_of"}


@pytest.mark.parametrize("name", NAMES)
def test_no_text_is_lost(name: str) -> None:
    """Every text of the snapshot is in the finished file, in one piece."""
    found = _squeezed(_raw(made(name)))
    for text in _texts(snapshot(name)):
        assert _squeezed(text) in found, text


@pytest.mark.parametrize("name", NAMES)
def test_no_word_is_torn(name: str) -> None:
    """But one that no line could hold."""
    from lxml import html as reader

    specimen = ALL[name]
    source = reader.fromstring(specimen.html(specimen.verification))
    known = {word for text in source.itertext() for word in ENDS.split(text)}
    # Numbers of pages and the signs before items come with the style sheet.
    known |= {str(number) for number in range(1000)} | {"+"}
    for page in pages(name):
        for text in page.texts:
            for word in ENDS.split(text.text):
                assert word in known or word.rstrip(".") in KEY, (page.number, text)


def _raw(pdf: bytes) -> str:
    """As it was written to the file, without what stands in the margins above and below."""
    text = ""
    for page in pages_of_size(pdf):
        text += page
    return text


def pages_of_size(pdf: bytes) -> list[str]:
    with pikepdf.open(BytesIO(pdf)) as opened:
        heights = [float(page.mediabox[3]) for page in opened.pages]
    found: list[str] = []
    for height in sorted(set(heights)):
        area = ["-x", "0", "-y", "54", "-W", "2000", "-H", str(round(height) - 54 - 52)]
        texts = run(pdf, "pdftotext", "-raw", *area, "FILE", "-").split("\f")
        found = found or [""] * len(heights)
        for i, own in enumerate(heights):
            if own == height:
                found[i] = texts[i]
    return found


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in UNSAID:
                yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, str) and value:
        yield "".join(run_.text for run_ in runs(value))


def _squeezed(text: str) -> str:
    """Without case, blanks, hyphens at the ends of lines, and the points that lists end with."""
    return re.sub(r"[\s-]", "", text).casefold().rstrip(".;,/")


# --- The code, and the bound dossier --------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in NAMES if ALL[name].verification])
def test_the_code_stands_clear_of_the_text(name: str) -> None:
    first, *others = pages(name)
    assert " ".join(text.text for text in first.below).startswith("Mã tra cứu: 7K2M-9QXR-4WTA")
    assert not any(page.below for page in others)
    lowest = max(text.bottom for text in first.body)
    assert min(text.top for text in first.below) > lowest + 1.5
    [image] = pictures_of(made(name), 4 * 25.4, 1, 1)
    # Between the text and the QR there is a white strip.
    edge = first.height - BOTTOM
    assert not ink_of(image, (0, edge + 0.7, first.width, edge + 2), 4)
    assert ink_of(image, (LEFT, edge + 3, LEFT + 15, edge + 16), 4)


def test_a_bound_dossier_counts_its_pages_clear_of_everything_else() -> None:
    cover, *others = found = pages_of(dossier())
    assert not any("của hồ sơ" in text.text for text in cover.texts)
    for page in others:
        [count] = [t for t in page.texts if t.text == f"Trang {page.number}/{len(found)} của hồ sơ"]
        assert count.middle == pytest.approx(page.width / 2, abs=1)
        assert count.top > page.height - 15
        for one, other in combinations(page.texts, 2):
            assert not one.meets(other), (page.number, one, other)


def test_cover_and_contents_of_a_dossier() -> None:
    cover, contents, *_ = found = pages_of(dossier())
    assert cover.find("HỒ SƠ ĐỀ NGHỊ").size == 24
    assert cover.find("HỒ SƠ ĐỀ NGHỊ").middle == pytest.approx(112.5, abs=0.5)
    assert not cover.above
    title = contents.find("MỤC LỤC HỒ SƠ")
    assert (title.bold, title.size) == (True, 14)
    entries = [line for line in contents.lines if line[-1].text.isdecimal()]
    assert len(entries) == 12
    for line in entries:
        # The number of the page, at the right edge, is where the part begins.
        assert line[-1].right == pytest.approx(194, abs=0.5)
        words = line[0].text.rpartition(": ")[2]
        assert int(line[-1].text) <= len(found), words
    letter = next(line for line in entries if line[0].text.startswith("Tờ trình"))
    assert found[int(letter[-1].text) - 1].has("TỜ TRÌNH")
    minutes = next(line for line in entries if line[0].text.startswith("Biên bản"))
    assert found[int(minutes[-1].text) - 1].has("BIÊN BẢN")
