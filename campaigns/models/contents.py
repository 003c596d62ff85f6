"""What a plan says, row by row: themes, grounds, milestones, content, targets, duties."""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models import Q

from campaigns.models.campaigns import (
    Campaign,
    Precision,
    at_precision,
    first_day_of,
    last_day_of,
)
from emulation.models import Level, Unit
from emulation.vietnamese import number

# The unit of targets whose value is a rating level.
RATING_UNIT = "xếp loại"


class PlanRow(models.Model):
    """A row of a plan, in the plan's own order."""

    position = models.PositiveSmallIntegerField("thứ tự", default=0)
    # Grows with every save of its text: a page that is older than the row is not saved over it.
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        abstract = True
        ordering = ("position", "pk")


class Theme(PlanRow):
    """A chủ đề or phương châm, the campaign's own or one of a higher level."""

    class Origin(models.TextChoices):
        OWN = "own", "Chủ đề của phong trào"
        MINISTRY = "ministry", "Bộ Nội vụ"
        PROVINCE = "province", "Tỉnh"
        GOVERNMENT = "government", "Chính phủ"

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="themes")
    origin = models.CharField("cấp", max_length=12, choices=Origin.choices, default=Origin.OWN)
    text = models.TextField("nội dung")

    class Meta(PlanRow.Meta):
        verbose_name = "chủ đề"

    def __str__(self) -> str:
        return self.text


class Basis(PlanRow):
    """A document that the plan rests on or cites; a parent is the plan it carries out."""

    class Kind(models.TextChoices):
        PARENT = "parent", "Kế hoạch cấp trên"
        BASIS = "basis", "Căn cứ"
        CITED = "cited", "Văn bản dẫn chiếu"

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="bases")
    kind = models.CharField("loại", max_length=8, choices=Kind.choices)
    number = models.CharField("số, ký hiệu", max_length=60, blank=True)
    issued_date = models.DateField("ngày ban hành", null=True, blank=True)
    issuer = models.CharField("cơ quan ban hành", max_length=200, blank=True)
    text = models.TextField("nội dung")
    parent = models.ForeignKey(
        Campaign,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="phong trào cấp trên",
    )

    class Meta(PlanRow.Meta):
        verbose_name = "căn cứ"

    def __str__(self) -> str:
        return self.text


class Anniversary(PlanRow):
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="anniversaries")
    text = models.CharField("sự kiện", max_length=300)

    class Meta(PlanRow.Meta):
        verbose_name = "ngày lễ, sự kiện"

    def __str__(self) -> str:
        return self.text


class Milestone(PlanRow):
    """A date of the campaign, perhaps not yet set; a hard one closes the door."""

    class Kind(models.TextChoices):
        REGISTRATION = "registration", "Đăng ký thi đua"
        WRAP_UP = "wrap_up", "Tổng kết, bình xét"
        SUBMISSION = "submission", "Gửi hồ sơ về Sở"
        UPWARD = "upward", "Sở trình cấp trên"
        CEREMONY = "ceremony", "Biểu dương, khen thưởng"
        OTHER = "other", "Mốc khác"

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="milestones")
    kind = models.CharField("loại", max_length=12, choices=Kind.choices)
    name = models.CharField("việc", max_length=200)
    date = models.DateField("ngày", null=True, blank=True)
    date_precision = models.CharField(
        "ghi theo", max_length=8, choices=Precision.choices, default=Precision.DAY
    )
    inclusive = models.BooleanField("tính cả ngày này", default=True)
    hard = models.BooleanField("quá hạn không nhận", default=False)
    text = models.TextField("nguyên văn", blank=True)

    class Meta(PlanRow.Meta):
        verbose_name = "mốc thời gian"

    def __str__(self) -> str:
        return self.name

    @property
    def last_day(self) -> datetime.date | None:
        """The last day on which it can still be done; "trước ngày" leaves the day itself out."""
        if self.date is None:
            return None
        if self.inclusive:
            return last_day_of(self.date, self.date_precision)
        return first_day_of(self.date, self.date_precision) - datetime.timedelta(days=1)

    @property
    def when(self) -> str:
        if self.date is None:
            return "Chưa ấn định"
        day = at_precision(self.date, self.date_precision)
        return day if self.inclusive else f"Trước {day}"

    @property
    def deadline(self) -> str:
        """The day as a limit: "trước ngày 17/02/2020", "đến hết tháng 02/2020"; "" when not set."""
        if self.date is None:
            return ""
        name = Precision(self.date_precision).label.lower()
        limit = "đến hết" if self.inclusive else "trước"
        return f"{limit} {name} {at_precision(self.date, self.date_precision)}"

    def is_past(self, on: datetime.date) -> bool:
        return self.last_day is not None and on > self.last_day


