"""The organisation by address: the tree as it stood on a day, and what continues what."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from emulation.models import Succession, Unit
from tests.conftest import ClientFor, People
from tests.emulation.pages import text_of
from tests.factories import make_unit


@pytest.fixture
def reform(people: People) -> tuple[Unit, Unit, Unit]:
    """A district's office that two communes continue from 1 July 2025."""
    kind = Unit.Kind.COMMUNE_DEPARTMENT
    old = make_unit(
        people.agency, name="Phòng Nội vụ huyện Cao Lộc", kind=Unit.Kind.DISTRICT_DEPARTMENT,
        valid_to=date(2025, 6, 30), code="phong-noi-vu-cao-loc",
    )  # fmt: skip
    one, other = (
        make_unit(
            people.agency,
            name=f"Phòng Văn hóa - Xã hội {place}",
            kind=kind,
            valid_from=date(2025, 7, 1),
        )
        for place in ("phường Kỳ Lừa", "xã Đồng Đăng")
    )
    for new in (one, other):
        Succession.objects.create(
            predecessor=old, successor=new, kind="split", effective_date=date(2025, 7, 1),
            ground="Không tổ chức đơn vị hành chính cấp huyện",
        )  # fmt: skip
    return old, one, other


def test_the_reform_reads_from_both_sides(
    people: People, client_for: ClientFor, reform: tuple[Unit, Unit, Unit]
) -> None:
    old, one, other = reform
    client = client_for(people.staff)
    now = text_of(client, reverse("emulation:unit", kwargs={"code": one.code}))
    assert "Chia tách từ" in now
    assert old.name in now
    assert "01/07/2025" in now
    assert reverse("emulation:unit", kwargs={"code": old.code}) in now
    then = text_of(client, reverse("emulation:unit", kwargs={"code": old.code}))
    assert "Đơn vị hoạt động đến hết ngày 30/06/2025" in then
    assert one.name in then
    assert other.name in then


def test_the_tree_stands_as_it_stood(
    people: People, client_for: ClientFor, reform: tuple[Unit, Unit, Unit]
) -> None:
    old, one, _ = reform
    client, here = client_for(people.staff), reverse("emulation:units")
    today = text_of(client, here)
    assert one.name in today
    assert old.name not in today
    before = text_of(client, f"{here}?on=30/06/2025")
    assert old.name in before
    assert one.name not in before
    assert "Tổ chức tại ngày 30/06/2025" in before
    assert old.name not in text_of(client, f"{here}?on=01/07/2025")


def test_a_predecessor_in_another_agency_is_named_but_not_linked(
    people: People, client_for: ClientFor
) -> None:
    old = people.stranger.agency
    assert old
    Succession.objects.create(
        predecessor=old, successor=people.agency, kind="merged", effective_date=date(2025, 7, 1)
    )
    page = text_of(
        client_for(people.staff), reverse("emulation:unit", kwargs={"code": people.agency.code})
    )
    assert old.name in page
    assert reverse("emulation:unit", kwargs={"code": old.code}) not in page


def test_the_tree_keeps_the_way_to_what_was_found(people: People, client_for: ClientFor) -> None:
    child = make_unit(people.agency, parent=people.unit, name="Tổ Một cửa")
    response = client_for(people.staff).get(reverse("emulation:units"), {"q": "mot cua"})
    assert response.context["tree"] == [
        (0, people.agency, False),
        (1, people.unit, False),
        (2, child, True),
    ]
    assert response.context["count"] == 1


def test_members_of_a_unit_are_those_that_one_may_see(
    people: People, client_for: ClientFor
) -> None:
    url = reverse("emulation:unit", kwargs={"code": people.unit.code})
    assert "Hoàng Thị Én" in text_of(client_for(people.head), url)
    assert "Hoàng Thị Én" not in text_of(client_for(people.outsider), url)
