"""The plan's own form, the list's filter, milestones and participants."""

from __future__ import annotations

from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.core.exceptions import ValidationError

from campaigns.actions.campaigns import FIELDS, participating_units
from campaigns.actions.plans import decree_of
from campaigns.models import Campaign, Milestone, Precision
from campaigns.models.campaigns import first_day_of, last_day_of
from emulation.models import Unit, User

# A month or a year is enough where the plan gives no day.
LOOSE_DATES = ["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d", "%m/%Y", "%Y"]
EMPTY = "---------"
LONG_TEXTS = {
    "occasion": 5,
    "purpose": 6,
    "requirements": 6,
    "participants_text": 3,
    "award_principle": 4,
    "exclusion": 4,
    "wrap_up": 4,
    "closing": 3,
    "name": 2,
}


class PlanDateField(forms.DateField):
    """A day, typed as 31/12/2024, or only 12/2024 or 2024."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(attrs={"placeholder": "31/12/2024"}))
        super().__init__(input_formats=LOOSE_DATES, **kwargs)

    def clean(self, value: Any) -> date | None:
        day: date | None = super().clean(value)
        if day is not None and not 1945 <= day.year <= 2100:
            raise forms.ValidationError(f"Năm {day.year} không hợp lý, hãy kiểm tra lại.")
        return day


class VersionedForm(forms.ModelForm[Any]):
    """Carries the version of the row that its page was opened with."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version

    @property
    def shown_version(self) -> int:
        """-1, which no row has, for anything that is no number."""
        text = str(self["version"].value())
        return int(text) if text.isdecimal() and len(text) < 10 else -1

    def renew(self, version: int) -> None:
        """Show what was typed as a change of a newer version."""
        data = self.data.copy()  # type: ignore[attr-defined]
        data["version"] = str(version)
        self.data = data


class CampaignForm(VersionedForm):
    issued_date = PlanDateField(
        label="Ngày ban hành", required=False, help_text="Để trống khi chưa ban hành."
    )
    start_date = PlanDateField(label="Bắt đầu", required=False)
    end_date = PlanDateField(label="Kết thúc", required=False)

    class Meta:
        model = Campaign
        fields = FIELDS
        widgets = {name: forms.Textarea(attrs={"rows": n}) for name, n in LONG_TEXTS.items()}
        labels = {
            "issued_precision": "Ngày ban hành ghi theo",
            "name": "Trích yếu (tên phong trào)",
        }
        help_texts = {
            "number": "Ví dụ: 173/KH-SNV. Để trống khi văn thư chưa cấp số.",
            "symbol": "Ví dụ: KH-SNV.",
            "period_text": "Ghi đúng như kế hoạch, khi chưa có ngày cụ thể hoặc cần trích dẫn.",
            "form_code": "Mã mẫu, ví dụ: ND98-08 (Mẫu số 08, Nghị định số 98/2023/NĐ-CP). Để trống "
            "khi kế hoạch không ghi số mẫu: mẫu được chọn theo loại báo cáo của từng hình thức.",
            "submission_text": "Ví dụ: Sẽ có hướng dẫn chi tiết sau.",
            "signing_authority": "TM., KT.; để trống khi ký trực tiếp.",
            "signing_deputy_position": "Chỉ ghi khi ký thay.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["instrument"].empty_label = "Chưa chọn"  # type: ignore[attr-defined]
        say_choose(self)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            "version",
            Fieldset("Văn bản", "name", _row("kind", "number", "symbol", "place"),
                     _row("issued_date", "issued_precision", "registration_rule")),
            Fieldset("Thời gian thực hiện",
                     _row("start_date", "end_date", "period_precision"), "period_text"),
            Fieldset("Lời văn", "occasion", "purpose", "requirements", "participants_text"),
            Fieldset("Tổng kết, khen thưởng", "award_principle", "exclusion", "wrap_up", "closing"),
            Fieldset("Hồ sơ đề nghị khen thưởng",
                     _row("instrument", "form_code", "dossier_copies"), "form_text",
                     "submission_text"),
            Fieldset("Ký ban hành",
                     _row("signing_authority", "signing_position", "signing_deputy_position",
                          "signing_name")),
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        start, end = data.get("start_date"), data.get("end_date")
        precision = data.get("period_precision") or Precision.DAY
        if start and end and last_day_of(end, precision) < first_day_of(start, precision):
            self.add_error("end_date", "Ngày kết thúc phải từ ngày bắt đầu trở đi.")
        return data

    def clean_form_code(self) -> str:
        code: str = self.cleaned_data["form_code"].strip().upper()
        if code and not decree_of(form_code=code):
            raise forms.ValidationError("Không biết mẫu này. Ghi như: ND91-07, ND98-08, ND152-08.")
        return code


class NewCampaignForm(CampaignForm):
    """Only what a draft starts with; the rest is written on the pages of the plan."""

    issued_date = version = None  # type: ignore[assignment]
    agency = forms.ModelChoiceField(label="Cơ quan phát động", queryset=Unit.objects.none())

    class Meta(CampaignForm.Meta):
        fields = (  # type: ignore[assignment]
            "name",
            "kind",
            "start_date",
            "end_date",
            "period_precision",
            "period_text",
            "registration_rule",
        )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        forms.ModelForm.__init__(self, *args, **kwargs)
        say_choose(self)
        agencies = Unit.objects.filter(pk__in=user.agency_ids_as("OFFICE"))
        field = self.fields["agency"]
        field.queryset = agencies  # type: ignore[attr-defined]
        if len(agencies) == 1:
            field.initial, field.widget = agencies[0].pk, forms.HiddenInput()
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            "agency", "name", _row("kind", "registration_rule"),
            _row("start_date", "end_date", "period_precision"), "period_text",
        )  # fmt: skip

    def clean_form_code(self) -> str:
        return ""


