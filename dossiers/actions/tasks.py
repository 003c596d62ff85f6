"""The appendix of tasks done: its rows one by one, or all at once from a spreadsheet.

None of this is a new version of the report's texts, so that whoever writes those at the same time
is not interrupted.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from dossiers import prose
from dossiers.actions.reports import Outdated, locked_open
from dossiers.models import Report, ReportTask, TaskRow
from dossiers.models.tasks import LABELS, LIMITS, TEXTS
from emulation.models import User
from emulation.printable import why_unprintable
from emulation.vietnamese import number
from emulation.workflow import Refused

MAX_TASKS = 5000


def tidied(row: TaskRow) -> TaskRow:
    """As it is stored: NFC, plain spaces; a heading keeps its name alone."""
    texts = [prose.normal(text) for text in row[1:]]
    return TaskRow(True, texts[0]) if row.is_heading else TaskRow(False, *texts)


def faults(row: TaskRow) -> dict[str, str]:
    """What is wrong with a tidied row, by field."""
    found = {
        field: f"{LABELS[field]} dài {number(len(text))} ký tự, tối đa {LIMITS[field]}."
        for field, text in zip(TEXTS, row[1:], strict=True)
        if len(text) > LIMITS[field]
    }
    for field, text in zip(TEXTS, row[1:], strict=True):
        if reason := why_unprintable(text):
            found.setdefault(field, reason)
    if not row.name:
        found["name"] = "Chưa có nội dung công việc."
    return found


def digest(rows: Iterable[TaskRow]) -> str:
    """By which it is seen whether rows are still those that somebody saw."""
    return hashlib.sha256(json.dumps([list(row) for row in rows]).encode()).hexdigest()[:24]


@transaction.atomic
def add_task(*, report: Report, row: TaskRow, by: User, at: datetime) -> ReportTask:
    """A row after the last one; the same again, as by a second click, is not added twice."""
    now = locked_open(report)
    row = _checked(row)
    last = now.tasks.last()
    if last and last.row == row:
        return last
    count = now.tasks.count()
    _check_count(count + 1)
    return now.tasks.create(position=count + 1, **row._asdict())


@transaction.atomic
def edit_task(
    *, task: ReportTask, row: TaskRow, seen: str, place: int | None = None, by: User, at: datetime
) -> ReportTask:
    """Write over what was `seen`, else raise `Outdated`; put it at `place` if one is given."""
    now = _locked(task)
    row, stored = _checked(row), now.row
    if row != stored:
        if digest([stored]) != seen:
            raise Outdated("Người khác vừa sửa dòng này.")
        for field, value in row._asdict().items():
            setattr(now, field, value)
        now.save(update_fields=TaskRow._fields)
    if place is not None:
        _put(now, place)
    return now


@transaction.atomic
def move_task(*, task: ReportTask, place: int, by: User, at: datetime) -> None:
    """Put a row at a place, counted from 1; the others close up."""
    _put(_locked(task), place)


@transaction.atomic
def remove_task(*, task: ReportTask, by: User, at: datetime) -> None:
    now = _locked(task)
    now.report.tasks.filter(position__gt=now.position).update(position=F("position") - 1)
    now.delete()


@transaction.atomic
def import_tasks(
    *, report: Report, rows: Sequence[TaskRow], keep: bool, seen: str, by: User, at: datetime
) -> bool:
    """
    Put `rows` after those that are there if these are kept, else in their place.

    `seen` is the digest of the rows that were there when somebody decided. False if it was done
    already, as by a second click; `Outdated` if there are others now.
    """
    now = locked_open(report)
    rows = [_checked(row) for row in rows]
    stored = [task.row for task in now.tasks.all()]
    if digest(stored) != seen:
        before = stored[: -len(rows)] if keep else []
        if rows and stored[len(before) :] == rows and (not keep or digest(before) == seen):
            return False
        raise Outdated("Phụ lục đã thay đổi từ khi bạn xem trước.")
    if not rows:
        raise Refused("Không có dòng nào để nhập.")
    _check_count(len(rows) + (len(stored) if keep else 0))
    if not keep:
        now.tasks.all().delete()
    first = len(stored) + 1 if keep else 1
    ReportTask.objects.bulk_create(
        (
            ReportTask(report=now, position=position, **row._asdict())
            for position, row in enumerate(rows, first)
        ),
        batch_size=500,
    )
    return True


def _locked(task: ReportTask) -> ReportTask:
    """The row as it is now, its report locked."""
    report = locked_open(task.report)
    found = report.tasks.filter(pk=task.pk).first()
    if found is None:
        raise Refused("Dòng này không còn trong phụ lục.")
    return found


def _put(task: ReportTask, place: int) -> None:
    rows = task.report.tasks
    place = max(1, min(place, rows.count()))
    if place < task.position:
        between = rows.filter(position__gte=place, position__lt=task.position)
        between.update(position=F("position") + 1)
    elif place > task.position:
        between = rows.filter(position__gt=task.position, position__lte=place)
        between.update(position=F("position") - 1)
    else:
        return
    rows.filter(pk=task.pk).update(position=place)
    task.position = place


def _checked(row: TaskRow) -> TaskRow:
    row = tidied(row)
    wrong = faults(row)
    if wrong:
        raise ValidationError(wrong)
    return row


def _check_count(count: int) -> None:
    if count > MAX_TASKS:
        raise Refused(f"Phụ lục tối đa {number(MAX_TASKS)} dòng, như vậy thành {number(count)}.")
