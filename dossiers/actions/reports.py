"""Writing achievement reports."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Literal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from awards.models import Nomination
from dossiers import prose
from dossiers.actions.history import keep_version
from dossiers.models import Forms, FormSection, Report, ReportEntry, sections_for
from dossiers.workflow import not_running
from emulation.models import User
from emulation.printable import why_unprintable
from emulation.workflow import Refused

# A heading of the form, or a statement that the plan asks for, by primary key.
EntryKey = tuple[Literal["section", "statement"], int]
WRITTEN = FormSection.WRITTEN
WRITABLE = (Nomination.State.PROPOSED, Nomination.State.CHOSEN)
MAX_CHARS = 30_000
# Word opens no file with a table of more.
MAX_COLUMNS = 63


# Of the report, with every save of its texts.
SAVED = ("version", "updated_at", "updated_by")


class Outdated(Refused):
    """Somebody else saved since the form was opened; nothing was written."""


@transaction.atomic
def start_report(*, nomination: Nomination, by: User, at: datetime) -> Report:
    """The nomination's report, begun now unless it exists already."""
    now = Nomination.objects.select_for_update().get(pk=nomination.pk)
    found = Report.objects.filter(nomination=now).first()
    if found:
        return found
    if now.unit_id not in by.unit_ids and (
        now.individual_id is None or now.individual_id != by.individual_id
    ):
        raise Refused("Chỉ trưởng đơn vị và người được đề cử lập báo cáo thành tích.")
    if now.state not in WRITABLE:
        raise Refused(f"Đề cử đang ở trạng thái “{now.get_state_display()}” nên không lập báo cáo.")
    reason = not_running(now.campaign)
    if reason:
        raise Refused(reason)
    choice = Forms(timezone.localdate(at)).choose(now)
    if choice.form is None:
        raise Refused(choice.reason)
    return Report.objects.create(nomination=now, form=choice.form)


def locked_open(report: Report) -> Report:
    """The report under a lock; refused once it is no longer written."""
    now = Report.objects.select_for_update().get(pk=report.pk)
    reason = not_running(now.nomination.campaign)
    if now.nomination.state not in WRITABLE:
        state = now.nomination.get_state_display()
        reason = f"Đề cử đang ở trạng thái “{state}” nên báo cáo không sửa được."
    if now.locked_at is not None:
        reason = "Báo cáo đã trình cùng hồ sơ nên không còn sửa được."
    if reason:
        raise Refused(reason)
    return now


@transaction.atomic
def save_report(
    *, report: Report, version: int, entries: Mapping[EntryKey, str], by: User, at: datetime
) -> Report:
    """Write the given texts over `version`; an empty text takes the entry away.

    Raises `Outdated` when the report has moved on and the texts differ from what it holds now.
    """
    now = locked_open(report)
    changed = changed_texts(now, entries)
    if not changed:
        return now
    if now.version != version:
        raise Outdated("Người khác vừa lưu báo cáo này.")
    write_texts(report=now, changed=changed, by=by, at=at)
    keep_version(report=now, by=by, at=at, columns=SAVED)
    return now


def changed_texts(report: Report, entries: Mapping[EntryKey, str]) -> dict[EntryKey, str]:
    """Those of the texts that are not what the report holds; raises `ValidationError`."""
    texts = checked(report=report, entries=entries)
    stored = {_key(entry): entry.text for entry in report.entries.all()}
    return {key: text for key, text in texts.items() if text != stored.get(key, "")}


def write_texts(*, report: Report, changed: Mapping[EntryKey, str], by: User, at: datetime) -> None:
    """Write checked texts into a locked report, whose columns `SAVED` are then to be saved."""
    stored = {_key(entry): entry for entry in report.entries.all()}
    for key, text in changed.items():
        _write(report, key, text, stored.get(key))
    report.version += 1
    report.updated_at, report.updated_by = at, by


def writable_keys(report: Report, typed: Collection[int] = ()) -> set[EntryKey]:
    """The headings under which somebody writes, and retired ones with the `typed` numbers."""
    found: set[EntryKey] = {
        ("section", section.pk)
        for section in sections_for(report, typed)
        if section.kind in WRITTEN
    }
    return found | {("statement", s.pk) for s in report.nomination.campaign.statements.all()}


def _key(entry: ReportEntry) -> EntryKey:
    if entry.section_id:
        return ("section", entry.section_id)
    assert entry.statement_id
    return ("statement", entry.statement_id)


def checked(*, report: Report, entries: Mapping[EntryKey, str]) -> dict[EntryKey, str]:
    typed = {pk for (kind, pk), text in entries.items() if kind == "section" and text.strip()}
    if not set(entries) <= writable_keys(report, typed):
        raise ValidationError("Mẫu báo cáo đã thay đổi: hãy tải lại trang rồi lưu lại.")
    texts = {key: prose.normal(text) for key, text in entries.items()}
    long = [key for key, text in texts.items() if len(text) > MAX_CHARS]
    if long:
        message = f"Nội dung quá dài: mỗi mục tối đa {MAX_CHARS // 1000}.000 ký tự."
        raise ValidationError({f"{kind}-{pk}": message for kind, pk in long})
    wide = [key for key, text in texts.items() if _columns(text) > MAX_COLUMNS]
    if wide:
        message = f"Bảng quá rộng: mỗi bảng tối đa {MAX_COLUMNS} cột."
        raise ValidationError({f"{kind}-{pk}": message for kind, pk in wide})
    odd = {key: reason for key, text in texts.items() if (reason := why_unprintable(text))}
    if odd:
        raise ValidationError({f"{kind}-{pk}": reason for (kind, pk), reason in odd.items()})
    return texts


def _columns(text: str) -> int:
    """How many the widest table has."""
    tables = (block["rows"][0] for block in prose.blocks(text) if block["kind"] == "table")
    return max(map(len, tables), default=0)


def _write(report: Report, key: EntryKey, text: str, entry: ReportEntry | None) -> None:
    if not text:
        if entry:
            entry.delete()
    elif entry:
        entry.text = text
        entry.save(update_fields=["text"])
    else:
        kind, pk = key
        report.entries.create(**{f"{kind}_id": pk}, text=text)
