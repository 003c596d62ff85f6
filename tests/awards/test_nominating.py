"""Nominating: what it leaves behind, whom it refuses, and what the dossier does to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db.models import Model

from awards import actions
from awards.models import Nomination
from campaigns.models import Campaign, Offer
from dossiers.models import Report
from emulation.models import Individual, Unit
from emulation.workflow import Refused
from tests.awards.conftest import Story, refusal, steps
from tests.factories import (
    NOW,
    make_campaign,
    make_individual,
    make_line,
    make_offer,
    make_registration,
    make_report,
    make_title,
    make_unit,
    make_user,
)


def nominate(story: Story, subject: Individual | Unit, **values: Any) -> Nomination:
    values = (
        {
            "campaign": story.campaign,
            "unit": story.people.unit,
            "offer": story.offer,
        }
        | story.as_head()
        | values
    )
    return actions.nominate(subject=subject, **values)


def test_nominating(story: Story) -> None:
    person = make_individual(story.people.unit)
    made = nominate(story, person, legal_ground=" Điều 75 ", summary=" Tốt. ")
    assert (made.state, made.individual, made.collective) == ("proposed", person, None)
    assert (made.legal_ground, made.summary) == ("Điều 75", "Tốt.")
    assert (made.created_by, made.created_at) == (story.people.head, NOW)
    assert nominate(story, story.people.unit).collective == story.people.unit


@pytest.mark.parametrize("field", ["summary", "legal_ground"])
def test_what_the_list_cannot_print_is_refused(story: Story, field: str) -> None:
    made = nominate(story, story.people.unit)
    person = make_individual(story.people.unit)
    with pytest.raises(ValidationError) as refused:
        nominate(story, person, **{field: "Đạt 👍"})
    assert list(refused.value.message_dict) == [field]
    texts: dict[str, Any] = {"legal_ground": "", "summary": "", field: "Đạt ✓"}
    with pytest.raises(ValidationError) as refused:
        actions.update_nomination(
            nomination=made, subject=made.subject, offer=made.offer, **texts, **story.as_head()
        )
    assert list(refused.value.message_dict) == [field]
    assert nominate(story, person, **{field: "Giảm CO₂, kh\u00aden"}).pk


@pytest.mark.parametrize("who", ["outsider", "stranger", "office", "director", "staff"])
def test_only_the_head_nominates(story: Story, who: str) -> None:
    person = make_individual(story.people.unit)
    with pytest.raises(Refused, match="trưởng đơn vị"):
        nominate(story, person, by=getattr(story.people, who))


def test_a_head_elsewhere_may_not_nominate_into_this_agency(story: Story) -> None:
    stranger = story.people.stranger
    unit = stranger.grants_today[0].unit
    with pytest.raises(Refused, match="trưởng đơn vị"):
        nominate(story, make_individual(unit), unit=unit, by=stranger)


@pytest.mark.parametrize("state", ["draft", "closed", "archived"])
def test_only_a_launched_campaign_takes_nominations(story: Story, state: str) -> None:
    story.campaign.state = state
    with pytest.raises(Refused, match="trạng thái"):
        nominate(story, make_individual(story.people.unit))


def test_a_unit_that_does_not_take_part(story: Story) -> None:
    unit = make_unit(story.people.agency)
    with pytest.raises(Refused, match="không có trong danh sách tham gia"):
        nominate(story, make_individual(unit), unit=unit, by=make_user("UNIT_HEAD", unit))


def test_a_plan_that_lists_nobody_is_for_all(story: Story) -> None:
    story.campaign.participants.all().delete()
    assert nominate(story, make_individual(story.people.unit)).pk


def test_people_and_units_of_others_are_refused(story: Story) -> None:
    with pytest.raises(ValidationError) as error:
        nominate(story, make_individual(story.people.other_unit))
    assert "không thuộc đơn vị" in refusal(error, "subject")
    for unit in (story.people.other_unit, story.people.agency):
        with pytest.raises(ValidationError) as error:
            nominate(story, unit)
        assert "tập thể của đơn vị mình" in refusal(error, "subject")


def test_somebody_who_has_left_is_refused(story: Story) -> None:
    today = NOW.date()
    gone = make_individual(story.people.unit, valid_to=today - timedelta(days=1))
    with pytest.raises(ValidationError):
        nominate(story, gone)
    assert nominate(story, make_individual(story.people.unit, valid_to=today)).pk


def test_only_what_the_subject_may_receive(story: Story) -> None:
    def offer(**values: Any) -> Offer:
        return make_offer(story.campaign, title=make_title(), **values)

    person = make_individual(story.people.unit)
    for subject, wrong, part in (
        (person, offer(for_individual=False), "không xét cá nhân"),
        (story.people.unit, offer(for_collective=False), "không xét tập thể"),
        (story.people.unit, offer(agency_only=True), "chỉ xét tập thể Sở"),
        (person, make_offer(make_campaign(story.people.agency)), "không thuộc phong trào"),
    ):
        with pytest.raises(ValidationError) as error:
            nominate(story, subject, offer=wrong)
        assert part in refusal(error, "offer")
    assert nominate(story, person, offer=offer(agency_only=True)).pk


def test_the_office_puts_the_agency_and_its_leaders_forward(story: Story) -> None:
    office = make_unit(story.people.agency, kind=Unit.Kind.OFFICE)
    story.campaign.participants.create(unit=office)
    head = make_user("UNIT_HEAD", office)
    offer = make_offer(story.campaign, agency_only=True)
    values: dict[str, Any] = {"unit": office, "by": head, "offer": offer}
    assert nominate(story, story.people.agency, **values).pk
    assert story.people.director.individual
    assert nominate(story, story.people.director.individual, **values).pk
    with pytest.raises(ValidationError):
        nominate(story, office, **values)


def test_twice_is_refused_beside_the_subject(story: Story) -> None:
    with pytest.raises(ValidationError) as error:
        nominate(story, story.first)
    assert "đã được đề cử" in refusal(error, "subject")
    nominate(story, story.people.unit)
    with pytest.raises(ValidationError) as error:
        nominate(story, story.people.unit)
    assert "Tập thể này đã được đề cử" in refusal(error, "subject")
    assert nominate(story, story.first, offer=story.higher).pk


def test_two_at_the_same_moment_hear_the_same(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The question "is there one?" was asked before the other one came in."""
    monkeypatch.setattr("awards.actions.nominations._refuse_twice", lambda nomination: None)
    with pytest.raises(ValidationError) as error:
        nominate(story, story.first)
    assert "đã được đề cử" in refusal(error, "subject")
    other = nominate(story, story.first, offer=story.higher)
    with pytest.raises(ValidationError) as error:
        actions.update_nomination(
            nomination=other,
            subject=story.first,
            offer=story.offer,
            legal_ground="",
            summary="",
            **story.as_head(),
        )
    assert "đã được đề cử" in refusal(error, "subject")


