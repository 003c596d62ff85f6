"""Accounts and roles by address: made, closed, granted, ended."""

from __future__ import annotations

from datetime import date

import pytest
from django.core import mail
from django.urls import reverse

from emulation.models import RoleGrant, User
from tests.conftest import ClientFor, People
from tests.emulation.pages import text_of
from tests.factories import make_individual


def admin_pages(people: People) -> dict[str, tuple[str, ...]]:
    grant = people.head.role_grants.get()
    of_head = {"pk": people.head.pk}
    return {
        reverse("emulation:accounts"): ("get",),
        reverse("emulation:account_create"): ("get", "post"),
        reverse("emulation:account", kwargs=of_head): ("get", "post"),
        reverse("emulation:grant_create", kwargs=of_head): ("post",),
        reverse("emulation:grant_end", kwargs=of_head | {"grant_pk": grant.pk}): ("post",),
        reverse("emulation:catalogue_edit", kwargs={"kind": "van-ban", "pk": 1}): ("get", "post"),
    }


@pytest.mark.parametrize(
    "who", ["head", "colleague", "outsider", "stranger", "office", "council", "director"]
)
def test_pages_of_the_administrator_are_for_nobody_else(
    people: People, client_for: ClientFor, who: str
) -> None:
    client = client_for(getattr(people, who))
    for url, methods in admin_pages(people).items():
        for method in methods:
            response = getattr(client, method)(url, {"act": "close", "valid_to": "01/01/2026"})
            assert response.status_code == 403, (method, url)
    assert User.objects.get(pk=people.head.pk).is_active
    assert people.head.role_grants.get().valid_to is None
    assert reverse("emulation:accounts") not in text_of(client, reverse("emulation:people"))


def test_accounts_are_those_of_the_agency(people: People, client_for: ClientFor) -> None:
    client = client_for(people.admin)
    page = text_of(client, reverse("emulation:accounts"))
    assert people.head.username in page
    assert people.stranger.username not in page
    assert "Trưởng đơn vị" in page
    assert 'href="/tai-khoan/"' in text_of(client, reverse("emulation:people"))


def test_accounts_are_searched_by_person_and_by_name(people: People, client_for: ClientFor) -> None:
    client, here = client_for(people.admin), reverse("emulation:accounts")
    for q in ("hoang en", "Én", people.staff.username.upper()):
        found = client.get(here, {"q": q}).context["page"].object_list
        assert list(found) == [people.staff], q
    assert "Không có tài khoản nào phù hợp" in text_of(client, here + "?q=khong-co")


def test_roles_that_are_over_are_not_shown_in_the_list(
    people: People, client_for: ClientFor
) -> None:
    people.head.role_grants.update(valid_to=date(2025, 6, 30))
    page = text_of(
        client_for(people.admin), reverse("emulation:accounts") + f"?q={people.head.username}"
    )
    assert "chưa giao" in page


def test_an_account_is_made_and_its_owner_written_to(people: People, client_for: ClientFor) -> None:
    person = make_individual(people.unit, full_name="Lê Thị Mới")
    client = client_for(people.admin)
    url = reverse("emulation:account_create")
    assert "Lê Thị Mới" in text_of(client, url)
    response = client.post(
        url, {"individual": person.pk, "username": "le.moi", "email": "moi@example.vn"}
    )
    made = User.objects.get(username="le.moi")
    assert response.headers["Location"] == reverse("emulation:account", kwargs={"pk": made.pk})
    assert made.individual == person
    assert [m.to for m in mail.outbox] == [["moi@example.vn"]]
    assert "http://testserver/mat-khau/dat-lai/" in mail.outbox[0].body
    page = text_of(client, response.headers["Location"])
    assert "Chưa giao vai trò nào" in page
    assert "chưa đặt" in page


@pytest.mark.parametrize("username", ["", "Lê Mới", "LE.MOI", "-x", "a b"])
def test_a_name_for_logging_in_is_plain(
    people: People, client_for: ClientFor, username: str
) -> None:
    person = make_individual(people.unit)
    response = client_for(people.admin).post(
        reverse("emulation:account_create"),
        {"individual": person.pk, "username": username, "email": "moi@example.vn"},
    )
    assert response.status_code == 200
    assert "username" in response.context["form"].errors
    assert not User.objects.filter(individual=person).exists()


