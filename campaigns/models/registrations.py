"""A unit's registration for a campaign, line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from campaigns.models.campaigns import Campaign
from campaigns.models.contents import Area
from campaigns.models.offers import Offer
from emulation.models import Individual, SubjectKind, Unit

if TYPE_CHECKING:
    from emulation.models import User


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def visible_to(self, user: User) -> Self:
        """The unit head's own unit; the whole agency for office and director."""
        return self.filter(
            Q(unit__in=user.unit_ids)
            | Q(campaign__agency__in=user.agency_ids_as("OFFICE", "DIRECTOR")) & ~Q(state="draft")
        )

    def editable_by(self, user: User) -> Self:
        return self.filter(
            unit__in=user.unit_ids, state__in=("draft", "returned"), campaign__state="launched"
        )


class Registration(models.Model):
    class State(models.TextChoices):
        DRAFT = "draft", "Đang soạn"
        SUBMITTED = "submitted", "Đã gửi"
        RETURNED = "returned", "Trả lại bổ sung"
        ACCEPTED = "accepted", "Đã tiếp nhận"

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="registrations")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="đơn vị")
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = "bản đăng ký thi đua"
        ordering = ("unit__position", "unit__name", "pk")
        constraints = (
            models.UniqueConstraint(
                name="registration_once",
                fields=("campaign", "unit"),
                violation_error_message="Đơn vị đã có bản đăng ký cho phong trào này.",
            ),
            models.CheckConstraint(
                name="registration_submitted_when",
                condition=Q(state="draft", submitted_at=None)
                | ~Q(state="draft") & Q(submitted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="registration_decided_when",
                condition=Q(state__in=("returned", "accepted"), decided_at__isnull=False)
                | Q(state__in=("draft", "submitted")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit} – {self.campaign}"


class RegistrationLine(models.Model):
    """One subject's aim: the title, the area where the plan asks for one, the commitment."""

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="lines")
    individual = models.ForeignKey(
        Individual, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="cá nhân"
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="tập thể"
    )
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="+", verbose_name="hình thức")
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="lĩnh vực"
    )
    commitment = models.TextField("nội dung đăng ký, cam kết")

    class Meta:
        verbose_name = "nội dung đăng ký"
        ordering = (models.F("individual__sort_key").asc(nulls_first=True), "pk")
        constraints = (
            models.CheckConstraint(
                name="registration_line_one_subject",
                condition=Q(individual=None, unit__isnull=False)
                | Q(individual__isnull=False, unit=None),
                violation_error_message="Chọn một cá nhân hoặc một tập thể.",
            ),
            models.UniqueConstraint(
                name="registration_line_individual_once",
                fields=("registration", "individual", "offer"),
                violation_error_message="Cá nhân này đã đăng ký hình thức này.",
            ),
            models.UniqueConstraint(
                name="registration_line_unit_once",
                fields=("registration", "unit", "offer"),
                violation_error_message="Tập thể này đã đăng ký hình thức này.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.subject}: {self.offer}"

    @property
    def subject(self) -> Individual | Unit:
        return self.individual or self.unit  # type: ignore[return-value]

    @property
    def subject_kind(self) -> SubjectKind:
        return SubjectKind.INDIVIDUAL if self.individual_id else SubjectKind.COLLECTIVE
