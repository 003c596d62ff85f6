"""Two people at the same moment, on a database that lets them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection

from awards import actions
from awards.models import Meeting, Nomination
from tests.awards.conftest import Story
from tests.factories import make_individual
from tests.races import together

pytestmark = [
    pytest.mark.django_db(transaction=True),
    # SQLite lets one writer in at a time, and its test database lives in one connection.
    pytest.mark.skipif(connection.vendor == "sqlite", reason="needs several connections"),
]


def test_the_same_nomination_twice(story: Story) -> None:
    person = make_individual(story.people.unit)
    head = story.people.head
    assert head.grants_today

    def nominate() -> Nomination:
        return actions.nominate(
            campaign=story.campaign,
            unit=story.people.unit,
            subject=person,
            offer=story.offer,
            **story.as_head(),
        )

    said = together(nominate, nominate, nominate)
    assert sorted(said)[0] == ""
    assert all("đã được đề cử" in text for text in sorted(said)[1:])
    assert Nomination.objects.filter(individual=person).count() == 1


def test_a_nomination_while_the_meeting_is_concluded(story: Story) -> None:
    """Either the new nominee is refused or the conclusion is; never a nominee without a vote."""
    meeting = story.meeting()
    person = make_individual(story.people.unit)
    assert story.people.head.grants_today
    said = together(
        lambda: actions.act_on_meeting(meeting=meeting, act="conclude", **story.as_head()),
        lambda: actions.nominate(
            campaign=story.campaign,
            unit=story.people.unit,
            subject=person,
            offer=story.offer,
            **story.as_head(),
        ),
    )
    concluded = Meeting.objects.get().state == "concluded"
    nominated = Nomination.objects.filter(individual=person).exists()
    assert concluded is not nominated
    assert sorted(said)[0] == "" != sorted(said)[1]


def test_the_meeting_is_opened_twice(story: Story) -> None:
    assert story.people.head.grants_today

    def start() -> Meeting:
        return actions.start_meeting(
            campaign=story.campaign, unit=story.people.unit, **story.as_head()
        )

    assert together(start, start) == ["", ""]
    assert Meeting.objects.get().attendees.count() == 5


def test_two_records_of_one_version(story: Story) -> None:
    meeting = story.meeting()
    assert story.people.head.grants_today

    def save(place: str) -> Callable[[], Meeting]:
        return lambda: actions.save_meeting(
            meeting=meeting,
            version=0,
            starts_at=meeting.starts_at,
            ends_at=meeting.ends_at,
            place=place,
            chair=meeting.chair,
            secretary=meeting.secretary,
            discussion="",
            required_percent=50,
            **story.as_head(),
        )

    said = together(save("Phòng 1"), save("Phòng 2"))
    assert sorted(said)[0] == ""
    assert "người khác lưu" in sorted(said)[1]
    assert Meeting.objects.get().place == ("Phòng 1" if said[0] == "" else "Phòng 2")