def test_a_name_that_is_taken_is_said_beside_the_field(
    people: People, client_for: ClientFor
) -> None:
    User.objects.filter(pk=people.stranger.pk).update(username="trung.ten")
    person = make_individual(people.unit)
    response = client_for(people.admin).post(
        reverse("emulation:account_create"),
        {"individual": person.pk, "username": "trung.ten", "email": "moi@example.vn"},
    )
    assert "Tên đăng nhập đã được sử dụng" in response.content.decode()
    assert mail.outbox == []


def test_only_people_of_the_agency_without_account_are_offered(
    people: People, client_for: ClientFor
) -> None:
    free = make_individual(people.unit)
    make_individual(people.unit, valid_to=date(2024, 1, 31))
    make_individual(people.stranger.individual.unit)  # type: ignore[union-attr]
    form = client_for(people.admin).get(reverse("emulation:account_create")).context["form"]
    assert list(form.fields["individual"].queryset) == [free]


def test_an_account_is_closed_opened_and_sent_its_link(
    people: People, client_for: ClientFor
) -> None:
    client = client_for(people.admin)
    url = reverse("emulation:account", kwargs={"pk": people.head.pk})
    for act, active in (("close", False), ("open", True), ("unheard-of", True)):
        assert client.post(url, {"act": act}).status_code == 302
        assert User.objects.get(pk=people.head.pk).is_active == active
    client.post(url, {"act": "password"})
    assert [m.to for m in mail.outbox] == [[people.head.email]]
    assert "Đã gửi liên kết đặt mật khẩu" in text_of(client, url)


def test_the_own_account_cannot_be_closed(people: People, client_for: ClientFor) -> None:
    client = client_for(people.admin)
    url = reverse("emulation:account", kwargs={"pk": people.admin.pk})
    client.post(url, {"act": "close"})
    assert "Không thể khóa tài khoản đang dùng" in text_of(client, url)


def test_a_closed_account_is_out_at_once(people: People, client_for: ClientFor) -> None:
    client = client_for(people.head)
    User.objects.filter(pk=people.head.pk).update(is_active=False)
    response = client.get(reverse("emulation:people"))
    assert response.status_code == 302
    assert response.headers["Location"].startswith(reverse("login"))


def test_a_role_is_granted_and_ended(people: People, client_for: ClientFor) -> None:
    client = client_for(people.admin)
    here = reverse("emulation:account", kwargs={"pk": people.staff.pk})
    data = {"role": "COUNCIL", "unit": people.agency.pk, "valid_from": "01/01/2026"}
    create = reverse("emulation:grant_create", kwargs={"pk": people.staff.pk})
    assert client.post(create, data).headers["Location"] == here
    grant = people.staff.role_grants.get(role="COUNCIL")
    assert "Thành viên Hội đồng" in text_of(client, here)
    end = reverse("emulation:grant_end", kwargs={"pk": people.staff.pk, "grant_pk": grant.pk})
    for day, message, last in (
        ("hôm qua", "Hãy ghi ngày kết thúc", None),
        ("31/12/2025", "Ngày kết thúc phải từ ngày bắt đầu trở đi", None),
        ("30/06/2026", "Đã ghi ngày kết thúc", date(2026, 6, 30)),
    ):
        client.post(end, {"valid_to": day})
        assert message in text_of(client, here)
        grant.refresh_from_db()
        assert grant.valid_to == last
    assert "Đã kết thúc" in text_of(client, here)


def test_a_wrong_grant_is_said_and_keeps_what_was_chosen(
    people: People, client_for: ClientFor
) -> None:
    client = client_for(people.admin)
    create = reverse("emulation:grant_create", kwargs={"pk": people.staff.pk})
    elsewhere = people.stranger.individual.unit  # type: ignore[union-attr]
    page = client.post(create, {"role": "OFFICE", "unit": elsewhere.pk, "valid_from": "x"})
    assert set(page.context["form"].errors) == {"unit", "valid_from"}
    assert RoleGrant.objects.filter(user=people.staff).count() == 1
    again = {"role": "STAFF", "unit": people.unit.pk, "valid_from": "01/01/2020"}
    assert "Vai trò này đã được giao từ ngày đó" in client.post(create, again).content.decode()


def test_a_grant_of_another_account_is_not_found(people: People, client_for: ClientFor) -> None:
    other = people.office.role_grants.get()
    url = reverse("emulation:grant_end", kwargs={"pk": people.head.pk, "grant_pk": other.pk})
    assert client_for(people.admin).post(url, {"valid_to": "01/01/2026"}).status_code == 404
