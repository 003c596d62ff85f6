"""Reading the catalogue of law on a day, and correcting one of its rows."""

from typing import Any

from django import forms

from emulation.models import BaseSalary, Instrument, PrizeCoefficient, Title, VotingRule
from emulation.models.law import LawRow, Mark

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
    return _tuned(form_class(data, instance=row))


def instrument_form(data: Any = None) -> forms.ModelForm[Instrument]:
    """A form for an instrument that the catalogue does not have yet."""
    form_class = forms.modelform_factory(
        Instrument,
        fields=(*FIELDS[Instrument][:4], "replaces", *FIELDS[Instrument][4:]),
        widgets={"replaces": forms.CheckboxSelectMultiple},
        help_texts={
            "number": "Ví dụ: 152/2025/NĐ-CP.",
            "replaces": "Văn bản in ra từ ngày văn bản này có hiệu lực dẫn văn bản này thay cho "
            "các văn bản được chọn; nhớ ghi ngày hết hiệu lực ở từng văn bản ấy.",
        },
    )
    form = _tuned(form_class(data, initial={"mark": Mark.BACKGROUND}))
    form.fields["replaces"].queryset = Instrument.objects.order_by("code")  # type: ignore[attr-defined]
    return form


def _tuned(form: forms.ModelForm[Any]) -> forms.ModelForm[Any]:
    for field in form.fields.values():
        if isinstance(field, forms.DateField):
            field.widget.attrs["placeholder"] = "31/12/2024"
        elif isinstance(field.widget, forms.Textarea):
            field.widget.attrs["rows"] = 4
    return form