@pytest.mark.parametrize("state", ["", "draft", "submitted", "returned", "accepted"])
def test_where_registration_is_required(story: Story, state: str) -> None:
    story.campaign.registration_rule = Campaign.RegistrationRule.REQUIRED
    story.campaign.save()
    person = make_individual(story.people.unit)
    if state:
        registration = make_registration(
            story.campaign, story.people.unit, by=story.people.head, state=state
        )
        make_line(registration, person, story.offer)
    if state == "accepted":
        assert nominate(story, person).pk
        with pytest.raises(ValidationError) as error:
            nominate(story, person, offer=story.higher)
    else:
        with pytest.raises(ValidationError) as error:
            nominate(story, person)
    assert "chỉ xét đối tượng đã đăng ký" in refusal(error, "subject")


def test_changing(story: Story, reload: Callable[[Model], Any]) -> None:
    nomination = story.nominations[0]
    other = make_individual(story.people.unit)
    changes: dict[str, Any] = {
        "subject": other,
        "offer": story.higher,
        "legal_ground": "Điều 74",
        "summary": "Mới.",
    }
    actions.update_nomination(nomination=nomination, version=0, **changes, **story.as_head())
    saved = reload(nomination)
    assert (saved.individual, saved.offer, saved.version) == (other, story.higher, 1)
    assert (saved.legal_ground, saved.summary) == ("Điều 74", "Mới.")
    with pytest.raises(ValidationError, match="người khác sửa"):
        actions.update_nomination(nomination=nomination, version=0, **changes, **story.as_head())


