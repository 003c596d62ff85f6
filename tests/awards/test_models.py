"""Each constraint refuses its counter-example."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from awards.models import Meeting, MeetingAttendee, MeetingVote, Nomination
from campaigns.models import Offer
from tests.conftest import People
from tests.factories import (
    NOW,
    make_campaign,
    make_individual,
    make_meeting,
    make_nomination,
    make_offer,
)


@pytest.fixture
def offer(people: People) -> Offer:
    return make_offer(make_campaign(people.agency, participants=(people.unit,)))


def refuses(name: str, write: Callable[[], Any]) -> None:
    """SQLite names the columns of a unique constraint, not the constraint itself."""
    with pytest.raises(IntegrityError, match=rf"{name}|UNIQUE constraint"), transaction.atomic():
        write()


def test_a_nomination_has_one_subject(people: People, offer: Offer) -> None:
    person = make_individual(people.unit)
    refuses(
        "nomination_one_subject",
        lambda: make_nomination(people.unit, person, offer, by=people.head, collective=people.unit),
    )
    refuses(
        "nomination_one_subject",
        lambda: make_nomination(people.unit, person, offer, by=people.head, individual=None),
    )


def test_a_person_is_nominated_once_for_a_title(people: People, offer: Offer) -> None:
    person = make_individual(people.unit)
    make_nomination(people.unit, person, offer, by=people.head)
    make_nomination(people.unit, person, make_offer(offer.campaign), by=people.head)
    refuses(
        "nomination_individual_once",
        lambda: make_nomination(people.other_unit, person, offer, by=people.head),
    )


def test_a_unit_is_nominated_once_for_a_title(people: People, offer: Offer) -> None:
    make_nomination(people.unit, people.unit, offer, by=people.head)
    make_nomination(people.unit, people.unit, make_offer(offer.campaign), by=people.head)
    refuses(
        "nomination_collective_once",
        lambda: make_nomination(people.other_unit, people.unit, offer, by=people.head),
    )


def test_a_unit_meets_once_in_a_campaign(people: People, offer: Offer) -> None:
    make_meeting(offer.campaign, people.unit, by=people.head)
    make_meeting(offer.campaign, people.other_unit, by=people.head)
    refuses("meeting_once", lambda: make_meeting(offer.campaign, people.unit, by=people.head))


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("meeting_times_in_order", {"starts_at": NOW, "ends_at": NOW}),
        ("meeting_times_in_order", {"starts_at": NOW, "ends_at": NOW - timedelta(minutes=1)}),
        ("meeting_concluded_when", {"state": "concluded", "concluded_at": None}),
        ("meeting_concluded_when", {"state": "draft", "concluded_at": NOW}),
        ("meeting_percent", {"required_percent": 100}),
    ],
)
def test_a_meeting_agrees_with_itself(
    people: People, offer: Offer, name: str, values: dict[str, Any]
) -> None:
    refuses(name, lambda: make_meeting(offer.campaign, people.unit, by=people.head, **values))


@pytest.mark.parametrize("values", [{"starts_at": None}, {"ends_at": None}, {}])
def test_a_meeting_may_lack_a_time(people: People, offer: Offer, values: dict[str, Any]) -> None:
    make_meeting(offer.campaign, people.unit, by=people.head, **values)


def test_chair_and_secretary_are_two_persons(people: People, offer: Offer) -> None:
    person = make_individual(people.unit)
    refuses(
        "meeting_two_persons",
        lambda: make_meeting(
            offer.campaign, people.unit, by=people.head, chair=person, secretary=person
        ),
    )


def test_attendance(people: People, offer: Offer) -> None:
    person = make_individual(people.unit)
    meeting = make_meeting(offer.campaign, people.unit, by=people.head, present=(person,))
    refuses(
        "attendee_once",
        lambda: MeetingAttendee.objects.create(meeting=meeting, individual=person),
    )
    other = make_individual(people.unit)
    refuses(
        "attendee_reason_only_when_absent",
        lambda: MeetingAttendee.objects.create(
            meeting=meeting, individual=other, present=True, reason="Đi công tác"
        ),
    )


def test_one_vote_for_a_nominee(people: People, offer: Offer) -> None:
    person = make_individual(people.unit)
    nomination = make_nomination(people.unit, person, offer, by=people.head)
    meeting = make_meeting(
        offer.campaign, people.unit, by=people.head, present=(person,), nominations=(nomination,)
    )
    refuses(
        "vote_once",
        lambda: MeetingVote.objects.create(meeting=meeting, nomination=nomination, in_favour=1),
    )


@pytest.mark.parametrize(
    ("who", "draft", "submitted"),
    [
        ("head", True, True),
        ("colleague", False, False),
        ("outsider", False, False),
        ("stranger", False, False),
        ("office", False, True),
        ("council", False, True),
        ("director", False, True),
        ("staff", True, True),
        ("admin", False, False),
    ],
)
def test_who_sees_a_nomination(
    people: People, offer: Offer, who: str, draft: bool, submitted: bool
) -> None:
    """The nominee is `staff`; nobody of the office sees what the unit has not submitted."""
    assert people.staff.individual
    user = getattr(people, who)
    nomination = make_nomination(people.unit, people.staff.individual, offer, by=people.head)
    seen = Nomination.objects.visible_to(user)
    assert seen.exists() is draft
    Nomination.objects.filter(pk=nomination.pk).update(state="chosen", submitted_at=NOW)
    assert seen.all().exists() is submitted
    assert not Nomination.objects.editable_by(user).exists()


@pytest.mark.parametrize(
    ("who", "draft", "concluded"),
    [
        ("head", True, True),
        ("colleague", False, False),
        ("outsider", False, False),
        ("stranger", False, False),
        ("office", False, True),
        ("council", False, True),
        ("director", False, True),
        ("staff", False, False),
        ("admin", False, False),
    ],
)
def test_who_sees_a_meeting(
    people: People, offer: Offer, who: str, draft: bool, concluded: bool
) -> None:
    user = getattr(people, who)
    meeting = make_meeting(offer.campaign, people.unit, by=people.head)
    assert Meeting.objects.visible_to(user).exists() is draft
    assert Meeting.objects.editable_by(user).exists() is (who == "head")
    Meeting.objects.filter(pk=meeting.pk).update(state="concluded", concluded_at=NOW)
    assert Meeting.objects.visible_to(user).exists() is concluded
    assert not Meeting.objects.editable_by(user).exists()


def test_a_unit_meets_about_its_own_in_one_campaign(people: People, offer: Offer) -> None:
    mine = make_nomination(people.unit, make_individual(people.unit), offer, by=people.head)
    elsewhere = make_offer(make_campaign(people.agency))
    make_nomination(people.unit, make_individual(people.unit), elsewhere, by=people.head)
    outside = make_individual(people.other_unit)
    make_nomination(people.other_unit, outside, offer, by=people.outsider)
    meeting = make_meeting(offer.campaign, people.unit, by=people.head)
    assert list(Nomination.objects.of_unit(offer.campaign, people.unit)) == [mine]
    assert list(meeting.nominations()) == [mine]


def test_who_was_chosen_is_so_after_the_office_has_received_it(
    people: People, offer: Offer
) -> None:
    made = {
        state: make_nomination(
            people.unit, make_individual(people.unit), offer, by=people.head, state=state
        )
        for state in Nomination.State.values
    }
    assert set(Nomination.objects.chosen()) == {made["chosen"], made["received"]}
