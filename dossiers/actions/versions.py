"""What a report said before, brought back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from dossiers.actions.history import keep_version, keep_what_is_there, rows_of
from dossiers.actions.reports import (
    SAVED,
    EntryKey,
    Outdated,
    changed_texts,
    locked_open,
    writable_keys,
    write_texts,
)
from dossiers.actions.tasks import put_rows
from dossiers.models import Report, ReportVersion
from dossiers.models.moving import in_place, leftovers
from emulation.models import User
from emulation.vietnamese import short_date


@transaction.atomic
def restore_version(*, version: ReportVersion, over: int, by: User, at: datetime) -> Report:
    """
    Write what an earlier version says over version number `over`, which stays in the list.

    A retired heading comes back with its text. The appendix stays as it is where the version has
    not kept its rows. Raises `Outdated` when the report has moved on meanwhile, and `Refused` when
    it is no longer open.
    """
    report = locked_open(version.report)
    texts, rest = in_place(report, version.texts)
    written = (name.partition("-") for name, text in texts.items() if text)
    typed = {int(pk) for kind, _, pk in written if kind == "section"}
    entries: dict[EntryKey, str] = {
        key: texts.get(f"{key[0]}-{key[1]}", "") for key in writable_keys(report, typed)
    }
    changed, beside = changed_texts(report, entries), leftovers(report)
    there, rows = rows_of(report), version.rows
    puts_rest = {entry.section_id: entry.text for entry in beside} != rest
    puts_rows = rows is not None and rows != there
    if not (changed or puts_rest or puts_rows):
        return report
    if report.history != over:
        raise Outdated("Người khác vừa lưu báo cáo này.")
    keep_what_is_there(report=report, rows=there, by=by, at=at, note="Trước khi khôi phục bản cũ")
    if puts_rest:
        # What stood in an earlier form and has no place in this one stands beside it again.
        report.entries.filter(pk__in=[entry.pk for entry in beside]).delete()
        for section, text in rest.items():
            report.entries.create(section_id=section, text=text)
    if changed or puts_rest:
        write_texts(report=report, changed=changed, by=by, at=at)
    if rows is not None and puts_rows:
        put_rows(report, rows)
    then = timezone.localtime(version.saved_at)
    keep_version(
        report=report,
        by=by,
        at=at,
        rows=rows if puts_rows else None,
        columns=SAVED if changed or puts_rest else (),
        apart=True,
        note=f"Khôi phục bản lúc {then:%H:%M} ngày {short_date(then)}",
    )
    return report
