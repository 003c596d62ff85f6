"""The Word file and the PDF of one HTML compared: what they say, and how it looks."""

from __future__ import annotations

import unicodedata

from dossiers import word
from dossiers.rendering import render_pdf
from tests.dossiers.boxes import shown_on_paper, tables_on_paper
from tests.dossiers.office import shown_in, tables_in, text_of
from tests.dossiers.poppler import run


def assert_paragraphs_are_alike(page: str) -> None:
    """Text, size, bold, italics, alignment and indent of every paragraph, in order."""
    written = shown_in(word.docx(page))
    printed = shown_on_paper(page)
    assert [p.text for p in written] == [p.text for p in printed]
    for mine, theirs in zip(written, printed, strict=True):
        assert mine == theirs


def assert_tables_are_alike(page: str) -> None:
    """Which rows are its head, how far a cell reaches, and what stands in it."""
    assert tables_in(word.docx(page)) == tables_on_paper(page)


def assert_words_are_alike(page: str) -> None:
    """As pdftotext finds them in the finished PDF, in one form of Unicode."""
    written = "".join("".join(text_of(word.docx(page))).split())
    heads = heads_of(page)
    printed = ""
    for text in pages_of(render_pdf(page)):
        again = (head for head in heads if text.startswith(head) and head in printed)
        goes_on = written.startswith(printed + text)
        printed += text if goes_on else text.removeprefix(next(again, ""))
    assert unicodedata.is_normalized("NFC", written)
    assert written == printed


def heads_of(page: str) -> list[str]:
    """The heads of tables, which stand again on every page that a table goes on to."""
    from lxml import html as reader

    heads = reader.fromstring(page).iter("thead")
    return ["".join(head.text_content().split()) for head in heads]


def pages_of(pdf: bytes) -> list[str]:
    """The text below the upper margin, with its page number, as it was written to the file."""
    margin = ["-x", "0", "-y", "54", "-W", "2000", "-H", "2000"]
    pages = run(pdf, "pdftotext", "-raw", *margin, "FILE", "-").split("\f")[:-1]
    return ["".join(text.split()) for text in pages]
