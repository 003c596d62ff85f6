"""Every transition of a dossier from every state by every role; every guard refuses once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest

from awards.models import Meeting, Nomination
from campaigns.models import Campaign, Milestone
from dossiers.models import Dossier, ReportEntry
from dossiers.workflow import DOSSIER
from emulation.models import Rating, Role
from tests.dossiers.conftest import Story
from tests.factories import NOW, TZ, make_dossier_parts

HEAD, OFFICE = "UNIT_HEAD", "OFFICE"
# act: (who, from which states, to which state, needs a note)
ACTS = {
    "submit": (HEAD, {"draft", "returned"}, "submitted", False),
    "return": (OFFICE, {"submitted"}, "returned", True),
    "accept": (OFFICE, {"submitted"}, "accepted", False),
}


def test_the_table() -> None:
    found = {
        act: (t.roles, set(t.source), t.target, t.needs_note)
        for act, t in DOSSIER.transitions.items()
    }
    assert found == {a: ((who,), source, to, note) for a, (who, source, to, note) in ACTS.items()}
    assert {to for _, _, to, _ in ACTS.values()} | {"draft"} == set(DOSSIER.states)


@pytest.mark.parametrize("act", sorted(ACTS))
@pytest.mark.parametrize("state", [s.value for s in Dossier.State])
def test_acts(story: Story, act: str, state: str) -> None:
    """With every guard content, an act is open to its role in its states and to nobody else."""
    who, source, _, _ = ACTS[act]
    dossier = story.complete()
    dossier.state = state
    for role in Role.values:
        reason = DOSSIER.obstacle(dossier, act, roles={role}, note="Bổ sung", at=NOW)
        assert (reason == "") is (role == who and state in source), (role, reason)


def no_report(story: Story) -> None:
    ReportEntry.objects.filter(report__nomination=story.mine).delete()


def no_rating(story: Story) -> None:
    Rating.objects.filter(individual=story.person).delete()


def rating_without_decision(story: Story) -> None:
    Rating.objects.filter(individual=story.person).update(decision_number="")


def meeting_open(story: Story) -> None:
    Meeting.objects.filter(campaign=story.campaign).update(state="draft", concluded_at=None)


def nobody_chosen(story: Story) -> None:
    Nomination.objects.filter(campaign=story.campaign).update(state="not_chosen")


def closed(story: Story) -> None:
    Campaign.objects.filter(pk=story.campaign.pk).update(state="closed")


def paper_missing(story: Story) -> None:
    story.campaign.dossier_parts.create(kind="consultation", name="Văn bản hiệp y", position=9)


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (no_report, "mới đủ 2 trên 3 báo cáo"),
        (no_rating, "mới đủ 2 trên 3 báo cáo"),
        (rating_without_decision, "mới đủ 2 trên 3 báo cáo"),
        (meeting_open, "cuộc họp bình xét chưa kết luận"),
        (nobody_chosen, "chưa có tập thể, cá nhân nào được chọn"),
        (closed, "Phong trào đã tổng kết"),
        (paper_missing, "Văn bản hiệp y: chưa đính kèm tệp"),
    ],
)
def test_submit_is_refused(story: Story, spoil: Callable[[Story], None], reason: str) -> None:
    dossier = story.complete()
    spoil(story)
    dossier = Dossier.objects.get(pk=dossier.pk)
    assert reason in DOSSIER.obstacle(dossier, "submit", roles={HEAD}, at=NOW)


def test_without_parts_the_law_decides(story: Story) -> None:
    story.campaign.dossier_parts.all().delete()
    dossier = story.complete()
    assert DOSSIER.obstacle(dossier, "submit", roles={HEAD}, at=NOW) == ""
    no_report(story)
    assert "Báo cáo thành tích" in DOSSIER.obstacle(dossier, "submit", roles={HEAD}, at=NOW)
    make_dossier_parts(story.campaign)


def test_return_needs_a_note_and_a_running_campaign(story: Story) -> None:
    dossier = story.dossier(state="submitted")
    assert DOSSIER.obstacle(dossier, "return", roles={OFFICE}, note=" ", at=NOW)
    assert not DOSSIER.obstacle(dossier, "return", roles={OFFICE}, note="Thiếu", at=NOW)
    dossier.campaign.state = "closed"
    assert DOSSIER.obstacle(dossier, "return", roles={OFFICE}, note="Thiếu", at=NOW)
    assert not DOSSIER.obstacle(dossier, "accept", roles={OFFICE}, at=NOW)


@pytest.mark.parametrize(
    ("day", "hard", "inclusive", "at", "refused"),
    [
        (date(2025, 8, 8), True, True, datetime(2025, 8, 8, 23, 59, tzinfo=TZ), False),
        (date(2025, 8, 8), True, True, datetime(2025, 8, 9, 0, 0, tzinfo=TZ), True),
        (date(2025, 8, 8), True, False, datetime(2025, 8, 8, 0, 0, tzinfo=TZ), True),
        (date(2025, 8, 8), True, False, datetime(2025, 8, 7, 23, 59, tzinfo=TZ), False),
        (date(2025, 8, 8), False, True, datetime(2025, 9, 1, 0, 0, tzinfo=TZ), False),
        (None, True, True, datetime(2030, 1, 1, 0, 0, tzinfo=TZ), False),
    ],
)
def test_a_hard_deadline_closes_the_door(
    story: Story, day: date | None, hard: bool, inclusive: bool, at: datetime, refused: bool
) -> None:
    Milestone.objects.filter(campaign=story.campaign, kind="submission").update(
        date=day, hard=hard, inclusive=inclusive
    )
    dossier = story.complete()
    reason = DOSSIER.obstacle(dossier, "submit", roles={HEAD}, at=at)
    assert bool(reason) is refused
    if refused:
        assert "quá thời hạn gửi hồ sơ" in reason
        # What came in time and was returned may come again.
        returned = Dossier(pk=dossier.pk, campaign=dossier.campaign, unit=dossier.unit)
        returned.state, returned.decider, returned.submitted_at = "returned", "agency", NOW
        assert not DOSSIER.obstacle(returned, "submit", roles={HEAD}, at=at)
