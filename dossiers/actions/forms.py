"""Writing the report forms."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from dossiers import catalogue
from dossiers.models import FormSection, ReportForm
from emulation.models import Instrument


@transaction.atomic
def load_forms() -> int:
    """Create or refresh the forms of the decrees; rows that the office edited stay."""
    for row in catalogue.FORMS:
        instrument = Instrument.objects.get(code=row["instrument"])
        form = _load(ReportForm, {"code": row["code"]}, row | {"instrument": instrument})
        for position, section in enumerate(catalogue.SECTIONS, 1):
            keys = {"form": form, "code": section["code"], "valid_from": None}
            values = {"position": position, "mark": "B", "source": "Chưa đối chiếu toàn văn mẫu"}
            _load(FormSection, keys, values | section)
    return len(catalogue.FORMS)


def _load(table: type[Any], keys: dict[str, Any], values: dict[str, Any]) -> Any:
    found = table.objects.filter(**keys).first()
    if found is None:
        return table.objects.create(**{**values, **keys})
    if not found.edited:
        for name, value in values.items():
            setattr(found, name, value)
        found.save()
    return found
