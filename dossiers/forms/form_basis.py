"""Input of the pages that add a report form and correct its decree, article and dates."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms

from dossiers.actions import Overlap
from dossiers.models import ReportForm
from emulation.models import Instrument, Title

CODE = re.compile(r"[A-Z0-9]+(?:-[A-Z0-9]+)+")


def _day(label: str, **options: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"placeholder": "31/12/2024"})
    return forms.DateField(label=label, widget=widget, **options)


class HoldingForm(forms.ModelForm[ReportForm]):
    """By what law a form stands and when, as both pages ask for it."""

    valid_to = _day(
        "Hiệu lực đến hết",
        required=False,
        help_text="Để trống khi chưa biết ngày hết hiệu lực.",
    )
    overlap = forms.ChoiceField(
        label="Khi có mẫu khác cùng loại, cùng đối tượng có hiệu lực cùng ngày",
        choices=[("", "Tôi sửa lại ngày ở trên"), *Overlap.choices],
        required=False,
        widget=forms.RadioSelect,
    )

    class Meta:
        model = ReportForm
        fields: tuple[str, ...] = ("instrument", "article", "valid_from", "valid_to")
        help_texts = {
            "instrument": "Chưa có trong danh sách thì quản trị hệ thống thêm ở trang Danh mục.",
            "article": "Nơi có mẫu trong văn bản, ví dụ: Phụ lục I.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        field = self.fields["instrument"]
        assert isinstance(field, forms.ModelChoiceField)
        field.empty_label = "Chưa chọn"
        rows = Instrument.objects.order_by("code")
        field.queryset = rows
        # The newest first, wherever a database puts those without a day.
        newest = sorted(rows, key=lambda row: row.valid_from or date.min, reverse=True)
        field.choices = [("", field.empty_label), *((row.pk, _named(row)) for row in newest)]

    def _post_clean(self) -> None:
        """Nothing is written into the row: an action does that, under a lock."""

    @property
    def asks_which_holds(self) -> bool:
        return self.is_bound and bool("overlap" in self.errors or self["overlap"].value())

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class BasisForm(HoldingForm):
    """Corrects by what law the form stands and when; the rest of the row is not touched."""

    valid_from = _day("Hiệu lực từ", required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    note = forms.CharField(
        label="Lý do sửa",
        max_length=300,
        required=False,
        help_text="Ví dụ: Nghị định thay thế có hiệu lực từ ngày này.",
    )

    def clean_revision(self) -> int:
        return self.cleaned_data["revision"] or 0


class NewForm(HoldingForm):
    """The next decree's form; what it says is copied from the one at hand."""

    valid_from = _day("Hiệu lực từ")
    title_code = forms.ChoiceField(label="Chỉ cho danh hiệu, hình thức", required=False)

    class Meta(HoldingForm.Meta):
        fields: tuple[str, ...] = (
            *("code", "number", "name", "instrument", "article"),
            *("kind", "applies", "title_code", "valid_from", "valid_to"),
        )
        help_texts = HoldingForm.Meta.help_texts | {
            "code": "Ghi như ND152-08: ND và số nghị định, gạch ngang, số mẫu. Văn bản in ra và kế "
            "hoạch gọi mẫu bằng mã này; sau khi thêm không đổi được.",
            "name": "Đúng như tên trong văn bản.",
        }

    def __init__(self, *args: Any, source: ReportForm, **kwargs: Any) -> None:
        like = ("number", "name", "kind", "applies", "title_code")
        initial = {name: getattr(source, name) for name in like}
        super().__init__(*args, initial=initial, **kwargs)
        titles = Title.objects.order_by("position", "code").values_list("code", "name")
        field = self.fields["title_code"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Mọi danh hiệu, hình thức"), *dict(titles).items()]

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"].strip().upper()
        if not CODE.fullmatch(code):
            raise forms.ValidationError("Ghi mã bằng chữ và số, có gạch ngang, như ND152-08.")
        return code


def _named(row: Instrument) -> str:
    name = row.name if len(row.name) <= 80 else f"{row.name[:79].rstrip()}…"
    return f"{row.number}: {name}"
