"""A plan by address: the office draws up, launches, sets dates, copies and closes."""

from __future__ import annotations

from datetime import date

from campaigns import models as plan_models
from campaigns.models import Campaign, Theme
from tests.campaigns.conftest import Case
from tests.campaigns.pages import LIST, shown, url
from tests.conftest import ClientFor, People
from tests.factories import make_campaign, make_milestone


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


def test_a_date_is_set_after_the_launch(case: Case, client_for: ClientFor) -> None:
    row = make_milestone(case.campaign, kind="submission", name="Gửi hồ sơ về Sở")
    client = client_for(case.people.office)
    assert "Chưa ấn định" in shown(client.get(url(case.campaign)))
    data = {"date": "10/08/2025", "date_precision": "day", "version": 0}
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
