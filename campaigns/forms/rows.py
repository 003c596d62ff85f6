"""One form for each kind of row of a plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from campaigns.forms.plans import PlanDateField, VersionedForm, say_choose
from campaigns.models import (
    Anniversary,
    Area,
    Basis,
    Campaign,
    Criterion,
    DossierPart,
    Duty,
    Milestone,
    Offer,
    Recipient,
    Remark,
    ReportKind,
    Statement,
    Target,
    Theme,
)
from campaigns.models.contents import RATING_UNIT, PlanRow
from emulation.models import Level, Title, User


class RowForm(VersionedForm):
    """Shape and wording only: an action writes the row."""

    def __init__(self, *args: Any, campaign: Campaign, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.campaign, self.user = campaign, user
        if self.instance.pk is None:
            del self.fields["version"]
        for field in self.fields.values():
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 4
        say_choose(self)
        self.narrow()

    def narrow(self) -> None:
        """Offer only rows of this plan to choose from."""

    def choose(self, name: str, rows: QuerySet[Any], empty: str = "") -> None:
        field = self.fields[name]
        field.queryset = rows  # type: ignore[attr-defined]
        if empty:
            field.empty_label = empty  # type: ignore[attr-defined]

    def row_data(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class ThemeForm(RowForm):
    class Meta:
        model = Theme
        fields = ("origin", "text")


class BasisForm(RowForm):
    issued_date = PlanDateField(label="Ngày ban hành", required=False)

    class Meta:
        model = Basis
        fields = ("kind", "number", "issued_date", "issuer", "text", "parent")

    def narrow(self) -> None:
        others = Campaign.objects.visible_to(self.user).exclude(pk=self.campaign.pk)
        self.choose("parent", others, "Không có trong hệ thống")


class AnniversaryForm(RowForm):
    class Meta:
        model = Anniversary
        fields = ("text",)


class MilestoneRowForm(RowForm):
    date = PlanDateField(label="Ngày", required=False, help_text="Để trống: chưa ấn định.")

    class Meta:
        model = Milestone
        fields = ("kind", "name", "date", "date_precision", "inclusive", "hard", "text")
        help_texts = {
            "inclusive": "Bỏ chọn khi kế hoạch ghi “trước ngày …”.",
            "hard": "Ví dụ: quá thời hạn đăng ký thì không được xét khen thưởng.",
        }


class AreaForm(RowForm):
    class Meta:
        model = Area
        fields = ("parent", "number", "title", "text", "registrable")
        labels = {"parent": "Nằm trong mục"}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not data.get("title") and not data.get("text"):
            self.add_error("title", "Hãy ghi tiêu đề hoặc nội dung.")
        return data

    def narrow(self) -> None:
        rows = self.campaign.areas.exclude(pk=self.instance.pk)
        self.choose("parent", rows, "Không (mục lớn nhất)")


class TargetForm(RowForm):
    value = forms.DecimalField(
        label="Giá trị", max_digits=14, decimal_places=2, required=False, localize=True
    )
    due_date = PlanDateField(label="Hạn", required=False)

    class Meta:
        model = Target
        fields = (
            "parent",
            "number",
            "metric",
            "operator",
            "value",
            "unit",
            "base",
            "due_date",
            "due_inclusive",
            "text",
            "note",
        )
        labels = {"parent": "Trong đó (thuộc chỉ tiêu)"}
        help_texts = {
            "unit": f"Ví dụ: %, tập thể, người. Với “{RATING_UNIT}”, giá trị là mức: "
            + ", ".join(f"{level.value} – {level.label}" for level in Level)
            + ".",
            "due_inclusive": "Bỏ chọn khi kế hoạch ghi “trước ngày …”.",
        }

    def narrow(self) -> None:
        rows = self.campaign.targets.exclude(pk=self.instance.pk)
        self.choose("parent", rows, "Không (chỉ tiêu lớn)")


class OfferForm(RowForm):
    class Meta:
        model = Offer
        fields = (
            "title",
            "label",
            "for_collective",
            "collective_eligible",
            "agency_only",
            "for_individual",
            "individual_eligible",
            "area_required",
            "report_kind",
            "quota",
            "legal_ground",
            "note",
            "source",
        )
        help_texts = {
            "report_kind": "Số mẫu do hệ thống chọn theo loại này, đối tượng (tập thể, cá nhân) và "
            "nghị định đang có hiệu lực khi lập báo cáo.",
        }

    def narrow(self) -> None:
        if self.instance.pk is None:
            self.initial["report_kind"] = ReportKind.usual(self.campaign)
        on = self.campaign.issued_date or timezone.localdate()
        rows = Title.objects.in_force(on) | Title.objects.filter(pk=self.instance.title_id)
        self.choose("title", rows)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        title = data.get("title")
        if title:
            for flag, kind in (("for_collective", "tập thể"), ("for_individual", "cá nhân")):
                if data.get(flag) and not getattr(title, flag):
                    self.add_error(flag, f"“{title}” không dành cho {kind}.")
        return data


class CriterionForm(RowForm):
    RULES = (
        ("", "Đơn vị xác nhận"),
        ("rating_at_least", "Tự động: xếp loại của năm, từ mức"),
        ("registered", "Tự động: đã đăng ký thi đua"),
    )
    rule = forms.ChoiceField(label="Cách xét", choices=RULES, required=False)
    year = forms.IntegerField(
        label="Năm xếp loại", required=False, min_value=2000, max_value=2100, localize=False
    )
    level = forms.ChoiceField(
        label="Từ mức",
        required=False,
        choices=[("", "—"), *((level.name.lower(), level.label) for level in Level)],
    )

    class Meta:
        model = Criterion
        fields = ("offer", "applies", "text", "source")

    field_order = ("offer", "applies", "text", "rule", "year", "level", "source")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.update(rule=self.instance.rule, **self.instance.params)

    def narrow(self) -> None:
        rows = self.campaign.offers.select_related("title")
        self.choose("offer", rows, "Mọi hình thức của phong trào")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("rule") == "rating_at_least":
            for name in ("year", "level"):
                if not data.get(name):
                    self.add_error(name, "Cần có khi tự động đối chiếu xếp loại.")
        return data

    def row_data(self) -> dict[str, Any]:
        data = super().row_data()
        year, level, rule = data.pop("year"), data.pop("level"), data["rule"]
        data["kind"] = Criterion.Kind.AUTOMATIC if rule else Criterion.Kind.ATTESTED
        if not rule and self.instance.kind == Criterion.Kind.SCORED:
            data["kind"] = Criterion.Kind.SCORED
        data["params"] = {"year": year, "level": level} if rule == "rating_at_least" else {}
        return data


class DossierPartForm(RowForm):
    class Meta:
        model = DossierPart
        fields = ("kind", "name", "required", "applies", "offers", "note")
        widgets = {"offers": forms.CheckboxSelectMultiple}
        help_texts = {"offers": "Không chọn hình thức nào: áp dụng cho mọi hình thức."}

    def narrow(self) -> None:
        self.choose("offers", self.campaign.offers.select_related("title"))


class StatementForm(RowForm):
    class Meta:
        model = Statement
        fields = ("key", "heading", "text", "year", "source")


class DutyForm(RowForm):
    class Meta:
        model = Duty
        fields = ("who", "text")


class RecipientForm(RowForm):
    class Meta:
        model = Recipient
        fields = ("text",)


class RemarkForm(RowForm):
    class Meta:
        model = Remark
        fields = ("place", "text")


@dataclass(frozen=True)
class Section:
    """A subject of the plan that has rows: its address, its name, its form."""

    key: str
    title: str
    icon: str
    form: type[RowForm]
    related: str
    hint: str

    @property
    def model(self) -> type[PlanRow]:
        found: type[PlanRow] = self.form._meta.model
        return found

    def rows(self, campaign: Campaign) -> QuerySet[Any]:
        found: QuerySet[Any] = getattr(campaign, self.related).all()
        return found


SECTIONS = {
    section.key: section
    for section in (
        Section("chu-de", "Chủ đề", "quote", ThemeForm, "themes",
                "Chủ đề, phương châm của phong trào và của cấp trên."),
        Section("can-cu", "Căn cứ", "book-2", BasisForm, "bases",
                "Kế hoạch cấp trên, căn cứ và văn bản được dẫn chiếu."),
        Section("ngay-le", "Ngày lễ, sự kiện", "confetti", AnniversaryForm, "anniversaries",
                "Những ngày kỷ niệm mà phong trào hướng tới."),
        Section("noi-dung", "Nội dung thi đua", "list-numbers", AreaForm, "areas",
                "Đánh số như trong kế hoạch; lĩnh vực được đăng ký thì đánh dấu."),
        Section("chi-tieu", "Chỉ tiêu", "target-arrow", TargetForm, "targets",
                "Mỗi chỉ tiêu đo một việc; phần “trong đó” đặt dưới chỉ tiêu lớn."),
        Section("khen-thuong", "Hình thức khen thưởng", "award", OfferForm, "offers",
                "Danh hiệu, hình thức được xét và đối tượng được xét."),
        Section("tieu-chuan", "Tiêu chuẩn", "checklist", CriterionForm, "criteria",
                "Mỗi tiêu chuẩn ghi rõ nguồn; tiêu chuẩn tự động được đối chiếu với dữ liệu."),
        Section("ho-so", "Thành phần hồ sơ", "folder", DossierPartForm, "dossier_parts",
                "Hồ sơ đề nghị khen thưởng phải có những gì."),
        Section("bao-cao", "Báo cáo phải nêu", "file-text", StatementForm, "statements",
                "Những nội dung mà báo cáo thành tích bắt buộc phải nêu."),
        Section("moc-thoi-gian", "Mốc thời gian", "calendar-event", MilestoneRowForm, "milestones",
                "Hạn đăng ký, tổng kết, gửi hồ sơ; chưa có ngày thì để trống."),
        Section("nhiem-vu", "Tổ chức thực hiện", "users-group", DutyForm, "duties",
                "Ai chịu trách nhiệm việc gì."),
        Section("noi-nhan", "Nơi nhận", "send", RecipientForm, "recipients",
                "Theo thứ tự ghi trong văn bản."),
        Section("luu-y", "Lưu ý về văn bản gốc", "alert-triangle", RemarkForm, "remarks",
                "Chỗ thiếu hoặc chưa thống nhất; chỉ Văn phòng và lãnh đạo thấy."),
    )
}  # fmt: skip
