"""The catalogue of the law by address: read by everybody, corrected by the administrator."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.management import call_command
from django.urls import reverse

from emulation.actions.catalogue import edit_law_row
from emulation.models import BaseSalary, Instrument
from tests.conftest import ClientFor, People
from tests.emulation.pages import text_of


def test_the_catalogue_has_its_sections_for_everybody(
    people: People, client_for: ClientFor, law: None
) -> None:
    for user in (people.staff, people.stranger, people.admin):
        page = text_of(client_for(user), reverse("emulation:catalogue"))
        for section in ("van-ban", "danh-hieu", "he-so", "luong-co-so", "ty-le-phieu"):
            assert f'id="{section}"' in page
        assert "152/2025/NĐ-CP" in page
        assert "2.530.000" in page
        for mark in ("Đã đối chiếu", "Suy ra", "Chưa đối chiếu"):
            assert mark in page
        assert ("/danh-muc/van-ban/" in page) == (user is people.admin)


def test_the_catalogue_says_what_is_in_force_on_a_day(
    people: People, client_for: ClientFor, law: None
) -> None:
    client = client_for(people.staff)
    response = client.get(reverse("emulation:catalogue"), {"on": "30/06/2025", "only": "on"})
    numbers = [line.row.number for line in response.context["instruments"]]
    assert "98/2023/NĐ-CP" in numbers
    assert "152/2025/NĐ-CP" not in numbers
    assert [line.row.amount for line in response.context["salaries"]] == [2_340_000]
    everything = client.get(reverse("emulation:catalogue"), {"on": "30/06/2025"}).context
    states = {line.row.number: line.in_force for line in everything["instruments"]}
    assert (states["98/2023/NĐ-CP"], states["152/2025/NĐ-CP"]) == (True, False)


def test_the_administrator_corrects_a_row(people: People, client_for: ClientFor, law: None) -> None:
    row = BaseSalary.objects.get(amount=1_490_000)
    client = client_for(people.admin)
    url = reverse("emulation:catalogue_edit", kwargs={"kind": "luong-co-so", "pk": row.pk})
    assert "Nghị định 38/2019/NĐ-CP" in text_of(client, url)
    data = {
        "amount": "1490000", "basis": "Nghị định số 38/2019/NĐ-CP", "valid_from": "01/07/2019",
        "valid_to": "30/06/2023", "source": "Công báo", "mark": "V",
    }  # fmt: skip
    response = client.post(url, data)
    assert response.headers["Location"] == reverse("emulation:catalogue") + "#luong-co-so"
    row.refresh_from_db()
    assert (row.basis, row.mark, row.edited) == ("Nghị định số 38/2019/NĐ-CP", "V", True)


def test_a_wrong_correction_is_said_beside_the_field_and_keeps_the_text(
    people: People, client_for: ClientFor, law: None
) -> None:
    row = BaseSalary.objects.get(amount=1_490_000)
    url = reverse("emulation:catalogue_edit", kwargs={"kind": "luong-co-so", "pk": row.pk})
    client = client_for(people.admin)
    data = {"amount": "", "basis": "Đang gõ dở", "valid_from": "32/01/2024", "mark": "V"}
    page = client.post(url, data).content.decode()
    assert "Trường này là bắt buộc" in page
    assert "Đang gõ dở" in page
    backwards = {
        "amount": "1", "basis": "x", "valid_from": "01/07/2019", "valid_to": "30/06/2019",
        "mark": "V",
    }  # fmt: skip
    assert "Ngày hết hiệu lực phải từ" in client.post(url, backwards).content.decode()
    taken = backwards | {"valid_from": "01/07/2024", "valid_to": ""}
    assert "Đã có mức lương cơ sở từ ngày này" in client.post(url, taken).content.decode()
    row.refresh_from_db()
    assert (row.amount, row.edited) == (1_490_000, False)


@pytest.mark.parametrize("kind", ["van-ban", "danh-hieu", "he-so", "luong-co-so", "ty-le-phieu"])
def test_each_table_has_its_form(
    people: People, client_for: ClientFor, law: None, kind: str
) -> None:
    from emulation.views.catalogue import TABLES

    row = TABLES[kind][1]._default_manager.order_by("pk").first()
    assert row
    client = client_for(people.admin)
    url = reverse("emulation:catalogue_edit", kwargs={"kind": kind, "pk": row.pk})
    form = client.get(url).context["form"]
    data = {name: form[name].value() for name in form.fields}
    posted = {name: value for name, value in data.items() if value not in (None, False)}
    assert client.post(url, posted).status_code == 302
    row.refresh_from_db()
    assert row.edited


def test_a_table_that_is_not_there_is_not_found(people: People, client_for: ClientFor) -> None:
    client = client_for(people.admin)
    for kind, pk in (("tai-khoan", people.head.pk), ("van-ban", 0)):
        url = reverse("emulation:catalogue_edit", kwargs={"kind": kind, "pk": pk})
        assert client.get(url).status_code == 404


def new_decree(**changes: str) -> dict[str, str]:
    """A number that no decree is known by."""
    return {
        "number": "999/2040/NĐ-CP",
        "name": "Nghị định thử",
        "issuer": "Chính phủ",
        "replaces": str(Instrument.objects.get(code="nd-152-2025").pk),
        "note": "",
        "issued_date": "",
        "valid_from": "01/01/2041",
        "valid_to": "",
        "source": "",
        "mark": "B",
    } | changes


def test_the_administrator_adds_the_next_decree(
    people: People, client_for: ClientFor, law: None
) -> None:
    client = client_for(people.admin)
    url = reverse("emulation:instrument_add")
    assert url in text_of(client, reverse("emulation:catalogue"))
    for _ in range(2):
        done = client.post(url, new_decree(), follow=True)
        assert "Đã thêm văn bản số 999/2040/NĐ-CP." in done.content.decode()
    added = Instrument.objects.get(number="999/2040/NĐ-CP")
    assert (added.code, added.edited, added.mark) == ("nd-999-2040", True, "B")
    # From its day on it stands for the decree that it replaces, once that has ended.
    old = Instrument.objects.get(code="nd-152-2025")
    edit_law_row(row=old, fields={"valid_to": date(2040, 12, 31)})
    old = Instrument.objects.get(code="nd-152-2025")
    assert [old.as_of(day) for day in (date(2040, 12, 31), date(2041, 1, 1))] == [old, added]
    call_command("load_catalogue", verbosity=0)
    assert list(Instrument.objects.get(pk=added.pk).replaces.all()) == [old]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"number": "152/2025/nđ-cp"}, "Danh mục đã có văn bản số 152/2025/NĐ-CP."),
        ({"number": ""}, "bắt buộc"),
        ({"valid_to": "31/12/2040"}, "Ngày hết hiệu lực phải từ ngày có hiệu lực trở đi."),
        ({"replaces": "987654"}, "hợp lệ"),
    ],
)
def test_a_wrong_instrument_is_not_added(
    changes: dict[str, str], message: str, people: People, client_for: ClientFor, law: None
) -> None:
    before = Instrument.objects.count()
    answer = client_for(people.admin).post(
        reverse("emulation:instrument_add"), new_decree(**changes)
    )
    assert message in answer.content.decode()
    assert Instrument.objects.count() == before


def test_only_the_administrator_adds_instruments(
    people: People, client_for: ClientFor, law: None
) -> None:
    before = Instrument.objects.count()
    for user in (people.office, people.director, people.head):
        answer = client_for(user).post(reverse("emulation:instrument_add"), new_decree())
        assert answer.status_code == 403
    assert Instrument.objects.count() == before
