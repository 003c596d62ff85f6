"""The appendix of a report: the tasks done, in rows."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable
from typing import NamedTuple

from django.db import models
from django.db.models import Q

from dossiers.models.reports import Report


class TaskRow(NamedTuple):
    """What a row of the appendix says; a heading has nothing but its name."""

    is_heading: bool
    name: str
    assigned_in: str = ""
    due: str = ""
    done: str = ""
    result: str = ""
    note: str = ""


TEXTS = TaskRow._fields[1:]


def canonical(rows: Iterable[TaskRow]) -> bytes:
    """The same rows give the same bytes."""
    texts = [list(row) for row in rows]
    return json.dumps(texts, ensure_ascii=False, separators=(",", ":")).encode()


def digest(rows: Iterable[TaskRow]) -> str:
    """By which it is seen whether rows are still those that somebody saw."""
    return hashlib.sha256(canonical(rows)).hexdigest()[:24]


def packed(rows: Iterable[TaskRow]) -> bytes:
    """The canonical form, about a tenth of its size."""
    return zlib.compress(canonical(rows), level=3)


def unpacked(content: bytes) -> list[TaskRow]:
    return [TaskRow(*row) for row in json.loads(zlib.decompress(content))]


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

    @property
    def row(self) -> TaskRow:
        return TaskRow(self.is_heading, *(getattr(self, field) for field in TEXTS))


_FIELDS = {field.name: field for field in ReportTask._meta.concrete_fields}
LIMITS = {name: _FIELDS[name].max_length or 0 for name in TEXTS}
LABELS = {name: str(_FIELDS[name].verbose_name).capitalize() for name in TEXTS}
