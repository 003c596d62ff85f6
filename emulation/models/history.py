"""What happened to a case, and who looked at it."""

from __future__ import annotations

from typing import Any, NoReturn

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models

WRITTEN_ONCE = "A step is written once."


class AboutQuerySet(models.QuerySet[Any]):
    def about(self, subject: models.Model) -> Any:
        return self.filter(
            subject_type=ContentType.objects.get_for_model(subject), subject_id=subject.pk
        )


class StepQuerySet(AboutQuerySet):
    def update(self, **values: Any) -> NoReturn:
        raise TypeError(WRITTEN_ONCE)

    def delete(self) -> NoReturn:
        raise TypeError(WRITTEN_ONCE)


class Step(models.Model):
    """One transition of one case: written once, never changed."""

    subject_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    subject_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey("subject_type", "subject_id")
    act = models.CharField(max_length=40)
    label = models.CharField(max_length=120)
    from_state = models.CharField(max_length=24, blank=True)
    to_state = models.CharField(max_length=24)
    from_label = models.CharField(max_length=60, blank=True)
    to_label = models.CharField(max_length=60)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    note = models.TextField(blank=True)

    objects = StepQuerySet.as_manager()

    class Meta:
        ordering = ("at", "pk")
        indexes = (models.Index(fields=("subject_type", "subject_id"), name="step_subject"),)

    def __str__(self) -> str:
        return f"{self.label}: {self.from_label} → {self.to_label}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError(WRITTEN_ONCE)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError(WRITTEN_ONCE)


class Look(models.Model):
    """Somebody from outside the unit opened a case, a document or an attachment."""

    subject_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    subject_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey("subject_type", "subject_id")
    what = models.CharField(max_length=120)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = AboutQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-pk")
        indexes = (models.Index(fields=("subject_type", "subject_id"), name="look_subject"),)

    def __str__(self) -> str:
        return f"{self.by}: {self.what}"
