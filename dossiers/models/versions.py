"""What a report and a form said before, and what two reports have in common."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from campaigns.models import Campaign
from dossiers.models.reports import Report, ReportForm
from dossiers.models.tasks import TaskRow, unpacked


class ReportVersion(models.Model):
    """A report as one person left it: texts by keys such as "section-3", rows of the appendix."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    texts: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField()
    # As `packed` makes it; None where the rows are not kept, which is not the same as no rows.
    tasks = models.BinaryField(null=True)
    task_count = models.PositiveIntegerField(null=True)
    tasks_digest = models.CharField(max_length=24, blank=True)
    # What happened, where more than the texts changed.
    note = models.CharField(max_length=300, blank=True)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # Saves that follow closely, such as those made while somebody types, are one version.
    began_at = models.DateTimeField()
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = "phiên bản báo cáo"
        ordering = ("-version",)
        constraints = (
            models.UniqueConstraint(name="report_version_once", fields=("report", "version")),
            models.CheckConstraint(
                name="report_version_rows_whole",
                condition=Q(tasks=None, task_count=None, tasks_digest="")
                | Q(tasks__isnull=False, task_count__isnull=False) & ~Q(tasks_digest=""),
            ),
        )

    def __str__(self) -> str:
        return f"Phiên bản {self.version}"

    @property
    def rows(self) -> list[TaskRow] | None:
        return None if self.tasks is None else unpacked(bytes(self.tasks))


class FormRevision(models.Model):
    """The wording of a form as the office left it; documents name the one they were made with."""

    form = models.ForeignKey(ReportForm, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    content: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    note = models.CharField("lý do sửa", max_length=300, blank=True)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = "phiên bản mẫu báo cáo"
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(name="form_revision_once", fields=("form", "number")),
        )

    def __str__(self) -> str:
        return f"{self.form.code}/{self.number}"


class Similarity(models.Model):
    """Two reports of a campaign that share much of their text."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    first = models.ForeignKey(Report, models.CASCADE, related_name="+")
    second = models.ForeignKey(Report, models.CASCADE, related_name="+")
    # How much of the shorter one stands in the longer, in percent.
    share = models.PositiveSmallIntegerField()
    passage = models.TextField()
    found_at = models.DateTimeField()

    class Meta:
        verbose_name = "báo cáo trùng nội dung"
        ordering = ("-share", "pk")
        constraints = (
            models.UniqueConstraint(name="similarity_once", fields=("first", "second")),
            models.CheckConstraint(name="similarity_in_order", condition=Q(first__lt=F("second"))),
        )

    def __str__(self) -> str:
        return f"{self.first} – {self.second}: {self.share}%"
