"""Which rows each person reads and writes in which state: every scope of every model.

The addresses stand in tests/test_access.py; here stand the scopes that they, the lists and the
exports take their rows from. The letters of the persons stand in tests/world.py.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model

from awards.models import Meeting, Nomination
from campaigns.models import Campaign, Registration
from dossiers.models import Batch, Document, Dossier, Register, Report, ReportForm
from emulation.models import Individual, Rating, RoleGrant, Unit, User
from tests.conftest import People
from tests.factories import NOW, make_rating
from tests.world import STATES, World, build

NAMES = {"visible_to", "editable_by", "written_by", "run_by", "overseen_by", "registering"}
AGENCY = "hcnofkda"
# By state, "*" is every other one.
Letters = dict[str, str]


def to_print(world: World) -> Document:
    return Document.objects.create(
        kind="signing",
        campaign=world.campaign,
        batch=world.batch,
        subject="Các trang ký",
        snapshot={},
        created_by=world.people.office,
        created_at=NOW,
    )


def made_since(world: World) -> Document:
    """A paper of the report as it was handed in, if it was."""
    return Document.objects.create(
        kind="report",
        campaign=world.campaign,
        report=world.report,
        subject="Báo cáo thành tích",
        snapshot={},
        created_by=world.people.office,
        created_at=NOW + timedelta(hours=1),
    )


def part_of_a_draft(world: World) -> Document:
    """The report as it lies in a dossier that is being put together."""
    return Document.objects.create(
        kind="report",
        campaign=world.campaign,
        dossier=world.dossier,
        report=world.report,
        subject="Báo cáo thành tích",
        snapshot={},
        created_by=world.people.head,
        created_at=NOW + timedelta(hours=1),
    )


def register(unit: Unit) -> Register:
    return Register.objects.create(unit=unit, year=2026, series="general")


SEEN_BY_READERS = {"plan": "h", "open": "h", "*": "hfkd"}
SEEN_ONCE_SUBMITTED = {"plan": "hn", "open": "hn", "returned": "hn", "*": "hnfkd"}
WHILE_OPEN = {"open": "h", "returned": "h", "*": ""}
TABLE: list[tuple[Any, Callable[[World], Any], dict[str, Letters]]] = [
    (User, lambda w: w.people.head, {"visible_to": {"*": "a"}, "editable_by": {"*": "a"}}),
    (
        Unit,
        lambda w: w.people.unit,
        {"visible_to": {"*": AGENCY}, "editable_by": {"*": "a"}, "registering": {"*": "hf"}},
    ),
    (
        Unit,
        lambda w: w.people.agency,
        {"visible_to": {"*": AGENCY}, "editable_by": {"*": "a"}, "registering": {"*": "f"}},
    ),
    (
        Individual,
        lambda w: w.people.staff.individual,
        {"visible_to": {"*": "hnfkda"}, "editable_by": {"*": "a"}},
    ),
    (
        Rating,
        lambda w: Rating.objects.get(individual=w.people.staff.individual),
        {"visible_to": {"*": "hnfkda"}},
    ),
    (Rating, lambda w: make_rating(w.people.unit), {"visible_to": {"*": AGENCY}}),
    (
        Campaign,
        lambda w: w.campaign,
        {
            "visible_to": {"plan": "fd", "*": AGENCY},
            "editable_by": {"plan": "f", "*": ""},
            "run_by": {"*": "f"},
            "overseen_by": {"*": "fd"},
        },
    ),
    (
        Registration,
        lambda w: w.registration,
        {"visible_to": {"plan": "h", "open": "h", "*": "hfd"}, "editable_by": WHILE_OPEN},
    ),
    (
        Meeting,
        lambda w: w.meeting,
        {"visible_to": SEEN_BY_READERS, "editable_by": {"open": "h", "*": ""}},
    ),
    (
        Nomination,
        lambda w: w.nomination,
        {"visible_to": SEEN_ONCE_SUBMITTED, "editable_by": {"open": "h", "*": ""}},
    ),
    (
        Report,
        lambda w: w.report,
        {
            "visible_to": SEEN_ONCE_SUBMITTED,
            "editable_by": {"open": "hn", "returned": "hn", "*": ""},
            "written_by": {"*": "hn"},
        },
    ),
    (Dossier, lambda w: w.dossier, {"visible_to": SEEN_BY_READERS, "editable_by": WHILE_OPEN}),
    (
        Document,
        lambda w: w.document,
        # In a returned dossier it is a draft.
        {"visible_to": {"plan": "h", "open": "h", "returned": "h", "*": "hfkd"}},
    ),
    # Made before the report was handed in, it may say what was taken out of it since.
    (Document, lambda w: w.report_document, {"visible_to": {"*": "hn"}}),
    (Document, made_since, {"visible_to": SEEN_ONCE_SUBMITTED}),
    (Document, part_of_a_draft, {"visible_to": {"*": "h"}}),
    (Document, to_print, {"visible_to": {"*": "f"}}),
    (Batch, lambda w: w.batch, {"visible_to": {"*": "f"}}),
    (Register, lambda w: register(w.people.unit), {"visible_to": {"*": "hf"}}),
    (Register, lambda w: register(w.people.agency), {"visible_to": {"*": "f"}}),
    (
        ReportForm,
        lambda w: w.section.form,
        {"visible_to": {"*": "hcnoxfkdaz"}, "editable_by": {"*": "fa"}},
    ),
]


def finds(user: User, model: Any, scope: str, row: Model) -> bool:
    """Asked as in a request of its own: what a user may do is kept with the user."""
    fresh = User.objects.get(pk=user.pk)
    return bool(getattr(model.objects.all(), scope)(fresh).filter(pk=row.pk).exists())


def test_every_scope_stands_in_the_table() -> None:
    there = {
        (model, name)
        for app in ("emulation", "campaigns", "awards", "dossiers")
        for model in apps.get_app_config(app).get_models()
        for name in NAMES
        if hasattr(model._default_manager.all(), name)
    }
    assert there == {(model, name) for model, _, scopes in TABLE for name in scopes}


@pytest.mark.parametrize("state", STATES)
def test_scopes(state: str, people: People) -> None:
    world, wrong = build(state, people), []
    for model, row_of, scopes in TABLE:
        row = row_of(world)
        for name, letters in scopes.items():
            found = "".join(c for c, u in world.persons.items() if finds(u, model, name, row))
            if sorted(found) != sorted(letters.get(state, letters.get("*", ""))):
                wrong.append(f"{row!r}.{name}: {found}")
    assert not wrong


def test_a_role_that_has_ended_finds_nothing(people: People) -> None:
    """The law alone is for everybody."""
    world = build("accepted", people)
    rows = [(model, row_of(world), scopes) for model, row_of, scopes in TABLE]
    RoleGrant.objects.update(valid_to=date(2020, 12, 31))
    for model, row, scopes in rows:
        for name in set(scopes) - ({"visible_to"} if model is ReportForm else set()):
            for letter, user in world.persons.items():
                assert not finds(user, model, name, row), f"{letter}: {row!r}.{name}"


def test_who_was_nominated_and_works_elsewhere_now_reads_no_case_here(people: People) -> None:
    world = build("open", people)
    RoleGrant.objects.filter(user=people.staff).update(unit=people.stranger.agency)
    for model in (Nomination, Report):
        row = world.nomination if model is Nomination else world.report
        assert not finds(people.staff, model, "visible_to", row)
    assert not finds(people.staff, Report, "written_by", world.report)


def test_the_report_of_who_was_not_chosen_is_written_no_further(people: People) -> None:
    world = build("open", people)
    assert finds(people.head, Report, "editable_by", world.report)
    Nomination.objects.update(state="not_chosen")
    for user in (people.head, people.staff):
        assert not finds(user, Report, "editable_by", world.report)
