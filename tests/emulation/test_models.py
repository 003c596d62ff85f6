"""What must not exist cannot be stored; and who may read what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from emulation.models import (
    BaseSalary,
    Individual,
    Instrument,
    PrizeCoefficient,
    Rating,
    Role,
    RoleGrant,
    Step,
    Succession,
    Title,
    Unit,
    User,
    VotingRule,
)
from tests.conftest import People
from tests.factories import (
    NOW,
    make_agency,
    make_individual,
    make_instrument,
    make_rating,
    make_title,
    make_unit,
    make_user,
)

JANUARY, DECEMBER = date(2024, 1, 1), date(2024, 12, 31)
BACKWARDS = {"valid_from": DECEMBER, "valid_to": JANUARY}


def make_ballot(**values: Any) -> VotingRule:
    values = {
        "title_code": "cstd", "ballot": True, "threshold_percent": 80, "article": "Điều 30",
        "instrument": make_instrument(), "mark": "V", "valid_from": JANUARY,
    } | values  # fmt: skip
    return VotingRule.objects.create(**values)


def make_coefficient(**values: Any) -> PrizeCoefficient:
    values = {
        "title_code": "cstd", "subject": "individual", "coefficient": 1, "article": "Điều 54",
        "instrument": make_instrument(), "mark": "V", "valid_from": JANUARY,
    } | values  # fmt: skip
    return PrizeCoefficient.objects.create(**values)


def make_salary(**values: Any) -> BaseSalary:
    values = {"amount": 2_340_000, "basis": "NĐ", "mark": "V", "valid_from": JANUARY} | values
    return BaseSalary.objects.create(**values)


def twice(make: Callable[[], Any]) -> None:
    make()
    make()


def grant(people: People, **values: Any) -> RoleGrant:
    values = {
        "user": people.staff, "role": "COUNCIL", "unit": people.agency, "valid_from": JANUARY,
    } | values  # fmt: skip
    return RoleGrant.objects.create(**values)


def succeed(one: Unit, other: Unit) -> Succession:
    return Succession.objects.create(
        predecessor=one, successor=other, kind="merged", effective_date=JANUARY
    )


# Each constraint of this app by name, and what it must refuse.
COUNTER_EXAMPLES: dict[str, Callable[[People], Any]] = {
    "individual_staff_code": lambda p: twice(lambda: make_individual(p.unit, staff_code="X")),
    "individual_period_in_order": lambda p: make_individual(p.unit, **BACKWARDS),
    "rating_one_subject": lambda p: make_rating(p.unit, individual=p.staff.individual),
    "rating_individual_year": lambda p: twice(lambda: make_rating(p.staff.individual)),  # type: ignore[arg-type]
    "rating_unit_year": lambda p: twice(lambda: make_rating(p.unit)),
    "role_grant_once": lambda p: twice(lambda: grant(p)),
    "role_grant_period_in_order": lambda p: grant(p, **BACKWARDS),
    "succession_once": lambda p: twice(lambda: succeed(p.unit, p.other_unit)),
    "succession_of_another": lambda p: succeed(p.unit, p.unit),
    "unit_period_in_order": lambda p: make_unit(p.agency, **BACKWARDS),
    "unit_has_agency": lambda p: make_agency(kind=Unit.Kind.DEPARTMENT),
    "instrument_period_in_order": lambda p: make_instrument(**BACKWARDS),
    "title_once": lambda p: twice(lambda: make_title(code="x", valid_from=JANUARY)),
    "title_once_undated": lambda p: twice(lambda: make_title(code="x", valid_from=None)),
    "title_for_somebody": lambda p: make_title(for_individual=False, for_collective=False),
    "title_period_in_order": lambda p: make_title(**BACKWARDS),
    "voting_rule_once": lambda p: twice(make_ballot),
    "voting_rule_once_undated": lambda p: twice(lambda: make_ballot(valid_from=None)),
    "voting_rule_percent": lambda p: make_ballot(threshold_percent=101),
    "voting_rule_period_in_order": lambda p: make_ballot(**BACKWARDS),
    "prize_coefficient_once": lambda p: twice(make_coefficient),
    "prize_coefficient_once_undated": lambda p: twice(lambda: make_coefficient(valid_from=None)),
    "prize_coefficient_positive": lambda p: make_coefficient(coefficient=0),
    "prize_coefficient_period_in_order": lambda p: make_coefficient(**BACKWARDS),
    "base_salary_since": lambda p: twice(make_salary),
    "base_salary_period_in_order": lambda p: make_salary(**BACKWARDS),
}
CONSTRAINTS = {
    constraint.name: constraint
    for model in apps.get_app_config("emulation").get_models()
    for constraint in model._meta.constraints
}


@pytest.mark.parametrize("name", sorted(CONSTRAINTS))
def test_each_constraint_refuses_its_counter_example(people: People, name: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        COUNTER_EXAMPLES[name](people)


@pytest.mark.parametrize("name", sorted(CONSTRAINTS))
def test_each_constraint_says_why_in_vietnamese(name: str) -> None:
    constraint = CONSTRAINTS[name]
    assert constraint.violation_error_message != constraint.default_violation_error_message


def test_what_is_not_a_counter_example_is_stored(people: People) -> None:
    make_individual(people.unit, staff_code="X")
    make_individual(people.stranger.individual.unit, staff_code="X")  # type: ignore[union-attr]
    make_title(code="x", valid_from=None)
    make_title(code="x", valid_from=JANUARY, valid_to=JANUARY)
    make_unit(people.agency, valid_from=JANUARY, valid_to=None)
    make_ballot(threshold_percent=100)


@pytest.mark.parametrize("kind", ["authority", "agency"])
def test_an_agency_and_what_is_above_it_stand_alone(db: None, kind: str) -> None:
    assert make_agency(kind=kind).agency is None


def test_rows_are_in_force_between_their_days(db: None) -> None:
    row = make_title(valid_from=JANUARY, valid_to=DECEMBER)
    open_ended = make_title(valid_from=None, valid_to=None)
    day = timedelta(days=1)
    for on, found in (
        (JANUARY - day, False),
        (JANUARY, True),
        (DECEMBER, True),
        (DECEMBER + day, False),
    ):
        assert (row in Title.objects.in_force(on)) == row.is_in_force(on) == found
        assert open_ended in Title.objects.in_force(on)
        assert open_ended.is_in_force(on)


def test_people_serve_between_their_days(people: People) -> None:
    person = make_individual(people.unit, valid_from=JANUARY, valid_to=DECEMBER)
    day = timedelta(days=1)
    serving = [
        person in Individual.objects.serving(on)
        for on in (JANUARY - day, JANUARY, DECEMBER, DECEMBER + day)
    ]
    assert serving == [False, True, True, False]


def test_units_stand_from_their_first_day_to_their_last(people: People) -> None:
    unit = make_unit(people.agency, valid_from=JANUARY, valid_to=DECEMBER)
    day = timedelta(days=1)
    days = (JANUARY - day, JANUARY, DECEMBER, DECEMBER + day)
    assert [unit in Unit.objects.current(on) for on in days] == [False, True, True, False]


def test_a_step_is_written_once(people: People) -> None:
    step = Step.objects.create(
        subject=people.unit, act="submit", label="Trình", to_state="submitted",
        to_label="Đã trình", by=people.head, at=NOW,
    )  # fmt: skip
    step.note = "Sửa"
    with pytest.raises(TypeError):
        step.save()
    with pytest.raises(TypeError):
        step.delete()
    with pytest.raises(TypeError):
        Step.objects.about(people.unit).update(note="Sửa")
    with pytest.raises(TypeError):
        Step.objects.all().delete()
    assert Step.objects.get().note == ""


def test_the_decision_of_a_rating_is_cited_in_full(people: People) -> None:
    rating = make_rating(people.unit, issuer="Giám đốc Sở Nội vụ")
    assert rating.decision == "Quyết định số 412/QĐ-SNV ngày 20/12/2024 của Giám đốc Sở Nội vụ"
    assert make_rating(people.unit, year=2023, decision_number="").decision == ""


# Who reads whom: rows


def seen(user: User) -> set[str]:
    return set(Individual.objects.visible_to(user).values_list("staff_code", flat=True))


def code(user: User) -> str:
    assert user.individual
    return user.individual.staff_code


@pytest.mark.parametrize("role", ["office", "director", "admin", "council"])
def test_who_works_for_the_whole_agency_sees_all_of_it(people: People, role: str) -> None:
    everyone = set(Individual.objects.values_list("staff_code", flat=True))
    assert seen(getattr(people, role)) == everyone - {code(people.stranger)}


def test_a_unit_head_sees_the_own_unit(people: People) -> None:
    assert seen(people.head) == {code(people.head), code(people.colleague), code(people.staff)}
    assert seen(people.outsider) == {code(people.outsider)}


def test_a_head_of_two_units_sees_both_and_oneself_in_a_third(people: People) -> None:
    elsewhere = make_unit(people.agency)
    user = make_user("UNIT_HEAD", people.unit, person=make_individual(elsewhere))
    RoleGrant.objects.create(
        user=user, role=Role.UNIT_HEAD, unit=people.other_unit, valid_from=JANUARY
    )
    assert {code(user), code(people.head), code(people.outsider)} <= seen(user)


def test_staff_see_themselves_only(people: People) -> None:
    assert seen(people.staff) == {code(people.staff)}


def without_role(user: User) -> User:
    user.role_grants.all().delete()
    return User.objects.get(pk=user.pk)


@pytest.mark.parametrize("who", ["head", "staff", "office", "admin", "director", "council"])
def test_without_a_role_one_sees_nothing_anywhere(people: People, who: str) -> None:
    user = without_role(getattr(people, who))
    make_rating(people.unit)
    for model in (Individual, Unit, User, Rating):
        assert not model.objects.visible_to(user).exists()
    for editable in (Individual, Unit, User):
        assert not editable.objects.editable_by(user).exists()
    assert user.individual
    assert not user.may_read_personal_data(user.individual)
    assert user.roles_for(agency_id=people.agency.pk, unit_id=people.unit.pk) == frozenset()


@pytest.mark.parametrize("days", [(-30, -1), (1, 30)])
def test_a_role_that_has_ended_or_not_begun_gives_nothing(
    people: People, days: tuple[int, int]
) -> None:
    today = timezone.localdate()
    first, last = (today + timedelta(days=n) for n in days)
    people.head.role_grants.update(valid_from=first, valid_to=last)
    user = User.objects.get(pk=people.head.pk)
    assert seen(user) == set()
    assert user.roles == frozenset()


def test_a_role_counts_on_its_first_and_last_day(people: People) -> None:
    today = timezone.localdate()
    people.head.role_grants.update(valid_from=today, valid_to=today)
    assert User.objects.get(pk=people.head.pk).roles == {"UNIT_HEAD"}


def test_a_closed_account_holds_no_role(people: People) -> None:
    people.office.is_active = False
    people.office.save(update_fields=["is_active"])
    assert seen(User.objects.get(pk=people.office.pk)) == set()


def test_units_are_those_of_the_agency_itself_included(people: People) -> None:
    for user in (people.head, people.staff, people.office, people.council):
        units = set(Unit.objects.visible_to(user))
        assert {people.agency, people.unit, people.other_unit} <= units
        assert people.stranger.individual
        assert people.stranger.individual.unit not in units
        assert people.stranger.agency not in units


def test_a_dissolved_unit_stays_readable(people: People) -> None:
    old = make_unit(people.agency, valid_to=date(2025, 6, 30))
    assert old in Unit.objects.visible_to(people.staff)
    assert old not in Unit.objects.visible_to(people.staff).current(date(2025, 7, 1))
    assert old in Unit.objects.visible_to(people.staff).current(date(2025, 6, 30))


def test_ratings_follow_people_and_units(people: People) -> None:
    assert people.staff.individual
    assert people.head.individual
    of_staff = make_rating(people.staff.individual)
    of_head = make_rating(people.head.individual)
    of_unit = make_rating(people.unit)
    assert set(Rating.objects.visible_to(people.head)) == {of_staff, of_head, of_unit}
    assert set(Rating.objects.visible_to(people.staff)) == {of_staff, of_unit}
    assert set(Rating.objects.visible_to(people.outsider)) == {of_unit}
    assert set(Rating.objects.visible_to(people.stranger)) == set()


def test_only_the_administrator_of_the_agency_edits(people: People) -> None:
    for user in (people.head, people.office, people.director, people.council, people.stranger):
        for model in (Individual, Unit, User):
            assert not model.objects.editable_by(user).exists()
    assert people.head in User.objects.editable_by(people.admin)
    assert people.stranger not in User.objects.editable_by(people.admin)
    assert people.agency in Unit.objects.editable_by(people.admin)
    assert people.stranger.agency not in Unit.objects.editable_by(people.admin)


# Who reads whom: personal data


@pytest.mark.parametrize(
    ("who", "reads"),
    [
        ("office", True),
        ("admin", True),
        ("director", True),
        ("head", True),
        ("staff", True),
        ("council", False),
        ("colleague", False),
        ("outsider", False),
        ("stranger", False),
    ],
)
def test_personal_data_is_for_who_needs_it(people: People, who: str, reads: bool) -> None:
    assert people.staff.individual
    assert getattr(people, who).may_read_personal_data(people.staff.individual) == reads


def test_an_office_of_another_agency_reads_no_personal_data(people: People) -> None:
    assert people.staff.individual
    office = make_user("OFFICE", make_agency())
    assert not office.may_read_personal_data(people.staff.individual)


def test_a_role_is_for_its_unit_or_its_agency(people: People) -> None:
    here = {"agency_id": people.agency.pk, "unit_id": people.unit.pk}
    assert people.head.roles_for(**here) == {"UNIT_HEAD"}
    assert people.staff.roles_for(**here) == {"STAFF"}
    assert people.outsider.roles_for(**here) == set()
    assert people.office.roles_for(**here) == {"OFFICE"}
    assert people.head.roles_for(agency_id=people.agency.pk) == set()
    assert make_user("OFFICE", make_agency()).roles_for(**here) == set()


# The law of a day


def test_what_has_taken_the_place_of_a_decree(db: None) -> None:
    first = make_instrument(valid_to=date(2023, 12, 31))
    second = make_instrument(valid_from=date(2024, 1, 1), valid_to=date(2025, 6, 30))
    third = make_instrument(valid_from=date(2025, 7, 1), valid_to=date(2026, 12, 31))
    second.replaces.add(first)
    third.replaces.add(second)
    days = {
        date(2023, 12, 31): first,
        date(2024, 1, 1): second,
        date(2025, 6, 30): second,
        date(2025, 7, 1): third,
        # Over, and nothing in its place: the last that was.
        date(2027, 1, 1): third,
    }
    assert {day: first.as_of(day) for day in days} == days
    assert third.as_of(date(2020, 1, 1)) == third
    # Two that replace each other, as only a slip can have it.
    first.replaces.add(third)
    assert first.as_of(date(2027, 1, 1)) == third


# Messages reach the forms


def test_full_clean_gives_the_message(people: People) -> None:
    row = RoleGrant(user=people.staff, role="OFFICE", unit=people.agency, **BACKWARDS)
    with pytest.raises(ValidationError, match="Ngày kết thúc phải từ ngày bắt đầu trở đi"):
        row.full_clean()
    instrument = Instrument(code="x", number="1", name="x", mark="V", **BACKWARDS)
    with pytest.raises(ValidationError, match="Ngày hết hiệu lực"):
        instrument.full_clean()


def test_every_foreign_key_of_a_root_row_protects_it() -> None:
    """Nothing disappears because something else was deleted; a grant goes with its account."""
    cascading = {
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config("emulation").get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey)
        and field.remote_field.on_delete is models.CASCADE
        and not model._meta.auto_created
    }
    assert cascading == {"RoleGrant.user"}
