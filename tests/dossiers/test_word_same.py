"""The Word file says and looks as the PDF does: both are made of one HTML."""

from __future__ import annotations

from functools import cache

import pytest

from dossiers import word
from dossiers.documents import html
from dossiers.rendering import render_pdf
from tests.dossiers import samples
from tests.dossiers.boxes import shown_on_paper
from tests.dossiers.cases import KINDS, case
from tests.dossiers.office import shown_in, text_of
from tests.dossiers.poppler import run

CASES = 50


@cache
def page(source: str | int) -> str:
    """The HTML of the sample of a kind, or of a generated case."""
    if isinstance(source, str):
        return html(source, samples.SAMPLES[source])
    return html(*case(source))


@pytest.mark.parametrize("source", [*KINDS, *range(CASES)])
def test_each_paragraph_reads_and_looks_alike(source: str | int) -> None:
    """Text, size, bold, italics, alignment and indent of every paragraph, in order."""
    written = shown_in(word.docx(page(source)))
    printed = shown_on_paper(page(source))
    assert [p.text for p in written] == [p.text for p in printed]
    for mine, theirs in zip(written, printed, strict=True):
        assert mine == theirs


@pytest.mark.parametrize("source", [*KINDS, *range(CASES)])
def test_the_finished_pdf_has_the_words_of_the_word_file(source: str | int) -> None:
    heads = heads_of(page(source))
    printed = ""
    for text in pages_of(render_pdf(page(source))):
        printed += next((text.removeprefix(h) for h in heads if repeats(text, h, printed)), text)
    written = "".join("".join(text_of(word.docx(page(source)))).split())
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


def repeats(text: str, head: str, before: str) -> bool:
    return text.startswith(head) and head in before
