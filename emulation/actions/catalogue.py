"""Writing the catalogue of law: loaded from the texts, corrected by the office."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import models, transaction

from emulation import catalogue
from emulation.models import BaseSalary, Instrument, PrizeCoefficient, Title, VotingRule
from emulation.models.law import LawRow

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
