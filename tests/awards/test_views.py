"""The story by URL: nominate, meet, conclude, reopen; and what each page refuses."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from awards.models import Meeting, Nomination
from campaigns.models import Campaign
from emulation.models import User
from tests.awards.conftest import Story
from tests.conftest import SafeClient
from tests.factories import (
    NOW,
    make_individual,
    make_line,
    make_nomination,
    make_offer,
    make_rating,
    make_registration,
    make_title,
)

ClientFor = Callable[[User], SafeClient]


def address(story: Story, route: str, *more: str) -> str:
    return reverse(f"awards:{route}", args=(story.campaign.slug, story.people.unit.pk, *more))


def text(response: Any) -> str:
    """What a person reads: without markup, spaces as one."""
    plain = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", html.unescape(plain))


def choice(person: Any) -> str:
    return f"individual-{person.pk}"


def nomination_data(story: Story, subject: str, **values: Any) -> dict[str, Any]:
    return {
        "subject": subject,
        "offer": story.offer.pk,
        "legal_ground": "Điều 75",
        "summary": "Hoàn thành xuất sắc nhiệm vụ.",
        "version": "0",
    } | values


def meeting_data(meeting: Meeting, **values: Any) -> dict[str, Any]:
    """A complete record; everybody present votes for everybody."""
    members = sorted(meeting.present_ids())
    data: dict[str, Any] = {
        "version": meeting.version,
        "date": "28/07/2025",
        "starts_at": "14:00",
        "ends_at": "16:30",
        "place": "Phòng họp số 2",
        "chair": members[0],
        "secretary": members[1],
        "required_percent": "50",
        "discussion": "Thống nhất cao.",
    }
    data |= {f"present_{pk}": "on" for pk in members}
    for nomination in meeting.nominations():
        data |= {
            f"in_favour_{nomination.pk}": len(members),
            f"against_{nomination.pk}": "",
            f"abstained_{nomination.pk}": "",
        }
    data |= values
    return {key: value for key, value in data.items() if value is not None}


def test_the_whole_story(story: Story, client_for: ClientFor) -> None:
    client = client_for(story.people.head)
    Nomination.objects.all().delete()
    assert "Chưa có đề cử" in text(client.get(address(story, "nominations")))

    for person in (story.first, story.second):
        page = client.post(
            address(story, "nominate"), nomination_data(story, choice(person)), follow=True
        )
        assert "Đã đề cử." in text(page)
    nomination = Nomination.objects.get(individual=story.first)

    page = client.post(
        reverse("awards:nomination_edit", args=(nomination.pk,)),
        nomination_data(story, choice(story.first), summary="Viết lại.\nDòng hai."),
        follow=True,
    )
    assert "Đã lưu đề cử." in text(page)
    assert "Viết lại." in text(page)

    assert "Mở biên bản họp" in text(client.get(address(story, "meeting")))
    page = client.post(address(story, "meeting_start"), follow=True)
    assert "Chưa ghi thời gian bắt đầu và kết thúc." in text(page)
    meeting = Meeting.objects.get()
    page = client.post(address(story, "meeting"), meeting_data(meeting), follow=True)
    assert "Đã lưu biên bản." in text(page)
    assert "aria-disabled" not in page.content.decode()

    page = client.post(address(story, "meeting_act", "conclude"), follow=True)
    assert "Đã kết luận cuộc họp" in text(page)
    assert text(page).count("Được lựa chọn") == 2
    assert "14:00 28/07/2025" in text(page)
    assert set(Nomination.objects.values_list("state", flat=True)) == {"chosen"}

    office = client_for(story.people.office)
    assert "Phòng họp số 2" in text(office.get(address(story, "meeting")))

    page = client.get(address(story, "nominate"), follow=True)
    assert "Hãy mở lại cuộc họp" in text(page)
    page = client.post(address(story, "meeting_act", "reopen"), {"note": " "}, follow=True)
    assert "Hãy nêu lý do" in text(page)
    page = client.post(address(story, "meeting_act", "reopen"), {"note": "Bổ sung"}, follow=True)
    assert "Đã mở lại cuộc họp" in text(page)
    assert "Bổ sung" in text(page)
    withdraw = reverse("awards:nomination_withdraw", args=(nomination.pk,))
    page = client.post(withdraw, follow=True)
    assert "Đã rút đề cử Nông Văn Đức." in text(page)
    assert Nomination.objects.count() == 1


ROUTES = ("nominations", "nominate", "criteria", "meeting")
PEOPLE = (
    "head",
    "colleague",
    "outsider",
    "stranger",
    "office",
    "council",
    "director",
    "staff",
    "admin",
)


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("state", ["none", "draft", "concluded"])
def test_who_may_open_what(story: Story, client_for: ClientFor, who: str, state: str) -> None:
    if state != "none":
        story.meeting(state=state)
    client = client_for(getattr(story.people, who))
    agency = who in ("office", "council", "director")
    expected = {
        "nominations": 200 if who == "head" or agency else 404,
        "nominate": (200 if state != "concluded" else 302) if who == "head" else 404,
        "criteria": 200 if who == "head" else 404,
        "meeting": 200 if who == "head" or (agency and state == "concluded") else 404,
    }
    if agency:
        expected["nominate"] = 302
    assert {r: client.get(address(story, r)).status_code for r in ROUTES} == expected


@pytest.mark.parametrize("who", PEOPLE)
def test_who_may_open_and_change_a_nomination(
    story: Story, client_for: ClientFor, who: str
) -> None:
    assert story.people.staff.individual
    nomination = make_nomination(
        story.people.unit, story.people.staff.individual, story.offer, by=story.people.head
    )
    client = client_for(getattr(story.people, who))
    page = client.get(reverse("awards:nomination", args=(nomination.pk,)))
    assert page.status_code == (200 if who in ("head", "staff") else 404)
    edit = reverse("awards:nomination_edit", args=(nomination.pk,))
    withdraw = reverse("awards:nomination_withdraw", args=(nomination.pk,))
    assert client.get(edit).status_code == (200 if who == "head" else 404)
    data = nomination_data(story, choice(story.people.staff.individual))
    assert client.post(edit, data).status_code == (302 if who == "head" else 404)
    assert client.get(withdraw).status_code == 405
    assert client.post(withdraw).status_code == (302 if who == "head" else 404)
    Nomination.objects.filter(pk=nomination.pk).update(state="chosen", submitted_at=NOW)


@pytest.mark.parametrize("who", [p for p in PEOPLE if p != "head"])
def test_nobody_else_writes(story: Story, client_for: ClientFor, who: str) -> None:
    client = client_for(getattr(story.people, who))
    meeting = story.meeting()
    person = make_individual(story.people.unit)
    client.post(address(story, "nominate"), nomination_data(story, choice(person)))
    client.post(address(story, "meeting"), meeting_data(meeting, place="Nơi khác"))
    client.post(address(story, "meeting_act", "conclude"))
    Meeting.objects.update(state="concluded", concluded_at=NOW)
    client.post(address(story, "meeting"), meeting_data(meeting, place="Nơi khác"))
    client.post(address(story, "meeting_act", "reopen"), {"note": "x"})
    meeting.refresh_from_db()
    assert (meeting.state, meeting.place) == ("concluded", "Phòng họp số 2")
    assert Nomination.objects.count() == 2
    Meeting.objects.all().delete()
    client.post(address(story, "meeting_start"))
    assert not Meeting.objects.exists()


def test_anonymous_people_log_in_first(story: Story, client: SafeClient) -> None:
    for route in ROUTES:
        page = client.get(address(story, route))
        assert page.status_code == 302
        assert reverse("login") in page["Location"]


def test_what_does_not_exist(story: Story, client_for: ClientFor) -> None:
    client = client_for(story.people.head)
    slug, unit = story.campaign.slug, story.people.unit.pk
    assert client.get(reverse("awards:nominations", args=("khong-co", unit))).status_code == 404
    assert client.get(reverse("awards:nominations", args=(slug, 999999))).status_code == 404
    assert client.get(reverse("awards:nomination", args=(999999,))).status_code == 404
    assert client.post(address(story, "meeting_act", "conclude")).status_code == 404
    story.meeting()
    assert client.post(address(story, "meeting_act", "burn")).status_code == 404


# Nominating


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"subject": ""}, "bắt buộc"),
        ({"offer": ""}, "bắt buộc"),
        ({"subject": "individual-999999"}, "chỉ được đề cử người và tập thể của đơn vị mình"),
        ({"subject": "individual-"}, "chỉ được đề cử"),
        ({"subject": "x" * 300}, "chỉ được đề cử"),
        ({"offer": "999999"}, "không xét hình thức này"),
        ({"offer": "abc"}, "không xét hình thức này"),
        ({"legal_ground": "x" * 201}, "200"),
        ({"version": "abc"}, ""),
    ],
)
def test_wrong_input_keeps_the_text(
    story: Story, client_for: ClientFor, changes: dict[str, Any], message: str
) -> None:
    person = make_individual(story.people.unit)
    data = nomination_data(story, choice(person), summary="Sáng kiến số hóa hồ sơ.") | changes
    page = client_for(story.people.head).post(address(story, "nominate"), data)
    assert page.status_code == 200
    assert message in text(page)
    assert "Sáng kiến số hóa hồ sơ." in text(page)
    assert Nomination.objects.count() == 2


def test_people_of_another_unit(story: Story, client_for: ClientFor) -> None:
    person = make_individual(story.people.other_unit)
    page = client_for(story.people.head).post(
        address(story, "nominate"), nomination_data(story, choice(person))
    )
    assert "chỉ được đề cử người và tập thể của đơn vị mình" in text(page)
    assert person.full_name not in text(page)


def test_a_duplicate_is_refused_beside_the_subject(story: Story, client_for: ClientFor) -> None:
    data = nomination_data(story, choice(story.first), summary="Lần hai.")
    page = client_for(story.people.head).post(address(story, "nominate"), data)
    assert page.context["form"].errors["subject"] == [
        "Cá nhân này đã được đề cử hình thức này trong phong trào."
    ]
    assert "Lần hai." in text(page)


def test_registration_as_a_gate(story: Story, client_for: ClientFor) -> None:
    Campaign.objects.update(registration_rule="required")
    person = make_individual(story.people.unit)
    client = client_for(story.people.head)
    page = client.get(
        address(story, "nominate"), {"subject": choice(person), "offer": str(story.offer.pk)}
    )
    assert "Chưa thể đề cử" in text(page)
    page = client.post(address(story, "nominate"), nomination_data(story, choice(person)))
    assert "chỉ xét đối tượng đã đăng ký thi đua" in page.context["form"].errors["subject"][0]
    registration = make_registration(
        story.campaign, story.people.unit, by=story.people.head, state="accepted"
    )
    make_line(registration, person, story.offer)
    page = client.post(address(story, "nominate"), nomination_data(story, choice(person)))
    assert page.status_code == 302


def test_offers_follow_the_subject(story: Story, client_for: ClientFor) -> None:
    make_offer(story.campaign, title=make_title(), label="Cờ thi đua", for_individual=False)
    make_offer(
        story.campaign,
        title=make_title(),
        label="Chỉ của Sở",
        for_individual=False,
        agency_only=True,
    )
    client = client_for(story.people.head)

    def offered(subject: str) -> set[str]:
        page = client.get(address(story, "nominate"), {"subject": subject})
        return {label for _, label in page.context["form"]["offer"].field.choices}

    unit, person = f"collective-{story.people.unit.pk}", choice(story.first)
    assert "Cờ thi đua" in offered(unit)
    assert "Cờ thi đua" in offered("")
    assert "Cờ thi đua" not in offered(person)
    assert "Chỉ của Sở" not in offered(unit) | offered(person) | offered("")


def test_criteria_beside_the_form(story: Story, client_for: ClientFor) -> None:
    """By address, after a failed save, and as the fragment that htmx asks for."""
    client = client_for(story.people.head)
    chosen: dict[str, str] = {"subject": choice(story.first), "offer": str(story.offer.pk)}
    for page in (
        client.get(address(story, "nominate"), chosen),
        client.post(address(story, "nominate"), nomination_data(story, **chosen)),
        client.get(address(story, "criteria"), chosen),
    ):
        assert page.status_code == 200
        shown = text(page)
        assert "Đạt: Được xếp loại hoàn thành tốt nhiệm vụ trở lên năm 2024." in shown
        assert "Xếp loại 2024: Hoàn thành tốt nhiệm vụ — Quyết định số 412/QĐ-SNV" in shown
        assert "Đơn vị xác nhận: Gương mẫu." in shown
        assert "mục IV.4.b" in shown
    unknown = client.get(address(story, "criteria"), chosen | {"subject": choice(story.second)})
    assert "Chưa đủ dữ liệu" in text(unknown)
    assert "Chưa có kết quả xếp loại năm 2024." in text(unknown)
    make_rating(story.second, level=2)
    refused = client.get(address(story, "criteria"), chosen | {"subject": choice(story.second)})
    assert "Chưa đạt:" in text(refused)
    nobody = text(client.get(address(story, "criteria"), {"offer": story.offer.pk}))
    assert "Tập thể" in nobody
    assert "Cá nhân" in nobody
    assert "Chưa đủ dữ liệu" not in nobody
    for odd in ({}, {"offer": "x"}, {"subject": "collective-x", "offer": "9" * 30}):
        assert client.get(address(story, "criteria"), odd).status_code == 200


def test_a_second_form_for_one_achievement(story: Story, client_for: ClientFor) -> None:
    page = client_for(story.people.head).get(
        address(story, "criteria"), {"subject": choice(story.first), "offer": str(story.higher.pk)}
    )
    assert "khoản 2 Điều 5" in text(page)
    assert "Giấy khen của Giám đốc Sở Nội vụ" in text(page)


def test_the_ground_is_suggested_but_never_overwritten(story: Story, client_for: ClientFor) -> None:
    client = client_for(story.people.head)

    def answer(**values: Any) -> str:
        return client.get(
            address(story, "criteria"), {"offer": story.higher.pk} | values
        ).content.decode()

    page = client.get(address(story, "nominate"), {"offer": story.higher.pk})
    assert 'value="Điều 74"' in page.content.decode()
    assert 'value="Điều 74"' in answer(legal_ground="")
    assert 'value="Điều 74"' in answer(legal_ground="Điều 75")
    person = answer(legal_ground="Điều 74", subject=choice(story.first))
    assert 'value="điểm a khoản 1 Điều 74"' in person
    assert "id_legal_ground" not in answer(legal_ground="điểm d khoản 1 Điều 74")


def test_two_people_edit_one_nomination(story: Story, client_for: ClientFor) -> None:
    client = client_for(story.people.head)
    nomination = story.nominations[0]
    edit = reverse("awards:nomination_edit", args=(nomination.pk,))
    data = nomination_data(story, choice(story.first))
    assert client.post(edit, data | {"summary": "Bản của người thứ nhất."}).status_code == 302
    page = client.post(edit, data | {"summary": "Bản của người thứ hai."})
    assert page.status_code == 409
    assert "Bản của người thứ hai." in text(page)
    assert "người khác sửa" in text(page)
    nomination.refresh_from_db()
    assert nomination.summary == "Bản của người thứ nhất."
    again = {"version": page.context["form"]["version"].value()}
    page = client.post(edit, data | {"summary": "Bản của người thứ hai."} | again)
    assert page.status_code == 302


def token(page: Any) -> str:
    found = re.search(r'name="_keep" value="([^"]+)"', page.content.decode())
    assert found
    return found.group(1)


def test_text_survives_an_expired_session(story: Story, client_for: ClientFor) -> None:
    meeting = story.meeting()
    person = make_individual(story.people.unit)
    nominate, meet = address(story, "nominate"), address(story, "meeting")
    for url, data in (
        (nominate, nomination_data(story, choice(person), summary="Viết dở dang.")),
        (meet, meeting_data(meeting, discussion="Viết dở dang.")),
    ):
        client = client_for(story.people.head)
        data["_keep"] = token(client.get(url))
        client.logout()
        assert client.post(url, data).status_code == 302
        client.force_login(story.people.head)
        page = client.get(url)
        assert "Viết dở dang." in text(page)
        assert "đã được khôi phục" in text(page)
        assert client.post(url, data).status_code == 302


def test_after_the_meeting_the_buttons_say_why(story: Story, client_for: ClientFor) -> None:
    story.meeting(state="concluded")
    Nomination.objects.update(state="chosen")
    client = client_for(story.people.head)
    address_ = reverse("awards:nomination", args=(story.nominations[0].pk,))
    page = client.get(address_)
    assert 'aria-disabled="true"' in page.content.decode()
    assert "mở lại cuộc họp" in text(page)
    assert "5 đồng ý" in text(page)
    edit = reverse("awards:nomination_edit", args=(story.nominations[0].pk,))
    assert "mở lại cuộc họp" in text(client.get(edit, follow=True))


@pytest.mark.parametrize("who", ["office", "council", "director"])
def test_the_agency_reads_only_what_was_submitted(
    story: Story, client_for: ClientFor, who: str
) -> None:
    sent, kept = story.nominations
    Nomination.objects.filter(pk=sent.pk).update(state="chosen", submitted_at=NOW)
    client = client_for(getattr(story.people, who))
    shown = text(client.get(address(story, "nominations")))
    assert sent.subject_name in shown
    assert kept.subject_name not in shown
    for nomination, status in ((sent, 200), (kept, 404)):
        page = client.get(reverse("awards:nomination", args=(nomination.pk,)))
        assert page.status_code == status


def test_votes_are_told_after_the_conclusion(story: Story, client_for: ClientFor) -> None:
    meeting = story.meeting()
    client = client_for(story.people.head)
    url = reverse("awards:nomination", args=(story.nominations[0].pk,))
    assert "Biểu quyết" not in text(client.get(url))
    client.post(address(story, "meeting_act", "conclude"))
    assert "Biểu quyết" in text(client.get(url))
    assert meeting.votes.count() == 2


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ({"state": "proposed"}, "Cuộc họp bình xét của đơn vị biểu quyết."),
        ({"state": "chosen"}, "viết báo cáo thành tích"),
        ({"state": "chosen", "submitted_at": NOW}, "Văn phòng kiểm tra"),
        ({"state": "not_chosen"}, "mở lại cuộc họp để xét lại"),
        ({"state": "received", "submitted_at": NOW}, "Hội đồng"),
    ],
)
def test_the_nominee_sees_where_it_stands(
    story: Story, client_for: ClientFor, values: dict[str, Any], shown: str
) -> None:
    assert story.people.staff.individual
    nomination = make_nomination(
        story.people.unit,
        story.people.staff.individual,
        story.offer,
        by=story.people.head,
        **values,
    )
    page = client_for(story.people.staff).get(reverse("awards:nomination", args=(nomination.pk,)))
    assert shown in text(page)
    assert "Rút đề cử" not in text(page)
    assert not re.search(r"\b[A-Z_]{4,}_[A-Z]+\b", text(page))


# Meeting


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"ends_at": "13:59"}, "ends_at", "Giờ kết thúc phải sau giờ bắt đầu."),
        ({"ends_at": "14:00"}, "ends_at", "Giờ kết thúc phải sau giờ bắt đầu."),
        ({"date": "31/02/2025"}, "date", "dd/mm/yyyy"),
        ({"date": ""}, "date", "Nhập ngày họp."),
        ({"starts_at": "25:00"}, "starts_at", "HH:MM"),
        ({"starts_at": ""}, "starts_at", "Nhập giờ bắt đầu."),
        ({"chair": "999999"}, "chair", ""),
        ({"required_percent": "100"}, "required_percent", "99"),
        ({"required_percent": ""}, "required_percent", "bắt buộc"),
        ({"place": "x" * 201}, "place", "200"),
    ],
)
def test_wrong_facts_of_a_meeting(
    story: Story, client_for: ClientFor, changes: dict[str, Any], field: str, message: str
) -> None:
    meeting = story.meeting(place="", discussion="")
    page = client_for(story.people.head).post(
        address(story, "meeting"), meeting_data(meeting, **changes)
    )
    assert page.status_code == 200
    assert message in " ".join(page.context["form"].errors[field])
    assert "Thống nhất cao." in text(page)
    meeting.refresh_from_db()
    assert meeting.discussion == ""


def test_chair_and_secretary(story: Story, client_for: ClientFor) -> None:
    meeting = story.meeting()
    client = client_for(story.people.head)
    chair = meeting.chair_id
    page = client.post(
        address(story, "meeting"), meeting_data(meeting, chair=chair, secretary=chair)
    )
    assert "hai người khác nhau" in page.context["form"].errors["secretary"][0]
    page = client.post(
        address(story, "meeting"),
        meeting_data(meeting, chair=chair, **{f"present_{chair}": None}),
    )
    assert "không có mặt" in page.context["form"].errors["chair"][0]


@pytest.mark.parametrize(
    ("count", "message"),
    [
        ("4", "Tổng số phiếu là 4, phải bằng số người có mặt (5)."),
        ("99999999999999999999", "9999"),
        ("-1", "0"),
        ("năm", "Nhập số nguyên."),
    ],
)
def test_wrong_votes(story: Story, client_for: ClientFor, count: str, message: str) -> None:
    meeting = story.meeting()
    meeting.votes.all().delete()
    name = f"in_favour_{story.nominations[0].pk}"
    page = client_for(story.people.head).post(
        address(story, "meeting"), meeting_data(meeting, **{name: count})
    )
    assert page.status_code == 200
    assert message in " ".join(page.context["form"].errors[name])
    assert "Thống nhất cao." in text(page)
    assert not meeting.votes.exists()


def test_votes_land_where_they_were_written(story: Story, client_for: ClientFor) -> None:
    meeting = story.meeting()
    first, second = (n.pk for n in story.nominations)
    counts = {
        f"in_favour_{first}": "2", f"against_{first}": "1", f"abstained_{first}": "2",
        f"in_favour_{second}": "", f"against_{second}": "", f"abstained_{second}": "",
    }  # fmt: skip
    page = client_for(story.people.head).post(
        address(story, "meeting"), meeting_data(meeting, **counts)
    )
    assert page.status_code == 302
    votes = {v.nomination_id: (v.in_favour, v.against, v.abstained) for v in meeting.votes.all()}
    assert votes == {first: (2, 1, 2)}


def test_two_people_record_one_meeting(story: Story, client_for: ClientFor) -> None:
    meeting = story.meeting()
    client = client_for(story.people.head)
    data = meeting_data(meeting)
    assert client.post(address(story, "meeting"), data | {"place": "Phòng 1"}).status_code == 302
    page = client.post(address(story, "meeting"), data | {"place": "Phòng 2"})
    assert page.status_code == 409
    assert "người khác lưu" in text(page)
    assert 'value="Phòng 2"' in page.content.decode()
    meeting.refresh_from_db()
    assert meeting.place == "Phòng 1"
    again = {"version": page.context["form"]["version"].value(), "place": "Phòng 2"}
    assert client.post(address(story, "meeting"), data | again).status_code == 302


def test_starting_twice_is_one_meeting(story: Story, client_for: ClientFor) -> None:
    client = client_for(story.people.head)
    for _ in range(2):
        assert client.post(address(story, "meeting_start")).status_code == 302
    assert Meeting.objects.count() == 1
    assert client.get(address(story, "meeting_start")).status_code == 405


def test_concluding_too_early_says_why(story: Story, client_for: ClientFor) -> None:
    story.meeting(place="")
    client = client_for(story.people.head)
    page = client.get(address(story, "meeting"))
    assert 'aria-disabled="true"' in page.content.decode()
    assert "Chưa ghi địa điểm." in text(page)
    page = client.post(address(story, "meeting_act", "conclude"), follow=True)
    assert "Chưa ghi địa điểm." in text(page)
    assert Meeting.objects.get().state == "draft"


def test_a_closed_campaign_is_read_only(story: Story, client_for: ClientFor) -> None:
    meeting = story.meeting()
    Campaign.objects.update(state="closed")
    client = client_for(story.people.head)
    assert "Phòng họp số 2" in text(client.get(address(story, "meeting")))
    page = client.post(
        address(story, "meeting"), meeting_data(meeting, place="Nơi khác"), follow=True
    )
    assert "Đã tổng kết" in text(page)
    meeting.refresh_from_db()
    assert meeting.place == "Phòng họp số 2"
    Meeting.objects.all().delete()
    assert "Đã tổng kết" in text(client.get(address(story, "meeting")))


def test_as_many_queries_for_six_as_for_one(story: Story, client_for: ClientFor) -> None:
    client = client_for(story.people.head)
    story.nominations.pop().delete()
    meeting = story.meeting()

    def queries() -> dict[str, int]:
        found = {}
        for route, state in (
            ("nominations", "draft"),
            ("nominate", "draft"),
            ("meeting", "draft"),
            ("meeting", "concluded"),
        ):
            concluded_at = NOW if state == "concluded" else None
            Meeting.objects.update(state=state, concluded_at=concluded_at)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address(story, route)).status_code == 200
            found[f"{route} {state}"] = len(captured)
        return found

    queries()  # Content types are read once per process.
    one = queries()
    for _ in range(5):
        person = make_individual(story.people.unit)
        make_rating(person)
        nomination = make_nomination(story.people.unit, person, story.offer, by=story.people.head)
        meeting.attendees.create(individual=person)
        meeting.votes.create(nomination=nomination, in_favour=5)
    assert queries() == one
