"""Input of the page that corrects a report form: its lines, its sections, and new ones."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.http import QueryDict

from campaigns.models import Applies
from dossiers.models import FormSection, ReportForm
from dossiers.models.form_texts import (
    FORM_COLUMNS,
    SECTION_NAMES,
    Wording,
    faults,
    key_of,
    tidy,
    wording_of,
)
from emulation.models.law import Mark

NEW = 2  # rows for sections to be added, each time the page is opened
HINT_CHARS = 1000
Kind = FormSection.Kind
WRITTEN = (Kind.TEXT, Kind.TARGETS)
ADDABLE = (Kind.TEXT, Kind.HEADING)


class FormLines(forms.ModelForm[ReportForm]):
    """The lines of the form itself, and why they are corrected."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    for_all = forms.BooleanField(
        label="Ghi mức kiểm chứng và nguồn trên đây cho mọi mục",
        help_text="Dùng khi cả mẫu đã được đối chiếu với văn bản gốc.",
        required=False,
    )
    note = forms.CharField(
        label="Lý do sửa",
        max_length=300,
        required=False,
        help_text="Ví dụ: Đối chiếu với nguyên văn Phụ lục I Nghị định số 98/2023/NĐ-CP.",
    )

    class Meta:
        model = ReportForm
        fields = FORM_COLUMNS
        help_texts = {
            "reporter_label": "Dưới báo cáo của cá nhân.",
            "head_label": "Dưới báo cáo của tập thể.",
            "confirm_label": "Dưới báo cáo của cá nhân, bên trái.",
            "submit_label": "Chỉ in khi cấp trên của Sở quyết định khen thưởng.",
        }

    def _post_clean(self) -> None:
        """Nothing is written into the row: an action does that, under a lock."""


