"""Accounts, and roles granted for a unit and a period."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Self

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property

from emulation.models.people import Individual
from emulation.models.units import Unit, holds_words


class Role(models.TextChoices):
    OFFICE = "OFFICE", "Văn phòng Sở"
    UNIT_HEAD = "UNIT_HEAD", "Trưởng đơn vị"
    STAFF = "STAFF", "Công chức, viên chức, người lao động"
    COUNCIL = "COUNCIL", "Thành viên Hội đồng"
    DIRECTOR = "DIRECTOR", "Lãnh đạo Sở"
    ADMIN = "ADMIN", "Quản trị hệ thống"


class UserQuerySet(models.QuerySet["User"]):
    def visible_to(self, user: User) -> Self:
        """Accounts of the agencies that the user administers."""
        return self.filter(agency__in=user.agency_ids_as("ADMIN"))

    def editable_by(self, user: User) -> Self:
        return self.visible_to(user)

    def matching(self, query: str) -> Self:
        """Accounts whose name for logging in, or person, holds every word of `query`."""
        found = Q(username__icontains=query.strip())
        return self.filter(found | holds_words("individual__search_text", query))


class AccountManager(UserManager["User"]):
    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def visible_to(self, user: User) -> UserQuerySet:
        return self.get_queryset().visible_to(user)

    def editable_by(self, user: User) -> UserQuerySet:
        return self.get_queryset().editable_by(user)


class User(AbstractUser):
    """An account; who the person is stands in `individual`, what it may do in its role grants."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    agency = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="cơ quan"
    )
    individual = models.OneToOneField(
        Individual,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="account",
        verbose_name="cá nhân",
    )
    email = models.EmailField("thư điện tử", blank=True)

    objects: ClassVar[AccountManager] = AccountManager()

    class Meta:
        verbose_name = "tài khoản"
        ordering = ("username",)

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        return self.individual.full_name if self.individual else self.username

    def get_short_name(self) -> str:
        return self.get_full_name()

    @cached_property
    def grants_today(self) -> list[RoleGrant]:
        """The role grants in force today, read once per request."""
        if not self.is_active:
            return []
        on = timezone.localdate()
        return list(RoleGrant.objects.in_force(on).filter(user=self).select_related("unit"))

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(grant.role for grant in self.grants_today)

    @property
    def agency_ids(self) -> list[int]:
        return sorted({g.unit.agency_id or g.unit_id for g in self.grants_today})

    def agency_ids_as(self, *roles: str) -> list[int]:
        """Agencies over the whole of which the user holds one of `roles`."""
        return sorted({g.unit.agency_id or g.unit_id for g in self.grants_today if g.role in roles})

    @property
    def unit_ids(self) -> list[int]:
        """Units that the user heads."""
        return sorted({g.unit_id for g in self.grants_today if g.role == Role.UNIT_HEAD})

    def roles_for(self, *, agency_id: int, unit_id: int | None = None) -> frozenset[str]:
        """Roles that count for a case of this agency and unit; a head's only for the own unit."""
        found: set[str] = set()
        for grant in self.grants_today:
            if grant.role in (Role.UNIT_HEAD, Role.STAFF):
                if unit_id is not None and grant.unit_id == unit_id:
                    found.add(grant.role)
            elif (grant.unit.agency_id or grant.unit_id) == agency_id:
                found.add(grant.role)
        return frozenset(found)

    def may_read_personal_data(self, person: Individual) -> bool:
        """Birth date, home town, residence: for those who write the papers, and for oneself.

        The council judges achievements and needs none of them.
        """
        if self.individual_id == person.pk:
            return bool(self.grants_today)
        roles = self.roles_for(agency_id=person.agency_id, unit_id=person.unit_id)
        return bool(roles & {Role.OFFICE, Role.DIRECTOR, Role.ADMIN, Role.UNIT_HEAD})

    def role_labels(self) -> list[str]:
        return [
            f"{Role(g.role).label} – {g.unit.short_name or g.unit.name}" for g in self.grants_today
        ]


class RoleGrantQuerySet(models.QuerySet["RoleGrant"]):
    def in_force(self, on: date) -> Self:
        return self.filter(valid_from__lte=on).filter(Q(valid_to=None) | Q(valid_to__gte=on))


class RoleGrant(models.Model):
    """A role held for a unit from a day, until a day or further notice."""

    user = models.ForeignKey(User, models.CASCADE, related_name="role_grants")
    role = models.CharField("vai trò", max_length=12, choices=Role.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="đơn vị")
    valid_from = models.DateField("từ ngày")
    valid_to = models.DateField("đến ngày", null=True, blank=True)

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        verbose_name = "phân quyền"
        ordering = ("valid_from", "pk")
        constraints = (
            models.UniqueConstraint(
                name="role_grant_once",
                fields=("user", "role", "unit", "valid_from"),
                violation_error_message="Vai trò này đã được giao từ ngày đó.",
            ),
            models.CheckConstraint(
                name="role_grant_period_in_order",
                condition=Q(valid_to__gte=F("valid_from")) | Q(valid_to=None),
                violation_error_message="Ngày kết thúc phải từ ngày bắt đầu trở đi.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()} – {self.unit}"
