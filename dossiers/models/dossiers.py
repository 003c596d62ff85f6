"""A unit's dossier for one deciding level, and the files attached to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from awards.models import Nomination
from campaigns.models import Campaign, DossierPart
from emulation.models import Decider, Unit

if TYPE_CHECKING:
    from awards.models.nominations import NominationQuerySet
    from emulation.models import User


class DossierQuerySet(models.QuerySet["Dossier"]):
    def visible_to(self, user: User) -> Self:
        """The unit's head always; office, council and director of the agency once submitted."""
        return self.filter(
            Q(unit__in=user.unit_ids)
            | Q(campaign__agency__in=user.agency_ids_as("OFFICE", "DIRECTOR", "COUNCIL"))
            & ~Q(state="draft")
        )

    def editable_by(self, user: User) -> Self:
        return self.filter(
            unit__in=user.unit_ids, state__in=("draft", "returned"), campaign__state="launched"
        )

    def with_context(self) -> Self:
        return self.select_related("campaign__agency__parent", "unit__parent")

    def of_unit_matching(self, query: str) -> Self:
        return self.filter(unit__in=Unit.objects.matching(query)) if query else self

    def with_size(self) -> Self:
        """`size`: how many the dossier proposes."""
        proposed = (
            Nomination.objects.chosen()
            .filter(
                campaign=OuterRef("campaign"),
                unit=OuterRef("unit"),
                offer__title__decider=OuterRef("decider"),
            )
            .order_by()
            .values("campaign")
            .annotate(size=Count("pk"))
            .values("size")
        )
        return self.annotate(size=Coalesce(Subquery(proposed), 0))


class Dossier(models.Model):
    """Tờ trình, minutes, list, reports and evidence of one unit for one deciding level."""

    class State(models.TextChoices):
        DRAFT = "draft", "Đang lập"
        SUBMITTED = "submitted", "Đã trình"
        RETURNED = "returned", "Trả lại bổ sung"
        ACCEPTED = "accepted", "Đã tiếp nhận"

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="đơn vị")
    decider = models.CharField("cấp quyết định", max_length=16, choices=Decider.choices)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    # What was submitted, as it was: later edits of a person or unit do not alter it.
    snapshot: models.JSONField[dict[str, Any] | None, dict[str, Any] | None] = models.JSONField(
        null=True, blank=True
    )

    objects = DossierQuerySet.as_manager()

    class Meta:
        verbose_name = "hồ sơ đề nghị khen thưởng"
        ordering = ("unit__position", "unit__name", "decider", "pk")
        constraints = (
            models.UniqueConstraint(
                name="dossier_once",
                fields=("campaign", "unit", "decider"),
                violation_error_message="Đơn vị đã có hồ sơ cho cấp quyết định này.",
            ),
            models.CheckConstraint(
                name="dossier_submitted_with_snapshot",
                condition=Q(state="draft", submitted_at=None)
                | Q(state="returned", submitted_at__isnull=False)
                | Q(
                    state__in=("submitted", "accepted"),
                    submitted_at__isnull=False,
                    snapshot__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="dossier_decided_when",
                condition=Q(state__in=("returned", "accepted"), decided_at__isnull=False)
                | Q(state__in=("draft", "submitted")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit} – {self.get_decider_display()}"

    @property
    def is_open(self) -> bool:
        """Whether the unit still works on it."""
        return self.state in (self.State.DRAFT, self.State.RETURNED)

    def nominations(self) -> NominationQuerySet:
        """Those that the unit's meeting chose for this deciding level."""
        return (
            Nomination.objects.filter(campaign=self.campaign_id, unit=self.unit_id)
            .chosen()
            .filter(offer__title__decider=self.decider)
        )


def attachment_path(attachment: Attachment, filename: str) -> str:
    return f"attachments/{attachment.dossier_id}/{attachment.sha256[:32]}"


def normal_path(attachment: Attachment, filename: str) -> str:
    return f"attachments/{attachment.dossier_id}/{attachment.sha256[:32]}-normal"


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def current(self) -> Self:
        return self.filter(removed_at=None)


class Attachment(models.Model):
    """A file of a dossier; its type was read from its content when it came in.

    A removed one keeps its row and its file: a paper bound before still rests on it.
    """

    class Type(models.TextChoices):
        PDF = "application/pdf", "PDF"
        JPEG = "image/jpeg", "Ảnh JPEG"
        PNG = "image/png", "Ảnh PNG"
        DOCX = (
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "Word (DOCX)",
        )

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="attachments")
    part = models.ForeignKey(
        DossierPart,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="thành phần hồ sơ",
    )
    nomination = models.ForeignKey(
        Nomination, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="của"
    )
    name = models.CharField("tên tệp", max_length=200)
    file = models.FileField(upload_to=attachment_path, max_length=200)
    content_type = models.CharField(max_length=100, choices=Type.choices)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    # A PDF as it is bound: without scripts, forms and enclosed files. The original is kept as sent.
    normal = models.FileField(upload_to=normal_path, max_length=200, blank=True)
    pages = models.PositiveIntegerField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = "tài liệu đính kèm"
        ordering = (F("part__position").asc(nulls_last=True), "position", "pk")
        constraints = (
            models.UniqueConstraint(
                name="attachment_once",
                fields=("dossier", "sha256"),
                condition=Q(removed_at=None),
                violation_error_message="Tệp này đã có trong hồ sơ.",
            ),
        )

    def __str__(self) -> str:
        return self.name
