"""The story by URL: the office draws up and launches, a unit registers, the office receives."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from itertools import count
from typing import Any

import pytest
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext

from campaigns import models as plan_models
from campaigns.forms.rows import SECTIONS
from campaigns.models import (
    Campaign,
    Criterion,
    Milestone,
    Participant,
    Registration,
    RegistrationLine,
    Target,
    Theme,
)
from emulation.models import Role, User
from tests.campaigns.conftest import Case
from tests.campaigns.test_plans import visible
from tests.conftest import People
from tests.factories import (
    make_area,
    make_campaign,
    make_criterion,
    make_dossier_parts,
    make_individual,
    make_line,
    make_milestone,
    make_offer,
    make_registration,
    make_statements,
    make_unit,
)

ClientFor = Callable[[User], Client]
LIST = "/phong-trao/"


def url(campaign: Campaign, *more: object) -> str:
    return "/".join([LIST.rstrip("/"), campaign.slug, *map(str, more)]) + "/"


def shown(response: Any, status: int = 200) -> str:
    assert response.status_code == status
    return visible(response.content.decode())


def enum_codes() -> set[str]:
    """The stored values of every choice of campaigns: none of them is for readers."""
    found = {code for code in Role.values if code != "ADMIN"}
    for name in dir(plan_models):
        model = getattr(plan_models, name)
        if isinstance(model, type) and issubclass(model, models.Model):
            for field in model._meta.get_fields():
                found |= {str(value) for value, _ in getattr(field, "choices", None) or ()}
    return {code for code in found if len(code) > 3}


# --- The office draws up and launches -------------------------------------------------------------


def test_from_an_empty_list_to_a_launched_campaign(people: People, client_for: ClientFor) -> None:
    office = client_for(people.office)
    assert "Chưa có phong trào nào" in shown(office.get(LIST))
    page = office.post(
        f"{LIST}moi/",
        {
            "agency": people.agency.pk,
            "name": "Phong trào thi đua đặc biệt",
            "kind": "thematic",
            "registration_rule": "optional",
            "start_date": "15/07/2024",
            "end_date": "31/7/2025",
            "period_precision": "day",
        },
    )
    campaign = Campaign.objects.get()
    assert page.headers["Location"] == url(campaign, "sua")
    assert "Chưa có đơn vị tham gia nào" in shown(office.get(url(campaign)))
    office.post(url(campaign, "thao-tac", "launch"))
    campaign.refresh_from_db()
    assert campaign.state == "draft"
    office.post(url(campaign, "sua", "chu-de"), {"origin": "own", "text": "Chung sức, đồng lòng"})
    office.post(url(campaign, "don-vi"), {"units": [people.unit.pk, people.other_unit.pk]})
    assert client_for(people.head).get(url(campaign)).status_code == 404
    text = shown(office.post(url(campaign, "thao-tac", "launch"), follow=True))
    assert "Đã phát động phong trào." in text
    head = shown(client_for(people.head).get(url(campaign)))
    assert "Chung sức, đồng lòng" in head
    assert "Từ 15/07/2024 đến hết 31/07/2025" in head
    assert "Chưa đăng ký" in head


def test_the_list_is_filtered_sorted_and_paged(people: People, client_for: ClientFor) -> None:
    for n in range(25):
        make_campaign(
            people.agency,
            slug=f"cai-cach-{n:02}",
            name=f"Phong trào cải cách {n:02}",
            start_date=date(2000 + n, 1, 1),
            end_date=date(2000 + n, 12, 31),
            state="closed" if n % 2 else "launched",
        )
    client = client_for(people.head)
    assert "1–20 trên 25" in shown(client.get(LIST))
    assert "21–25 trên 25" in shown(client.get(LIST, {"trang": "2"}))
    text = shown(client.get(LIST, {"q": "cai cach 07"}))
    assert "1–1 trên 1" in text
    assert "1–12 trên 12" in shown(client.get(LIST, {"state": "closed"}))
    assert "Không có phong trào nào khớp" in shown(client.get(LIST, {"q": "không có"}))
    assert "Phong trào cải cách 10" in shown(client.get(LIST, {"year": "2010"}))
    first = shown(client.get(LIST, {"xep": "thoi-gian"}))
    assert "Phong trào cải cách 00" in first
    assert "Phong trào cải cách 24" not in first
    page = client.get(LIST, {"state": "launched", "kind": "thematic", "xep": "-thoi-gian"})
    assert "state=launched&amp;kind=thematic" in page.content.decode()
    assert (
        client.get(LIST, {"xep": "bay", "trang": "x", "state": "bay", "year": "bay"}).status_code
        == 200
    )


def test_dates_in_the_wrong_order_and_empty_fields_keep_the_text(
    people: People, client_for: ClientFor
) -> None:
    client = client_for(people.office)
    campaign = make_campaign(people.agency, state="draft")
    data = main_form(client, campaign)
    data |= {"end_date": "01/01/2024", "purpose": "Mục đích vừa gõ", "name": ""}
    page = client.post(url(campaign, "sua"), data)
    html = page.content.decode()
    assert "Mục đích vừa gõ" in html
    assert page.context["form"].errors.keys() == {"name", "end_date"}
    page = client.post(url(campaign, "sua"), data | {"name": "Tên"})
    assert page.context["form"].errors == {
        "end_date": ["Ngày kết thúc phải từ ngày bắt đầu trở đi."]
    }
    assert "Mục đích vừa gõ" in page.content.decode()
    page = client.post(url(campaign, "sua"), data | {"start_date": "40/13/2024"})
    assert "start_date" in page.context["form"].errors
    page = client.post(url(campaign, "sua"), data | {"form_code": "Mẫu 8"})
    assert "Không biết mẫu này" in page.context["form"].errors["form_code"][0]
    campaign.refresh_from_db()
    assert campaign.purpose == ""


def main_form(client: Client, campaign: Campaign) -> dict[str, Any]:
    """What the browser would post from the open page."""
    page = client.get(url(campaign, "sua"))
    form = page.context["form"]
    data = {name: form[name].value() for name in form.fields}
    data = {name: "" if value is None else value for name, value in data.items()}
    for name in ("start_date", "end_date", "issued_date"):
        if data[name]:
            data[name] = data[name].strftime("%d/%m/%Y")
    return data


def test_two_people_saving_at_once_lose_nothing(people: People, client_for: ClientFor) -> None:
    campaign = make_campaign(people.agency, state="draft")
    mine, theirs = client_for(people.office), client_for(people.office)
    my_form, their_form = main_form(mine, campaign), main_form(theirs, campaign)
    theirs.post(url(campaign, "sua"), their_form | {"purpose": "Mục đích của đồng nghiệp"})
    page = mine.post(url(campaign, "sua"), my_form | {"purpose": "Mục đích của tôi"})
    text = shown(page)
    assert "vừa được người khác lưu" in text
    assert "Mục đích của đồng nghiệp" in text
    assert "Mục đích của tôi" in text
    assert Campaign.objects.get().purpose == "Mục đích của đồng nghiệp"
    # Saving again, with both in view, is a decision.
    again = my_form | {"purpose": "Cả hai", "version": page.context["form"]["version"].value()}
    assert mine.post(url(campaign, "sua"), again).status_code == 302
    assert Campaign.objects.get().purpose == "Cả hai"


def test_a_page_without_its_version_saves_nothing(people: People, client_for: ClientFor) -> None:
    campaign = make_campaign(people.agency, state="draft")
    client = client_for(people.office)
    data = main_form(client, campaign)
    for version in ("", "x", "-1", "99"):
        page = client.post(url(campaign, "sua"), data | {"version": version, "purpose": "A"})
        assert page.status_code == 200
    assert Campaign.objects.get().purpose == ""


def test_the_version_stands_in_the_page(people: People, client_for: ClientFor) -> None:
    campaign = make_campaign(people.agency, state="draft", version=1234)
    page = client_for(people.office).get(url(campaign, "sua")).content.decode()
    assert re.search(r'name="version"[^>]*value="1234"', page)


def test_the_plan_launched_meanwhile_says_so_and_keeps_the_text(
    people: People, client_for: ClientFor
) -> None:
    campaign = make_campaign(people.agency, state="draft", participants=(people.unit,))
    client = client_for(people.office)
    data = main_form(client, campaign)
    Campaign.objects.update(state="launched")
    page = client.post(url(campaign, "sua"), data | {"purpose": "Vừa gõ xong"})
    text = shown(page)
    assert "không sửa được nội dung kế hoạch" in text
    assert "Vừa gõ xong" in page.content.decode()
    page = client.post(url(campaign, "sua", "chu-de"), {"origin": "own", "text": "Vừa gõ"})
    assert "không sửa được" in shown(page)
    assert "Vừa gõ" in page.content.decode()
    assert client.get(url(campaign, "sua")).status_code == 404


ROWS: dict[str, dict[str, Any]] = {
    "chu-de": {"origin": "province", "text": "Chủ đề"},
    "can-cu": {"kind": "parent", "text": "Kế hoạch 3989/KH-BNV", "issued_date": "10/07/2024"},
    "ngay-le": {"text": "95 năm Ngày thành lập Đảng"},
    "noi-dung": {"number": "a", "title": "Cải cách hành chính", "registrable": "on"},
    "chi-tieu": {"metric": "Tỷ lệ", "operator": "gte", "value": "98,5", "unit": "%"},
    "khen-thuong": {"for_collective": "on", "for_individual": "on", "label": "Giấy khen",
                    "report_kind": "merit"},
    "tieu-chuan": {"applies": "both", "text": "Tốt", "rule": "rating_at_least", "year": "2024",
                   "level": "good"},
    "ho-so": {"kind": "letter", "name": "Tờ trình", "applies": "both", "required": "on"},
    "bao-cao": {"key": "rating", "heading": "Xếp loại", "text": "Xếp loại", "year": "2024"},
    "moc-thoi-gian": {"kind": "registration", "name": "Đăng ký", "date": "17/02/2025",
                      "date_precision": "day", "hard": "on"},
    "nhiem-vu": {"who": "Văn phòng Sở", "text": "Đôn đốc"},
    "noi-nhan": {"text": "Lưu: VT, VP"},
    "luu-y": {"place": "I.1", "text": "⚠ Chưa thống nhất"},
}  # fmt: skip


def test_every_subject_of_a_plan_has_a_page() -> None:
    assert ROWS.keys() == SECTIONS.keys()


@pytest.mark.parametrize("section", SECTIONS)
def test_rows_are_added_changed_moved_and_taken_away(
    section: str, people: People, client_for: ClientFor
) -> None:
    campaign = make_campaign(people.agency, state="draft")
    client, page = client_for(people.office), url(campaign, "sua", section)
    data = dict(ROWS[section])
    if section == "khen-thuong":
        data["title"] = make_offer(make_campaign(people.agency)).title_id
    assert "Chưa có dòng nào" in shown(client.get(page))
    answer = client.post(page, data)
    assert answer.status_code == 302, answer.context["form"].errors
    row = SECTIONS[section].rows(campaign).get()
    one = url(campaign, "sua", section, row.pk)
    assert client.get(page).status_code == 200
    assert client.get(one).status_code == 200
    # What the form shows is what it takes: saving without a change leaves the row as it is.
    before = {f.name: getattr(row, f.attname) for f in row._meta.concrete_fields}
    assert client.post(one, data).status_code == 302
    row.refresh_from_db()
    assert {f.name: getattr(row, f.attname) for f in row._meta.concrete_fields} == before
    assert client.post(f"{one}chuyen/", {"huong": "len"}).status_code == 302
    assert client.get(f"{one}xoa/").status_code == 405
    assert SECTIONS[section].rows(campaign).exists()
    assert client.post(f"{one}xoa/").status_code == 302
    assert not SECTIONS[section].rows(campaign).exists()


@pytest.mark.parametrize("section", SECTIONS)
def test_an_empty_row_is_refused_beside_its_fields(
    section: str, people: People, client_for: ClientFor
) -> None:
    campaign = make_campaign(people.agency, state="draft")
    page = client_for(people.office).post(url(campaign, "sua", section), {"place": "Giữ lại"})
    assert page.status_code == 200
    assert page.context["form"].errors
    assert re.search("Trường này là bắt buộc|Hãy ghi tiêu đề", visible(page.content.decode()))


@pytest.mark.parametrize(("kind", "usual"), [("thematic", "theme"), ("regular", "merit")])
def test_the_kind_of_report_is_asked_for_and_shown(
    kind: str, usual: str, people: People, client_for: ClientFor
) -> None:
    campaign = make_campaign(people.agency, state="draft", kind=kind)
    client, page = client_for(people.office), url(campaign, "sua", "khen-thuong")
    form = client.get(page).context["form"]
    assert form["report_kind"].value() == usual
    offer = make_offer(campaign, report_kind="merit", for_collective=False)
    assert "Cá nhân · báo cáo công trạng (thành tích nhiệm vụ)" in shown(client.get(page))
    one = url(campaign, "sua", "khen-thuong", offer.pk)
    assert client.get(one).context["form"]["report_kind"].value() == "merit"
    data = {"title": offer.title_id, "for_individual": "on", "report_kind": "theme"}
    assert client.post(one, data).status_code == 302
    offer.refresh_from_db()
    assert offer.report_kind == "theme"
    bad = client.post(one, data | {"report_kind": "khac"}).context["form"].errors
    assert bad.keys() == {"report_kind"}
    Campaign.objects.update(state="launched")
    assert "Báo cáo: thi đua theo đợt, chuyên đề" in shown(
        client_for(people.head).get(url(campaign))
    )


def test_wrong_rows_say_why(people: People, client_for: ClientFor) -> None:
    campaign = make_campaign(people.agency, state="draft")
    offer = make_offer(campaign)
    client = client_for(people.office)

    def errors(section: str, **data: Any) -> dict[str, list[str]]:
        page = client.post(url(campaign, "sua", section), data)
        assert page.status_code == 200
        found: dict[str, list[str]] = page.context["form"].errors
        return found

    twice = errors("khen-thuong", title=offer.title_id, for_collective="on")
    assert "đã có trong phong trào" in twice["title"][0]
    for_nobody = errors("khen-thuong", title=make_offer(make_campaign(people.agency)).title_id)
    assert "ít nhất một đối tượng" in for_nobody["__all__"][0]
    assert "phải có giá trị" in errors("chi-tieu", metric="A", operator="gte")["__all__"][0]
    rating = errors("tieu-chuan", applies="both", text="A", rule="rating_at_least")
    assert rating.keys() == {"year", "level"}
    far = errors("moc-thoi-gian", kind="other", name="A", date="01/01/0202", date_precision="day")
    assert "không hợp lý" in far["date"][0]
    assert not Target.objects.exists()
    assert not Criterion.objects.exists()
    assert not Milestone.objects.exists()


def test_a_date_is_set_after_the_launch(case: Case, client_for: ClientFor) -> None:
    row = make_milestone(case.campaign, kind="submission", name="Gửi hồ sơ về Sở")
    client = client_for(case.people.office)
    assert "Chưa ấn định" in shown(client.get(url(case.campaign)))
    data = {"date": "10/08/2025", "date_precision": "day"}
    text = shown(client.post(url(case.campaign, "moc", row.pk), data, follow=True))
    assert "Trước 10/08/2025" in text
    assert "Gửi hồ sơ về Sở: Chưa ấn định → Trước 10/08/2025" in text
    other = make_milestone(make_campaign(case.people.agency))
    assert client.get(url(case.campaign, "moc", other.pk)).status_code == 404
    assert client_for(case.people.head).get(url(case.campaign, "moc", row.pk)).status_code == 404


def test_a_plan_is_copied(case: Case, client_for: ClientFor) -> None:
    Theme.objects.create(campaign=case.campaign, text="Chủ đề cũ")
    client = client_for(case.people.office)
    assert client.get(url(case.campaign, "nhan-ban")).status_code == 405
    page = client.post(url(case.campaign, "nhan-ban"))
    copy = Campaign.objects.get(state="draft")
    assert page.headers["Location"] == url(copy, "sua")
    assert copy.themes.get().text == "Chủ đề cũ"


def test_acts_are_posted_and_say_why_not(case: Case, client_for: ClientFor) -> None:
    client = client_for(case.people.office)
    for act in ("launch", "archive"):
        assert client.get(url(case.campaign, "thao-tac", act)).status_code == 405
        text = shown(client.post(url(case.campaign, "thao-tac", act), follow=True))
        assert "Đang ở trạng thái “Đã phát động”" in text
    assert client.post(url(case.campaign, "thao-tac", "bay")).status_code == 404
    shown(client.post(url(case.campaign, "thao-tac", "close"), follow=True))
    text = shown(client.post(url(case.campaign, "thao-tac", "reopen"), follow=True))
    assert "Hãy nêu lý do" in text
    note = {"note": "Còn đơn vị chưa nộp"}
    text = shown(client.post(url(case.campaign, "thao-tac", "reopen"), note, follow=True))
    assert "Còn đơn vị chưa nộp" in text


# --- A unit registers -----------------------------------------------------------------------------


def test_a_unit_registers_and_the_office_receives(people: People, client_for: ClientFor) -> None:
    campaign = make_campaign(people.agency, participants=(people.unit, people.other_unit))
    offer, area = make_offer(campaign, area_required=True), make_area(campaign)
    person = make_individual(people.unit, full_name="Nông Thị Ánh")
    head, office = client_for(people.head), client_for(people.office)
    page = url(campaign, "dang-ky", people.unit.pk)
    assert "Bắt đầu đăng ký" in shown(head.get(page))
    assert office.get(page).status_code == 404
    assert "Chưa có nội dung nào" in shown(head.post(f"{page}bat-dau/", follow=True))
    assert "chưa có nội dung" in shown(head.post(f"{page}thao-tac/submit/", follow=True))
    assert office.get(page).status_code == 404

    line = {"subject": person.pk, "offer": offer.pk, "commitment": "Số hóa 100% hồ sơ"}
    answer = head.post(f"{page}them/", line)
    assert answer.context["form"].errors.keys() == {"area"}
    assert "Số hóa 100% hồ sơ" in answer.content.decode()
    assert head.post(f"{page}them/", line | {"area": area.pk}).status_code == 302
    answer = head.post(f"{page}them/", line | {"area": area.pk})
    assert "mỗi hình thức chỉ một lần" in answer.context["form"].errors["offer"][0]
    head.post(f"{page}them/", line | {"subject": "tap-the", "area": area.pk})
    assert RegistrationLine.objects.count() == 2
    first = RegistrationLine.objects.filter(individual=person).get()
    head.post(f"{page}{first.pk}/", {"offer": offer.pk, "area": area.pk, "commitment": "Rõ hơn"})
    first.refresh_from_db()
    assert (first.commitment, first.individual) == ("Rõ hơn", person)

    assert "Đã gửi bản đăng ký" in shown(head.post(f"{page}thao-tac/submit/", follow=True))
    # A second click on the way.
    assert "Đang ở trạng thái “Đã gửi”" in shown(head.post(f"{page}thao-tac/submit/", follow=True))
    assert head.get(f"{page}them/").status_code == 404
    late = head.post(f"{page}them/", line | {"area": area.pk, "commitment": "Gõ dở"})
    assert "không sửa được" in shown(late)
    assert "Gõ dở" in late.content.decode()

    text = shown(office.get(page))
    assert "Nông Thị Ánh" in text
    assert "Cải cách hành chính" in text
    assert "Hãy nêu lý do" in shown(office.post(f"{page}thao-tac/return/", follow=True))
    office.post(f"{page}thao-tac/return/", {"note": "Ghi rõ thời hạn"})
    assert "Ghi rõ thời hạn" in shown(head.get(page))
    assert head.post(f"{page}{first.pk}/bo/").status_code == 302
    head.post(f"{page}thao-tac/submit/")
    assert "Đã tiếp nhận" in shown(office.post(f"{page}thao-tac/accept/", follow=True))
    assert Registration.objects.get().state == "accepted"
    assert RegistrationLine.objects.get().unit == people.unit


def test_a_double_click_on_start_or_add_leaves_one(people: People, client_for: ClientFor) -> None:
    campaign = make_campaign(people.agency, participants=(people.unit,))
    offer, head = make_offer(campaign), client_for(people.head)
    page = url(campaign, "dang-ky", people.unit.pk)
    line = {"subject": "tap-the", "offer": offer.pk, "commitment": "Cam kết"}
    for _ in range(2):
        assert head.post(f"{page}bat-dau/").status_code == 302
    assert [head.post(f"{page}them/", line).status_code for _ in range(2)] == [302, 200]
    assert RegistrationLine.objects.count() == Registration.objects.count() == 1


def test_after_a_hard_deadline_the_page_says_why(case: Case, client_for: ClientFor) -> None:
    make_milestone(case.campaign, date=date(2020, 2, 17), inclusive=False, hard=True)
    make_line(case.registration, case.people.unit, case.offer)
    why = "Đã quá thời hạn đăng ký (trước ngày 17/02/2020)"
    page = url(case.campaign, "dang-ky", case.people.unit.pk)
    head = client_for(case.people.head)
    assert why in shown(head.get(page))
    assert why in shown(head.post(f"{page}thao-tac/submit/", follow=True))
    typed = {"subject": "tap-the", "offer": case.offer.pk, "commitment": "Gõ muộn"}
    late = head.post(f"{page}them/", typed)
    assert why in shown(late)
    assert "Gõ muộn" in late.content.decode()
    other = url(case.campaign, "dang-ky", case.people.other_unit.pk)
    assert why in shown(client_for(case.people.outsider).get(other))
    assert why in shown(client_for(case.people.office).get(url(case.campaign, "dang-ky")))
    assert Registration.objects.get().state == "draft"


def test_sent_after_a_soft_deadline_is_marked(case: Case, client_for: ClientFor) -> None:
    make_milestone(case.campaign, date=date(2020, 2, 17), hard=False)
    make_line(case.registration, case.people.unit, case.offer)
    page = url(case.campaign, "dang-ky", case.people.unit.pk)
    assert "Gửi muộn" in shown(
        client_for(case.people.head).post(f"{page}thao-tac/submit/", follow=True)
    )
    office = client_for(case.people.office)
    assert "Gửi muộn" in shown(office.get(page))
    assert "Gửi muộn" in shown(office.get(url(case.campaign, "dang-ky")))


def test_a_plan_without_registration_explains(case: Case, client_for: ClientFor) -> None:
    Campaign.objects.update(registration_rule="none")
    office = client_for(case.people.office)
    assert "không tổ chức đăng ký" in shown(office.get(url(case.campaign, "dang-ky")))
    other = url(case.campaign, "dang-ky", case.people.other_unit.pk)
    assert "không tổ chức đăng ký" in shown(client_for(case.people.outsider).get(other))


def test_the_overview_shows_also_those_who_have_not_registered(
    case: Case, client_for: ClientFor
) -> None:
    people, office = case.people, client_for(case.people.office)
    make_registration(case.campaign, people.other_unit, by=people.outsider, state="submitted")
    page = url(case.campaign, "dang-ky")
    text = shown(office.get(page))
    assert "Tất cả 2 Chưa gửi 1 Đã gửi 1" in text
    assert people.unit.name in text
    missing = shown(office.get(page, {"trang-thai": "chua-gui"}))
    assert people.unit.name in missing
    assert people.other_unit.name not in missing
    assert people.other_unit.name in shown(office.get(page, {"trang-thai": "submitted"}))
    assert office.get(page, {"trang-thai": "bay"}).status_code == 200
    assert client_for(people.director).get(page).status_code == 200
    for user in (people.head, people.staff, people.council, people.admin, people.stranger):
        assert client_for(user).get(page).status_code == 404


# --- Who sees what --------------------------------------------------------------------------------


def test_outsiders_find_nothing(case: Case, client_for: ClientFor) -> None:
    people, campaign = case.people, case.campaign
    make_line(case.registration, people.unit, case.offer)
    row = make_milestone(campaign)
    unit = url(campaign, "dang-ky", people.unit.pk)
    own = [unit, f"{unit}them/", f"{unit}{RegistrationLine.objects.get().pk}/"]
    everything = [url(campaign), *own]
    for page in everything:
        assert client_for(people.stranger).get(page).status_code == 404, page
        assert client_for(people.head).get(page).status_code == 200, page
        answer = Client().get(page)
        assert answer.status_code == 302
        assert "/dang-nhap/" in answer.headers["Location"]
    for page in own:
        for user in (people.outsider, people.colleague, people.office, people.council):
            assert client_for(user).get(page).status_code == 404, (page, user)
            assert client_for(user).post(page).status_code in (404, 405), (page, user)
    posts = [f"{unit}bat-dau/", f"{unit}thao-tac/submit/"]
    for user in (people.outsider, people.stranger):
        for page in posts:
            assert client_for(user).post(page).status_code == 404
    for_office = [
        url(campaign, "don-vi"),
        url(campaign, "moc", row.pk),
        url(campaign, "nhan-ban"),
        url(campaign, "sua"),
        url(campaign, "sua", "chu-de"),
    ]
    for user in (people.head, people.director, people.council, people.admin, people.stranger):
        for page in for_office:
            assert client_for(user).post(page).status_code == 404, (page, user)
    assert client_for(people.head).get(f"{LIST}moi/").status_code == 403
    text = shown(client_for(people.head).post(url(campaign, "thao-tac", "close"), follow=True))
    assert "không có quyền" in text
    assert Campaign.objects.get().state == "launched"
    assert Registration.objects.get().state == "draft"


def test_remarks_are_for_office_and_director(case: Case, client_for: ClientFor) -> None:
    plan_models.Remark.objects.create(campaign=case.campaign, place="I.1", text="⚠ Chưa rõ năm")
    people = case.people
    for user, sees in (
        (people.office, True),
        (people.director, True),
        (people.head, False),
        (people.staff, False),
        (people.council, False),
    ):
        assert ("Chưa rõ năm" in shown(client_for(user).get(url(case.campaign)))) is sees


def test_an_almost_empty_plan_is_normal(people: People, client_for: ClientFor) -> None:
    campaign = make_campaign(
        people.agency,
        start_date=None,
        end_date=None,
        period_text="Năm 2025",
        signing_position="",
        form_code="",
    )
    text = shown(client_for(people.head).get(url(campaign)))
    assert "Chưa có số" in text
    for heading in ("Chủ đề", "Mốc thời gian", "Khen thưởng", "Hồ sơ đề nghị", "Nơi nhận"):
        assert heading not in text


def fill(campaign: Campaign, unit_count: int) -> None:
    """A plan with `unit_count` of everything."""
    numbers = count()
    for _ in range(unit_count):
        n = next(numbers)
        Theme.objects.create(campaign=campaign, text=f"Chủ đề {n}")
        for kind in ("registration", "submission"):
            make_milestone(campaign, kind=kind, name=f"Mốc {n}", date=date(2030, 1, 1 + n))
        top = make_area(campaign, number=str(n), text="Nội dung", registrable=False)
        make_area(campaign, parent=top, number="a")
        target = Target.objects.create(
            campaign=campaign, metric=f"Chỉ tiêu {n}", operator="eq", value=100, unit="%"
        )
        Target.objects.create(
            campaign=campaign, metric=f"Trong đó {n}", operator="keep", parent=target
        )
        offer = make_offer(campaign)
        make_criterion(campaign)
        make_criterion(campaign, offer=offer, kind="attested", rule="", params={})
        for part in make_dossier_parts(campaign):
            part.offers.add(offer)
        make_statements(campaign)
        unit = make_unit(campaign.agency)
        Participant.objects.create(campaign=campaign, unit=unit)
        head = User.objects.get(role_grants__role="OFFICE")
        registration = make_registration(campaign, unit, by=head, state="submitted")
        make_line(registration, unit, offer)
        plan_models.Remark.objects.create(campaign=campaign, text="⚠ Lưu ý")
        plan_models.Basis.objects.create(campaign=campaign, kind="basis", text="Căn cứ")


def queries(client: Client, page: str) -> int:
    client.get(page)  # Content types and sessions are read once.
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(page).status_code == 200
    return len(found)


def test_pages_cost_the_same_for_one_row_and_for_six(people: People, client_for: ClientFor) -> None:
    campaign, other = (make_campaign(people.agency) for _ in range(2))
    office = client_for(people.office)
    pages = [url(campaign), url(campaign, "dang-ky"), LIST]
    fill(campaign, 1)
    before = [queries(office, page) for page in pages]
    fill(campaign, 5)
    for _ in range(5):
        fill(make_campaign(people.agency), 1)
    assert [queries(office, page) for page in pages] == before
    fill(other, 6)
    assert queries(office, url(other)) == before[0]


def test_editing_pages_and_a_registration_cost_the_same_for_one_row_and_for_six(
    case: Case, client_for: ClientFor
) -> None:
    draft = make_campaign(case.people.agency, state="draft")
    office, head = client_for(case.people.office), client_for(case.people.head)
    page = url(case.campaign, "dang-ky", case.people.unit.pk)
    editing = [url(draft, "sua", section) for section in SECTIONS]
    fill(draft, 1)
    make_line(case.registration, case.people.unit, case.offer)
    before = (
        [queries(office, one) for one in editing],
        queries(head, page),
        queries(head, f"{page}them/"),
    )
    fill(draft, 5)
    for _ in range(5):
        offer = make_offer(case.campaign)
        make_line(case.registration, make_individual(case.people.unit), offer, area=case.area)
    after = (
        [queries(office, one) for one in editing],
        queries(head, page),
        queries(head, f"{page}them/"),
    )
    assert after == before


def test_no_stored_code_is_shown(people: People, client_for: ClientFor) -> None:
    codes = re.compile(r"\b(" + "|".join(sorted(map(re.escape, enum_codes()))) + r")\b")
    campaign = make_campaign(people.agency, participants=(people.unit,))
    draft = make_campaign(people.agency, state="draft")
    fill(campaign, 2)
    fill(draft, 1)
    registration = make_registration(campaign, people.unit, by=people.head)
    make_line(registration, people.unit, campaign.offers.all()[0])
    unit = url(campaign, "dang-ky", people.unit.pk)
    visits = [
        (people.head, [LIST, url(campaign), unit, f"{unit}them/"]),
        (
            people.office,
            [
                LIST,
                url(campaign),
                url(campaign, "dang-ky"),
                url(draft, "sua"),
                *(url(draft, "sua", section) for section in SECTIONS),
            ],
        ),
    ]
    for user, pages in visits:
        for page in pages:
            text = shown(client_for(user).get(page))
            assert not codes.search(text), (page, codes.findall(text))


def test_text_survives_an_expired_session(people: People, client_for: ClientFor) -> None:
    campaign = make_campaign(people.agency, state="draft")
    page = url(campaign, "sua", "chu-de")
    client = client_for(people.office)
    form = client.get(page).content.decode()
    token = re.search(r'name="_keep" value="([^"]+)"', form)
    assert token
    client.session.flush()
    client.cookies.clear()
    typed = {"origin": "own", "text": "Gõ lúc phiên đã hết", "_keep": token[1]}
    assert "/dang-nhap/" in client.post(page, typed).headers["Location"]
    client.force_login(people.office)
    again = client.get(page)
    assert "Gõ lúc phiên đã hết" in again.content.decode()
    assert "đã được khôi phục" in shown(again)
