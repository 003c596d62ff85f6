"""Where the texts of a report go when it is taken into another form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dossiers.models.reports import FormSection, Report, ReportEntry, ReportForm

NUMBERED = re.compile(r"section-[0-9]{1,18}", re.ASCII)


@dataclass(frozen=True)
class Transfer:
    """Texts with the heading that they go under, those without one, and headings without text."""

    kept: Sequence[tuple[ReportEntry, FormSection]]
    left: Sequence[ReportEntry]
    empty: Sequence[FormSection]
    # What the plan obliges to state has a place of its own in every form that asks for it.
    has_statements: bool


def transfer(report: Report, form: ReportForm) -> Transfer:
    """A text goes under the heading with the same key, where somebody writes in `form` too."""
    headings = headings_of(form, report)
    by_code = {heading.code: heading for heading in headings}
    entries = list(report.entries.exclude(section=None).select_related("section__form__instrument"))
    # What waits under a heading of that form has its place; then comes what the report prints now.
    order = {form.pk: 0, report.form_id: 1}
    entries.sort(key=lambda entry: order.get(_section(entry).form_id, 2))
    kept, left, taken = [], [], set()
    for entry in entries:
        section = _section(entry)
        place = section if section.form_id == form.pk else by_code.get(section.code)
        if place is None or place.pk in taken:
            left.append(entry)
        else:
            kept.append((entry, place))
            taken.add(place.pk)
    has_statements = any(
        section.kind == FormSection.Kind.STATEMENTS and section.concerns(report.nomination)
        for section in form.sections.all()
    )
    empty = [heading for heading in headings if heading.pk not in taken]
    return Transfer(kept, left, empty, has_statements)


def headings_of(form: ReportForm, report: Report) -> list[FormSection]:
    """Those of a form under which somebody writes in such a report."""
    return [
        section
        for section in FormSection.objects.filter(form=form)
        if section.kind in FormSection.WRITTEN and section.concerns(report.nomination)
    ]


def leftovers(report: Report) -> list[ReportEntry]:
    """Texts of an earlier form for which the present one has no place; nobody prints them."""
    rows = report.entries.exclude(section=None).exclude(section__form=report.form_id)
    return list(rows.select_related("section__form__instrument"))


def in_place(report: Report, texts: Mapping[str, str]) -> tuple[dict[str, str], dict[int, str]]:
    """
    The texts of a version under the headings that the report has now, and by section the rest.

    A version from before the form was changed names the headings of that form.
    """
    by_code = {heading.code: heading.pk for heading in headings_of(report.form, report)}
    found, rest = dict(texts), {}
    for row in sections_of_others(report, (texts,)):
        text = found.pop(f"section-{row.pk}")
        place = f"section-{by_code.get(row.code)}"
        if row.code in by_code and place not in found:
            found[place] = text
        elif text:
            rest[row.pk] = text
    return found, rest


def sections_of_others(report: Report, kept: Iterable[Mapping[str, str]]) -> list[FormSection]:
    """The sections of other forms than the report's that are named in texts."""
    numbers = {key.partition("-")[2] for texts in kept for key in texts if NUMBERED.fullmatch(key)}
    rows = FormSection.objects.filter(pk__in=numbers).exclude(form=report.form_id)
    return list(rows.select_related("form__instrument")) if numbers else []


def _section(entry: ReportEntry) -> FormSection:
    assert entry.section is not None
    return entry.section
