"""The Word file says and looks as the PDF does: both are made of one HTML."""

from __future__ import annotations

from functools import cache
from random import Random

import pytest
from django.core.management import call_command

from dossiers.catalogue import FORMS
from dossiers.documents import html, report_paper
from dossiers.models import Document, Report, ReportForm, sections_for
from dossiers.specimens import specimens
from tests.dossiers import cases
from tests.dossiers.alike import (
    assert_paragraphs_are_alike,
    assert_tables_are_alike,
    assert_words_are_alike,
)
from tests.dossiers.cases import FRAMES
from tests.dossiers.conftest import Story
from tests.factories import NOW

CASES = 50
SPECIMENS = {specimen.name: specimen for specimen in specimens()}
SOURCES = [*SPECIMENS, *range(CASES)]


@cache
def page(source: str | int) -> str:
    """The HTML of a specimen, or of a generated case."""
    return SPECIMENS[source].html() if isinstance(source, str) else cases.page(source)


def test_every_kind_that_has_a_word_file_is_compared() -> None:
    """And of what no dossier holds yet, the frames of the decree."""
    compared = {specimen.kind for specimen in SPECIMENS.values()}
    generated = {cases.case(seed)[0] for seed in range(CASES)}
    offered = {kind.value for kind in Document.Kind if kind not in Document.BOUND}
    assert offered | set(FRAMES) <= compared
    assert generated == offered | set(FRAMES)
    assert {specimen.size for specimen in SPECIMENS.values()} == {"short", "normal", "extreme"}


@pytest.mark.parametrize("source", SOURCES)
def test_each_paragraph_reads_and_looks_alike(source: str | int) -> None:
    assert_paragraphs_are_alike(page(source))


@pytest.mark.parametrize("source", SOURCES)
def test_each_table_has_the_same_rows_and_cells(source: str | int) -> None:
    assert_tables_are_alike(page(source))


@pytest.mark.parametrize("source", SOURCES)
def test_the_finished_pdf_has_the_words_of_the_word_file(source: str | int) -> None:
    assert_words_are_alike(page(source))


@pytest.mark.django_db
@pytest.mark.parametrize("code", [form["code"] for form in FORMS])
def test_every_form_of_report_is_the_same_in_both(story: Story, code: str) -> None:
    """With rich text under each of its headings, for a person and for a unit."""
    call_command("load_catalogue", verbosity=0)
    call_command("load_forms", verbosity=0)
    form = ReportForm.objects.get(code=code)
    random = Random(code)
    for nomination in (story.mine, story.unit):
        if form.applies not in ("both", nomination.subject_kind):
            continue
        report = Report.objects.create(nomination=nomination, form=form)
        for section in sections_for(report):
            report.entries.create(section=section, text=cases.text(random))
        for statement in story.campaign.statements.all():
            report.entries.create(statement=statement, text=cases.text(random))
        found = Report.objects.with_subjects().get(pk=report.pk)
        paper = report_paper(found, on=NOW.date(), today=NOW.date())
        made = html(paper.kind, paper.snapshot)
        assert form.heading.upper() in made
        assert_paragraphs_are_alike(made)
        assert_tables_are_alike(made)
        assert_words_are_alike(made)
