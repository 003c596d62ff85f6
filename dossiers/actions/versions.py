"""What a report said before: kept with each save, and brought back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from dossiers.actions.reports import EntryKey, locked_open, save_report, writable_keys
from dossiers.models import Report, ReportVersion
from dossiers.models.moving import in_place, leftovers
from emulation.models import User


@transaction.atomic
def restore_version(*, version: ReportVersion, over: int, by: User, at: datetime) -> Report:
    """
    Write the texts of an earlier version over version number `over`, which stays in the list.

    A retired heading comes back with its text. Raises `Outdated` when the report has moved
    on meanwhile, and `Refused` when it is no longer open.
    """
    report = locked_open(version.report)
    texts, rest = in_place(report, version.texts)
    written = (name.partition("-") for name, text in texts.items() if text)
    typed = {int(pk) for kind, _, pk in written if kind == "section"}
    entries: dict[EntryKey, str] = {
        key: texts.get(f"{key[0]}-{key[1]}", "") for key in writable_keys(report, typed)
    }
    if report.version == over:
        # What stood in an earlier form and has no place in this one stands beside it again.
        report.entries.filter(pk__in=[entry.pk for entry in leftovers(report)]).delete()
        for section, text in rest.items():
            report.entries.create(section_id=section, text=text)
    return save_report(report=report, version=over, entries=entries, by=by, at=at, apart=True)
