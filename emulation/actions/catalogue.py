"""Writing the catalogue of law: loaded from the texts, corrected by the office."""

from __future__ import annotations

import re
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils.text import slugify

from emulation import catalogue
from emulation.models import BaseSalary, Instrument, PrizeCoefficient, Title, VotingRule
from emulation.models.law import LawRow
from emulation.vietnamese import fold

NUMBER = re.compile(r"([0-9]+)/([0-9]{4})/(\S+)")
R = TypeVar("R", bound=LawRow)


@transaction.atomic
def load_catalogue() -> dict[str, int]:
    """Create or refresh the catalogue; rows that the office edited stay. Returns rows by table."""
    instruments = {row["code"]: _load_instrument(row) for row in catalogue.INSTRUMENTS}
    for row in catalogue.INSTRUMENTS:
        instruments[row["code"]].replaces.set(
            [instruments[code] for code in row.get("replaces", [])]
        )

    def with_instrument(row: dict[str, Any]) -> dict[str, Any]:
        return row | {"instrument": instruments[row["instrument"]]}

    for position, row in enumerate(catalogue.TITLES):
        _load(Title, ("code", "valid_from"), with_instrument(row) | {"position": position})
    for row in catalogue.COEFFICIENTS:
        _load(PrizeCoefficient, ("title_code", "subject", "valid_from"), with_instrument(row))
    for row in catalogue.BASE_SALARIES:
        _load(BaseSalary, ("valid_from",), row)
    for row in catalogue.VOTING_RULES:
        _load(VotingRule, ("title_code", "valid_from"), with_instrument(row))
    tables: tuple[type[models.Model], ...] = (
        Instrument,
        Title,
        PrizeCoefficient,
        BaseSalary,
        VotingRule,
    )
    return {str(t._meta.verbose_name): t._default_manager.count() for t in tables}


def _load_instrument(row: dict[str, Any]) -> Instrument:
    values = {key: value for key, value in row.items() if key != "replaces"}
    return _load(Instrument, ("code",), values)


def _load(table: type[R], keys: tuple[str, ...], row: dict[str, Any]) -> R:
    found = table._default_manager.filter(**{key: row.get(key) for key in keys}).first()
    if found is None:
        return table._default_manager.create(**row)
    if not found.edited:
        for name, value in row.items():
            setattr(found, name, value)
        found.save()
    return found


@transaction.atomic
def edit_law_row(*, row: LawRow, fields: dict[str, Any]) -> LawRow:
    """Correct a row by hand; from then on loading the catalogue leaves it alone."""
    locked = type(row)._default_manager.select_for_update().get(pk=row.pk)
    for name, value in fields.items():
        setattr(locked, name, value)
    locked.edited = True
    locked.full_clean()
    locked.save(update_fields=[*fields, "edited"])
    return locked


@transaction.atomic
def add_instrument(*, fields: dict[str, Any]) -> Instrument:
    """A law or decree that has come since; loading the catalogue leaves it alone."""
    values = {name: value for name, value in fields.items() if name != "replaces"}
    row = Instrument(**values, code=_code_of(values["number"]), edited=True)
    twin = Instrument.objects.filter(Q(code=row.code) | Q(number__iexact=row.number)).first()
    if twin and twin.edited and all(getattr(twin, k) == v for k, v in values.items()):
        return twin  # sent twice
    if twin:
        raise ValidationError({"number": f"Danh mục đã có văn bản số {twin.number}."})
    row.full_clean()
    row.save()
    row.replaces.set(fields["replaces"])
    return row


def _code_of(number: str) -> str:
    """As those that are delivered have it: nd-152-2025 for 152/2025/NĐ-CP."""
    parts = NUMBER.fullmatch(number)
    if parts is None:
        return slugify(fold(number))[:40].strip("-")
    kind = "luat" if parts[3].startswith("QH") else fold(parts[3].partition("-")[0]).lower()
    return f"{kind}-{parts[1]}-{parts[2]}"
