"""Taking a report into another form: each text goes under the same heading, none is lost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from dossiers.actions.history import keep_version, keep_what_is_there, rows_of
from dossiers.actions.reports import SAVED, EntryKey, Outdated, checked, locked_open
from dossiers.models import Forms, Report, ReportForm
from dossiers.models.moving import headings_of, leftovers, transfer
from emulation.models import User
from emulation.vietnamese import short_date

SAVED_MEANWHILE = "Người khác vừa lưu báo cáo này. Hãy xem lại rồi làm lại."


@transaction.atomic
def change_form(
    *,
    report: Report,
    form: ReportForm,
    version: int,
    into: Mapping[int, int],
    by: User,
    at: datetime,
) -> Report:
    """
    Take the report, as it stands in `version`, into a form that holds today for its award.

    `into` says under which heading of the new form a text without a place is added, by section;
    the others stay with the report, unprinted. The version before stays in the history.
    """
    now = locked_open(report)
    if now.form_id == form.pk:
        return now
    if now.version != version:
        raise Outdated(SAVED_MEANWHILE)
    on = timezone.localdate(at)
    if form not in Forms(on).fitting(now.nomination):
        raise ValidationError(
            f"Ngày {short_date(on)} không dùng {form.cited} cho báo cáo này được: hãy chọn lại mẫu."
        )
    before = now.form
    _keep_what_stands(now, by=by, at=at)
    plan = transfer(now, form)
    now.form = form
    for entry, place in plan.kept:
        if entry.section_id != place.pk:
            entry.section = place
            entry.save(update_fields=["section"])
    _add(now, {entry.pk: into.get(entry.section_id or 0) for entry in plan.left})
    note = f"Chuyển từ {before.cited} sang {form.cited}"
    return _saved(now, note, by=by, at=at, columns=("form",))


@transaction.atomic
def settle_leftover(
    *, report: Report, section: int, into: int | None, version: int, by: User, at: datetime
) -> Report:
    """Add a text without a place under a heading; without `into` only the history keeps it."""
    now = locked_open(report)
    entry = next((entry for entry in leftovers(now) if entry.section_id == section), None)
    if entry is None:
        return now
    if now.version != version:
        raise Outdated(SAVED_MEANWHILE)
    _keep_what_stands(now, by=by, at=at)
    note = f"{'Chép' if into else 'Cất'} nội dung mục “{entry}” của mẫu trước"
    if into:
        _add(now, {entry.pk: into})
    else:
        entry.delete()
    return _saved(now, note, by=by, at=at)


def _add(report: Report, into: Mapping[int, int | None]) -> None:
    """Put entries, by number, at the end of what stands under headings of the report's form."""
    headings = {heading.pk for heading in headings_of(report.form, report)}
    entries = {entry.pk: entry for entry in report.entries.all()}
    texts = {entry.section_id: entry.text for entry in entries.values()}
    added: dict[EntryKey, str] = {}
    for pk, place in into.items():
        if place is None:
            continue
        if place not in headings:
            raise ValidationError("Mẫu không có mục đã chọn để chép vào: hãy chọn lại.")
        texts[place] = "\n".join(filter(None, (texts.get(place), entries[pk].text)))
        added["section", place] = texts[place]
        entries[pk].delete()
    for (_, place), text in checked(report=report, entries=added).items():
        report.entries.update_or_create(section_id=place, defaults={"text": text})


def _keep_what_stands(report: Report, *, by: User, at: datetime) -> None:
    """Reports that were saved before versions were kept have none yet."""
    if report.version:
        keep_what_is_there(
            report=report,
            rows=rows_of(report),
            by=report.updated_by or by,
            at=report.updated_at or at,
        )


def _saved(
    report: Report, note: str, *, by: User, at: datetime, columns: tuple[str, ...] = ()
) -> Report:
    report.version += 1
    report.updated_at, report.updated_by = at, by
    keep_version(
        report=report, by=by, at=at, columns=(*SAVED, *columns), apart=True, note=note[:300]
    )
    return report
