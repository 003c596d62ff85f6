"""Input around dossiers: files, and the filters of the lists."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings

from awards.models import Nomination
from campaigns.models import Campaign, DossierPart
from dossiers import uploads
from dossiers.models import Dossier
from emulation.models import Decider, User

GENERATED = ("letter", "minutes", "list", "report")


class NomineeField(forms.ModelChoiceField[Nomination]):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.subject_name)


class AttachmentForm(forms.Form):
    part = forms.ModelChoiceField(
        label="Thành phần hồ sơ",
        queryset=DossierPart.objects.none(),
        required=False,
        empty_label="Tài liệu khác",
    )
    nomination = NomineeField(
        label="Của",
        queryset=Nomination.objects.none(),
        required=False,
        empty_label="Cả hồ sơ",
    )
    file = forms.FileField(
        label="Tệp",
        widget=forms.ClearableFileInput(attrs={"accept": uploads.ACCEPT}),
        allow_empty_file=True,
        max_length=None,
        error_messages={"required": "Hãy chọn tệp."},
    )

    def __init__(self, *args: Any, dossier: Dossier, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parts = DossierPart.objects.filter(campaign=dossier.campaign_id).exclude(kind__in=GENERATED)
        self.fields["part"].queryset = parts  # type: ignore[attr-defined]
        self.fields["nomination"].queryset = (  # type: ignore[attr-defined]
            dossier.nominations().select_related("individual", "collective")
        )
        limit = uploads.megabytes(settings.ATTACHMENT_MAX_BYTES)
        self.fields["file"].help_text = f"PDF, JPEG, PNG hoặc Word (DOCX), tối đa {limit} MB."


class DossierFilter(forms.Form):
    q = forms.CharField(label="Đơn vị", required=False, max_length=100)
    campaign = forms.ModelChoiceField(
        label="Phong trào", queryset=Campaign.objects.none(), required=False, empty_label="Tất cả"
    )
    state = forms.ChoiceField(
        label="Trạng thái",
        required=False,
        choices=[("", "Tất cả"), *Dossier.State.choices],
    )
    decider = forms.ChoiceField(
        label="Cấp quyết định", required=False, choices=[("", "Tất cả"), *Decider.choices]
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Campaign.objects.visible_to(user)
        self.fields["campaign"].queryset = rows  # type: ignore[attr-defined]


class OverviewFilter(forms.Form):
    PROGRESS = (
        ("", "Tất cả"),
        ("chua-bat-dau", "Chưa bắt đầu"),
        ("dang-lam", "Đang làm"),
        ("tra-lai", "Bị trả lại"),
        ("da-trinh", "Đã trình đủ"),
        ("da-tiep-nhan", "Đã tiếp nhận"),
    )
    q = forms.CharField(label="Đơn vị", required=False, max_length=100)
    progress = forms.ChoiceField(label="Tiến độ", required=False, choices=PROGRESS)