class CampaignFilter(forms.Form):
    q = forms.CharField(
        label="Tìm theo tên, số kế hoạch",
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "có dấu hoặc không dấu", "type": "search"}),
    )
    state = forms.ChoiceField(label="Trạng thái", required=False)
    kind = forms.ChoiceField(
        label="Hình thức", required=False, choices=[("", "Tất cả"), *Campaign.Kind.choices]
    )
    year = forms.TypedChoiceField(label="Năm", required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, years: list[int], drafts: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [s for s in Campaign.State.choices if drafts or s[0] != Campaign.State.DRAFT]
        self.fields["state"].choices = [("", "Tất cả"), *states]  # type: ignore[attr-defined]
        self.fields["year"].choices = [  # type: ignore[attr-defined]
            ("", "Tất cả"),
            *((year, f"{year}") for year in years),
        ]


class MilestoneForm(VersionedForm):
    """What may still be set after the launch: when, not what."""

    date = PlanDateField(label="Ngày", required=False, help_text="Để trống: chưa ấn định.")

    class Meta:
        model = Milestone
        fields = ("date", "date_precision", "inclusive")


class UnitsField(forms.ModelMultipleChoiceField[Unit]):
    def clean(self, value: Any) -> Any:
        """A number that SQLite cannot hold is of no unit, like any other that is none."""
        try:
            return super().clean(value)
        except OverflowError:
            raise ValidationError(self.error_messages["invalid_list"], "invalid_list") from None


class ParticipantsForm(forms.Form):
    units = UnitsField(
        label="Đơn vị tham gia",
        queryset=Unit.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, campaign: Campaign, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        present = campaign.participants.values("unit")
        choices = participating_units(campaign.agency, on) | Unit.objects.filter(pk__in=present)
        self.fields["units"].queryset = choices.distinct()  # type: ignore[attr-defined]


def say_choose(form: forms.BaseForm) -> None:
    """Django's "---------" in words."""
    for field in form.fields.values():
        choices = getattr(field, "choices", None)
        if isinstance(field, forms.TypedChoiceField) and choices:
            field.choices = [(v, "Chọn" if v == "" else label) for v, label in choices]
        elif isinstance(field, forms.ModelChoiceField) and field.empty_label == EMPTY:
            field.empty_label = "Chọn"


def _row(*names: str) -> Row:
    return Row(*(Column(name, css_class="col-sm-6 col-lg") for name in names))
