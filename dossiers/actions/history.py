"""What a report said before: its texts and the rows of its appendix, version by version."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from dossiers.models import Report, ReportVersion, TaskRow
from dossiers.models.tasks import digest, packed
from emulation.models import User

# What one person saves within this time is one version.
SITTING = timedelta(minutes=10)
# As many versions as the page of versions lists: older ones keep their texts alone, so that an
# appendix of thousands of rows does not grow without end.
APPENDICES = 50


def rows_of(report: Report) -> list[TaskRow]:
    fields = report.tasks.order_by("position", "pk").values_list(*TaskRow._fields)
    return [TaskRow(*row) for row in fields]


def keep_version(
    *,
    report: Report,
    by: User,
    at: datetime,
    rows: Sequence[TaskRow] | None = None,
    columns: Sequence[str] = (),
    apart: bool = False,
    note: str = "",
) -> None:
    """
    Keep a locked report as it is now: in the version of this sitting, else in a new one.

    `rows` are those of the appendix if they changed. `apart` makes it a version of its own, also
    within one sitting. What changed in `columns` of the report is saved with it: a second update
    in one transaction would have PostgreSQL lock the nomination, against the order of locks.
    """
    last = report.versions.defer("texts", "tasks").first()
    report.history += 1
    report.save(update_fields=["history", *columns])
    values = _values(report, rows=rows, last=last, at=at)
    if last and last.saved_by_id == by.pk and at - last.began_at < SITTING and not apart:
        report.versions.filter(pk=last.pk).update(**values)
        return
    if last and "tasks" not in values:
        names = ("tasks", "task_count", "tasks_digest")
        values |= report.versions.values(*names).get(pk=last.pk)
    report.versions.create(**values, saved_by=by, began_at=at, note=note)
    _forget_rows(report)


def keep_what_is_there(
    *, report: Report, rows: Sequence[TaskRow], by: User, at: datetime, note: str = ""
) -> None:
    """
    Make sure that a locked report is the last version as it is, before something changes it.

    `keep_version` has to follow, which saves the report.
    """
    last = report.versions.defer("tasks").first()
    if last and last.tasks_digest == digest(rows) and last.texts == _texts(report):
        return
    report.history += 1
    values = _values(report, rows=rows, last=last, at=at)
    report.versions.create(**values, saved_by=by, began_at=at, note=note)


def _values(
    report: Report, *, rows: Sequence[TaskRow] | None, last: ReportVersion | None, at: datetime
) -> dict[str, Any]:
    """Without rows where those of the last version still hold."""
    values: dict[str, Any] = {"version": report.history, "texts": _texts(report), "saved_at": at}
    if rows is None and (last is None or last.task_count is None):
        rows = rows_of(report)
    if rows is not None:
        values |= {"tasks": packed(rows), "task_count": len(rows), "tasks_digest": digest(rows)}
    return values


def _texts(report: Report) -> dict[str, str]:
    return {entry.key: entry.text for entry in report.entries.all()}


def _forget_rows(report: Report) -> None:
    numbers = report.versions.values_list("version", flat=True)
    for number in numbers[APPENDICES : APPENDICES + 1]:
        old = ReportVersion.objects.filter(report=report, version__lte=number)
        old.exclude(tasks=None).update(tasks=None, task_count=None, tasks_digest="")
