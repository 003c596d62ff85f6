"""The content of an achievement report: the form's sections filled with text and data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypedDict

from awards.models import Nomination
from campaigns.models import Statement
from dossiers import prose
from dossiers.documents.wording import Signer, head_of, letterhead, movement, signer
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
    nomination = report.nomination
    unit, campaign = nomination.unit, nomination.campaign
    award = str(nomination.offer)
    danh_hieu = "DANH HIỆU " if nomination.offer.title.kind == Title.Kind.TITLE else ""
    snapshot: dict[str, Any] = {
        "meta": {
            "title": f"{report.form.heading.capitalize()} – {nomination.subject_name}",
            "author": unit.name,
        },
        "header": letterhead(unit, on=on),
        "title": report.form.heading.upper(),
        "subject": f"ĐỀ NGHỊ TẶNG {danh_hieu}{award.upper()}",
        "scope": f"Thành tích trong {movement(campaign)}",
        "applicant": _applicant(nomination),
        "sections": _sections(report),
        "signing": _signing(nomination, today),
    }
    return Paper(
        kind="report",
        subject=nomination.subject_name,
        title=f"{report.form.heading.capitalize()}: {nomination.subject_name}",
        group="individual" if nomination.individual_id else "collective",
        form_version=f"{report.form.code}/{report.form.revision}",
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


def _sections(report: Report) -> list[Section]:
    """Rows with a numeral open a section; the rest are numbered within it, 1, 2, 3 …"""
    nomination = report.nomination
    entries = {(e.section_id, e.statement_id): e.text for e in report.entries.all()}
    sections: list[Section] = []
    for row in sections_for(report):
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


def _signing(nomination: Nomination, today: date) -> list[list[Signer]]:
    """The reporter, the head who confirms it, and the level that submits it upward."""
    head = head_of(nomination.unit, today)
    person = nomination.individual
    above = nomination.offer.title.decider not in (Decider.AGENCY, Decider.COMMUNE)
    submitting = signer(["Xác nhận của cấp trình khen thưởng"], hint=SEAL)
    if person is None:
        own = signer(["Thủ trưởng đơn vị"], head.full_name if head else "", SIGN)
        return [[submitting, own]] if above else [[own]]
    reporter = signer(["Người báo cáo"], person.full_name, SIGN)
    if head == person:
        confirming = signer(["Thủ trưởng cơ quan xác nhận"], hint=SEAL)
    else:
        name = head.full_name if head else ""
        confirming = signer(["Thủ trưởng đơn vị xác nhận"], name, SIGN)
    return [[confirming, reporter], *([[submitting]] if above else [])]
