"""The Word file says and looks as the PDF does: both are made of one HTML."""

from __future__ import annotations

import unicodedata
from functools import cache

import pytest

from dossiers import word
from dossiers.models import Document
from dossiers.rendering import render_pdf
from dossiers.specimens import specimens
from dossiers.views.documents import BOUND
from tests.dossiers import cases
from tests.dossiers.boxes import shown_on_paper, tables_on_paper
from tests.dossiers.cases import FRAMES
from tests.dossiers.office import shown_in, tables_in, text_of
from tests.dossiers.poppler import run

CASES = 50
SPECIMENS = {specimen.name: specimen for specimen in specimens()}
SOURCES = [*SPECIMENS, *range(CASES)]


@cache
def page(source: str | int) -> str:
    """The HTML of a specimen, or of a generated case."""
    return SPECIMENS[source].html() if isinstance(source, str) else cases.page(source)


@cache
def made(source: str | int) -> bytes:
    return word.docx(page(source))


def test_every_kind_that_has_a_word_file_is_compared() -> None:
    """And of what no dossier holds yet, the frames of the decree."""
    compared = {specimen.kind for specimen in SPECIMENS.values()}
    generated = {cases.case(seed)[0] for seed in range(CASES)}
    offered = {kind.value for kind in Document.Kind if kind not in BOUND}
    assert offered | set(FRAMES) <= compared
    assert generated == offered | set(FRAMES)
    assert {specimen.size for specimen in SPECIMENS.values()} == {"short", "normal", "extreme"}


@pytest.mark.parametrize("source", SOURCES)
def test_each_paragraph_reads_and_looks_alike(source: str | int) -> None:
    """Text, size, bold, italics, alignment and indent of every paragraph, in order."""
    written = shown_in(made(source))
    printed = shown_on_paper(page(source))
    assert [p.text for p in written] == [p.text for p in printed]
    for mine, theirs in zip(written, printed, strict=True):
        assert mine == theirs


@pytest.mark.parametrize("source", SOURCES)
def test_each_table_has_the_same_rows_and_cells(source: str | int) -> None:
    """Which rows are its head, how far a cell reaches, and what stands in it."""
    assert tables_in(made(source)) == tables_on_paper(page(source))


@pytest.mark.parametrize("source", SOURCES)
def test_the_finished_pdf_has_the_words_of_the_word_file(source: str | int) -> None:
    """As pdftotext finds them, in one form of Unicode."""
    written = "".join("".join(text_of(made(source))).split())
    heads = heads_of(page(source))
    printed = ""
    for text in pages_of(render_pdf(page(source))):
        again = (head for head in heads if text.startswith(head) and head in printed)
        goes_on = written.startswith(printed + text)
        printed += text if goes_on else text.removeprefix(next(again, ""))
    assert unicodedata.is_normalized("NFC", written)
    assert written == printed


def heads_of(source: str) -> list[str]:
    """The heads of tables, which stand again on every page that a table goes on to."""
    from lxml import html as reader

    heads = reader.fromstring(source).iter("thead")
    return ["".join(head.text_content().split()) for head in heads]


def pages_of(pdf: bytes) -> list[str]:
    """The text below the upper margin, with its page number, as it was written to the file."""
    margin = ["-x", "0", "-y", "54", "-W", "2000", "-H", "2000"]
    pages = run(pdf, "pdftotext", "-raw", *margin, "FILE", "-").split("\f")[:-1]
    return ["".join(text.split()) for text in pages]
