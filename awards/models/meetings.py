"""The unit's review meeting (họp bình xét): who came, and how they voted on each nominee."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from awards.models.nominations import Nomination
from campaigns.models import Campaign
from emulation.models import Individual, Unit

if TYPE_CHECKING:
    from emulation.models import User


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user: User) -> Self:
        """The unit's head; once concluded the office, council and director of the agency."""
        return self.filter(
            Q(unit__in=user.unit_ids)
            | Q(campaign__agency__in=user.agency_ids_as("OFFICE", "DIRECTOR", "COUNCIL"))
            & Q(state="concluded")
        )

    def editable_by(self, user: User) -> Self:
        return self.filter(unit__in=user.unit_ids, state="draft", campaign__state="launched")

    def with_people(self) -> Self:
        return self.select_related(
            "campaign__agency", "unit", "chair", "secretary", "created_by__individual"
        )


class Meeting(models.Model):
    class State(models.TextChoices):
        DRAFT = "draft", "Đang ghi"
        CONCLUDED = "concluded", "Đã kết luận"

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="đơn vị")
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    starts_at = models.DateTimeField("bắt đầu", null=True, blank=True)
    ends_at = models.DateTimeField("kết thúc", null=True, blank=True)
    place = models.CharField("địa điểm", max_length=200, blank=True)
    chair = models.ForeignKey(
        Individual, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="chủ trì"
    )
    secretary = models.ForeignKey(
        Individual, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="thư ký"
    )
    discussion = models.TextField("nội dung trao đổi", blank=True)
    # No law sets the share that a unit's meeting needs; most units ask for more than a half.
    required_percent = models.PositiveSmallIntegerField("tỷ lệ đồng ý phải vượt (%)", default=50)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    concluded_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = "cuộc họp bình xét"
        ordering = ("unit__position", "unit__name", "pk")
        constraints = (
            models.UniqueConstraint(
                name="meeting_once",
                fields=("campaign", "unit"),
                violation_error_message="Đơn vị đã có cuộc họp bình xét cho phong trào này.",
            ),
            models.CheckConstraint(
                name="meeting_times_in_order",
                condition=Q(ends_at__gt=F("starts_at")) | Q(starts_at=None) | Q(ends_at=None),
                violation_error_message="Giờ kết thúc phải sau giờ bắt đầu.",
            ),
            models.CheckConstraint(
                name="meeting_two_persons",
                condition=~Q(chair=F("secretary")) | Q(chair=None) | Q(secretary=None),
                violation_error_message="Chủ trì và thư ký phải là hai người khác nhau.",
            ),
            models.CheckConstraint(
                name="meeting_concluded_when",
                condition=Q(state="concluded", concluded_at__isnull=False)
                | Q(state="draft", concluded_at=None),
            ),
            models.CheckConstraint(
                name="meeting_percent",
                condition=Q(required_percent__range=(0, 99)),
                violation_error_message="Tỷ lệ phải từ 0 đến 99 %.",
            ),
        )

    def __str__(self) -> str:
        return f"Họp bình xét {self.unit}"

    def nominations(self) -> models.QuerySet[Nomination]:
        """All that the unit nominated in the campaign, which is what the meeting is about."""
        return Nomination.objects.of_unit(self.campaign, self.unit).with_subjects()

    def present_ids(self) -> set[int]:
        return {a.individual_id for a in self.attendees.all() if a.present}


class MeetingAttendee(models.Model):
    """A member of the unit who was there, or was absent with a reason."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendees")
    individual = models.ForeignKey(Individual, models.PROTECT, related_name="+")
    present = models.BooleanField("có mặt", default=True)
    reason = models.CharField("lý do vắng", max_length=200, blank=True)

    class Meta:
        ordering = ("individual__sort_key", "pk")
        constraints = (
            models.UniqueConstraint(
                name="attendee_once",
                fields=("meeting", "individual"),
                violation_error_message="Người này đã có trong danh sách.",
            ),
            models.CheckConstraint(
                name="attendee_reason_only_when_absent",
                condition=Q(present=False) | Q(reason=""),
                violation_error_message="Chỉ ghi lý do cho người vắng.",
            ),
        )

    def __str__(self) -> str:
        return str(self.individual)


class MeetingVote(models.Model):
    """The count for one nominee."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="votes")
    nomination = models.ForeignKey(Nomination, models.PROTECT, related_name="votes")
    in_favour = models.PositiveSmallIntegerField("đồng ý")
    against = models.PositiveSmallIntegerField("không đồng ý", default=0)
    abstained = models.PositiveSmallIntegerField("không biểu quyết", default=0)

    class Meta:
        ordering = (
            "nomination__offer__position",
            F("nomination__individual__sort_key").asc(nulls_first=True),
            "pk",
        )
        constraints = (
            models.UniqueConstraint(
                name="vote_once",
                fields=("meeting", "nomination"),
                violation_error_message="Đề cử này đã có kết quả biểu quyết.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.nomination}: {self.in_favour}/{self.cast}"

    @property
    def cast(self) -> int:
        return self.in_favour + self.against + self.abstained