class Area(PlanRow):
    """A node of the plan's content, numbered as the plan numbers it (I, 1, a, đ)."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="areas")
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="children"
    )
    number = models.CharField("số mục", max_length=20, blank=True)
    title = models.CharField("tiêu đề", max_length=400, blank=True)
    text = models.TextField("nội dung", blank=True)
    registrable = models.BooleanField("lĩnh vực được đăng ký", default=False)

    class Meta(PlanRow.Meta):
        verbose_name = "nội dung thi đua"

    def __str__(self) -> str:
        return self.title or self.text[:80]


class Target(PlanRow):
    """A chỉ tiêu: what is measured against which value; children are "trong đó"."""

    class Operator(models.TextChoices):
        AT_LEAST = "gte", "≥"
        MORE = "gt", ">"
        EQUAL = "eq", "="
        AT_MOST = "lte", "≤"
        KEEP = "keep", "giữ vững"
        IMPROVE = "improve", "nâng cao"
        ATTAIN = "yes", "đạt"
        NONE = "none", "định tính"

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="targets")
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="children"
    )
    number = models.CharField("số mục", max_length=20, blank=True)
    metric = models.CharField("chỉ tiêu", max_length=300)
    text = models.TextField("nguyên văn", blank=True)
    operator = models.CharField("so sánh", max_length=8, choices=Operator.choices)
    value = models.DecimalField("giá trị", max_digits=14, decimal_places=2, null=True, blank=True)
    unit = models.CharField("đơn vị tính", max_length=60, blank=True)
    base = models.CharField("trên tổng số", max_length=200, blank=True)
    due_date = models.DateField("hạn", null=True, blank=True)
    due_inclusive = models.BooleanField("tính cả ngày hạn", default=True)
    note = models.TextField("ghi chú", blank=True)

    class Meta(PlanRow.Meta):
        verbose_name = "chỉ tiêu"
        constraints = (
            models.CheckConstraint(
                name="target_comparison_has_value",
                condition=~Q(operator__in=("gte", "gt", "eq", "lte")) | Q(value__isnull=False),
                violation_error_message="Chỉ tiêu so sánh phải có giá trị.",
            ),
        )

    def __str__(self) -> str:
        return self.metric

    @property
    def measure(self) -> str:
        """What is to be reached: "≥ 80%", "109 người", "Giữ vững"; "" when only described."""
        operator = self.Operator(self.operator)
        if self.value is None:
            return "" if operator == self.Operator.NONE else operator.label.capitalize()
        if self.unit == RATING_UNIT and self.value in Level.values:
            what = Level(int(self.value)).label
        else:
            what = f"{number(self.value)}{'' if self.unit == '%' else ' '}{self.unit}".strip()
        return what if operator == self.Operator.EQUAL else f"{operator.label} {what}"

    @property
    def due(self) -> str:
        if self.due_date is None:
            return ""
        return f"{'đến hết' if self.due_inclusive else 'trước'} ngày {self.due_date:%d/%m/%Y}"


class Duty(PlanRow):
    """Who answers for what in the campaign (tổ chức thực hiện)."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="duties")
    who = models.CharField("đơn vị, người chịu trách nhiệm", max_length=300)
    text = models.TextField("nhiệm vụ")

    class Meta(PlanRow.Meta):
        verbose_name = "trách nhiệm"

    def __str__(self) -> str:
        return self.who


class Recipient(PlanRow):
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="recipients")
    text = models.CharField("nơi nhận", max_length=200)

    class Meta(PlanRow.Meta):
        verbose_name = "nơi nhận"

    def __str__(self) -> str:
        return self.text


class Remark(PlanRow):
    """An inconsistency or gap in the source plan that its readers should know of."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="remarks")
    place = models.CharField("vị trí", max_length=100, blank=True)
    text = models.TextField("nhận xét")

    class Meta(PlanRow.Meta):
        verbose_name = "lưu ý về văn bản gốc"

    def __str__(self) -> str:
        return self.text


class Participant(models.Model):
    """A unit to which the campaign is addressed."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="participants")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="đơn vị")

    class Meta:
        verbose_name = "đơn vị tham gia"
        ordering = ("unit__position", "unit__name", "pk")
        constraints = (
            models.UniqueConstraint(
                name="participant_once",
                fields=("campaign", "unit"),
                violation_error_message="Đơn vị đã có trong danh sách tham gia.",
            ),
        )

    def __str__(self) -> str:
        return str(self.unit)
