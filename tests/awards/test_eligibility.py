"""Which rows the rules are shown, and which criteria apply to whom."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from awards.models import Candidate, Nomination, facts, findings
from tests.awards.conftest import Story
from tests.factories import make_criterion, make_line, make_rating, make_registration

ON = date(2026, 11, 20)


def texts(story: Story, one: Candidate) -> list[str]:
    return [f.text for f in findings(story.campaign, [one], on=ON)[0]]


def test_criteria_of_the_offer_and_of_the_kind_of_subject(story: Story) -> None:
    for text, applies, offer in (
        ("cho cá nhân", "individual", None),
        ("cho tập thể", "collective", None),
        ("cho Giấy khen", "both", story.offer),
        ("cho Bằng khen", "both", story.higher),
    ):
        make_criterion(
            story.campaign, text=text, applies=applies, offer=offer, kind="attested", rule="",
            params={},
        )  # fmt: skip
    person = texts(story, Candidate(offer=story.offer, individual=story.first))
    unit = texts(story, Candidate(offer=story.higher, collective=story.people.unit))
    nobody = texts(story, Candidate(offer=story.offer, kind="collective"))
    marked = {"cho cá nhân", "cho tập thể", "cho Giấy khen", "cho Bằng khen"}
    assert marked & set(person) == {"cho cá nhân", "cho Giấy khen"}
    assert marked & set(unit) == {"cho tập thể", "cho Bằng khen"}
    assert marked & set(nobody) == {"cho tập thể", "cho Giấy khen"}


def test_ratings_are_of_the_subject_itself(story: Story) -> None:
    make_rating(story.people.unit, level=4)
    unit, first, second = facts(
        story.campaign,
        [
            Candidate(offer=story.offer, collective=story.people.unit),
            Candidate(offer=story.offer, individual=story.first),
            Candidate(offer=story.offer, individual=story.second),
        ],
    )
    assert [r.level for r in unit.ratings] == [4]
    assert [r.level for r in first.ratings] == [3]
    assert second.ratings == ()


def test_an_accepted_registration_counts_before_another(story: Story) -> None:
    """A person who changed units may stand in the registrations of both."""
    head = story.people.head
    one = Candidate(offer=story.offer, individual=story.first)
    for unit, state in (
        (story.people.unit, "accepted"),
        (story.people.other_unit, "draft"),
    ):
        registration = make_registration(story.campaign, unit, by=head, state=state)
        make_line(registration, story.first, story.offer)
    assert facts(story.campaign, [one])[0].registration == "accepted"
    other = Candidate(offer=story.higher, individual=story.first)
    assert facts(story.campaign, [other])[0].registration == ""


@pytest.mark.parametrize(
    ("state", "counts"),
    [("proposed", True), ("chosen", True), ("received", True), ("not_chosen", False)],
)
def test_what_the_unit_did_not_choose_is_no_other_offer(
    story: Story, state: str, counts: bool
) -> None:
    Nomination.objects.update(state=state)
    one = Candidate(offer=story.higher, individual=story.first)
    others = ("Giấy khen của Giám đốc Sở Nội vụ",)
    assert facts(story.campaign, [one])[0].other_offers == (others if counts else ())
    same = Candidate(offer=story.offer, individual=story.first)
    assert facts(story.campaign, [same])[0].other_offers == ()


def test_as_many_queries_for_all_as_for_one(story: Story) -> None:
    people = [story.first, story.second, *story.members]
    candidates = [Candidate(offer=story.offer, individual=person) for person in people]
    counted = []
    for some in (candidates[:1], candidates):
        with CaptureQueriesContext(connection) as captured:
            findings(story.campaign, some, on=ON)
        counted.append(len(captured))
    assert counted[0] == counted[1]
