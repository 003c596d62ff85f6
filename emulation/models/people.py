"""People and their yearly ratings, and those of units."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, Q

from emulation.models.units import Unit, holds_words
from emulation.vietnamese import name_sort_key, search_text

if TYPE_CHECKING:
    from emulation.models.accounts import User


class IndividualQuerySet(models.QuerySet["Individual"]):
    def visible_to(self, user: User) -> Self:
        """The agency for who works for all of it, the unit for its head, for everyone oneself.

        Without a role in force there is no own row either: unknown means nothing.
        """
        oneself = user.individual_id if user.grants_today else None
        return self.filter(
            Q(agency__in=user.agency_ids_as("OFFICE", "DIRECTOR", "ADMIN", "COUNCIL"))
            | Q(unit__in=user.unit_ids)
            | Q(pk=oneself)
        )

    def editable_by(self, user: User) -> Self:
        return self.filter(agency__in=user.agency_ids_as("ADMIN"))

    def serving(self, on: date) -> Self:
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=on), Q(valid_to=None) | Q(valid_to__gte=on)
        )

    def matching(self, query: str) -> Self:
        """People whose name or staff code holds every word, with or without diacritics."""
        return self.filter(holds_words("search_text", query))


class Individual(models.Model):
    """A person on the payroll; the staff code is the identity, never an e-mail address."""

    class Kind(models.TextChoices):
        CIVIL_SERVANT = "civil_servant", "Công chức"
        PUBLIC_EMPLOYEE = "public_employee", "Viên chức"
        WORKER = "worker", "Người lao động"

    class Gender(models.TextChoices):
        MALE = "male", "Nam"
        FEMALE = "female", "Nữ"

    agency = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="cơ quan")
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="members", verbose_name="đơn vị công tác"
    )
    staff_code = models.CharField("mã số", max_length=30)
    full_name = models.CharField("họ và tên", max_length=100)
    alias = models.CharField("bí danh", max_length=100, blank=True)
    kind = models.CharField("đối tượng", max_length=16, choices=Kind.choices)
    gender = models.CharField("giới tính", max_length=8, choices=Gender.choices)
    birth_date = models.DateField("ngày sinh", null=True, blank=True)
    home_town = models.CharField("quê quán", max_length=200, blank=True)
    residence = models.CharField("nơi thường trú", max_length=200, blank=True)
    occupation = models.CharField("nghề nghiệp", max_length=100, blank=True)
    position = models.CharField("chức vụ", max_length=100)
    valid_from = models.DateField("từ ngày", null=True, blank=True)
    valid_to = models.DateField("đến ngày", null=True, blank=True)
    sort_key = models.CharField(max_length=400, editable=False, db_index=True)
    search_text = models.TextField(editable=False)

    objects = IndividualQuerySet.as_manager()

    class Meta:
        verbose_name = "cá nhân"
        ordering = ("sort_key", "pk")
        constraints = (
            models.UniqueConstraint(
                name="individual_staff_code",
                fields=("agency", "staff_code"),
                violation_error_message="Mã số này đã dùng cho người khác trong cơ quan.",
            ),
            models.CheckConstraint(
                name="individual_period_in_order",
                condition=Q(valid_to__gte=F("valid_from")) | Q(valid_from=None) | Q(valid_to=None),
                violation_error_message="Ngày kết thúc phải từ ngày bắt đầu trở đi.",
            ),
        )

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sort_key = name_sort_key(self.full_name)[:400]
        self.search_text = search_text(self.full_name, self.alias, self.staff_code)
        super().save(*args, **kwargs)


class Level(models.IntegerChoices):
    """Four rating levels for everyone (NĐ 90/2020, 48/2023, 335/2025, 233/2026)."""

    NOT_COMPLETED = 1, "Không hoàn thành nhiệm vụ"
    COMPLETED = 2, "Hoàn thành nhiệm vụ"
    GOOD = 3, "Hoàn thành tốt nhiệm vụ"
    EXCELLENT = 4, "Hoàn thành xuất sắc nhiệm vụ"


class RatingQuerySet(models.QuerySet["Rating"]):
    def visible_to(self, user: User) -> Self:
        """Those of the people one sees, and of the units of one's agency."""
        return self.filter(
            Q(individual__in=Individual.objects.visible_to(user))
            | Q(unit__in=Unit.objects.visible_to(user))
        )


class Rating(models.Model):
    """The yearly quality rating of one person or one unit, with the decision it rests on."""

    individual = models.ForeignKey(
        Individual, models.PROTECT, null=True, blank=True, related_name="ratings"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="ratings")
    year = models.PositiveSmallIntegerField("năm")
    level = models.PositiveSmallIntegerField("mức xếp loại", choices=Level.choices)
    score = models.DecimalField("điểm", max_digits=5, decimal_places=2, null=True, blank=True)
    decision_number = models.CharField("số quyết định", max_length=60, blank=True)
    decision_date = models.DateField("ngày quyết định", null=True, blank=True)
    issuer = models.CharField("cơ quan ban hành", max_length=200, blank=True)

    objects = RatingQuerySet.as_manager()

    class Meta:
        verbose_name = "kết quả xếp loại"
        ordering = ("-year", "pk")
        constraints = (
            models.CheckConstraint(
                name="rating_one_subject",
                condition=Q(individual=None, unit__isnull=False)
                | Q(individual__isnull=False, unit=None),
                violation_error_message="Chọn một cá nhân hoặc một tập thể.",
            ),
            models.UniqueConstraint(
                name="rating_individual_year",
                fields=("individual", "year"),
                violation_error_message="Cá nhân đã có kết quả xếp loại năm này.",
            ),
            models.UniqueConstraint(
                name="rating_unit_year",
                fields=("unit", "year"),
                violation_error_message="Tập thể đã có kết quả xếp loại năm này.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.year}: {self.get_level_display()}"

    @property
    def decision(self) -> str:
        """The decision as cited: "Quyết định số … ngày … của …"; "" when unknown."""
        if not self.decision_number:
            return ""
        day = f" ngày {self.decision_date:%d/%m/%Y}" if self.decision_date else ""
        issuer = f" của {self.issuer}" if self.issuer else ""
        return f"Quyết định số {self.decision_number}{day}{issuer}"
