"""Registering: what a unit may enter and until when, and what the office decides."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from campaigns.actions import (
    act_on_registration,
    add_registration_line,
    remove_registration_line,
    start_registration,
    update_registration_line,
)
from campaigns.models import Campaign, Registration, RegistrationLine
from emulation.models import Individual, Step, Unit, User
from emulation.workflow import Refused
from tests.campaigns.conftest import Case
from tests.conftest import People
from tests.factories import (
    NOW,
    TZ,
    make_area,
    make_campaign,
    make_criterion,
    make_individual,
    make_line,
    make_milestone,
    make_offer,
    make_registration,
)


def start(people: People, campaign: Campaign, **who: Any) -> Registration:
    return start_registration(
        campaign=campaign, **{"unit": people.other_unit, "by": people.outsider, "at": NOW, **who}
    )


def test_a_registration_starts_once(case: Case) -> None:
    first = start(case.people, case.campaign)
    assert start(case.people, case.campaign) == first
    assert (first.state, first.created_by) == ("draft", case.people.outsider)


def test_who_may_not_start(case: Case) -> None:
    people = case.people
    for user in (people.head, people.office, people.stranger):
        with pytest.raises(Refused, match="trưởng đơn vị"):
            start(people, case.campaign, by=user)
    case.campaign.participants.filter(unit=people.other_unit).delete()
    with pytest.raises(Refused, match="không có trong danh sách"):
        start(people, case.campaign)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"state": "draft"}, "chưa nhận đăng ký"),
        ({"state": "closed"}, "chưa nhận đăng ký"),
        ({"registration_rule": "none"}, "không tổ chức đăng ký"),
    ],
)
def test_when_nothing_starts(case: Case, values: dict[str, Any], reason: str) -> None:
    Campaign.objects.update(**values)
    with pytest.raises(Refused, match=reason):
        start(case.people, case.campaign)


def test_nothing_starts_or_is_added_after_a_hard_deadline(case: Case) -> None:
    make_milestone(case.campaign, date=date(2020, 2, 17), inclusive=False, hard=True)
    after = datetime(2020, 2, 17, 0, 0, tzinfo=TZ)
    with pytest.raises(Refused, match="Đã quá thời hạn đăng ký"):
        start(case.people, case.campaign, at=after)
    with pytest.raises(Refused, match="Đã quá thời hạn đăng ký"):
        add(case, case.people.unit, at=after)
    line = add(case, case.people.unit, at=after - timedelta(seconds=1))
    update_registration_line(
        line=line, offer=case.offer, area=None, commitment="Rõ hơn", by=case.people.head, at=after
    )
    with pytest.raises(ValidationError, match="Không đổi được hình thức"):
        update_registration_line(
            line=line,
            offer=make_offer(case.campaign),
            area=None,
            commitment="Rõ hơn",
            by=case.people.head,
            at=after,
        )


def add(case: Case, subject: Individual | Unit, **changes: Any) -> RegistrationLine:
    values: dict[str, Any] = {
        "offer": case.offer,
        "area": None,
        "commitment": "Hoàn thành 100% nhiệm vụ",
        "by": case.people.head,
        "at": NOW,
    }
    return add_registration_line(
        registration=case.registration, subject=subject, **(values | changes)
    )


def test_a_line_for_the_unit_and_for_each_person(case: Case) -> None:
    person = make_individual(case.people.unit)
    add(case, case.people.unit)
    add(case, person, area=case.area)
    add(case, person, offer=make_offer(case.campaign))
    assert case.registration.lines.count() == 3


@pytest.mark.parametrize("kind", ["unit", "person"])
def test_the_same_line_twice_is_refused_beside_the_title(case: Case, kind: str) -> None:
    subject = case.people.unit if kind == "unit" else make_individual(case.people.unit)
    add(case, subject)
    with pytest.raises(ValidationError, match="mỗi hình thức chỉ một lần") as error:
        add(case, subject)
    assert error.value.message_dict.keys() == {"offer"}
    assert case.registration.lines.count() == 1


def field_errors(case: Case, subject: Individual | Unit, **changes: Any) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as error:
        add(case, subject, **changes)
    assert not case.registration.lines.exists()
    found: dict[str, list[str]] = error.value.message_dict
    return found


def test_whom_a_unit_may_not_register(case: Case) -> None:
    people = case.people
    gone = make_individual(people.unit, valid_to=date(2024, 1, 1))
    assert "không công tác" in field_errors(case, make_individual(people.other_unit))["subject"][0]
    assert "không còn công tác" in field_errors(case, gone)["subject"][0]
    assert "đơn vị mình" in field_errors(case, people.other_unit)["subject"][0]


def test_what_an_offer_does_not_receive(case: Case) -> None:
    person, unit = make_individual(case.people.unit), case.people.unit
    only_units = make_offer(case.campaign, for_individual=False)
    only_people = make_offer(case.campaign, for_collective=False)
    only_agency = make_offer(case.campaign, agency_only=True)
    elsewhere = make_offer(make_campaign(case.people.agency))
    assert "không xét cho cá nhân" in field_errors(case, person, offer=only_units)["offer"][0]
    assert "không xét cho tập thể" in field_errors(case, unit, offer=only_people)["offer"][0]
    assert "chỉ xét tập thể Sở" in field_errors(case, unit, offer=only_agency)["offer"][0]
    assert "không có trong kế hoạch" in field_errors(case, unit, offer=elsewhere)["offer"][0]


def test_an_area_where_the_plan_asks_for_one(case: Case) -> None:
    offer = make_offer(case.campaign, area_required=True)
    unit = case.people.unit
    assert "lĩnh vực" in field_errors(case, unit, offer=offer)["area"][0]
    plain = make_area(case.campaign, registrable=False)
    other = make_area(make_campaign(case.people.agency))
    for area in (plain, other):
        assert "không có trong danh sách" in field_errors(case, unit, area=area)["area"][0]
    add(case, unit, offer=offer, area=case.area)


def test_a_commitment_is_needed(case: Case) -> None:
    assert field_errors(case, case.people.unit, commitment="  ").keys() == {"commitment"}


def test_only_the_head_writes_and_only_while_it_is_open(case: Case) -> None:
    people = case.people
    line = add(case, people.unit)
    for user in (people.outsider, people.office, people.colleague, people.stranger):
        with pytest.raises(Refused):
            add(case, make_individual(people.unit), by=user)
        with pytest.raises(Refused):
            remove_registration_line(line=line, by=user, at=NOW)
    Registration.objects.update(state="submitted", submitted_at=NOW)
    with pytest.raises(Refused, match="không sửa được"):
        add(case, make_individual(people.unit))
    with pytest.raises(Refused, match="không sửa được"):
        remove_registration_line(line=line, by=people.head, at=NOW)
    Registration.objects.update(state="returned", decided_at=NOW)
    remove_registration_line(line=line, by=people.head, at=NOW)
    Campaign.objects.update(state="closed")
    with pytest.raises(Refused, match="không sửa đăng ký"):
        add(case, people.unit)


def test_the_way_of_a_registration(case: Case) -> None:
    people, later = case.people, NOW + timedelta(days=1)
    add(case, people.unit)

    def act(key: str, by: User, at: datetime, note: str = "") -> Registration:
        return act_on_registration(registration=case.registration, act=key, by=by, at=at, note=note)

    sent = act("submit", people.head, NOW)
    assert (sent.state, sent.submitted_at, sent.decided_at) == ("submitted", NOW, None)
    with pytest.raises(Refused, match="Đã gửi"):
        act("submit", people.head, NOW)
    returned = act("return", people.office, later, "Ghi rõ chỉ tiêu")
    assert (returned.state, returned.decided_at) == ("returned", later)
    again = act("submit", people.head, later)
    assert (again.submitted_at, again.decided_at) == (NOW, None)
    accepted = act("accept", people.office, later)
    assert (accepted.state, accepted.decided_at) == ("accepted", later)
    steps = Step.objects.about(case.registration)
    assert [s.act for s in steps] == ["submit", "return", "submit", "accept"]
    assert steps[1].note == "Ghi rõ chỉ tiêu"


def test_who_may_not_act_on_a_registration(case: Case) -> None:
    people = case.people
    add(case, people.unit)
    for user in (people.outsider, people.office, people.colleague, people.director):
        with pytest.raises(Refused, match="không có quyền"):
            act_on_registration(registration=case.registration, act="submit", by=user, at=NOW)
    Registration.objects.update(state="submitted", submitted_at=NOW)
    for user in (people.head, people.director, people.stranger, people.council):
        with pytest.raises(Refused, match="không có quyền"):
            act_on_registration(registration=case.registration, act="accept", by=user, at=NOW)


def test_two_campaigns_at_once_keep_apart(case: Case) -> None:
    """The same unit, the same person and the same title in two campaigns."""
    people = case.people
    other = make_campaign(people.agency, participants=(people.unit,))
    offer = make_offer(other, title=case.offer.title)
    make_milestone(other, date=date(2020, 2, 17), inclusive=False, hard=True)
    make_criterion(other, offer=offer)
    person = make_individual(people.unit)
    add(case, person)
    act_on_registration(registration=case.registration, act="submit", by=people.head, at=NOW)
    second = make_registration(other, people.unit, by=people.head)
    make_line(second, person, offer)
    with pytest.raises(Refused, match="17/02/2020"):
        act_on_registration(registration=second, act="submit", by=people.head, at=NOW)
    assert Registration.objects.get(campaign=case.campaign).state == "submitted"
    with pytest.raises(ValidationError, match="không có trong kế hoạch"):
        add_registration_line(
            registration=second,
            subject=person,
            offer=case.offer,
            area=None,
            commitment="A",
            by=people.head,
            at=datetime(2020, 2, 1, tzinfo=TZ),
        )
    assert not case.campaign.criteria.exists()
