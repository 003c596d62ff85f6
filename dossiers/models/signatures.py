"""Digital signatures on issued papers, one after another."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from dossiers.models.documents import Document


def signed_path(signature: Signature, filename: str) -> str:
    document = signature.document
    return f"documents/{document.campaign_id}/{document.pk}-signed-{signature.position}.pdf"


class Signature(models.Model):
    """One signature: what the paper is with it and all those before it."""

    class Kind(models.TextChoices):
        PERSONAL = "personal", "Chữ ký số cá nhân"
        ORGANISATION = "organisation", "Chữ ký số cơ quan"

    document = models.ForeignKey(Document, models.PROTECT, related_name="signatures")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    key = models.SlugField(max_length=60)
    signer = models.CharField(max_length=200)
    issuer = models.CharField(max_length=200)
    serial = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    has_timestamp = models.BooleanField(default=False)
    file = models.FileField(upload_to=signed_path, max_length=200)
    sha256 = models.CharField(max_length=64)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()

    class Meta:
        verbose_name = "chữ ký số"
        ordering = ("document", "position")
        constraints = (
            models.UniqueConstraint(name="signature_position", fields=("document", "position")),
            models.UniqueConstraint(
                name="signature_once",
                fields=("document", "fingerprint"),
                violation_error_message="Chứng thư số này đã ký văn bản.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.signer}"
