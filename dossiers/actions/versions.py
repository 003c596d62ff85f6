"""What a report said before: kept with each save, and brought back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from dossiers.actions.reports import EntryKey, save_report, writable_keys
from dossiers.models import Report, ReportVersion
from emulation.models import User


@transaction.atomic
def restore_version(*, version: ReportVersion, over: int, by: User, at: datetime) -> Report:
    """
    Write the texts of an earlier version over version number `over`, which stays in the list.

    A retired heading comes back with its text. Raises `Outdated` when the report has moved
    on meanwhile, and `Refused` when it is no longer open.
    """
    report = Report.objects.select_for_update().get(pk=version.report_id)
    written = (name.partition("-") for name, text in version.texts.items() if text)
    typed = {int(pk) for kind, _, pk in written if kind == "section"}
    entries: dict[EntryKey, str] = {
        key: version.texts.get(f"{key[0]}-{key[1]}", "") for key in writable_keys(report, typed)
    }
    return save_report(report=report, version=over, entries=entries, by=by, at=at, apart=True)
