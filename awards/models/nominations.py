"""A unit's nomination of one subject for one title on offer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from campaigns.models import Campaign, Offer
from emulation.models import Individual, SubjectKind, Unit

if TYPE_CHECKING:
    from emulation.models import User


class NominationQuerySet(models.QuerySet["Nomination"]):
    def visible_to(self, user: User) -> Self:
        """The nominating unit's head; the nominee; once submitted the office, council, director."""
        return self.filter(
            Q(unit__in=user.unit_ids)
            | Q(individual__account=user.pk, campaign__agency__in=user.agency_ids)
            | Q(
                campaign__agency__in=user.agency_ids_as("OFFICE", "DIRECTOR", "COUNCIL"),
                submitted_at__isnull=False,
            )
        )

    def editable_by(self, user: User) -> Self:
        return self.filter(unit__in=user.unit_ids, state="proposed", campaign__state="launched")

    def of_unit(self, campaign: Campaign, unit: Unit) -> Self:
        return self.filter(campaign=campaign, unit=unit)

    def chosen(self) -> Self:
        """Those that the unit's meeting chose, also after the office received them."""
        return self.filter(state__in=("chosen", "received"))

    def with_subjects(self) -> Self:
        return self.select_related(
            "individual__unit", "collective", "offer__title", "campaign", "unit"
        )


class Nomination(models.Model):
    class State(models.TextChoices):
        PROPOSED = "proposed", "Đề cử"
        CHOSEN = "chosen", "Được đơn vị lựa chọn"
        NOT_CHOSEN = "not_chosen", "Không được lựa chọn"
        RECEIVED = "received", "Văn phòng đã tiếp nhận"

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="đơn vị đề nghị")
    individual = models.ForeignKey(
        Individual, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="cá nhân"
    )
    collective = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="tập thể"
    )
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="+", verbose_name="hình thức")
    legal_ground = models.CharField("căn cứ (điểm, khoản, điều)", max_length=200, blank=True)
    summary = models.TextField("tóm tắt thành tích", blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.PROPOSED)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)

    objects = NominationQuerySet.as_manager()

    class Meta:
        verbose_name = "đề cử"
        ordering = (
            "offer__position",
            F("individual__sort_key").asc(nulls_first=True),
            "pk",
        )
        constraints = (
            models.CheckConstraint(
                name="nomination_one_subject",
                condition=Q(individual=None, collective__isnull=False)
                | Q(individual__isnull=False, collective=None),
                violation_error_message="Chọn một cá nhân hoặc một tập thể.",
            ),
            models.UniqueConstraint(
                name="nomination_individual_once",
                fields=("campaign", "individual", "offer"),
                violation_error_message="Cá nhân này đã được đề cử hình thức này.",
            ),
            models.UniqueConstraint(
                name="nomination_collective_once",
                fields=("campaign", "collective", "offer"),
                violation_error_message="Tập thể này đã được đề cử hình thức này.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.subject}: {self.offer}"

    @property
    def subject(self) -> Individual | Unit:
        return self.individual or self.collective  # type: ignore[return-value]

    @property
    def subject_kind(self) -> SubjectKind:
        return SubjectKind.INDIVIDUAL if self.individual_id else SubjectKind.COLLECTIVE

    @property
    def subject_name(self) -> str:
        return self.individual.full_name if self.individual else self.collective.name  # type: ignore[union-attr]
