"""The law as dated rows, each with the mark of where it was read."""

from __future__ import annotations

from datetime import date
from typing import Generic, Self, TypeVar

from django.db import models
from django.db.models import F, Q


class SubjectKind(models.TextChoices):
    INDIVIDUAL = "individual", "Cá nhân"
    COLLECTIVE = "collective", "Tập thể"
    HOUSEHOLD = "household", "Hộ gia đình"


class Decider(models.TextChoices):
    """Who decides on a title (Luật 06/2022/QH15, Điều 77-80)."""

    PRESIDENT = "president", "Chủ tịch nước"
    GOVERNMENT = "government", "Chính phủ"
    PRIME_MINISTER = "prime_minister", "Thủ tướng Chính phủ"
    MINISTER = "minister", "Bộ trưởng"
    PROVINCE = "province", "Chủ tịch Ủy ban nhân dân tỉnh"
    AGENCY = "agency", "Giám đốc Sở"
    COMMUNE = "commune", "Chủ tịch Ủy ban nhân dân cấp xã"


class Mark(models.TextChoices):
    """How sure a fact is: read in the text, deduced from facts, or background only."""

    VERIFIED = "V", "Đã đối chiếu văn bản"
    DEDUCED = "D", "Suy ra từ văn bản"
    BACKGROUND = "B", "Chưa đối chiếu"


M = TypeVar("M", bound=models.Model)


class DatedQuerySet(models.QuerySet[M], Generic[M]):
    def in_force(self, on: date) -> Self:
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=on), Q(valid_to=None) | Q(valid_to__gte=on)
        )


class LawRow(models.Model):
    """What every row of the catalogue carries: its period, its source and the source's mark."""

    valid_from = models.DateField("hiệu lực từ", null=True, blank=True)
    valid_to = models.DateField("hiệu lực đến", null=True, blank=True)
    source = models.CharField("nguồn", max_length=200, blank=True)
    mark = models.CharField("mức kiểm chứng", max_length=1, choices=Mark.choices)
    # Rows that the office corrected are left alone when the catalogue is loaded again.
    edited = models.BooleanField("đã chỉnh sửa tại cơ quan", default=False)

    class Meta:
        abstract = True

    def is_in_force(self, on: date) -> bool:
        started = self.valid_from is None or self.valid_from <= on
        return started and (self.valid_to is None or on <= self.valid_to)


def in_order(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name,
        condition=Q(valid_to__gte=F("valid_from")) | Q(valid_from=None) | Q(valid_to=None),
        violation_error_message="Ngày hết hiệu lực phải từ ngày có hiệu lực trở đi.",
    )


def once(name: str, *fields: str) -> tuple[models.UniqueConstraint, models.UniqueConstraint]:
    """One row for a start date, and one without: a database takes two NULLs for different."""
    message = "Đã có dòng này cho cùng ngày hiệu lực."
    return (
        models.UniqueConstraint(
            name=f"{name}_once", fields=(*fields, "valid_from"), violation_error_message=message
        ),
        models.UniqueConstraint(
            name=f"{name}_once_undated",
            fields=fields,
            condition=Q(valid_from=None),
            violation_error_message=message,
        ),
    )


class Instrument(LawRow):
    """A law, decree, circular or decision, with its period in force."""

    code = models.SlugField("mã", max_length=40, unique=True)
    number = models.CharField("số, ký hiệu", max_length=60)
    name = models.CharField("tên", max_length=300)
    issuer = models.CharField("cơ quan ban hành", max_length=120, blank=True)
    issued_date = models.DateField("ngày ban hành", null=True, blank=True)
    replaces = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="replaced_by", verbose_name="thay thế"
    )
    note = models.TextField("ghi chú", blank=True)

    objects = DatedQuerySet["Instrument"].as_manager()

    class Meta:
        verbose_name = "văn bản pháp luật"
        ordering = ("valid_from", "code")
        constraints = (in_order("instrument_period_in_order"),)

    def __str__(self) -> str:
        return self.number

    def as_of(self, on: date) -> Instrument:
        """This one, or what has taken its place by that day."""
        found, passed = self, {self.pk}
        while not found.is_in_force(on):
            heirs = found.replaced_by.filter(valid_from__lte=on).exclude(pk__in=passed)
            heir = heirs.order_by("valid_from", "code").last()
            if heir is None:
                break
            found = heir
            passed.add(heir.pk)
        return found


