"""Units, people, ratings and accounts of the demo."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction

from dossiers.demo.source import day, rows, table
from emulation.actions.accounts import create_account, grant_role
from emulation.models import Individual, Level, Rating, Succession, Unit, User


@transaction.atomic
def load_directory(*, password: str) -> dict[str, int]:
    """What is missing, with what belongs to it; returns how many of each are new."""
    units = _units(rows("units.json"))
    people = _people(rows("people.json"))
    ratings = [*_ratings_of_units(units), *_ratings_of_people(people)]
    Rating.objects.bulk_create(ratings)
    return {
        "đơn vị": len(units),
        "cá nhân": len(people),
        "kết quả xếp loại": len(ratings),
        "tài khoản": _accounts(rows("accounts.json"), password),
    }


def _units(entries: list[dict[str, Any]]) -> list[Unit]:
    """Parents and predecessors stand before the units that name them."""
    known = {unit.code: unit for unit in Unit.objects.order_by("pk")}
    made = []
    for entry in entries:
        if entry["code"] in known:
            continue
        links = {key: known[entry[key]] if entry[key] else None for key in ("agency", "parent")}
        plain = entry.keys() - {*links, "predecessors", "valid_from", "valid_to"}
        unit = Unit.objects.create(
            **{key: entry[key] for key in plain},
            **links,
            valid_from=day(entry["valid_from"]),
            valid_to=day(entry["valid_to"]),
        )
        Succession.objects.bulk_create(
            Succession(
                successor=unit,
                predecessor=known[before["code"]],
                kind=before["kind"],
                effective_date=before["effective_date"],
                ground=before["ground"],
            )
            for before in entry["predecessors"]
        )
        known[unit.code] = unit
        made.append(unit)
    return made


def _people(entries: list[dict[str, Any]]) -> list[tuple[Individual, dict[str, str]]]:
    """The new people, each with the levels of its yearly ratings."""
    units = {unit.code: unit for unit in Unit.objects.order_by("pk")}
    known = set(Individual.objects.order_by("pk").values_list("agency__code", "staff_code"))
    made = []
    for entry in entries:
        if (entry["agency"], entry["staff_code"]) in known:
            continue
        plain = entry.keys() - {"agency", "unit", "birth_date", "ratings"}
        person = Individual.objects.create(
            **{key: entry[key] for key in plain},
            agency=units[entry["agency"]],
            unit=units[entry["unit"]],
            birth_date=day(entry["birth_date"]),
        )
        made.append((person, entry["ratings"]))
    return made


def _ratings_of_units(units: list[Unit]) -> Iterator[Rating]:
    levels = table("ratings.json")["units"]
    for unit in units:
        for year, level in levels.get(unit.code, {}).items():
            yield Rating(unit=unit, **_decided("units", unit, int(year), level))


def _ratings_of_people(people: list[tuple[Individual, dict[str, str]]]) -> Iterator[Rating]:
    for person, levels in people:
        for year, level in levels.items():
            yield Rating(individual=person, **_decided("people", person.unit, int(year), level))


def _decided(subject: str, unit: Unit, year: int, level: str) -> dict[str, Any]:
    """A level with the decision that gave it to the units, or the people, of `unit` that year."""
    [decision] = (
        row
        for row in table("ratings.json")["decisions"]
        if row["subject"] == subject and row["year"] == year and unit.code in row["units"]
    )
    return {
        "year": year,
        "level": Level[level.upper()],
        "decision_number": decision["number"],
        "decision_date": day(decision["date"]),
        "issuer": decision["issuer"],
    }


def _accounts(entries: list[dict[str, Any]], password: str) -> int:
    known = set(User.objects.order_by("pk").values_list("username", flat=True))
    missing = [entry for entry in entries if entry["username"] not in known]
    if not missing:
        return 0
    people = {person.staff_code: person for person in Individual.objects.order_by("pk")}
    units = {unit.code: unit for unit in Unit.objects.order_by("pk")}
    for entry in missing:
        username = entry["username"]
        account = create_account(
            individual=people[entry["person"]],
            username=username,
            email=f"{username}@thidua.example",
        )
        for role in entry["roles"]:
            since = day(role["valid_from"])
            assert since
            grant_role(
                account=account,
                role=role["role"],
                unit=units[role["unit"]],
                valid_from=since,
                valid_to=day(role["valid_to"]),
            )
    # One hash for all: a good hasher takes its time, and the password is the same.
    new = [entry["username"] for entry in missing]
    User.objects.filter(username__in=new).update(password=make_password(password))
    return len(missing)
