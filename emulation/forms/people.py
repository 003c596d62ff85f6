"""Filters of the directory."""

from typing import Any

from django import forms
from django.utils import timezone

from emulation.models import Unit, User


class PeopleFilter(forms.Form):
    q = forms.CharField(
        label="Tìm theo tên, mã số",
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "có dấu hoặc không dấu", "type": "search"}),
    )
    unit = forms.ModelChoiceField(
        label="Đơn vị", queryset=Unit.objects.none(), required=False, empty_label="Tất cả đơn vị"
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = Unit.objects.visible_to(user).current(timezone.localdate())
        self.fields["unit"].queryset = choices  # type: ignore[attr-defined]


class UnitsFilter(forms.Form):
    q = forms.CharField(
        label="Tìm theo tên",
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "có dấu hoặc không dấu", "type": "search"}),
    )
    on = forms.DateField(
        label="Tại ngày",
        required=False,
        widget=forms.DateInput(attrs={"placeholder": "31/12/2024"}),
    )
