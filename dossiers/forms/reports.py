"""Input of an achievement report: one box for each heading that somebody writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms

from campaigns.models import Statement
from dossiers.actions import MAX_CHARS, EntryKey
from dossiers.models import FormSection


def field_name(row: FormSection | Statement) -> str:
    return f"{'section' if isinstance(row, FormSection) else 'statement'}-{row.pk}"


class ReportEditor(forms.Form):
    """`rows` are the headings to write under, in the order of the form."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        rows: Sequence[FormSection | Statement],
        texts: Mapping[str, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for row in rows:
            name = field_name(row)
            self.fields[name] = forms.CharField(
                label=row.heading,
                required=False,
                max_length=MAX_CHARS,
                initial=texts.get(name, ""),
                widget=forms.Textarea(attrs={"class": "form-control report-text", "rows": 5}),
                error_messages={
                    "max_length": f"Nội dung quá dài: mỗi mục tối đa {MAX_CHARS // 1000}.000 ký tự."
                },
            )

    def entries(self) -> dict[EntryKey, str]:
        """What was sent, by heading; boxes that were not on the page stay as they are."""
        found = {}
        for name, value in self.cleaned_data.items():
            kind, dash, pk = name.partition("-")
            if dash and name in self.data:
                found[cast(EntryKey, (kind, int(pk)))] = value
        return found
