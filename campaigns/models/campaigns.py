"""The campaign itself: almost everything about a real plan is optional."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, Q

from emulation.models import Instrument, Unit
from emulation.vietnamese import search_text

if TYPE_CHECKING:
    from emulation.models import User


class Precision(models.TextChoices):
    DAY = "day", "Ngày"
    MONTH = "month", "Tháng"
    YEAR = "year", "Năm"


def at_precision(day: date | None, precision: str) -> str:
    if day is None:
        return ""
    pattern = {Precision.DAY: "%d/%m/%Y", Precision.MONTH: "%m/%Y", Precision.YEAR: "%Y"}
    return day.strftime(pattern[Precision(precision)])


def first_day_of(day: date, precision: str) -> date:
    """The first day of the day, month or year that `day` stands for."""
    if precision == Precision.DAY:
        return day
    return day.replace(day=1) if precision == Precision.MONTH else date(day.year, 1, 1)


def last_day_of(day: date, precision: str) -> date:
    if precision == Precision.DAY:
        return day
    month = day.month if precision == Precision.MONTH else 12
    return day.replace(month=month, day=monthrange(day.year, month)[1])


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def visible_to(self, user: User) -> Self:
        """Launched campaigns of one's agencies; drafts only to those who draw them up."""
        return self.filter(
            Q(agency__in=user.agency_ids_as("OFFICE", "DIRECTOR"))
            | Q(agency__in=user.agency_ids) & ~Q(state="draft")
        )

    def editable_by(self, user: User) -> Self:
        """The plan may be written by the office while it is a draft."""
        return self.filter(agency__in=user.agency_ids_as("OFFICE"), state="draft")

    def run_by(self, user: User) -> Self:
        """Those that the user looks after as the office, in any state."""
        return self.filter(agency__in=user.agency_ids_as("OFFICE"))

    def overseen_by(self, user: User) -> Self:
        """Those whose every unit the user looks after: as the office or the director."""
        return self.filter(agency__in=user.agency_ids_as("OFFICE", "DIRECTOR"))

    def matching(self, query: str) -> Self:
        """Campaigns whose name or number holds every word, with or without diacritics."""
        for word in query.lower().split():
            self = self.filter(search_text__contains=word)
        return self

    def in_year(self, year: int) -> Self:
        """Those that ran, or will run, on some day of `year`."""
        return self.filter(
            Q(start_date__year__lte=year) | Q(start_date=None, end_date__isnull=False),
            Q(end_date__year__gte=year) | Q(end_date=None, start_date__isnull=False),
        )

    def with_counts(self) -> Self:
        return self.annotate(participant_count=models.Count("participants", distinct=True))


class Campaign(models.Model):
    """A phong trào or đợt thi đua, as its plan describes it."""

    class Kind(models.TextChoices):
        REGULAR = "regular", "Thường xuyên"
        THEMATIC = "thematic", "Theo chuyên đề"

    class State(models.TextChoices):
        DRAFT = "draft", "Dự thảo"
        LAUNCHED = "launched", "Đã phát động"
        CLOSED = "closed", "Đã tổng kết"
        ARCHIVED = "archived", "Đã lưu trữ"

    class RegistrationRule(models.TextChoices):
        NONE = "none", "Không tổ chức đăng ký"
        OPTIONAL = "optional", "Có thể đăng ký"
        REQUIRED = "required", "Bắt buộc đăng ký mới được xét"

    agency = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="cơ quan")
    slug = models.SlugField("mã", max_length=80, unique=True)
    state = models.CharField(
        "trạng thái", max_length=12, choices=State.choices, default=State.DRAFT
    )
    kind = models.CharField("hình thức thi đua", max_length=12, choices=Kind.choices)
    name = models.CharField("trích yếu", max_length=500)
    number = models.CharField("số, ký hiệu", max_length=60, blank=True)
    symbol = models.CharField("ký hiệu", max_length=40, blank=True)
    issued_date = models.DateField("ngày ban hành", null=True, blank=True)
    issued_precision = models.CharField(
        max_length=8, choices=Precision.choices, default=Precision.DAY
    )
    place = models.CharField("địa danh", max_length=80, blank=True)
    start_date = models.DateField("bắt đầu", null=True, blank=True)
    end_date = models.DateField("kết thúc", null=True, blank=True)
    period_precision = models.CharField(
        "thời gian ghi theo", max_length=8, choices=Precision.choices, default=Precision.DAY
    )
    period_text = models.CharField("thời gian (nguyên văn)", max_length=300, blank=True)
    registration_rule = models.CharField(
        "đăng ký thi đua",
        max_length=10,
        choices=RegistrationRule.choices,
        default=RegistrationRule.NONE,
    )
    instrument = models.ForeignKey(
        Instrument,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="nghị định áp dụng",
    )
    occasion = models.TextField("bối cảnh", blank=True)
    purpose = models.TextField("mục đích", blank=True)
    requirements = models.TextField("yêu cầu", blank=True)
    participants_text = models.TextField("đối tượng tham gia", blank=True)
    award_principle = models.TextField("nguyên tắc khen thưởng", blank=True)
    exclusion = models.TextField("trường hợp không xét, chưa xét", blank=True)
    wrap_up = models.TextField("tổng kết", blank=True)
    closing = models.TextField("lời kết", blank=True)
    dossier_copies = models.PositiveSmallIntegerField("số bộ hồ sơ", null=True, blank=True)
    form_code = models.CharField("mẫu báo cáo", max_length=20, blank=True)
    form_text = models.CharField("mẫu báo cáo (nguyên văn)", max_length=300, blank=True)
    submission_text = models.CharField("thời gian gửi hồ sơ", max_length=300, blank=True)
    signing_authority = models.CharField("thay mặt, ký thay", max_length=10, blank=True)
    signing_position = models.CharField("chức vụ người ký", max_length=100, blank=True)
    signing_deputy_position = models.CharField(
        "chức vụ cấp phó ký thay", max_length=100, blank=True
    )
    signing_name = models.CharField("họ tên người ký", max_length=100, blank=True)
    # Grows with every save of the plan: a page that is older than the row is not saved over it.
    version = models.PositiveIntegerField(default=0, editable=False)
    search_text = models.TextField(editable=False)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = "phong trào thi đua"
        ordering = (F("start_date").desc(nulls_last=True), "name", "pk")
        constraints = (
            models.CheckConstraint(
                name="campaign_period_in_order",
                condition=Q(end_date__gte=F("start_date")) | Q(start_date=None) | Q(end_date=None),
                violation_error_message="Ngày kết thúc phải từ ngày bắt đầu trở đi.",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_text = search_text(self.name, self.number, self.slug)
        super().save(*args, **kwargs)

    @property
    def period(self) -> str:
        """The period as the plan gives it: to the day, the month or the year."""
        if not self.start_date and not self.end_date:
            return self.period_text
        return _span(self.start_date, self.end_date, self.period_precision)

    @property
    def last_day(self) -> date | None:
        return self.end_date and last_day_of(self.end_date, self.period_precision)

    @property
    def issued(self) -> str:
        return at_precision(self.issued_date, self.issued_precision)


def _span(start: date | None, end: date | None, precision: str) -> str:
    first, last = at_precision(start, precision), at_precision(end, precision)
    if precision == Precision.YEAR and first == last:
        return f"Năm {first}"
    if precision == Precision.MONTH:
        first, last = (f"tháng {text}" if text else "" for text in (first, last))
    text = " ".join(filter(None, [first and f"từ {first}", last and f"đến hết {last}"]))
    return text[:1].upper() + text[1:]
