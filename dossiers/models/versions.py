"""What a report and a form said before, and what two reports have in common."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from campaigns.models import Campaign
from dossiers.models.reports import Report, ReportForm


class ReportVersion(models.Model):
    """The texts of a report as one person left them: key such as "section-3" to text."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    texts: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # Saves that follow closely, such as those made while somebody types, are one version.
    began_at = models.DateTimeField()
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = "phiên bản báo cáo"
        ordering = ("-version",)
        constraints = (
            models.UniqueConstraint(name="report_version_once", fields=("report", "version")),
        )

    def __str__(self) -> str:
        return f"Phiên bản {self.version}"


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


class ReportTask(models.Model):
    """A line of the appendix of tasks done (phụ lục công việc), or a heading over some of them."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="tasks")
    position = models.PositiveIntegerField()
    is_heading = models.BooleanField("dòng tiêu đề nhóm", default=False)
    name = models.CharField("công việc, nhiệm vụ", max_length=500)
    assigned_in = models.CharField("văn bản giao, căn cứ", max_length=200, blank=True)
    due = models.CharField("thời hạn", max_length=60, blank=True)
    done = models.CharField("hoàn thành", max_length=60, blank=True)
    result = models.CharField("kết quả, sản phẩm", max_length=500, blank=True)
    note = models.CharField("ghi chú", max_length=200, blank=True)

    class Meta:
        verbose_name = "công việc trong phụ lục"
        ordering = ("position", "pk")
        constraints = (
            models.CheckConstraint(name="report_task_says_what", condition=~Q(name="")),
            models.CheckConstraint(
                name="report_task_heading_alone",
                condition=Q(is_heading=False)
                | Q(assigned_in="", due="", done="", result="", note=""),
            ),
        )

    def __str__(self) -> str:
        return self.name


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
