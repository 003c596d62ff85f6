"""Correcting the wording of report forms: each correction is kept, none changes a paper."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify

from dossiers.actions.reports import Outdated
from dossiers.models import FormRevision, FormSection, ReportForm
from dossiers.models.form_texts import (
    FORM_COLUMNS,
    SECTION_COLUMNS,
    SECTION_IDENTITY,
    Wording,
    faults,
    key_of,
    tidy,
    wording_of,
)
from emulation.models import User
from emulation.vietnamese import fold
from emulation.workflow import Refused

AS_LOADED = "Câu chữ khi nạp mẫu"


@transaction.atomic
def correct_form(
    *, form: ReportForm, revision: int, wording: Wording, note: str, by: User, at: datetime
) -> ReportForm:
    """
    Write `wording` over `revision` as the next one; nothing when it says what the rows say.

    Papers that were made keep what they say. Raises `Outdated` when the form has moved on.
    """
    now = locked_form(form=form, by=by)
    before = wording_of(now)
    wanted = tidy(wording) | {"basis": before["basis"]}
    if wanted == before:
        return now
    if now.revision != revision:
        raise Outdated("Người khác vừa sửa mẫu này.")
    if not note.strip():
        raise ValidationError({"note": "Hãy ghi lý do sửa."})
    write(form=now, wording=wanted)
    return keep(form=now, before=before, note=note.strip(), by=by, at=at)


@transaction.atomic
def restore_form(*, revision: FormRevision, over: int, by: User, at: datetime) -> ReportForm:
    """Write an earlier wording over revision `over`, as a correction like any other.

    Decree and dates stay as they are: they say which form is chosen, not how it reads.
    Sections that came later are retired: they cannot be deleted, somebody may have used them.
    """
    now = locked_form(form=revision.form, by=by)
    kept = {key_of(section) for section in revision.content["sections"]}
    later = [s for s in wording_of(now)["sections"] if key_of(s) not in kept]
    wording = {
        **revision.content,
        "sections": [*revision.content["sections"], *(s | {"retired": True} for s in later)],
    }
    note = f"Khôi phục phiên bản {revision.number}"
    return correct_form(form=now, revision=over, wording=wording, note=note, by=by, at=at)


def write(*, form: ReportForm, wording: Wording) -> None:
    """Put a wording into the rows of a locked form; a row that changes is the office's own now."""
    found = list(faults(wording))
    if found:
        raise ValidationError([fault.message for fault in found])
    _put(form, {name: wording["form"][name] for name in FORM_COLUMNS})
    rows = {
        (row.code, row.valid_from.isoformat() if row.valid_from else None): row
        for row in form.sections.all()
    }
    codes = {code for code, _ in rows}
    for position, section in enumerate(wording["sections"], 1):
        values = {name: section[name] for name in SECTION_COLUMNS}
        row = rows.get(key_of(section))
        if row is None:
            fixed = {name: section[name] for name in SECTION_IDENTITY}
            fixed["code"] = section["code"] or _free_code(section["heading"], codes)
            codes.add(fixed["code"])
            row = FormSection(form=form, **fixed)
        _put(row, values, position=position)


def keep(
    *, form: ReportForm, before: Wording, note: str, by: User | None, at: datetime
) -> ReportForm:
    """Give the form its next revision; `before` is what its rows said until now."""
    if not form.revisions.exists():
        form.revisions.create(
            number=form.revision, content=before, note=AS_LOADED, saved_by=None, saved_at=at
        )
    form.revision += 1
    form.save(update_fields=["revision"])
    form.revisions.create(
        number=form.revision, content=wording_of(form), note=note, saved_by=by, saved_at=at
    )
    return form


def locked_form(*, form: ReportForm, by: User) -> ReportForm:
    """The row, for those who may correct it."""
    check_editor(form=form, by=by)
    return ReportForm.objects.select_for_update().get(pk=form.pk)


def check_editor(*, form: ReportForm, by: User) -> None:
    if not ReportForm.objects.editable_by(by).filter(pk=form.pk).exists():
        raise Refused("Chỉ Văn phòng Sở và quản trị hệ thống sửa mẫu báo cáo.")


def _put(row: ReportForm | FormSection, values: dict[str, Any], **place: int) -> None:
    is_changed = row.pk is None or any(getattr(row, k) != v for k, v in values.items())
    for name, value in (values | place).items():
        setattr(row, name, value)
    if is_changed:
        row.edited = True
        try:
            row.full_clean()
        except ValidationError as error:  # its fields are those of one row among many
            raise ValidationError(error.messages) from None
    if row.pk is None:
        row.save()
    else:
        row.save(update_fields=[*values, *place, "edited"])


def _free_code(heading: str, taken: set[str]) -> str:
    stem = slugify(fold(heading))[:24].strip("-") or "muc"
    return next(code for n in count(1) if (code := stem if n == 1 else f"{stem}-{n}") not in taken)
