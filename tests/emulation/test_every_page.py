"""What holds for people, units, catalogue and accounts: reach, cost, no code is shown."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from emulation.models import Succession, Title, Unit, User
from tests.conftest import ClientFor, People
from tests.emulation.pages import names, text_of
from tests.factories import make_individual, make_rating, make_unit, make_user


@pytest.mark.parametrize(
    "name", ["emulation:unit", "emulation:person", "emulation:account", "emulation:grant_create"]
)
def test_a_stranger_finds_nothing(people: People, client_for: ClientFor, name: str) -> None:
    admin = make_user("ADMIN", people.stranger.agency)  # type: ignore[arg-type]
    assert people.head.individual
    arguments: dict[str, Any] = {
        "emulation:unit": {"code": people.unit.code},
        "emulation:person": {"pk": people.head.individual.pk},
        "emulation:account": {"pk": people.head.pk},
        "emulation:grant_create": {"pk": people.head.pk},
    }
    for user in (people.stranger, admin):
        client = client_for(user)
        url = reverse(name, kwargs=arguments[name])
        statuses = {client.post(url, {"act": "close"}).status_code}
        if name != "emulation:grant_create":
            statuses.add(client.get(url).status_code)
        assert statuses <= ({404, 405} if user is admin else {403, 404, 405})
    assert User.objects.get(pk=people.head.pk).is_active
    assert people.unit.name not in text_of(client_for(admin), reverse("emulation:units"))


def test_without_a_role_the_lists_are_empty(people: People, client_for: ClientFor) -> None:
    people.office.role_grants.all().delete()
    client = client_for(people.office)
    assert names(client) == []
    assert "Không có đơn vị nào" in text_of(client, reverse("emulation:units"))
    for url in (
        reverse("emulation:unit", kwargs={"code": people.unit.code}),
        reverse("emulation:person", kwargs={"pk": people.office.individual_id}),
    ):
        assert client.get(url).status_code == 404


def test_a_role_that_has_ended_opens_nothing(people: People, client_for: ClientFor) -> None:
    people.head.role_grants.update(valid_to=date(2025, 6, 30))
    client = client_for(people.head)
    assert names(client) == []
    url = reverse("emulation:unit", kwargs={"code": people.unit.code})
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("name", ["people", "units", "catalogue", "accounts", "unit"])
def test_a_list_costs_the_same_for_one_row_and_for_six(
    people: People, client_for: ClientFor, name: str
) -> None:
    def cost() -> int:
        url = reverse(f"emulation:{name}", kwargs={"code": "mot"} if name == "unit" else None)
        client = client_for(people.admin)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    def add() -> None:
        unit = make_unit(people.agency, parent=mine)
        make_user("UNIT_HEAD", unit, person=make_individual(mine))
        make_rating(mine, year=2000 + Unit.objects.count())
        Succession.objects.create(
            predecessor=unit, successor=mine, kind="merged", effective_date=date(2025, 7, 1)
        )
        Title.objects.create(
            code=f"t{unit.pk}", kind="title", name="Danh hiệu", decider="agency", mark="V",
            for_individual=True, for_collective=True,
        )  # fmt: skip

    mine = make_unit(people.agency, code="mot")
    add()
    first = cost()
    for _ in range(5):
        add()
    assert cost() == first


def test_no_page_shows_a_raw_code(people: People, client_for: ClientFor, law: None) -> None:
    import re

    make_rating(people.unit)
    client = client_for(people.admin)
    account = reverse("emulation:account", kwargs={"pk": people.head.pk})
    unit = reverse("emulation:unit", kwargs={"code": people.unit.code})
    for url in (account, unit, reverse("emulation:people"), reverse("emulation:catalogue")):
        body = text_of(client, url).partition("<main")[2].partition("</main>")[0]
        words = re.sub(r"<[^>]+>", " ", body)
        assert not re.findall(r"\b[A-Z]+_[A-Z]+\b|\b(?:OFFICE|STAFF|ADMIN)\b|None", words), url
