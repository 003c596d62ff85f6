"""Awards on offer, their criteria, and what a dossier must contain."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from campaigns.models.campaigns import Campaign
from campaigns.models.contents import PlanRow
from emulation.models import SubjectKind, Title


class Applies(models.TextChoices):
    BOTH = "both", "Tập thể và cá nhân"
    COLLECTIVE = "collective", "Tập thể"
    INDIVIDUAL = "individual", "Cá nhân"


class ReportKind(models.TextChoices):
    """What a report has to show: the campaign, or the work of the year(s)."""

    THEME = "theme", "Thi đua theo đợt, chuyên đề"
    MERIT = "merit", "Công trạng (thành tích nhiệm vụ)"

    @classmethod
    def usual(cls, campaign: Campaign) -> ReportKind:
        """What a plan of this kind asks for unless it says otherwise."""
        return cls.MERIT if campaign.kind == Campaign.Kind.REGULAR else cls.THEME


class Offer(PlanRow):
    """A title that the campaign holds out, and who may receive it."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="offers")
    title = models.ForeignKey(Title, models.PROTECT, related_name="+", verbose_name="hình thức")
    label = models.CharField("tên ghi trong kế hoạch", max_length=200, blank=True)
    for_collective = models.BooleanField("xét tập thể", default=True)
    for_individual = models.BooleanField("xét cá nhân", default=True)
    collective_eligible = models.TextField("tập thể được xét", blank=True)
    individual_eligible = models.TextField("cá nhân được xét", blank=True)
    agency_only = models.BooleanField("tập thể chỉ là Sở", default=False)
    area_required = models.BooleanField("phải đăng ký lĩnh vực", default=False)
    report_kind = models.CharField(
        "loại báo cáo thành tích",
        max_length=8,
        choices=ReportKind.choices,
        default=ReportKind.THEME,
    )
    quota = models.PositiveSmallIntegerField("số lượng tối đa", null=True, blank=True)
    legal_ground = models.CharField("căn cứ (điểm, khoản, điều)", max_length=200, blank=True)
    note = models.TextField("ghi chú", blank=True)
    source = models.CharField("vị trí trong kế hoạch", max_length=120, blank=True)

    class Meta(PlanRow.Meta):
        verbose_name = "hình thức khen thưởng của phong trào"
        constraints = (
            models.UniqueConstraint(
                name="offer_title_once",
                fields=("campaign", "title"),
                violation_error_message="Hình thức này đã có trong phong trào.",
            ),
            models.CheckConstraint(
                name="offer_for_somebody",
                condition=Q(for_collective=True) | Q(for_individual=True),
                violation_error_message="Chọn ít nhất một đối tượng: tập thể hoặc cá nhân.",
            ),
        )

    def __str__(self) -> str:
        return self.label or self.title.name

    def receives(self, subject: str) -> bool:
        """Whether a subject of this kind (`SubjectKind`) may receive it."""
        return self.for_collective if subject == SubjectKind.COLLECTIVE else self.for_individual


class Criterion(PlanRow):
    """A condition: checked by a rule on the data, or attested by the unit, or scored."""

    class Kind(models.TextChoices):
        AUTOMATIC = "automatic", "Tự động đối chiếu dữ liệu"
        ATTESTED = "attested", "Đơn vị xác nhận"
        SCORED = "scored", "Chấm điểm"

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="criteria")
    offer = models.ForeignKey(
        Offer,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="criteria",
        verbose_name="chỉ áp dụng cho",
    )
    applies = models.CharField("đối tượng", max_length=12, choices=Applies.choices)
    kind = models.CharField("cách xét", max_length=12, choices=Kind.choices)
    rule = models.CharField("quy tắc", max_length=40, blank=True)
    params: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(
        "tham số", default=dict, blank=True
    )
    text = models.TextField("tiêu chuẩn")
    source = models.CharField("nguồn", max_length=200, blank=True)

    class Meta(PlanRow.Meta):
        verbose_name = "tiêu chuẩn"
        constraints = (
            models.CheckConstraint(
                name="criterion_rule_when_automatic",
                condition=Q(kind="automatic") & ~Q(rule="") | ~Q(kind="automatic") & Q(rule=""),
                violation_error_message="Tiêu chuẩn tự động phải chọn quy tắc đối chiếu.",
            ),
        )

    def __str__(self) -> str:
        return self.text


class DossierPart(PlanRow):
    """One part that a dossier must or may contain."""

    class Kind(models.TextChoices):
        LETTER = "letter", "Tờ trình"
        MINUTES = "minutes", "Biên bản họp bình xét"
        LIST = "list", "Danh sách trích ngang"
        REPORT = "report", "Báo cáo thành tích"
        APPENDIX = "appendix", "Phụ lục"
        CONSULTATION = "consultation", "Văn bản hiệp y"
        CONFIRMATION = "confirmation", "Xác nhận"
        OTHER = "other", "Tài liệu khác"

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="dossier_parts")
    kind = models.CharField("loại", max_length=14, choices=Kind.choices)
    name = models.CharField("tên thành phần", max_length=300)
    required = models.BooleanField("bắt buộc", default=True)
    applies = models.CharField(
        "đối tượng", max_length=12, choices=Applies.choices, default=Applies.BOTH
    )
    offers = models.ManyToManyField(
        Offer, blank=True, related_name="+", verbose_name="chỉ cho hình thức"
    )
    note = models.TextField("ghi chú", blank=True)

    class Meta(PlanRow.Meta):
        verbose_name = "thành phần hồ sơ"

    def __str__(self) -> str:
        return self.name

    @property
    def is_generated(self) -> bool:
        """Whether the system writes it from the data; other parts are attached as files."""
        return self.kind in {self.Kind.LETTER, self.Kind.MINUTES, self.Kind.LIST, self.Kind.REPORT}


class Statement(PlanRow):
    """What every achievement report of the campaign is obliged to state."""

    class Key(models.TextChoices):
        CAMPAIGN_RESULTS = "campaign_results", "Kết quả thực hiện phong trào thi đua"
        TASK_RESULTS = "task_results", "Kết quả thực hiện nhiệm vụ công tác"
        RATING = "rating", "Quyết định đánh giá, xếp loại"
        INTERIM_RESULTS = "interim_results", "Kết quả giai đoạn tiếp theo"
        OTHER = "other", "Nội dung khác"

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="statements")
    key = models.CharField("loại", max_length=20, choices=Key.choices)
    heading = models.CharField("tiêu đề trong báo cáo", max_length=200)
    text = models.TextField("yêu cầu")
    year = models.PositiveSmallIntegerField("năm xếp loại", null=True, blank=True)
    source = models.CharField("vị trí trong kế hoạch", max_length=120, blank=True)

    class Meta(PlanRow.Meta):
        verbose_name = "nội dung báo cáo phải nêu"

    def __str__(self) -> str:
        return self.heading
