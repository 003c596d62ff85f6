"""The content of an achievement report: the form's sections filled with text and data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypedDict

from awards.models import Nomination
from campaigns.models import Statement
from dossiers import prose
from dossiers.catalogue import MOVEMENT
from dossiers.documents.appendices import appendices
from dossiers.documents.phrases import Signer, head_of, letterhead, movement, signer
from dossiers.models import (
    FormSection,
    Ratings,
    Report,
    rating_sentence,
    rating_year,
    registered_lines,
    sections_for,
    subject_facts,
)
from emulation.models import Decider, Title

DOTS = "……………………………………………………………………"
SIGN = "(Ký, ghi rõ họ tên)"
SEAL = "(Ký, đóng dấu)"


@dataclass(frozen=True)
class Paper:
    """One document to be made: what it is called in the contents, and its content."""

    kind: str
    subject: str
    title: str
    group: str
    form_version: str
    snapshot: dict[str, Any]
    report: int | None = None


class Subsection(TypedDict):
    number: str
    heading: str
    blocks: list[Any]


class Section(TypedDict):
    numeral: str
    heading: str
    blocks: list[Any]
    subsections: list[Subsection]


def report_paper(report: Report, *, on: date | None, today: date) -> Paper:
    """
    The report as its rows stand now; `on` is the day it is dated, None while it is a draft.

    `today` decides who is in office.
    """
    nomination, sections = report.nomination, sections_for(report)
    if sections:
        # As it was read together with them: the office may be correcting it at this moment.
        report.form = sections[0].form
    form, unit = report.form, nomination.unit
    named = f"{form.heading.capitalize()} ({form.number})"
    award = str(nomination.offer)
    danh_hieu = "DANH HIỆU " if nomination.offer.title.kind == Title.Kind.TITLE else ""
    snapshot: dict[str, Any] = {
        "meta": {
            "title": f"{named} – {nomination.subject_name}",
            "author": unit.name,
        },
        "header": letterhead(unit, on=on),
        "title": form.heading.upper(),
        "subject": f"ĐỀ NGHỊ TẶNG {danh_hieu}{award.upper()}",
        "scope": form.scope_label.replace(MOVEMENT, movement(nomination.campaign)),
        "applicant": _applicant(nomination),
        "sections": _sections(report, sections),
        "signing": _signing(report, today),
        "appendices": appendices(report, on=on),
    }
    return Paper(
        kind="report",
        subject=nomination.subject_name,
        title=f"{named}: {nomination.subject_name}",
        group="individual" if nomination.individual_id else "collective",
        form_version=f"{form.code}/{form.revision}",
        snapshot=snapshot,
        report=report.pk,
    )


def _applicant(nomination: Nomination) -> list[list[str]]:
    person = nomination.individual
    if person is None:
        return [["Tên tập thể đề nghị", nomination.subject_name]]
    alias = f" (bí danh: {person.alias})" if person.alias else ""
    return [
        ["Họ và tên", f"{person.full_name}{alias}"],
        ["Chức vụ, đơn vị công tác", f"{person.position}, {person.unit.name}"],
    ]


def _sections(report: Report, rows: Sequence[FormSection]) -> list[Section]:
    """Rows with a numeral open a section; the rest are numbered within it, 1, 2, 3 …"""
    nomination = report.nomination
    entries = {(e.section_id, e.statement_id): e.text for e in report.entries.all()}
    sections: list[Section] = []
    for row in rows:
        opens = bool(row.numeral) or not sections
        if opens:
            sections.append(
                {"numeral": row.numeral, "heading": row.heading, "blocks": [], "subsections": []}
            )
        section = sections[-1]
        text = entries.get((row.pk, None), "")
        if row.kind == FormSection.Kind.STATEMENTS:
            section["blocks"] += prose.blocks(text)
            for statement in nomination.campaign.statements.all():
                blocks = _statement(statement, nomination, entries.get((None, statement.pk), ""))
                _add(section, statement.heading, blocks or [_gap()])
            continue
        blocks = prose.blocks(text)
        if row.kind == FormSection.Kind.FACTS:
            blocks = [*_facts(nomination), *blocks]
        elif row.kind == FormSection.Kind.TARGETS:
            blocks = [*_commitments(nomination), *blocks]
        if opens:
            section["blocks"] += blocks
        elif blocks or row.required:
            _add(section, row.heading, blocks or [_gap()])
    for section in sections:
        # A chapter of which nothing was said stays open for the pen.
        if not section["blocks"] and not section["subsections"]:
            section["blocks"].append(_gap())
    return sections


def _add(section: Section, heading: str, blocks: Sequence[Any]) -> None:
    number = str(len(section["subsections"]) + 1)
    section["subsections"].append({"number": number, "heading": heading, "blocks": list(blocks)})


def _gap() -> prose.Block:
    return {"kind": "p", "text": DOTS}


def _facts(nomination: Nomination) -> list[Any]:
    items = [[label, value] for label, value in subject_facts(nomination) if value]
    return [{"kind": "facts", "items": items}]


def _statement(statement: Statement, nomination: Nomination, text: str) -> list[Any]:
    """What was written under the statement, led by the decision when it is the rating's."""
    blocks: list[Any] = list(prose.blocks(text))
    if statement.key == Statement.Key.RATING:
        year = rating_year(statement, nomination.campaign)
        rating = Ratings([nomination], [year] if year else []).of(nomination, year)
        sentence = rating_sentence(rating) if rating else ""
        return [*prose.blocks(sentence), *blocks]
    return blocks


def _commitments(nomination: Nomination) -> list[Any]:
    """What the subject registered for this campaign."""
    blocks: list[Any] = []
    for line in registered_lines(nomination):
        if line.area:
            blocks.append({"kind": "p", "text": f"Lĩnh vực đăng ký: {line.area}."})
        blocks += prose.blocks(line.commitment)
    return blocks


def _signing(report: Report, today: date) -> list[list[Signer]]:
    """The reporter, the head who confirms it, and the level that submits it upward."""
    nomination, form = report.nomination, report.form
    head = head_of(nomination.unit, today)
    person = nomination.individual
    above = nomination.offer.title.decider not in (Decider.AGENCY, Decider.COMMUNE)
    submitting = signer([form.submit_label], hint=SEAL)
    name = head.full_name if head else ""
    if person is None:
        own = signer([form.head_label], name, SIGN)
        return [[submitting, own]] if above else [[own]]
    reporter = signer([form.reporter_label], person.full_name, SIGN)
    if head == person:  # nobody confirms what is said of oneself: the level above does
        return [[submitting, reporter]]
    confirming = signer([form.confirm_label], name, SIGN)
    return [[confirming, reporter], *([[submitting]] if above else [])]
