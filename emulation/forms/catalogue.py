"""Correcting a row of the catalogue of law."""

from typing import Any

from django import forms

from emulation.models import BaseSalary, Instrument, PrizeCoefficient, Title, VotingRule
from emulation.models.law import LawRow

_DATED = ("valid_from", "valid_to", "source", "mark")
FIELDS: dict[type[LawRow], tuple[str, ...]] = {
    Instrument: ("number", "name", "issuer", "issued_date", "note", *_DATED),
    Title: (
        "name", "short_name", "decider", "for_individual", "for_collective", "article",
        "criteria", *_DATED,
    ),
    PrizeCoefficient: ("coefficient", "at_most", "article", *_DATED),
    BaseSalary: ("amount", "basis", *_DATED),
    VotingRule: ("ballot", "threshold_percent", "quorum_percent", "article", *_DATED),
}


def law_form(row: LawRow, data: Any = None) -> forms.BaseForm:
    """A form for the columns of `row` that may be corrected."""
    form_class = forms.modelform_factory(type(row), fields=FIELDS[type(row)])
    return form_class(data, instance=row)
