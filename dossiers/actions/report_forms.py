"""Loading the report forms of the decrees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from dossiers import catalogue
from dossiers.actions.form_texts import AS_LOADED, keep
from dossiers.models import FormSection, ReportForm
from dossiers.models.form_texts import wording_of
from emulation.models import Instrument

AGAIN = "Nạp lại danh mục mẫu"


@dataclass(frozen=True)
class Loaded:
    """How many forms there are, and the rows that were left as the office has corrected them."""

    forms: int
    left: tuple[str, ...]


@transaction.atomic
def load_forms(*, at: datetime) -> Loaded:
    """Create or refresh the forms of the decrees; rows that the office edited stay."""
    left: list[str] = []
    for row in catalogue.FORMS:
        instrument = Instrument.objects.get(code=row["instrument"])
        found = ReportForm.objects.filter(code=row["code"]).first()
        if found and found.revisions.filter(number=1, saved_by__isnull=False).exists():
            left.append(f"{found.code}: mẫu do cơ quan thêm")
            continue
        before = wording_of(found) if found else None
        report_form = _load(ReportForm, {"code": row["code"]}, row | {"instrument": instrument})
        if report_form.edited:
            left.append(f"{report_form.code}: tên mẫu và các dòng chữ")
        left += [
            f"{report_form.code}: mục “{section.heading}”"
            for section in _load_sections(report_form)
        ]
        if before is None:
            report_form.revisions.create(
                number=1, content=wording_of(report_form), note=AS_LOADED, saved_at=at
            )
        elif wording_of(report_form) != before:
            keep(form=report_form, before=before, note=AGAIN, by=None, at=at)
    return Loaded(len(catalogue.FORMS), tuple(left))


def _load_sections(report_form: ReportForm) -> list[FormSection]:
    """The sections that were left alone; the order too is the office's, once it has corrected."""
    left = []
    is_ours = not report_form.revisions.exclude(saved_by=None).exists()
    place = 0
    for position, section in enumerate(
        catalogue.SECTIONS[report_form.kind, report_form.applies], 1
    ):
        keys = {"form": report_form, "code": section["code"], "valid_from": None}
        values = {"mark": "B", "source": "Chưa đối chiếu toàn văn mẫu", **section}
        # A new row at the place of another stands behind it.
        is_new = not FormSection.objects.filter(**keys).exists()
        if is_ours or is_new:
            values["position"] = position if is_ours else place
        row = _load(FormSection, keys, values)
        place = row.position
        if row.edited:
            left.append(row)
    return left


def _load(table: type[Any], keys: dict[str, Any], values: dict[str, Any]) -> Any:
    found = table.objects.filter(**keys).first()
    if found is None:
        return table.objects.create(**{**values, **keys})
    if not found.edited:
        for name, value in values.items():
            setattr(found, name, value)
        found.save()
    return found
