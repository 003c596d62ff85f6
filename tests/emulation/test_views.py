"""People, organisation, catalogue and accounts by their addresses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from emulation.actions.catalogue import load_catalogue
from emulation.models import BaseSalary, Individual, RoleGrant, Succession, Title, Unit, User
from tests.conftest import People, SafeClient
from tests.factories import make_individual, make_rating, make_unit, make_user

ClientFor = Callable[[User], SafeClient]


def text_of(client: SafeClient, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def names(client: SafeClient, **query: Any) -> list[str]:
    response = client.get(reverse("emulation:people"), query)
    assert response.status_code == 200
    return [person.full_name for person in response.context["page"].object_list]


# People


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


# Organisation


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


# The cost of a list


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


# The catalogue


@pytest.fixture
def law(db: None) -> None:
    load_catalogue()


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


# Accounts


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


def test_individuals_are_never_written_by_these_pages(
    people: People, client_for: ClientFor
) -> None:
    before = list(Individual.objects.order_by("pk").values())
    client = client_for(people.admin)
    for url in (reverse("emulation:people"), reverse("emulation:units")):
        assert client.post(url, {"full_name": "x"}).status_code == 405
    assert list(Individual.objects.order_by("pk").values()) == before