def test_withdrawing(story: Story) -> None:
    meeting = story.meeting()
    actions.withdraw_nomination(nomination=story.nominations[0], **story.as_head())
    assert list(meeting.nominations()) == [story.nominations[1]]
    assert meeting.votes.count() == 1
    with pytest.raises(Refused, match="đã được rút"):
        actions.withdraw_nomination(nomination=story.nominations[0], **story.as_head())


def test_a_nomination_with_a_report_is_not_withdrawn(story: Story) -> None:
    make_report(story.nominations[0])
    meeting = story.meeting()
    with pytest.raises(Refused, match="báo cáo thành tích"):
        actions.withdraw_nomination(nomination=story.nominations[0], **story.as_head())
    assert meeting.votes.count() == 2
    assert Report.objects.count() == 1


@pytest.mark.parametrize("state", ["chosen", "not_chosen", "received"])
def test_after_the_meeting_nothing_changes(story: Story, state: str) -> None:
    values: dict[str, Any] = {"state": state}
    if state == "received":
        values["submitted_at"] = NOW
    Nomination.objects.update(**values)
    nomination = story.nominations[0]
    with pytest.raises(Refused, match="trạng thái"):
        actions.withdraw_nomination(nomination=nomination, **story.as_head())
    with pytest.raises(Refused, match="trạng thái"):
        actions.update_nomination(
            nomination=nomination,
            subject=story.first,
            offer=story.offer,
            legal_ground="",
            summary="",
            **story.as_head(),
        )


def test_a_concluded_meeting_closes_the_list(story: Story) -> None:
    story.meeting(state="concluded")
    with pytest.raises(Refused, match="mở lại cuộc họp"):
        nominate(story, make_individual(story.people.unit))
    with pytest.raises(Refused, match="mở lại cuộc họp"):
        actions.withdraw_nomination(nomination=story.nominations[0], **story.as_head())


def test_submitted_returned_received(story: Story, reload: Callable[[Model], Any]) -> None:
    Nomination.objects.update(state="chosen")
    office: dict[str, Any] = {"by": story.people.office, "at": NOW + timedelta(days=1)}
    actions.mark_submitted(nominations=story.nominations, **story.as_head())
    assert {reload(n).submitted_at for n in story.nominations} == {NOW}
    actions.unmark_submitted(nominations=story.nominations, **office)
    assert {reload(n).submitted_at for n in story.nominations} == {None}
    with pytest.raises(Refused, match="chưa được trình"):
        actions.mark_received(nominations=story.nominations, **office)
    actions.mark_submitted(nominations=story.nominations, **story.as_head())
    actions.mark_received(nominations=story.nominations, **office)
    assert {reload(n).state for n in story.nominations} == {"received"}
    assert steps(story.nominations[0]) == [("receive", "chosen", "received")]
    with pytest.raises(Refused, match="đã tiếp nhận"):
        actions.unmark_submitted(nominations=story.nominations, **office)


def test_only_the_chosen_are_submitted(story: Story, reload: Callable[[Model], Any]) -> None:
    Nomination.objects.filter(pk=story.nominations[0].pk).update(state="chosen")
    with pytest.raises(Refused, match="Lý Thị Ánh"):
        actions.mark_submitted(nominations=story.nominations, **story.as_head())
    assert reload(story.nominations[0]).submitted_at is None


@pytest.mark.parametrize("who", ["head", "director", "council", "outsider", "stranger"])
def test_only_the_office_receives(story: Story, who: str) -> None:
    Nomination.objects.update(state="chosen", submitted_at=NOW)
    with pytest.raises(Refused, match="quyền"):
        actions.mark_received(nominations=story.nominations, by=getattr(story.people, who), at=NOW)
