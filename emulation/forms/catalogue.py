"""Reading the catalogue of law on a day, and correcting one of its rows."""

from typing import Any

from django import forms

from emulation.models import BaseSalary, Instrument, PrizeCoefficient, Title, VotingRule
from emulation.models.law import LawRow

_DATED = ("valid_from", "valid_to", "source", "mark")
FIELDS: dict[type[LawRow], tuple[str, ...]] = {
    Instrument: ("number", "name", "issuer", "issued_date", "note", *_DATED),
    Title: (
        *("name", "short_name", "decider", "for_individual", "for_collective"),
        *("article", "criteria", *_DATED),
    ),
    PrizeCoefficient: ("coefficient", "at_most", "article", *_DATED),
    BaseSalary: ("amount", "basis", *_DATED),
    VotingRule: ("ballot", "threshold_percent", "quorum_percent", "article", *_DATED),
}


class CatalogueFilter(forms.Form):
    on = forms.DateField(
        label="Hiệu lực tại ngày",
        required=False,
        widget=forms.DateInput(attrs={"placeholder": "31/12/2024"}),
    )
    only = forms.BooleanField(label="Chỉ các dòng có hiệu lực", required=False)


def law_form(row: LawRow, data: Any = None) -> forms.ModelForm[Any]:
    """A form for the columns of `row` that may be corrected."""
    form_class = forms.modelform_factory(type(row), fields=FIELDS[type(row)])
    form = form_class(data, instance=row)
    for field in form.fields.values():
        if isinstance(field, forms.DateField):
            field.widget.attrs["placeholder"] = "31/12/2024"
        elif isinstance(field.widget, forms.Textarea):
            field.widget.attrs["rows"] = 4
    return form
