"""Every transition, from every state, by every role; every guard refuses something."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import product

import pytest

from campaigns.models import Campaign, Registration
from campaigns.workflow import CAMPAIGN, REGISTRATION, is_late, overdue
from emulation.models import Role
from emulation.workflow import Workflow
from tests.campaigns.conftest import Case
from tests.factories import NOW, TZ, make_line, make_milestone

ALLOWED = {
    ("launch", "draft", "OFFICE"),
    ("launch", "draft", "DIRECTOR"),
    ("close", "launched", "OFFICE"),
    ("close", "launched", "DIRECTOR"),
    ("reopen", "closed", "OFFICE"),
    ("archive", "closed", "OFFICE"),
}
REACHED = {"launch": "launched", "close": "closed", "reopen": "launched", "archive": "archived"}
REGISTRATION_ALLOWED = {
    ("submit", "draft", "UNIT_HEAD"),
    ("submit", "returned", "UNIT_HEAD"),
    ("return", "submitted", "OFFICE"),
    ("accept", "submitted", "OFFICE"),
}
REGISTRATION_REACHED = {"submit": "submitted", "return": "returned", "accept": "accepted"}


def cases(workflow: Workflow) -> list[tuple[str, str, str]]:  # type: ignore[type-arg]
    return list(product(workflow.transitions, workflow.states, Role.values))


@pytest.mark.parametrize(("act", "state", "role"), cases(CAMPAIGN))
def test_campaign(case: Case, act: str, state: str, role: str) -> None:
    case.campaign.state = state
    reason = CAMPAIGN.obstacle(case.campaign, act, roles={role}, note="Vì có lý do")
    assert (reason == "") == ((act, state, role) in ALLOWED), reason


@pytest.mark.parametrize(("act", "state", "role"), cases(REGISTRATION))
def test_registration(case: Case, act: str, state: str, role: str) -> None:
    make_line(case.registration, case.people.unit, case.offer)
    case.registration.state = state
    reason = REGISTRATION.obstacle(case.registration, act, roles={role}, note="Thiếu", at=NOW)
    assert (reason == "") == ((act, state, role) in REGISTRATION_ALLOWED), reason


def test_targets_and_reachability() -> None:
    assert {act: t.target for act, t in CAMPAIGN.transitions.items()} == REACHED
    assert {act: t.target for act, t in REGISTRATION.transitions.items()} == REGISTRATION_REACHED
    for workflow in (CAMPAIGN, REGISTRATION):
        reached = {t.target for t in workflow.transitions.values()} | {"draft"}
        assert reached == set(workflow.states)
    assert set(CAMPAIGN.states) == set(Campaign.State.values)
    assert set(REGISTRATION.states) == set(Registration.State.values)


def test_a_reopening_and_a_return_need_a_reason(case: Case) -> None:
    case.campaign.state = "closed"
    assert "lý do" in CAMPAIGN.obstacle(case.campaign, "reopen", roles={"OFFICE"})
    case.registration.state = "submitted"
    assert "lý do" in REGISTRATION.obstacle(case.registration, "return", roles={"OFFICE"}, at=NOW)


def launch(case: Case) -> str:
    case.campaign.state = "draft"
    return CAMPAIGN.obstacle(case.campaign, "launch", roles={"OFFICE"})


def test_launch_needs_a_name(case: Case) -> None:
    case.campaign.name = "  "
    assert "trích yếu" in launch(case)


def test_launch_needs_a_period_or_its_wording(case: Case) -> None:
    case.campaign.start_date = case.campaign.end_date = None
    assert "thời gian" in launch(case)
    case.campaign.period_text = "Năm 2025"
    assert launch(case) == ""


def test_launch_needs_a_participant(case: Case) -> None:
    case.campaign.participants.all().delete()
    assert "đơn vị tham gia" in launch(case)


def submit(case: Case, at: datetime = NOW) -> str:
    fresh = Registration.objects.get(pk=case.registration.pk)
    return REGISTRATION.obstacle(fresh, "submit", roles={"UNIT_HEAD"}, at=at)


def test_an_empty_registration_is_not_sent(case: Case) -> None:
    assert "chưa có nội dung" in submit(case)


@pytest.mark.parametrize("state", ["closed", "archived"])
def test_nothing_is_sent_to_a_campaign_that_is_over(case: Case, state: str) -> None:
    make_line(case.registration, case.people.unit, case.offer)
    Campaign.objects.update(state=state)
    assert "không còn nhận đăng ký" in submit(case)


def test_nothing_is_returned_once_the_campaign_is_over(case: Case) -> None:
    Campaign.objects.update(state="closed")
    case.registration.state = "submitted"
    case.registration.campaign.refresh_from_db()
    reason = REGISTRATION.obstacle(
        case.registration, "return", roles={"OFFICE"}, note="Thiếu", at=NOW
    )
    assert "không còn nhận đăng ký" in reason


def test_a_plan_without_registration_takes_none(case: Case) -> None:
    Campaign.objects.update(registration_rule="none")
    assert "không tổ chức đăng ký" in submit(case)


# "trước ngày 17/02/2020": the 16th is the last day, and days are those of Vietnam.
LAST_MINUTE = datetime(2020, 2, 16, 23, 59, 59, tzinfo=TZ)
NEXT_MIDNIGHT = datetime(2020, 2, 17, 0, 0, tzinfo=TZ)


def test_a_hard_deadline_closes_at_midnight_in_vietnam(case: Case) -> None:
    make_line(case.registration, case.people.unit, case.offer)
    make_milestone(case.campaign, date=date(2020, 2, 17), inclusive=False, hard=True)
    assert submit(case, LAST_MINUTE) == ""
    reason = submit(case, NEXT_MIDNIGHT)
    assert "Đã quá thời hạn đăng ký (trước ngày 17/02/2020)" in reason
    assert "không được xét khen thưởng" in reason
    # The same instants written in UTC fall on the day before.
    assert submit(case, LAST_MINUTE.astimezone(tz=None)) == ""
    assert submit(case, NEXT_MIDNIGHT.astimezone(tz=None)) != ""


def test_an_inclusive_deadline_keeps_its_day(case: Case) -> None:
    make_milestone(case.campaign, date=date(2020, 2, 16), inclusive=True, hard=True)
    assert overdue(case.campaign, LAST_MINUTE) == ""
    assert "đến hết ngày 16/02/2020" in overdue(case.campaign, NEXT_MIDNIGHT)


def test_a_deadline_given_as_a_month_lasts_the_month(case: Case) -> None:
    make_milestone(case.campaign, date=date(2020, 2, 1), date_precision="month", hard=True)
    assert overdue(case.campaign, datetime(2020, 2, 29, 23, 59, tzinfo=TZ)) == ""
    assert "đến hết tháng 02/2020" in overdue(case.campaign, datetime(2020, 3, 1, 0, 0, tzinfo=TZ))


def test_a_soft_deadline_lets_pass_but_marks_late(case: Case) -> None:
    make_line(case.registration, case.people.unit, case.offer)
    make_milestone(case.campaign, date=date(2020, 2, 17), inclusive=False, hard=False)
    assert submit(case, NEXT_MIDNIGHT) == ""
    registration = Registration.objects.get(pk=case.registration.pk)
    registration.submitted_at = LAST_MINUTE
    assert not is_late(registration)
    registration.submitted_at = NEXT_MIDNIGHT
    assert is_late(registration)


def test_a_deadline_that_is_not_set_stops_nobody(case: Case) -> None:
    make_line(case.registration, case.people.unit, case.offer)
    make_milestone(case.campaign, date=None, hard=True)
    assert submit(case, NOW + timedelta(days=3650)) == ""


def test_what_was_sent_in_time_and_returned_may_be_sent_again(case: Case) -> None:
    make_line(case.registration, case.people.unit, case.offer)
    make_milestone(case.campaign, date=date(2020, 2, 17), inclusive=False, hard=True)
    Registration.objects.update(state="returned", submitted_at=LAST_MINUTE, decided_at=LAST_MINUTE)
    assert submit(case, NEXT_MIDNIGHT) == ""


def test_an_act_with_a_deadline_must_be_asked_with_the_clock(case: Case) -> None:
    make_line(case.registration, case.people.unit, case.offer)
    with pytest.raises(TypeError):
        REGISTRATION.obstacle(case.registration, "submit", roles={"UNIT_HEAD"})
