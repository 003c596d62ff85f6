"""Both texts of one row side by side, for whoever was the second to save."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from campaigns.forms.plans import VersionedForm
from emulation.vietnamese import number, short_date


@dataclass(frozen=True)
class Difference:
    """What a field says in the stored row and in the form that was sent."""

    label: str
    theirs: str
    mine: str


def set_against(form: VersionedForm, stored: VersionedForm | None) -> list[Difference]:
    """
    Field by field where the stored row and a form of an older version differ; [] for no conflict.

    Saving again is then a decision taken with both texts in view.
    """
    if stored is None or stored.shown_version == form.shown_version:
        return []
    if form.errors.keys() - {"__all__"}:
        return []
    found = []
    for name, field in form.fields.items():
        if field.widget.is_hidden:
            continue
        theirs = _said(field, _cleaned(field, stored[name].value()))
        mine = _said(field, form.cleaned_data.get(name))
        if theirs != mine:
            found.append(Difference(str(field.label), theirs, mine))
    form.renew(stored.shown_version)
    return found


def _cleaned(field: forms.Field, value: Any) -> Any:
    """As the form would take it; what is no longer on offer stays as it is."""
    try:
        return field.clean(value)
    except ValidationError:
        return value


def _said(field: forms.Field, value: Any) -> str:
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if value is None or value == "":
        return ""
    if isinstance(value, date):
        return short_date(value)
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, QuerySet | list):
        return "\n".join(map(str, value))
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        choices: Any = field.choices
        return str(dict(choices).get(value, value))
    return str(value).replace("\r\n", "\n").strip()
