"""Every generated paper: the row first, the file second."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When

from campaigns.models import Campaign
from dossiers.models.dossiers import Attachment, Dossier
from dossiers.models.reports import Report

if TYPE_CHECKING:
    from emulation.models import User


def document_path(document: Document, filename: str) -> str:
    """Each attempt has a file of its own: a worker thought lost cannot spoil that of the next."""
    return attempt_path(document, document.attempts)


def attempt_path(document: Document, attempt: int) -> str:
    return f"documents/{document.campaign_id}/{document.pk}-{attempt}.pdf"


class Lane(models.TextChoices):
    """The queue that a document waits in; workers of one never take from the other."""

    PREVIEWS = "previews", "Bản xem trước"
    DOCUMENTS = "documents", "Văn bản phát hành"


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, user: User) -> Self:
        """
        Whoever sees the dossier or the report sees the papers made of it.

        Drafts are for those who write them: also of a returned dossier, which its readers still
        see, and of a report before it was handed in, which may say what was taken out of it since.
        """
        handed_in = Q(
            report__in=Report.objects.visible_to(user), created_at__gt=F("report__locked_at")
        )
        return self.filter(
            Q(dossier__in=Dossier.objects.visible_to(user), code__isnull=False)
            | Q(dossier__unit__in=user.unit_ids)
            | Q(dossier=None) & (Q(report__in=Report.objects.written_by(user)) | handed_in)
            | Q(batch__in=Batch.objects.visible_to(user))
        )

    def issued(self) -> Self:
        return self.filter(code__isnull=False)

    def with_standing(self) -> Self:
        """`standing`: whether the paper still counts, as the verification page says it."""
        later = Document.objects.filter(supersedes=OuterRef("pk"), code__isnull=False)
        standing = Document.Standing
        return self.annotate(
            standing=Case(
                When(code=None, then=Value(standing.DRAFT)),
                When(annulled_at__isnull=False, then=Value(standing.ANNULLED)),
                When(Exists(later), then=Value(standing.SUPERSEDED)),
                default=Value(standing.IN_FORCE),
            )
        )

    def in_lane(self, lane: str) -> Self:
        """Drafts are waited for at the screen; everything else comes in batches."""
        draft = Q(code=None, batch=None)
        return self.filter(draft if lane == Lane.PREVIEWS else ~draft)

    def claimable(self, at: datetime) -> Self:
        """
        Waiting documents, and those whose worker has not been heard of since its lease.

        A bound dossier waits until all its parts are there.
        """
        unfinished = DocumentPart.objects.filter(
            ~Q(document__state="ready"), bound=OuterRef("pk"), document__isnull=False
        )
        return self.filter(
            Q(state="pending") & (Q(not_before=None) | Q(not_before__lte=at))
            | Q(state="rendering", claimed_until__lt=at),
            ~Exists(unfinished),
        )


class Document(models.Model):
    class Kind(models.TextChoices):
        REPORT = "report", "Báo cáo thành tích"
        LETTER = "letter", "Tờ trình"
        MINUTES = "minutes", "Biên bản họp bình xét"
        LIST = "list", "Danh sách trích ngang"
        DOSSIER = "dossier", "Hồ sơ đóng tập"
        SIGNING = "signing", "Tập trang ký"
        PRINT = "print", "Bản in toàn bộ"

    class State(models.TextChoices):
        PENDING = "pending", "Chờ tạo"
        RENDERING = "rendering", "Đang tạo"
        READY = "ready", "Đã tạo"
        FAILED = "failed", "Không tạo được"

    class Standing(models.TextChoices):
        DRAFT = "draft", "Bản nháp"
        IN_FORCE = "in_force", "Còn giá trị"
        SUPERSEDED = "superseded", "Đã được thay thế"
        ANNULLED = "annulled", "Đã bị hủy"

    # Made to be printed out of other papers: neither drafts nor issued.
    PRINTS = (Kind.SIGNING, Kind.PRINT)
    # Made of other papers, each of which has a Word file of its own.
    BOUND = (Kind.DOSSIER, *PRINTS)

    # Set by with_standing().
    standing: str

    kind = models.CharField(max_length=12, choices=Kind.choices)
    state = models.CharField(max_length=12, choices=State.choices, default=State.PENDING)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+")
    dossier = models.ForeignKey(
        Dossier, models.PROTECT, null=True, blank=True, related_name="documents"
    )
    report = models.ForeignKey(
        Report, models.PROTECT, null=True, blank=True, related_name="documents"
    )
    # Of a file that is made to be printed: the batch whose papers it takes pages from.
    batch = models.ForeignKey(
        "dossiers.Batch", models.PROTECT, null=True, blank=True, related_name="prints"
    )
    subject = models.CharField(max_length=300)
    form_version = models.CharField(max_length=60, blank=True)
    # The print templates and style sheet it was made with; "" until it is made.
    template_version = models.CharField(max_length=16, blank=True)
    snapshot: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    # Only a paper of a submitted dossier is issued: by this code anybody can look it up.
    code = models.CharField(max_length=16, null=True, blank=True, unique=True)
    # Where, as it is printed; the site may move, the paper stays what it was.
    address = models.CharField(max_length=200, blank=True)
    number = models.CharField(max_length=40, blank=True)
    issuer = models.CharField(max_length=200, blank=True)
    issued_date = models.DateField(null=True, blank=True)
    annulled_at = models.DateTimeField(null=True, blank=True)
    annulled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    annul_reason = models.CharField(max_length=300, blank=True)
    file = models.FileField(upload_to=document_path, max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    pages = models.PositiveIntegerField(null=True, blank=True)
    # The page that the signing block stands on, counted from 1.
    signing_page = models.PositiveIntegerField(null=True, blank=True)
    # Where each signer signs (dossiers/documents/places.py); empty without a signing block.
    signing_places: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(
        default=list, blank=True
    )
    # Of a paper that takes long: how much of it is done, in percent.
    progress = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # After trouble with storage: not tried again before this time.
    not_before = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    rendered_at = models.DateTimeField(null=True, blank=True)
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "văn bản"
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                name="document_ready_with_file",
                condition=Q(state="ready", rendered_at__isnull=False, pages__gt=0, error="")
                & ~Q(sha256="")
                & ~Q(file="")
                | ~Q(state="ready"),
            ),
            models.CheckConstraint(
                name="document_rendering_with_lease",
                condition=Q(state="rendering", claimed_until__isnull=False)
                | ~Q(state="rendering") & Q(claimed_until=None),
            ),
            models.CheckConstraint(
                name="document_failed_with_reason",
                condition=Q(state="failed") & ~Q(error="") | ~Q(state="failed"),
            ),
            models.CheckConstraint(
                name="document_of_something",
                condition=Q(kind="report", report__isnull=False, batch=None)
                | Q(kind__in=("signing", "print"), batch__isnull=False, dossier=None, report=None)
                | ~Q(kind__in=("report", "signing", "print"))
                & Q(dossier__isnull=False, report=None, batch=None),
            ),
            models.CheckConstraint(
                name="document_issued_completely",
                condition=Q(code=None, issued_date=None, address="")
                | Q(code__isnull=False, issued_date__isnull=False, dossier__isnull=False)
                & ~Q(address=""),
            ),
            models.CheckConstraint(
                name="document_annulled_with_reason",
                condition=Q(annulled_at=None, annulled_by=None, annul_reason="")
                | Q(code__isnull=False, annulled_at__isnull=False, annulled_by__isnull=False)
                & ~Q(annul_reason=""),
            ),
        )
        indexes = (models.Index(fields=("state", "claimed_until"), name="document_waiting"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.subject}"

    @property
    def lane(self) -> Lane:
        is_draft = self.code is None and self.batch_id is None
        return Lane.PREVIEWS if is_draft else Lane.DOCUMENTS


class DocumentPart(models.Model):
    """One part of a bound dossier, in order: a generated paper or an attached file."""

    bound = models.ForeignKey(Document, models.CASCADE, related_name="parts")
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="bound_in"
    )
    attachment = models.ForeignKey(
        Attachment, models.PROTECT, null=True, blank=True, related_name="+"
    )
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=300)
    first_page = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ("position", "pk")
        constraints = (
            models.UniqueConstraint(name="document_part_position", fields=("bound", "position")),
            models.CheckConstraint(
                name="document_part_one_source",
                condition=Q(document=None, attachment__isnull=False)
                | Q(document__isnull=False, attachment=None),
            ),
        )

    def __str__(self) -> str:
        return self.title


class BatchQuerySet(models.QuerySet["Batch"]):
    def visible_to(self, user: User) -> Self:
        """Batches of a campaign are made and seen by its office."""
        return self.filter(campaign__agency__in=user.agency_ids_as("OFFICE"))

    def with_progress(self) -> Self:
        """
        Read from the documents themselves: `total`, `done`, `failed`; and of those made since
        the batch was ordered how many they are (`made`) and when the first and the last came.
        """
        new = Q(documents__rendered_at__gte=F("created_at"))
        return self.annotate(
            total=models.Count("documents"),
            done=models.Count("documents", filter=Q(documents__state="ready")),
            failed=models.Count("documents", filter=Q(documents__state="failed")),
            made=models.Count("documents", filter=new),
            first_at=models.Min("documents__rendered_at", filter=new),
            last_at=models.Max("documents__rendered_at", filter=new),
        )


class Batch(models.Model):
    """Many documents at once; how far it is stands in the documents, never beside them."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    documents: models.ManyToManyField[Document, BatchItem] = models.ManyToManyField(
        Document, through="BatchItem", related_name="batches"
    )

    objects = BatchQuerySet.as_manager()

    # Set by with_progress().
    total: int
    done: int
    failed: int
    made: int
    first_at: datetime | None
    last_at: datetime | None

    class Meta:
        verbose_name = "đợt tạo văn bản"
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return f"{self.campaign} ({self.created_at:%d/%m/%Y})"

    @property
    def remaining(self) -> timedelta | None:
        """The time left at the pace of the documents made so far; None while it is not known."""
        left = self.total - self.done - self.failed
        if left <= 0 or self.made < 2 or self.first_at is None or self.last_at is None:
            return None
        return (self.last_at - self.first_at) / (self.made - 1) * left


class BatchItem(models.Model):
    batch = models.ForeignKey(Batch, models.CASCADE, related_name="items")
    document = models.ForeignKey(Document, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(name="batch_item_once", fields=("batch", "document")),
        )

    def __str__(self) -> str:
        return str(self.document)