class SectionLines(forms.Form):
    """One section; `row` is what the form has now, None of one to be added."""

    position = forms.IntegerField(
        label="Thứ tự",
        min_value=1,
        max_value=999,
        error_messages={"invalid": "Hãy ghi một số nguyên."},
    )
    numeral = forms.CharField(label=SECTION_NAMES["numeral"], max_length=10, required=False)
    heading = forms.CharField(label=SECTION_NAMES["heading"], max_length=200)
    hint = forms.CharField(
        label="Gợi ý cho người viết",
        max_length=HINT_CHARS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    required = forms.BooleanField(label=SECTION_NAMES["required"], required=False)
    retired = forms.BooleanField(
        label=SECTION_NAMES["retired"],
        help_text="Báo cáo đã viết ở mục này vẫn giữ nguyên nội dung.",
        required=False,
    )
    mark = forms.ChoiceField(label=SECTION_NAMES["mark"], choices=Mark.choices)
    source = forms.CharField(label=SECTION_NAMES["source"], max_length=200, required=False)
    kind = forms.ChoiceField(label=SECTION_NAMES["kind"], choices=[(k, k.label) for k in ADDABLE])
    applies = forms.ChoiceField(label=SECTION_NAMES["applies"], choices=Applies.choices)

    def __init__(
        self, data: QueryDict | None, *, row: dict[str, Any] | None, place: int, name: str
    ) -> None:
        self.row, self.place, self.name = row, place, name
        is_new = row is None
        initial = (row or {"mark": Mark.BACKGROUND, "kind": Kind.TEXT, "applies": Applies.BOTH}) | {
            "position": place
        }
        super().__init__(data, prefix=name, initial=initial)
        self.empty_permitted, self.use_required_attribute = is_new, False
        if is_new:
            del self.fields["retired"]
            return
        del self.fields["kind"], self.fields["applies"]
        if initial["kind"] not in WRITTEN:
            del self.fields["required"]
        if initial["kind"] == Kind.STATEMENTS:
            del self.fields["retired"]

    @property
    def kind_label(self) -> str:
        return "" if self.row is None else str(Kind(self.row["kind"]).label)

    @property
    def applies_label(self) -> str:
        return "" if self.row is None else str(Applies(self.row["applies"]).label)

    @property
    def order(self) -> tuple[int, int]:
        """By the place that was typed; what was moved to it stands there, the others give way."""
        position = self.cleaned_data["position"]
        return position, (position > self.place) - (position < self.place)

    @property
    def is_left_out(self) -> bool:
        """A row to add something in which nothing was typed."""
        return self.row is None and not any(
            self.data.get(self.add_prefix(name), "").strip()
            for name in ("numeral", "heading", "hint", "source")
        )

    def full_clean(self) -> None:
        if self.is_bound and self.is_left_out:
            self._errors, self.cleaned_data = forms.utils.ErrorDict(), {}
        else:
            super().full_clean()

    def lines(self) -> dict[str, Any]:
        fixed = self.row or {"code": "", "since": None, "retired": False, "required": False}
        typed = {name: value for name, value in self.cleaned_data.items() if name != "position"}
        return fixed | typed


class FormEditor:
    """All that one page corrects; `data` None shows the form as it is."""

    def __init__(self, form: ReportForm, data: QueryDict | None) -> None:
        self.stored = wording_of(form)
        self.is_bound = data is not None
        self.lines = FormLines(data, instance=form, initial={"revision": form.revision})
        self.lines.use_required_attribute = False
        rows = self.stored["sections"]
        self.sections = [
            SectionLines(data, row=row, place=n, name="-".join(filter(None, key_of(row))))
            for n, row in enumerate(rows, 1)
        ]
        if data is not None:
            self.sections = [_as_stored(section, data) for section in self.sections]
        self.added = [
            SectionLines(data, row=None, place=len(rows) + n, name=f"new.{n}")
            for n in range(1, NEW + 1)
        ]

    @property
    def wrong(self) -> list[SectionLines]:
        """The sections in which something is not valid."""
        return [part for part in (*self.sections, *self.added) if part.is_bound and part.errors]

    @property
    def is_wrong(self) -> bool:
        return bool(self.lines.errors or self.wrong)

    @property
    def has_added(self) -> bool:
        """Whether something was typed to be added."""
        return any(row.is_bound and not row.is_left_out for row in self.added)

    @property
    def revision(self) -> int:
        """Which one was corrected."""
        return self.lines.cleaned_data.get("revision") or 0

    def _in_order(self) -> list[SectionLines]:
        rows = [*self.sections, *(row for row in self.added if not row.is_left_out)]
        return sorted(rows, key=lambda row: row.order)

    def is_valid(self) -> bool:
        parts: list[forms.BaseForm] = [self.lines, *self.sections, *self.added]
        valid = [part.is_valid() for part in parts]  # each one, so that each shows its errors
        if not all(valid):
            return False
        rows = self._in_order()
        for fault in faults(self.wording()):
            form: forms.BaseForm = self.lines if fault.place is None else rows[fault.place]
            column = fault.column if fault.column in form.fields else None
            form.add_error(column, fault.message)
        return all(part.is_valid() for part in parts)

    def wording(self) -> Wording:
        """What was typed, of a valid page."""
        lines = {name: self.lines.cleaned_data[name] for name in FORM_COLUMNS}
        sections = [row.lines() for row in self._in_order()]
        if self.lines.cleaned_data["for_all"]:
            sections = [s | {"mark": lines["mark"], "source": lines["source"]} for s in sections]
        return tidy({"form": lines, "sections": sections, "basis": self.stored["basis"]})


def _as_stored(section: SectionLines, data: QueryDict) -> SectionLines:
    """A section that was not on the page that was sent, because somebody has just added it."""
    if section.add_prefix("heading") in data:
        return section
    filled = data.copy()
    for name in section.fields:
        value = section.initial[name]
        if value is not False:
            filled[section.add_prefix(name)] = "on" if value is True else cast(str, value)
    return SectionLines(filled, row=section.row, place=section.place, name=section.name)
