"""People by address: listed, searched, sorted, and whose personal data is shown."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from emulation.models import Individual
from tests.conftest import ClientFor, People
from tests.emulation.pages import names, text_of
from tests.factories import make_individual, make_rating


def test_people_are_listed_by_given_name(people: People, client_for: ClientFor) -> None:
    for name in ("Vũ Thị Ân", "Lê Văn Đức", "Nguyễn An", "Trần Dũng", "Đặng Ăn", "Hồ Dung"):
        make_individual(people.other_unit, full_name=name)
    found = [n for n in names(client_for(people.outsider)) if "Số" not in n]
    assert found == [
        "Nguyễn An", "Đặng Ăn", "Vũ Thị Ân", "Hồ Dung", "Trần Dũng", "Lê Văn Đức",
    ]  # fmt: skip


def test_people_are_searched_and_filtered(people: People, client_for: ClientFor) -> None:
    make_individual(people.other_unit, full_name="Đặng Văn Hoà", staff_code="LS-77")
    client = client_for(people.office)
    for q in ("dang hoa", "Đặng", "hòa", "ls-77"):
        assert names(client, q=q) == ["Đặng Văn Hoà"], q
    assert names(client, q="không có ai") == []
    assert names(client, q="dang", unit=people.unit.pk) == []
    assert names(client, q="dang", unit=people.other_unit.pk) == ["Đặng Văn Hoà"]


def test_a_filter_that_makes_no_sense_is_no_error(people: People, client_for: ClientFor) -> None:
    client = client_for(people.office)
    here = reverse("emulation:people")
    elsewhere = people.stranger.individual.unit.pk  # type: ignore[union-attr]
    for query in ({"unit": "x"}, {"unit": elsewhere}, {"trang": "999"}, {"xep": "mat-khau"}):
        assert client.get(here, query).status_code == 200
    assert client.get(reverse("emulation:units"), {"on": "31/02/2024"}).status_code == 200
    assert client.get(reverse("emulation:catalogue"), {"on": "hôm qua"}).status_code == 200


def test_people_are_sorted_by_what_is_asked(people: People, client_for: ClientFor) -> None:
    client = client_for(people.head)
    make_individual(people.unit, full_name="Lê An", staff_code="ZZ")
    for key, first in (("", "Lê An"), ("-ten", "Hoàng Thị Én"), ("ma", "Hoàng Thị Én"),
                       ("-ma", "Lê An"), ("don-vi", "Lê An")):  # fmt: skip
        found = [n for n in names(client, xep=key) if "Số" not in n]
        assert found[0] == first, key


def test_pages_keep_the_filter_in_the_address(people: People, client_for: ClientFor) -> None:
    for _ in range(31):
        make_individual(people.unit, full_name="Đỗ Văn Bình")
    page = text_of(client_for(people.office), reverse("emulation:people") + "?q=binh&xep=ma")
    assert 'href="?q=binh&amp;xep=ma&amp;trang=2"' in page
    assert "1–30 trên 31" in page


def test_who_left_is_not_listed(people: People, client_for: ClientFor) -> None:
    left = make_individual(people.unit, full_name="Lê An", valid_to=date(2024, 1, 31))
    client = client_for(people.office)
    assert "Lê An" not in names(client)
    page = text_of(client, reverse("emulation:person", kwargs={"pk": left.pk}))
    assert "Không còn công tác tại đơn vị sau ngày 31/01/2024" in page


PERSONAL = ("15/08/1979", "xã Thất Khê", "phường Kỳ Lừa")


@pytest.mark.parametrize(
    ("who", "reads"),
    [("office", True), ("director", True), ("admin", True), ("head", True), ("staff", True),
     ("council", False)],
)  # fmt: skip
def test_personal_data_is_shown_to_who_needs_it(
    people: People, client_for: ClientFor, who: str, reads: bool
) -> None:
    person = people.staff.individual
    assert person
    person.birth_date = date(1979, 8, 15)
    person.home_town, person.residence = PERSONAL[1:]
    person.save()
    make_rating(person)
    page = text_of(
        client_for(getattr(people, who)), reverse("emulation:person", kwargs={"pk": person.pk})
    )
    assert "Quyết định số 412/QĐ-SNV" in page
    for fact in PERSONAL:
        assert (fact in page) == reads


@pytest.mark.parametrize("who", ["stranger", "outsider", "colleague"])
def test_a_person_outside_ones_reach_is_not_found(
    people: People, client_for: ClientFor, who: str
) -> None:
    assert people.staff.individual
    url = reverse("emulation:person", kwargs={"pk": people.staff.individual.pk})
    client = client_for(getattr(people, who))
    assert client.get(url).status_code == 404
    assert people.staff.individual.full_name not in names(client, q="Én")


def test_staff_find_themselves(people: People, client_for: ClientFor) -> None:
    assert names(client_for(people.staff)) == ["Hoàng Thị Én"]


def test_individuals_are_never_written_by_these_pages(
    people: People, client_for: ClientFor
) -> None:
    before = list(Individual.objects.order_by("pk").values())
    client = client_for(people.admin)
    for url in (reverse("emulation:people"), reverse("emulation:units")):
        assert client.post(url, {"full_name": "x"}).status_code == 405
    assert list(Individual.objects.order_by("pk").values()) == before
