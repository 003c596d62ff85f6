"""What stands on the page of a report, heading by heading: facts, texts and where to write."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.forms import BoundField
from django.urls import reverse

from awards.models import Nomination
from campaigns.models import RegistrationLine, Statement
from dossiers import actions, prose
from dossiers.forms import ReportEditor
from dossiers.forms.reports import field_name
from dossiers.models import (
    FormSection,
    Ratings,
    Report,
    rating_sentence,
    rating_year,
    readiness_of,
    registered_lines,
    sections_for,
    subject_facts,
)
from emulation.models import User

Row = FormSection | Statement
PK = re.compile(r"[0-9]{1,18}", re.ASCII)


@dataclass
class Heading:
    """One heading on the page: what the data say under it, what was written, where to write."""

    id: str
    title: str
    numeral: str = ""
    hint: str = ""
    required: bool = False
    facts: list[tuple[str, str]] = field(default_factory=list)
    facts_url: str = ""
    lines: Sequence[RegistrationLine] | None = None
    sentence: str = ""
    warning: str = ""
    writable: bool = False
    text: str = ""
    box: BoundField | None = None
    theirs: str | None = None

    @property
    def blocks(self) -> list[prose.Block]:
        return prose.blocks(self.text)

    @property
    def their_blocks(self) -> list[prose.Block]:
        return prose.blocks(self.theirs or "")


@dataclass(frozen=True)
class Item:
    """A line of the checklist beside the editor."""

    id: str
    title: str
    is_there: bool


def outline(user: User, found: Report, form: ReportEditor | None) -> list[Heading]:
    """The headings in the order of the form, the plan's statements in their place."""
    texts = texts_of(found)
    headings = []
    for section in sections_for(found, typed_sections(form.data if form else {})):
        if section.kind == FormSection.Kind.STATEMENTS:
            if section.numeral:
                headings.append(Heading(section.code, section.heading, section.numeral))
            for statement in found.nomination.campaign.statements.all():
                headings.append(_of_statement(found, statement))
                _put_text(headings[-1], statement, texts, form)
            continue
        heading = Heading(
            id=section.code,
            title=section.heading,
            numeral=section.numeral,
            hint=section.hint,
            required=section.required,
        )
        if section.kind == FormSection.Kind.FACTS:
            heading.facts = subject_facts(found.nomination)
            heading.facts_url = _facts_url(user, found.nomination)
        elif section.kind == FormSection.Kind.TARGETS:
            heading.lines = registered_lines(found.nomination)
        if section.kind in actions.WRITTEN:
            _put_text(heading, section, texts, form)
        headings.append(heading)
    return headings


def _put_text(heading: Heading, row: Row, texts: dict[str, str], form: ReportEditor | None) -> None:
    heading.id = field_name(row)
    heading.writable = True
    heading.text = texts.get(heading.id, "")
    heading.box = form[heading.id] if form is not None else None


def _of_statement(found: Report, statement: Statement) -> Heading:
    """What the plan obliges to state; the rating states itself from its decision."""
    hint = statement.text if statement.text != statement.heading else ""
    heading = Heading(id="", title=statement.heading, hint=hint, required=True)
    if statement.key != Statement.Key.RATING:
        return heading
    nomination = found.nomination
    year = rating_year(statement, nomination.campaign)
    rating = Ratings([nomination], [year] if year else []).of(nomination, year)
    heading.sentence = rating_sentence(rating) if rating else ""
    if not heading.sentence:
        when = f" năm {year}" if year else ""
        missing = "kết quả xếp loại" if rating is None else "quyết định xếp loại"
        heading.warning = (
            f"Chưa có {missing}{when} trong dữ liệu: hãy ghi số, ngày, cơ quan ban hành quyết định "
            "và mức xếp loại, hoặc đề nghị quản trị bổ sung dữ liệu."
        )
    heading.hint = "Tự lấy từ dữ liệu xếp loại; có thể bổ sung bên dưới." if rating else ""
    return heading


def checklist(found: Report) -> list[Item]:
    """What the report has to hold, in the order of the page."""
    missing = set(readiness_of([found.nomination])[found.nomination_id].missing)
    return [
        Item(field_name(row), row.heading, row.heading not in missing)
        for row in writable(found, sections_for(found))
        if isinstance(row, Statement) or row.required
    ]


def compare(headings: Sequence[Heading], form: ReportEditor) -> None:
    """Put the stored text beside each box in which something else was typed."""
    for heading in headings:
        if heading.box is None or heading.id not in form.data:
            continue
        mine = prose.normal(str(heading.box.value() or ""))
        if mine != heading.text:
            heading.theirs = heading.text


def typed_sections(data: Mapping[str, object]) -> set[int]:
    """The sections under which something stands in what was sent."""
    names = (name.partition("-") for name, text in data.items() if str(text).strip())
    return {int(pk) for kind, _, pk in names if kind == "section" and PK.fullmatch(pk)}


def texts_of(found: Report) -> dict[str, str]:
    """The stored text of each box."""
    return {
        f"section-{e.section_id}" if e.section_id else f"statement-{e.statement_id}": e.text
        for e in found.entries.all()
    }


def writable(found: Report, sections: Sequence[FormSection]) -> list[Row]:
    rows: list[Row] = []
    for section in sections:
        if section.kind == FormSection.Kind.STATEMENTS:
            rows += found.nomination.campaign.statements.all()
        elif section.kind in actions.WRITTEN:
            rows.append(section)
    return rows


def _facts_url(user: User, nomination: Nomination) -> str:
    """Where the person can be looked up by those who may."""
    if nomination.unit_id not in user.unit_ids:
        return ""
    if nomination.individual_id:
        return reverse("emulation:person", args=(nomination.individual_id,))
    assert nomination.collective is not None
    return reverse("emulation:unit", args=(nomination.collective.code,))
