"""Registering by address: a unit registers, the office receives and sees who has not."""

from __future__ import annotations

from datetime import date

from campaigns.models import Campaign, Registration, RegistrationLine
from tests.campaigns.conftest import Case
from tests.campaigns.pages import shown, url
from tests.conftest import ClientFor, People
from tests.factories import (
    make_area,
    make_campaign,
    make_individual,
    make_line,
    make_milestone,
    make_offer,
    make_registration,
)


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
