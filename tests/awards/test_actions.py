"""What the actions leave behind, and what they refuse."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db.models import Model

from awards import actions
from awards.actions import Count, Presence
from awards.models import Meeting, Nomination
from campaigns.models import Campaign, Offer
from dossiers.models import Report
from emulation.models import Individual, Step, Unit, User
from emulation.workflow import Refused
from tests.awards.conftest import Story
from tests.factories import (
    NOW,
    TZ,
    make_campaign,
    make_individual,
    make_line,
    make_nomination,
    make_offer,
    make_registration,
    make_report,
    make_title,
    make_unit,
    make_user,
)

START = datetime(2025, 7, 28, 14, 0, tzinfo=TZ)


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


def save(story: Story, meeting: Meeting, **values: Any) -> Meeting:
    full: dict[str, Any] = {
        "version": meeting.version,
        "starts_at": START,
        "ends_at": START + timedelta(hours=2),
        "place": "Phòng họp số 2",
        "chair": story.first,
        "secretary": story.second,
        "discussion": "Các thành viên thống nhất.",
        "required_percent": 50,
    }
    return actions.save_meeting(meeting=meeting, **full | story.as_head() | values)


def steps(case: Model) -> list[tuple[str, str, str]]:
    return [(s.act, s.from_state, s.to_state) for s in Step.objects.about(case)]


def refusal(error: pytest.ExceptionInfo[ValidationError], field: str) -> str:
    return " ".join(error.value.message_dict[field])


# Nominations


def test_nominating(story: Story) -> None:
    person = make_individual(story.people.unit)
    made = nominate(story, person, legal_ground=" Điều 75 ", summary=" Tốt. ")
    assert (made.state, made.individual, made.collective) == ("proposed", person, None)
    assert (made.legal_ground, made.summary) == ("Điều 75", "Tốt.")
    assert (made.created_by, made.created_at) == (story.people.head, NOW)
    assert nominate(story, story.people.unit).collective == story.people.unit


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


# The dossier's part


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


# The meeting


def start(story: Story, **values: Any) -> Meeting:
    values = (
        {
            "campaign": story.campaign,
            "unit": story.people.unit,
        }
        | story.as_head()
        | values
    )
    return actions.start_meeting(**values)


def test_starting_lists_the_members(story: Story) -> None:
    make_individual(story.people.unit, valid_to=NOW.date() - timedelta(days=1))
    meeting = start(story)
    assert meeting.present_ids() == {m.pk for m in story.members if not m.valid_to}
    assert meeting.chair == story.people.head.individual
    assert (meeting.created_by, meeting.created_at) == (story.people.head, NOW)
    assert start(story) == meeting
    assert meeting.attendees.count() == 5


@pytest.mark.parametrize("who", ["outsider", "stranger", "office", "director", "staff"])
def test_only_the_head_holds_the_meeting(story: Story, who: str) -> None:
    by: User = getattr(story.people, who)
    with pytest.raises(Refused, match="trưởng đơn vị"):
        start(story, by=by)
    meeting = story.meeting()
    for act in ("conclude", "reopen"):
        with pytest.raises(Refused, match="quyền"):
            actions.act_on_meeting(meeting=meeting, act=act, note="x", by=by, at=NOW)
    with pytest.raises(Refused, match="trưởng đơn vị"):
        save(story, meeting, by=by)


def test_saving_the_whole_record(story: Story, reload: Callable[[Model], Any]) -> None:
    meeting = start(story)
    first, second = story.nominations
    absent = story.people.staff.individual_id
    assert absent
    saved = save(
        story,
        meeting,
        place=" Hội trường ",
        attendance={absent: Presence(False, " Đi công tác ")},
        votes={first.pk: Count(4), second.pk: Count(1, 2, 1)},
    )
    assert saved.version == 1
    meeting = reload(meeting)
    assert (meeting.place, meeting.chair, meeting.secretary) == (
        "Hội trường",
        story.first,
        story.second,
    )
    assert (meeting.starts_at, meeting.ends_at) == (START, START + timedelta(hours=2))
    assert meeting.discussion == "Các thành viên thống nhất."
    row = meeting.attendees.get(individual=absent)
    assert (row.present, row.reason) == (False, "Đi công tác")
    votes = {v.nomination_id: (v.in_favour, v.against, v.abstained) for v in meeting.votes.all()}
    assert votes == {first.pk: (4, 0, 0), second.pk: (1, 2, 1)}
    save(story, meeting, votes={first.pk: None})
    assert meeting.votes.count() == 1


def test_somebody_present_needs_no_reason(story: Story) -> None:
    meeting = start(story)
    save(story, meeting, attendance={story.first.pk: Presence(True, "Đi công tác")})
    assert meeting.attendees.get(individual=story.first).reason == ""


def test_a_member_who_came_later_is_added(story: Story) -> None:
    meeting = start(story)
    new = make_individual(story.people.unit)
    save(story, meeting, attendance={new.pk: Presence(True)})
    assert new.pk in meeting.present_ids()
    with pytest.raises(ValidationError, match="không thuộc đơn vị"):
        save(
            story,
            meeting,
            version=1,
            attendance={make_individual(story.people.other_unit).pk: Presence(True)},
        )


@pytest.mark.parametrize(
    ("changes", "field", "part"),
    [
        ({"ends_at": START}, "ends_at", "sau giờ bắt đầu"),
        ({"required_percent": 100}, "required_percent", "từ 0 đến 99"),
        ({"required_percent": -1}, "required_percent", "từ 0 đến 99"),
        ({"secretary": "first"}, "secretary", "hai người khác nhau"),
        ({"absent": "first"}, "chair", "không có mặt"),
        ({"absent": "second"}, "secretary", "không có mặt"),
    ],
)
def test_what_contradicts_itself_is_not_saved(
    story: Story,
    reload: Callable[[Model], Any],
    changes: dict[str, Any],
    field: str,
    part: str,
) -> None:
    meeting = start(story)
    values = dict(changes)
    if "secretary" in values:
        values["secretary"] = story.first
    if "absent" in values:
        person = getattr(story, values.pop("absent"))
        values["attendance"] = {person.pk: Presence(False, "Ốm")}
    with pytest.raises(ValidationError) as error:
        save(story, meeting, **values)
    assert part in refusal(error, field)
    assert reload(meeting).version == 0
    assert reload(meeting).place == ""
    assert len(meeting.present_ids()) == 5


def test_an_unfinished_record_is_saved(story: Story) -> None:
    meeting = start(story)
    saved = save(
        story,
        meeting,
        starts_at=None,
        ends_at=None,
        place="",
        chair=None,
        secretary=None,
        discussion="",
    )
    assert saved.version == 1


@pytest.mark.parametrize(
    ("count", "part"),
    [
        (Count(4), "là 4, phải bằng số người có mặt (5)"),
        (Count(5, 1), "là 6"),
        (Count(6, -1), "không được âm"),
    ],
)
def test_votes_add_up_to_those_present(story: Story, count: Count, part: str) -> None:
    meeting = start(story)
    first, second = story.nominations
    with pytest.raises(ValidationError) as error:
        save(story, meeting, votes={first.pk: count, second.pk: Count(5)})
    assert part in refusal(error, actions.vote_field(first.pk))
    assert meeting.votes.count() == 0


def test_votes_on_others_are_refused(story: Story) -> None:
    person = make_individual(story.people.other_unit)
    foreign = make_nomination(
        story.people.other_unit, person, story.offer, by=story.people.outsider
    )
    with pytest.raises(ValidationError, match="đã được rút"):
        actions.save_votes(
            meeting=start(story), version=0, votes={foreign.pk: Count(5)}, **story.as_head()
        )


def test_two_people_at_once(story: Story) -> None:
    meeting = start(story)
    save(story, meeting, place="Phòng 1")
    nothing: dict[int, Any] = {}
    attempts: list[Callable[[], Any]] = [
        lambda: save(story, meeting, version=0, place="Phòng 2"),
        lambda: actions.save_attendance(
            meeting=meeting, version=0, attendance=nothing, **story.as_head()
        ),
        lambda: actions.save_votes(meeting=meeting, version=0, votes=nothing, **story.as_head()),
    ]
    for attempt in attempts:
        with pytest.raises(ValidationError, match="người khác lưu") as error:
            attempt()
        assert error.value.code == "stale"
    assert Meeting.objects.get().place == "Phòng 1"


def test_attendance_and_votes_alone(story: Story) -> None:
    meeting = start(story)
    meeting = actions.save_attendance(
        meeting=meeting,
        version=0,
        attendance={story.first.pk: Presence(False, "Ốm")},
        **story.as_head(),
    )
    votes = {story.nominations[0].pk: Count(4)}
    meeting = actions.save_votes(
        meeting=meeting, version=meeting.version, votes=votes, **story.as_head()
    )
    assert meeting.version == 2
    assert (len(meeting.present_ids()), meeting.votes.count()) == (4, 1)


def test_concluding_and_reopening(story: Story, reload: Callable[[Model], Any]) -> None:
    meeting = start(story)
    first, second = story.nominations
    save(story, meeting, votes={first.pk: Count(3, 2), second.pk: Count(2, 3)})
    later: dict[str, Any] = {"by": story.people.head, "at": NOW + timedelta(hours=1)}
    actions.act_on_meeting(meeting=meeting, act="conclude", **later)
    meeting = reload(meeting)
    assert (meeting.state, meeting.concluded_at) == ("concluded", later["at"])
    assert [reload(n).state for n in story.nominations] == ["chosen", "not_chosen"]
    assert steps(meeting) == [("conclude", "draft", "concluded")]
    assert steps(first) == [("choose", "proposed", "chosen")]
    assert steps(second) == [("drop", "proposed", "not_chosen")]
    with pytest.raises(Refused, match="mở lại"):
        save(story, meeting)

    actions.act_on_meeting(meeting=meeting, act="reopen", note="Bổ sung đề cử", **later)
    meeting = reload(meeting)
    assert (meeting.state, meeting.concluded_at) == ("draft", None)
    assert {reload(n).state for n in story.nominations} == {"proposed"}
    assert [s.note for s in Step.objects.about(first)][-1] == "Bổ sung đề cử"
    assert save(story, meeting).place == "Phòng họp số 2"


def test_a_page_from_before_the_conclusion_is_old(story: Story) -> None:
    meeting = story.meeting()
    actions.act_on_meeting(meeting=meeting, act="conclude", **story.as_head())
    actions.act_on_meeting(meeting=meeting, act="reopen", note="Sửa", **story.as_head())
    with pytest.raises(ValidationError, match="người khác lưu"):
        save(story, meeting, version=0)


def test_what_is_submitted_keeps_the_meeting_closed(story: Story) -> None:
    meeting = story.meeting()
    actions.act_on_meeting(meeting=meeting, act="conclude", **story.as_head())
    actions.mark_submitted(nominations=story.nominations, **story.as_head())
    with pytest.raises(Refused, match="đã trình"):
        actions.act_on_meeting(meeting=meeting, act="reopen", note="Sửa", **story.as_head())
    actions.unmark_submitted(nominations=story.nominations, **story.as_head())
    actions.act_on_meeting(meeting=meeting, act="reopen", note="Sửa", **story.as_head())


def test_a_refused_conclusion_changes_nothing(story: Story, reload: Callable[[Model], Any]) -> None:
    meeting = story.meeting(place="")
    with pytest.raises(Refused, match="địa điểm"):
        actions.act_on_meeting(meeting=meeting, act="conclude", **story.as_head())
    assert reload(meeting).state == "draft"
    assert {reload(n).state for n in story.nominations} == {"proposed"}
    assert not Step.objects.exists()
