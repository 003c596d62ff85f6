"""The appendix of tasks done: its rows one by one, or all at once from a spreadsheet.

All of it is kept in the history of the report, but none is a new version of its texts, so that
whoever writes those at the same time is not interrupted.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from dossiers import prose
from dossiers.actions.history import keep_version, keep_what_is_there, rows_of
from dossiers.actions.reports import Outdated, locked_open
from dossiers.models import Report, ReportTask, TaskRow
from dossiers.models.tasks import LABELS, LIMITS, TEXTS, digest
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
    """What is wrong with a tidied row, by field, in the order of the columns."""
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
    return {field: found[field] for field in TEXTS if field in found}


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
    made = now.tasks.create(position=count + 1, **row._asdict())
    _keep(now, by=by, at=at)
    return made


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
    is_moved = place is not None and _put(now, place)
    if row != stored or is_moved:
        _keep(now.report, by=by, at=at)
    return now


@transaction.atomic
def move_task(*, task: ReportTask, place: int, by: User, at: datetime) -> None:
    """Put a row at a place, counted from 1; the others close up."""
    now = _locked(task)
    if _put(now, place):
        _keep(now.report, by=by, at=at)


@transaction.atomic
def remove_task(*, task: ReportTask, by: User, at: datetime) -> None:
    now = _locked(task)
    now.report.tasks.filter(position__gt=now.position).update(position=F("position") - 1)
    now.delete()
    _keep(now.report, by=by, at=at)


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
    stored = rows_of(now)
    if digest(stored) != seen:
        before = stored[: -len(rows)] if keep else []
        if rows and stored[len(before) :] == rows and (not keep or digest(before) == seen):
            return False
        raise Outdated("Phụ lục đã thay đổi từ khi bạn xem trước.")
    if not rows:
        raise Refused("Không có dòng nào để nhập.")
    _check_count(len(rows) + (len(stored) if keep else 0))
    keep_what_is_there(report=now, rows=stored, by=by, at=at, note="Trước khi nhập từ Excel")
    if keep:
        _append(now, rows, after=len(stored))
    else:
        put_rows(now, rows)
    note = f"Nhập {number(len(rows))} dòng từ Excel"
    after = [*stored, *rows] if keep else rows
    keep_version(report=now, by=by, at=at, rows=after, apart=True, note=note)
    return True


def put_rows(report: Report, rows: Sequence[TaskRow]) -> None:
    """Make them the appendix of a locked report, in place of all that is there."""
    report.tasks.all().delete()
    _append(report, rows, after=0)


def _append(report: Report, rows: Sequence[TaskRow], *, after: int) -> None:
    ReportTask.objects.bulk_create(
        (
            ReportTask(report=report, position=position, **row._asdict())
            for position, row in enumerate(rows, after + 1)
        ),
        batch_size=500,
    )


def _keep(report: Report, *, by: User, at: datetime) -> None:
    keep_version(report=report, by=by, at=at, rows=rows_of(report))


def _locked(task: ReportTask) -> ReportTask:
    """The row as it is now, its report locked."""
    report = locked_open(task.report)
    found = report.tasks.filter(pk=task.pk).first()
    if found is None:
        raise Refused("Dòng này không còn trong phụ lục.")
    return found


def _put(task: ReportTask, place: int) -> bool:
    """False if it stands there already."""
    rows = task.report.tasks
    place = max(1, min(place, rows.count()))
    if place < task.position:
        between = rows.filter(position__gte=place, position__lt=task.position)
        between.update(position=F("position") + 1)
    elif place > task.position:
        between = rows.filter(position__gt=task.position, position__lte=place)
        between.update(position=F("position") - 1)
    else:
        return False
    rows.filter(pk=task.pk).update(position=place)
    task.position = place
    return True


def _checked(row: TaskRow) -> TaskRow:
    row = tidied(row)
    wrong = faults(row)
    if wrong:
        raise ValidationError(wrong)
    return row


def _check_count(count: int) -> None:
    if count > MAX_TASKS:
        raise Refused(f"Phụ lục tối đa {number(MAX_TASKS)} dòng, như vậy thành {number(count)}.")
