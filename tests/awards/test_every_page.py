"""What holds for nominating and meeting together: the story, who reaches what, the cost."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from awards.models import Meeting, Nomination
from tests.awards.conftest import Story
from tests.awards.pages import address, choice, meeting_data, nomination_data, text
from tests.conftest import ClientFor, SafeClient
from tests.factories import NOW, make_individual, make_nomination, make_rating


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
