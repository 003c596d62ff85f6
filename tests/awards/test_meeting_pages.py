"""The meeting by address: wrong facts and votes, two who record, concluding."""

from __future__ import annotations

from typing import Any

import pytest

from awards.models import Meeting
from campaigns.models import Campaign
from tests.awards.conftest import Story
from tests.awards.pages import address, meeting_data, text
from tests.conftest import ClientFor


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
