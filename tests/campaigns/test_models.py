"""Each constraint refuses its counter-example; periods and milestones read as plans give them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction

from campaigns.models import (
    Campaign,
    Criterion,
    Milestone,
    Offer,
    Participant,
    Precision,
    Registration,
    RegistrationLine,
    Target,
)
from campaigns.models.campaigns import last_day_of
from tests.campaigns.conftest import Case
from tests.factories import (
    NOW,
    make_campaign,
    make_individual,
    make_line,
    make_offer,
    make_registration,
)


def refuses(make: Any, constraint: str) -> None:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        make()
    text = str(error.value)
    # SQLite names the columns of a unique constraint, not the constraint.
    assert constraint in text or "UNIQUE" in text


def test_campaign_period_in_order(case: Case) -> None:
    rows = Campaign.objects.filter(pk=case.campaign.pk)
    refuses(
        lambda: rows.update(start_date=date(2025, 2, 1), end_date=date(2025, 1, 31)),
        "campaign_period_in_order",
    )
    rows.update(start_date=date(2025, 2, 1), end_date=date(2025, 2, 1))
    rows.update(start_date=None, end_date=None)


def test_target_comparison_has_value(case: Case) -> None:
    def make(operator: str) -> Target:
        return Target.objects.create(campaign=case.campaign, metric="Tỷ lệ", operator=operator)

    for operator in ("gte", "gt", "eq", "lte"):
        refuses(lambda operator=operator: make(operator), "target_comparison_has_value")
    for operator in ("keep", "improve", "yes", "none"):
        make(operator)


def test_participant_once(case: Case) -> None:
    refuses(
        lambda: Participant.objects.create(campaign=case.campaign, unit=case.people.unit),
        "participant_once",
    )


def test_offer_title_once_and_for_somebody(case: Case) -> None:
    refuses(lambda: make_offer(case.campaign, title=case.offer.title), "offer_title_once")
    refuses(
        lambda: make_offer(case.campaign, for_collective=False, for_individual=False),
        "offer_for_somebody",
    )


@pytest.mark.parametrize(
    ("kind", "rule"), [("automatic", ""), ("attested", "registered"), ("scored", "registered")]
)
def test_criterion_rule_when_automatic(case: Case, kind: str, rule: str) -> None:
    refuses(
        lambda: Criterion.objects.create(
            campaign=case.campaign, applies="both", kind=kind, rule=rule, text="Tiêu chuẩn"
        ),
        "criterion_rule_when_automatic",
    )


def test_registration_constraints(case: Case) -> None:
    unit, other, head = case.people.unit, case.people.other_unit, case.people.head
    refuses(lambda: make_registration(case.campaign, unit, by=head), "registration_once")
    for values in ({"submitted_at": NOW}, {"state": "submitted", "submitted_at": None}):
        refuses(
            lambda values=values: make_registration(case.campaign, other, by=head, **values),
            "registration_submitted_when",
        )
    refuses(
        lambda: make_registration(case.campaign, other, by=head, state="returned", decided_at=None),
        "registration_decided_when",
    )


def test_registration_line_constraints(case: Case) -> None:
    person = make_individual(case.people.unit)
    make_line(case.registration, person, case.offer)
    make_line(case.registration, case.people.unit, case.offer)
    refuses(
        lambda: make_line(case.registration, person, case.offer),
        "registration_line_individual_once",
    )
    refuses(
        lambda: make_line(case.registration, case.people.unit, case.offer),
        "registration_line_unit_once",
    )
    for values in ({}, {"individual": person, "unit": case.people.unit}):
        refuses(
            lambda values=values: RegistrationLine.objects.create(
                registration=case.registration,
                offer=make_offer(case.campaign),
                commitment="Cam kết",
                **values,
            ),
            "registration_line_one_subject",
        )


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({}, "Từ 15/07/2024 đến hết 31/07/2025"),
        ({"period_precision": "month"}, "Từ tháng 07/2024 đến hết tháng 07/2025"),
        (
            {
                "period_precision": "year",
                "start_date": date(2025, 1, 1),
                "end_date": date(2025, 12, 31),
            },
            "Năm 2025",
        ),
        ({"start_date": None, "end_date": None, "period_text": "Quý I"}, "Quý I"),
        ({"end_date": None}, "Từ 15/07/2024"),
    ],
)
def test_the_period_reads_as_the_plan_gives_it(
    case: Case, values: dict[str, Any], text: str
) -> None:
    assert make_campaign(case.people.agency, **values).period == text


@pytest.mark.parametrize(
    ("precision", "last"),
    [
        (Precision.DAY, date(2024, 2, 5)),
        (Precision.MONTH, date(2024, 2, 29)),
        (Precision.YEAR, date(2024, 12, 31)),
    ],
)
def test_the_last_day_of_a_day_a_month_a_year(precision: str, last: date) -> None:
    assert last_day_of(date(2024, 2, 5), precision) == last


def test_milestones_say_when() -> None:
    assert Milestone().when == "Chưa ấn định"
    assert Milestone(date=date(2025, 8, 5), inclusive=False).when == "Trước 05/08/2025"
    assert Milestone(date=date(2025, 8, 1), date_precision="month").when == "08/2025"
    before_august = Milestone(date=date(2025, 8, 1), date_precision="month", inclusive=False)
    assert before_august.last_day == date(2025, 7, 31)


@pytest.mark.parametrize(
    ("operator", "value", "unit", "text"),
    [
        ("gte", 80, "%", "≥ 80%"),
        ("gt", 98, "%", "> 98%"),
        ("eq", 100, "%", "100%"),
        ("eq", 2, "tập thể", "2 tập thể"),
        ("eq", 109, "trường dữ liệu", "109 trường dữ liệu"),
        ("gte", 3, "xếp loại", "≥ Hoàn thành tốt nhiệm vụ"),
        ("lte", 1234.5, "hồ sơ", "≤ 1.234,5 hồ sơ"),
        ("keep", None, "thứ hạng", "Giữ vững"),
        ("yes", None, "có/không", "Đạt"),
        ("none", None, "", ""),
    ],
)
def test_targets_say_what_is_to_be_reached(
    operator: str, value: float | None, unit: str, text: str
) -> None:
    assert Target(operator=operator, value=value, unit=unit).measure == text


def test_campaigns_are_found_by_words_and_year(case: Case) -> None:
    old = make_campaign(
        case.people.agency,
        name="Phong trào cải cách hành chính",
        number="09/KH-SNV",
        start_date=date(2020, 1, 1),
        end_date=date(2020, 12, 31),
    )
    found: models.QuerySet[Campaign] = Campaign.objects.matching("cai CACH").matching("09/kh")
    assert list(found) == [old]
    assert list(Campaign.objects.in_year(2020)) == [old]
    assert list(Campaign.objects.in_year(2025)) == [case.campaign]
    assert not Campaign.objects.in_year(2021).exists()


def test_drafts_are_for_those_who_draw_them_up(case: Case) -> None:
    draft = make_campaign(case.people.agency, state="draft")
    people = case.people
    for user in (people.office, people.director):
        assert draft in Campaign.objects.visible_to(user)
    for user in (people.head, people.staff, people.council, people.admin, people.stranger):
        assert draft not in Campaign.objects.visible_to(user)
    assert case.campaign in Campaign.objects.visible_to(people.staff)
    assert case.campaign not in Campaign.objects.visible_to(people.stranger)
    assert list(Campaign.objects.editable_by(people.office)) == [draft]
    for user in (people.director, people.head, people.stranger):
        assert not Campaign.objects.editable_by(user).exists()


def test_a_draft_registration_is_the_units_own(case: Case) -> None:
    people = case.people
    assert case.registration in Registration.objects.visible_to(people.head)
    for user in (
        people.office,
        people.director,
        people.outsider,
        people.colleague,
        people.stranger,
    ):
        assert case.registration not in Registration.objects.visible_to(user)
    Registration.objects.update(state="submitted", submitted_at=NOW)
    for user in (people.office, people.director):
        assert case.registration in Registration.objects.visible_to(user)
    for user in (people.outsider, people.stranger, people.council):
        assert case.registration not in Registration.objects.visible_to(user)


def test_an_offer_receives_whom_it_is_for(case: Case) -> None:
    offer = Offer(for_collective=True, for_individual=False)
    assert offer.receives("collective")
    assert not offer.receives("individual")
