"""Every transition from every state by every role; every guard refuses once."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Model

from awards.models import Meeting, MeetingVote, Nomination
from awards.workflow import MEETING, NOMINATION, gaps
from campaigns.models import Campaign
from emulation.models import Role
from emulation.workflow import Workflow
from tests.awards.conftest import Story
from tests.factories import NOW, make_individual, make_nomination

HEAD, OFFICE = "UNIT_HEAD", "OFFICE"
# act: (who, from which states, to which state)
NOMINATION_ACTS = {
    "choose": (HEAD, {"proposed"}, "chosen"),
    "drop": (HEAD, {"proposed"}, "not_chosen"),
    "reconsider": (HEAD, {"chosen", "not_chosen"}, "proposed"),
    "receive": (OFFICE, {"chosen"}, "received"),
}
MEETING_ACTS = {
    "conclude": (HEAD, {"draft"}, "concluded"),
    "reopen": (HEAD, {"concluded"}, "draft"),
}


def table(workflow: Workflow[Any]) -> dict[str, Any]:
    return {act: (t.roles, set(t.source), t.target) for act, t in workflow.transitions.items()}


@pytest.mark.parametrize(
    ("workflow", "acts"), [(NOMINATION, NOMINATION_ACTS), (MEETING, MEETING_ACTS)]
)
def test_the_table(workflow: Workflow[Any], acts: dict[str, Any]) -> None:
    assert table(workflow) == {a: ((who,), source, to) for a, (who, source, to) in acts.items()}
    targets = {to for _, _, to in acts.values()}
    start = "proposed" if workflow is NOMINATION else "draft"
    assert targets | {start} == set(workflow.states)
    assert MEETING.transitions["reopen"].needs_note
    assert not any(t.needs_note for t in NOMINATION.transitions.values())


@pytest.mark.parametrize("role", [r.value for r in Role])
@pytest.mark.parametrize("state", [s.value for s in Nomination.State])
@pytest.mark.parametrize("act", sorted(NOMINATION_ACTS))
def test_nomination(story: Story, act: str, state: str, role: str) -> None:
    """With every guard content, an act is open to its role in its states and to nobody else."""
    who, source, _ = NOMINATION_ACTS[act]
    nomination = story.nominations[0]
    nomination.state = state
    nomination.submitted_at = NOW if act == "receive" else None
    meeting = story.meeting()
    if act == "drop":
        MeetingVote.objects.filter(meeting=meeting).update(in_favour=0, against=5)
    allowed = role == who and state in source
    assert (NOMINATION.obstacle(nomination, act, roles={role}) == "") is allowed


@pytest.mark.parametrize("role", [r.value for r in Role])
@pytest.mark.parametrize("state", [s.value for s in Meeting.State])
@pytest.mark.parametrize("act", sorted(MEETING_ACTS))
def test_meeting(story: Story, act: str, state: str, role: str) -> None:
    who, source, _ = MEETING_ACTS[act]
    meeting = story.meeting()
    meeting.state = state
    allowed = role == who and state in source
    obstacle = MEETING.obstacle(meeting, act, roles={role}, note="Bổ sung đề cử")
    assert (obstacle == "") is allowed


def test_reopening_needs_a_reason(story: Story) -> None:
    meeting = story.meeting(state="concluded")
    assert "lý do" in MEETING.obstacle(meeting, "reopen", roles={HEAD}, note=" ")


def no_vote(story: Story) -> Nomination:
    return story.nominations[0]


def lost_vote(story: Story) -> Nomination:
    story.meeting()
    MeetingVote.objects.update(in_favour=2, against=3)
    return story.nominations[0]


def half(story: Story) -> Nomination:
    """Exactly the percentage is not more than the percentage."""
    story.meeting(required_percent=60)
    MeetingVote.objects.update(in_favour=3, against=2)
    return story.nominations[0]


def won_vote(story: Story) -> Nomination:
    story.meeting()
    return story.nominations[0]


def submitted(story: Story) -> Nomination:
    story.nominations[0].state = "chosen"
    story.nominations[0].submitted_at = NOW
    return story.nominations[0]


def not_submitted(story: Story) -> Nomination:
    story.nominations[0].state = "chosen"
    return story.nominations[0]


@pytest.mark.parametrize(
    ("act", "role", "case", "reason"),
    [
        ("choose", HEAD, no_vote, "chưa đạt tỷ lệ"),
        ("choose", HEAD, lost_vote, "chưa đạt tỷ lệ"),
        ("choose", HEAD, half, "chưa đạt tỷ lệ"),
        ("drop", HEAD, no_vote, "Chưa có biểu quyết"),
        ("drop", HEAD, won_vote, "Chưa có biểu quyết"),
        ("reconsider", HEAD, submitted, "đã trình"),
        ("receive", OFFICE, not_submitted, "chưa được trình"),
    ],
)
def test_guards_of_a_nomination(
    story: Story, act: str, role: str, case: Callable[[Story], Nomination], reason: str
) -> None:
    assert reason in NOMINATION.obstacle(case(story), act, roles={role})


def change(meeting: Meeting, **values: Any) -> None:
    for name, value in values.items():
        setattr(meeting, name, value)


def absent(meeting: Meeting, individual_id: int | None) -> None:
    meeting.attendees.filter(individual=individual_id).update(present=False)
    present = meeting.attendees.filter(present=True).count()
    meeting.votes.update(in_favour=present)


def nominate_another(meeting: Meeting) -> None:
    person = make_individual(meeting.unit, full_name="Hoàng Văn Mới")
    offer = meeting.nominations()[0].offer
    make_nomination(meeting.unit, person, offer, by=meeting.created_by)


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda m: change(m, starts_at=None), "thời gian"),
        (lambda m: change(m, ends_at=None), "thời gian"),
        (lambda m: change(m, place=""), "địa điểm"),
        (lambda m: change(m, chair=None), "chủ trì"),
        (lambda m: change(m, secretary=None), "thư ký"),
        (lambda m: m.attendees.update(present=False), "Chưa có ai dự họp"),
        (lambda m: absent(m, m.chair_id), "chủ trì không có mặt"),
        (lambda m: absent(m, m.secretary_id), "Thư ký không có mặt"),
        (lambda m: m.votes.all()[0].delete(), "Chưa có kết quả biểu quyết: Lý Thị Ánh"),
        (nominate_another, "Chưa có kết quả biểu quyết: Hoàng Văn Mới"),
        (lambda m: m.votes.update(in_favour=1), "khác số người có mặt (5)"),
        (lambda m: m.nominations().update(state="chosen"), "Chưa có đề cử"),
        (lambda m: change(m.campaign, state="closed"), "Đã tổng kết"),
    ],
)
def test_guards_of_concluding(story: Story, spoil: Callable[[Meeting], None], reason: str) -> None:
    meeting = story.meeting()
    assert gaps(meeting) == []
    spoil(meeting)
    assert reason in MEETING.obstacle(meeting, "conclude", roles={HEAD})


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda m: m.nominations().update(submitted_at=NOW), "đã trình"),
        (lambda m: change(m.campaign, state="closed"), "Đã tổng kết"),
    ],
)
def test_guards_of_reopening(story: Story, spoil: Callable[[Meeting], None], reason: str) -> None:
    meeting = story.meeting(state="concluded")
    spoil(meeting)
    assert reason in MEETING.obstacle(meeting, "reopen", roles={HEAD}, note="Bổ sung")


@pytest.mark.parametrize("state", [s.value for s in Campaign.State])
def test_only_a_launched_campaign_runs(story: Story, state: str) -> None:
    meeting = story.meeting()
    meeting.campaign.state = state
    allowed = state == "launched"
    assert (MEETING.obstacle(meeting, "conclude", roles={HEAD}) == "") is allowed


def test_every_gap_is_named_at_once(story: Story, reload: Callable[[Model], Any]) -> None:
    meeting = story.meeting(place="", chair=None, starts_at=None)
    MeetingVote.objects.all().delete()
    assert len(gaps(reload(meeting))) == 4
