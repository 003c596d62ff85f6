"""Adding the form of a later decree, and correcting by what law and when a form holds."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction

from campaigns.models import Applies
from dossiers.actions.form_texts import check_editor, keep
from dossiers.actions.reports import Outdated
from dossiers.models import FormSection, ReportForm
from dossiers.models.form_texts import FORM_COLUMNS, Wording, basis_of, tidy, wording_of
from emulation.models import User
from emulation.models.law import Mark
from emulation.vietnamese import short_date

# What is corrected; for which reports a form is chosen stays as it was added.
CORRECTABLE = ("instrument", "article", "valid_from", "valid_to")


class Overlap(models.TextChoices):
    """What becomes of other forms of the same kind and subject that hold on the same days."""

    END = "end", "Mẫu kia hết hiệu lực vào ngày liền trước ngày mẫu này có hiệu lực"
    KEEP = "keep", "Cả hai cùng có hiệu lực; kế hoạch ghi mẫu nào thì dùng mẫu ấy"


@transaction.atomic
def add_form(
    *, source: ReportForm, values: dict[str, Any], overlap: str, by: User, at: datetime
) -> ReportForm:
    """
    A form of its own that reads as `source` does today, not yet checked against any text.

    `values` are its code, number, name and basis. Sent twice, it is added once.
    """
    check_editor(form=source, by=by)
    origin = next(row for row in _locked() if row.pk == source.pk)
    copied = f"Chép từ {origin.cited}, chưa đối chiếu"[:200]
    lines = {name: getattr(origin, name) for name in FORM_COLUMNS}
    lines |= {"mark": Mark.BACKGROUND, "source": copied} | values
    form = ReportForm(**lines, edited=True)
    sections = _copies(origin, form.applies, copied)
    wording = {
        "form": {name: getattr(form, name) for name in FORM_COLUMNS},
        "sections": sections,
        "basis": basis_of(form),
    }
    wording = tidy(wording)
    # Read after the lock was had: who held it may have added this one.
    found = ReportForm.objects.select_related("instrument").filter(code=form.code).first()
    if found:
        first = found.revisions.filter(number=1, saved_by=by).first()
        if first and first.content == wording:
            return found
        raise ValidationError({"code": f"Mã này đã dùng cho {found.cited}."})
    _check_period(form)
    form.full_clean()
    _settle(form, overlap, by=by, at=at)
    form.save()
    for position, section in enumerate(sections, 1):
        fields = {name: value for name, value in section.items() if name != "since"}
        FormSection.objects.create(form=form, position=position, edited=True, **fields)
    form.revisions.create(
        number=1, content=wording, note=f"Thêm từ {origin.cited}", saved_by=by, saved_at=at
    )
    return form


@transaction.atomic
def correct_basis(
    *,
    form: ReportForm,
    revision: int,
    values: dict[str, Any],
    overlap: str,
    note: str,
    by: User,
    at: datetime,
) -> ReportForm:
    """
    Write decree, article and dates over `revision` as the next one; nothing when they are so.

    Papers that were made keep what they say. Raises `Outdated` when the form has moved on.
    """
    check_editor(form=form, by=by)
    now = next(row for row in _locked() if row.pk == form.pk)
    before, period = wording_of(now), (now.valid_from, now.valid_to)
    for name in CORRECTABLE:
        setattr(now, name, values[name])
    if basis_of(now) == before["basis"]:
        return now
    if now.revision != revision:
        raise Outdated("Người khác vừa sửa mẫu này.")
    if not note.strip():
        raise ValidationError({"note": "Hãy ghi lý do sửa."})
    _check_period(now)
    now.full_clean()
    if (now.valid_from, now.valid_to) != period:
        _settle(now, overlap, by=by, at=at)
    now.edited = True
    now.save(update_fields=[*CORRECTABLE, "edited"])
    return keep(form=now, before=before, note=note.strip(), by=by, at=at)


def _locked() -> list[ReportForm]:
    """All of them, so that no other one comes to hold on the same days meanwhile."""
    rows = ReportForm.objects.select_for_update(of=("self",)).select_related("instrument")
    return list(rows.order_by("pk"))


def _check_period(form: ReportForm) -> None:
    first, last = form.valid_from, form.valid_to
    if first and last and last < first:
        raise ValidationError(
            {
                "valid_to": f"Ngày hết hiệu lực ({short_date(last)}) trước ngày có hiệu lực "
                f"({short_date(first)}): hãy xem lại hai ngày."
            }
        )


def _settle(form: ReportForm, overlap: str, *, by: User, at: datetime) -> None:
    """Refuse two forms for the same report on the same day, unless somebody said which holds."""
    rivals = ReportForm.objects.rivals(form).select_related("instrument").order_by("code")
    if overlap == Overlap.KEEP:
        return
    if overlap != Overlap.END:
        told = [_told(form, rival) for rival in rivals]
        if told:
            raise ValidationError({"overlap": told})
        return
    for rival in rivals:
        first = form.valid_from
        if first is None or (rival.valid_from and rival.valid_from >= first):
            raise ValidationError(
                {
                    "overlap": f"{rival.cited} có hiệu lực {rival.period}, không sớm hơn mẫu này "
                    "nên không thể hết hiệu lực trước mẫu này. Hãy sửa ngày của mẫu này."
                }
            )
        before = wording_of(rival)
        rival.valid_to, rival.edited = first - timedelta(days=1), True
        rival.save(update_fields=["valid_to", "edited"])
        note = f"Hết hiệu lực khi có {form.cited}"
        keep(form=rival, before=before, note=note, by=by, at=at)


def _told(form: ReportForm, rival: ReportForm) -> str:
    first = max(form.valid_from or date.min, rival.valid_from or date.min)
    last = min(form.valid_to or date.max, rival.valid_to or date.max)
    both = ReportForm(
        valid_from=None if first == date.min else first, valid_to=None if last == date.max else last
    )
    when = "mọi ngày" if both.period.startswith("không") else both.period
    return (
        f"{rival.cited}, mã {rival.code}, cùng loại và cùng đối tượng, có hiệu lực "
        f"{rival.period}: hai mẫu sẽ cùng có hiệu lực {when}."
    )


def _copies(origin: ReportForm, applies: str, source: str) -> list[dict[str, Any]]:
    """The sections in use, for the subjects that the new form is for."""
    wording: Wording = wording_of(origin)
    found: dict[str, dict[str, Any]] = {}
    for section in wording["sections"]:
        is_meant = applies == Applies.BOTH or section["applies"] in (Applies.BOTH, applies)
        if section["retired"] or not (is_meant or origin.applies != Applies.BOTH):
            continue
        fits = origin.applies == applies == Applies.BOTH
        changed = {"mark": Mark.BACKGROUND, "source": source, "since": None}
        found[section["code"]] = section | changed | ({} if fits else {"applies": applies})
    return list(found.values())
