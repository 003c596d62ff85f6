"""Units as a dated tree with predecessors."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, Q

from emulation.vietnamese import search_forms, search_text

if TYPE_CHECKING:
    from emulation.models.accounts import User


def holds_words(field: str, query: str) -> Q:
    """`field`, filled by `search_text`, holds every word of `query`; no word holds always."""
    found = Q()
    for word in query.split():
        found &= Q(*((f"{field}__contains", form) for form in search_forms(word)), _connector=Q.OR)
    return found


class UnitQuerySet(models.QuerySet["Unit"]):
    def current(self, on: date) -> Self:
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=on), Q(valid_to=None) | Q(valid_to__gte=on)
        )

    def visible_to(self, user: User) -> Self:
        """Units of the agencies in which the user holds a role today."""
        return self.of_agencies(user.agency_ids)

    def registering(self, user: User) -> Self:
        """Units in whose register of papers the user gives numbers."""
        agencies = user.agency_ids_as("OFFICE")
        return self.filter(Q(pk__in=[*user.unit_ids, *agencies]) | Q(agency__in=agencies))

    def editable_by(self, user: User) -> Self:
        return self.of_agencies(user.agency_ids_as("ADMIN"))

    def of_agencies(self, agency_ids: list[int]) -> Self:
        """The agencies themselves and all that belongs to them."""
        return self.filter(Q(agency__in=agency_ids) | Q(pk__in=agency_ids))

    def agencies(self) -> Self:
        return self.filter(kind=Unit.Kind.AGENCY)

    def matching(self, query: str) -> Self:
        """Units whose name holds every word of `query`, with or without diacritics."""
        return self.filter(holds_words("search_text", query))


class Unit(models.Model):
    """An organisation or a part of one; `agency` is the room whose people see its data."""

    class Kind(models.TextChoices):
        AUTHORITY = "authority", "Ủy ban nhân dân cấp tỉnh"
        AGENCY = "agency", "Sở"
        OFFICE = "office", "Văn phòng"
        INSPECTORATE = "inspectorate", "Thanh tra"
        DEPARTMENT = "department", "Phòng"
        BRANCH = "branch", "Chi cục, ban"
        CENTRE = "centre", "Đơn vị sự nghiệp"
        COMMUNE = "commune", "Ủy ban nhân dân cấp xã"
        COMMUNE_DEPARTMENT = "commune_department", "Phòng thuộc UBND cấp xã"
        DISTRICT = "district", "Ủy ban nhân dân cấp huyện"
        DISTRICT_DEPARTMENT = "district_department", "Phòng thuộc UBND cấp huyện"

    agency = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="cơ quan"
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="đơn vị cấp trên",
    )
    kind = models.CharField("loại", max_length=24, choices=Kind.choices)
    code = models.SlugField("mã", max_length=80, unique=True)
    name = models.CharField("tên", max_length=200)
    short_name = models.CharField("tên ngắn", max_length=80, blank=True)
    symbol = models.CharField("ký hiệu văn bản", max_length=20, blank=True)
    valid_from = models.DateField("từ ngày", null=True, blank=True)
    valid_to = models.DateField("đến ngày", null=True, blank=True)
    place = models.CharField("địa danh", max_length=80, blank=True)
    address = models.CharField("trụ sở", max_length=200, blank=True)
    phone = models.CharField("điện thoại", max_length=40, blank=True)
    website = models.CharField("trang thông tin điện tử", max_length=120, blank=True)
    established = models.TextField("quá trình thành lập", blank=True)
    functions = models.TextField("chức năng, nhiệm vụ", blank=True)
    position = models.PositiveSmallIntegerField("thứ tự", default=0)
    search_text = models.TextField(editable=False)
    predecessors: models.ManyToManyField[Unit, Succession] = models.ManyToManyField(
        "self",
        through="Succession",
        symmetrical=False,
        through_fields=("successor", "predecessor"),
        related_name="successors",
    )

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = "đơn vị"
        ordering = ("position", "name", "pk")
        constraints = (
            models.CheckConstraint(
                name="unit_period_in_order",
                condition=Q(valid_to__gte=F("valid_from")) | Q(valid_from=None) | Q(valid_to=None),
                violation_error_message="Ngày kết thúc phải từ ngày bắt đầu trở đi.",
            ),
            models.CheckConstraint(
                name="unit_has_agency",
                condition=~Q(agency=None) | Q(kind__in=("authority", "agency")),
                violation_error_message="Đơn vị phải thuộc một cơ quan.",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_text = search_text(self.name, self.short_name)
        super().save(*args, **kwargs)

    @property
    def is_agency(self) -> bool:
        return self.kind == Unit.Kind.AGENCY


class Succession(models.Model):
    """`successor` continues `predecessor`: merged, split or renamed; history keeps the old name."""

    class Kind(models.TextChoices):
        RENAMED = "renamed", "Đổi tên"
        MERGED = "merged", "Sáp nhập"
        SPLIT = "split", "Chia tách"
        TRANSFERRED = "transferred", "Chuyển giao nhiệm vụ"

    predecessor = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    successor = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    effective_date = models.DateField()
    ground = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("effective_date", "pk")
        constraints = (
            models.UniqueConstraint(
                name="succession_once",
                fields=("predecessor", "successor"),
                violation_error_message="Quan hệ kế thừa này đã có.",
            ),
            models.CheckConstraint(
                name="succession_of_another",
                condition=~Q(predecessor=F("successor")),
                violation_error_message="Một đơn vị không thể kế thừa chính nó.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"
