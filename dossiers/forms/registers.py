"""Input of the registers of papers: which one, and the numbers that are given by hand."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django import forms

from dossiers.models import Register
from emulation.models import Unit


class RegisterFilter(forms.Form):
    unit = forms.ModelChoiceField(
        label="Đơn vị", queryset=Unit.objects.none(), required=False, empty_label=None
    )
    year = forms.TypedChoiceField(label="Năm", required=False, coerce=int)
    series = forms.ChoiceField(label="Sổ", required=False, choices=Register.Series.choices)
    q = forms.CharField(
        label="Số, ký hiệu, trích yếu",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )

    def __init__(
        self, *args: Any, units: Any, years: Sequence[int], has_council: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if not has_council:
            del self.fields["series"]
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["year"].choices = [(year, str(year)) for year in years]  # type: ignore[attr-defined]


class NumberForm(forms.Form):
    """A paper that was made outside."""

    symbol = forms.CharField(
        label="Ký hiệu",
        max_length=40,
        help_text="Viết tắt tên loại văn bản, gạch ngang, ký hiệu đơn vị.",
    )
    subject = forms.CharField(
        label="Tên loại và trích yếu",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    date = forms.DateField(
        label="Ngày văn bản",
        widget=forms.DateInput(attrs={"placeholder": "31/12/2024", "inputmode": "numeric"}),
    )
    series = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, unit: Unit, series: str, on: datetime.date | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        own = "HĐTĐKT" if series == Register.Series.COUNCIL else unit.symbol
        self.fields["symbol"].widget.attrs["placeholder"] = f"BC-{own}" if own else "BC"
        self.fields["series"].initial = series
        if on:
            self.fields["date"].initial = on


class LastForm(forms.Form):
    last = forms.IntegerField(
        label="Số cuối cùng đã cấp ngoài phần mềm",
        min_value=1,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text="Không lùi về trước số đã cấp cho một văn bản trong sổ này.",
    )
    year = forms.IntegerField(widget=forms.HiddenInput, min_value=2000, max_value=2999)
    series = forms.CharField(widget=forms.HiddenInput, required=False)
