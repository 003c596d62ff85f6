"""The meeting: its record, its votes, concluding and reopening."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db.models import Model

from awards import actions
from awards.actions import Count, Presence
from awards.models import Meeting
from emulation.models import Step, User
from emulation.workflow import Refused
from tests.awards.conftest import Story, refusal, steps
from tests.factories import NOW, TZ, make_individual, make_nomination

START = datetime(2025, 7, 28, 14, 0, tzinfo=TZ)


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


@pytest.mark.parametrize("field", ["place", "discussion"])
def test_what_the_minutes_cannot_print_is_refused(story: Story, field: str) -> None:
    meeting = start(story)
    with pytest.raises(ValidationError) as refused:
        save(story, meeting, **{field: "Phòng ① 👍"})
    assert list(refused.value.message_dict) == [field]
    assert getattr(save(story, meeting, **{field: "Phòng số 1 (35 m²)"}), field)


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
        save(story, start(story), votes={foreign.pk: Count(5)})


def test_two_people_at_once(story: Story) -> None:
    meeting = start(story)
    save(story, meeting, place="Phòng 1")
    with pytest.raises(ValidationError, match="người khác lưu") as error:
        save(story, meeting, version=0, place="Phòng 2")
    assert error.value.code == "stale"
    assert Meeting.objects.get().place == "Phòng 1"


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