class Title(LawRow):
    """A danh hiệu thi đua or a hình thức khen thưởng: for whom, decided by whom, since when."""

    class Kind(models.TextChoices):
        TITLE = "title", "Danh hiệu thi đua"
        AWARD = "award", "Hình thức khen thưởng"

    code = models.SlugField("mã", max_length=40)
    kind = models.CharField("loại", max_length=8, choices=Kind.choices)
    name = models.CharField("tên gọi", max_length=160)
    short_name = models.CharField("tên viết tắt", max_length=60, blank=True)
    decider = models.CharField("thẩm quyền quyết định", max_length=16, choices=Decider.choices)
    for_individual = models.BooleanField("cho cá nhân")
    for_collective = models.BooleanField("cho tập thể")
    instrument = models.ForeignKey(
        Instrument, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="căn cứ"
    )
    article = models.CharField("điều, khoản", max_length=120, blank=True)
    criteria = models.TextField("tiêu chuẩn theo luật", blank=True)
    position = models.PositiveSmallIntegerField("thứ tự", default=0)

    objects = DatedQuerySet["Title"].as_manager()

    class Meta:
        verbose_name = "danh hiệu, hình thức khen thưởng"
        ordering = ("position", "code", "valid_from")
        constraints = (
            *once("title", "code"),
            models.CheckConstraint(
                name="title_for_somebody",
                condition=Q(for_individual=True) | Q(for_collective=True),
                violation_error_message="Chọn ít nhất một đối tượng: cá nhân hoặc tập thể.",
            ),
            in_order("title_period_in_order"),
        )

    def __str__(self) -> str:
        return self.name


class VotingRule(LawRow):
    """How a council votes on a title: the threshold is a percentage of all its members."""

    title_code = models.SlugField("mã danh hiệu", max_length=40)
    ballot = models.BooleanField("bắt buộc bỏ phiếu")
    threshold_percent = models.PositiveSmallIntegerField("tỷ lệ tối thiểu (%)")
    quorum_percent = models.PositiveSmallIntegerField(
        "tỷ lệ dự họp tối thiểu (%)", null=True, blank=True
    )
    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="+")
    article = models.CharField("điều, khoản", max_length=120)

    objects = DatedQuerySet["VotingRule"].as_manager()

    class Meta:
        verbose_name = "tỷ lệ phiếu"
        ordering = ("title_code", "valid_from")
        constraints = (
            *once("voting_rule", "title_code"),
            models.CheckConstraint(
                name="voting_rule_percent",
                condition=Q(threshold_percent__range=(1, 100)),
                violation_error_message="Tỷ lệ tối thiểu phải từ 1 đến 100 phần trăm.",
            ),
            in_order("voting_rule_period_in_order"),
        )

    def __str__(self) -> str:
        return f"{self.title_code}: {self.threshold_percent} %"


class PrizeCoefficient(LawRow):
    """The award money of a title as a multiple of the base salary."""

    title_code = models.SlugField("mã danh hiệu", max_length=40)
    subject = models.CharField("đối tượng", max_length=12, choices=SubjectKind.choices)
    coefficient = models.DecimalField("hệ số", max_digits=5, decimal_places=2)
    at_most = models.BooleanField("mức tối đa", default=False)
    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="+")
    article = models.CharField("điều, khoản", max_length=120)

    objects = DatedQuerySet["PrizeCoefficient"].as_manager()

    class Meta:
        verbose_name = "hệ số tiền thưởng"
        ordering = ("title_code", "subject", "valid_from")
        constraints = (
            *once("prize_coefficient", "title_code", "subject"),
            models.CheckConstraint(
                name="prize_coefficient_positive",
                condition=Q(coefficient__gt=0),
                violation_error_message="Hệ số phải lớn hơn 0.",
            ),
            in_order("prize_coefficient_period_in_order"),
        )

    def __str__(self) -> str:
        return f"{self.title_code}: {self.coefficient}"


class BaseSalary(LawRow):
    """Mức lương cơ sở, in đồng a month."""

    amount = models.PositiveIntegerField("mức lương cơ sở (đồng/tháng)")
    basis = models.CharField("căn cứ", max_length=120)

    objects = DatedQuerySet["BaseSalary"].as_manager()

    class Meta:
        verbose_name = "mức lương cơ sở"
        ordering = ("valid_from",)
        constraints = (
            models.UniqueConstraint(
                name="base_salary_since",
                fields=("valid_from",),
                violation_error_message="Đã có mức lương cơ sở từ ngày này.",
            ),
            in_order("base_salary_period_in_order"),
        )

    def __str__(self) -> str:
        return str(self.amount)
