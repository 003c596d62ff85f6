"""Drawing up a plan: rows, steps, versions; and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from campaigns.actions import (
    act_on_campaign,
    add_row,
    create_campaign,
    duplicate_campaign,
    import_plan,
    move_row,
    remove_row,
    save_participants,
    set_milestone_date,
    update_campaign,
    update_row,
)
from campaigns.actions.campaigns import FLAT_ROWS
from campaigns.actions.conflicts import OUTDATED
from campaigns.actions.rows import stamps
from campaigns.models import Area, Campaign, DossierPart, Offer, Theme
from emulation.models import Step
from emulation.workflow import Refused
from tests.campaigns.conftest import Case, Ground, plan
from tests.conftest import People
from tests.factories import (
    NOW,
    make_agency,
    make_area,
    make_campaign,
    make_line,
    make_milestone,
    make_offer,
    make_unit,
)

DATA = {"kind": "thematic", "name": "Phong trào mới"}


def draft(people: People, **values: Any) -> Campaign:
    return make_campaign(people.agency, state="draft", participants=(people.unit,), **values)


def test_a_new_campaign_is_a_draft_with_an_address_of_its_own(people: People) -> None:
    data = {**DATA, "start_date": date(2026, 1, 1), "end_date": date(2026, 12, 31)}
    made = [
        create_campaign(agency=people.agency, data=data, by=people.office, at=NOW) for _ in range(2)
    ]
    assert [c.slug for c in made] == ["lang-son-2026", "lang-son-2026-2"]
    assert {c.state for c in made} == {"draft"}
    assert Step.objects.about(made[0]).get().label == "Lập kế hoạch"


def test_the_year_of_an_address_is_that_of_the_day_in_viet_nam(people: People) -> None:
    """Half past midnight on 1 January there it is still the old year in London."""
    at = datetime(2026, 12, 31, 17, 30, tzinfo=UTC)
    made = create_campaign(agency=people.agency, data=DATA, by=people.office, at=at)
    assert made.slug == "lang-son-2027"


def test_a_copy_has_the_units_of_the_day_in_viet_nam(case: Case) -> None:
    unit = case.people.unit
    unit.valid_to = date(2026, 12, 31)
    unit.save()
    for hour, stays in ((16, True), (17, False)):
        at = datetime(2026, 12, 31, hour, 30, tzinfo=UTC)
        copy = duplicate_campaign(campaign=case.campaign, by=case.people.office, at=at)
        assert copy.participants.filter(unit=unit).exists() is stays


def test_a_month_stands_for_all_its_days(people: People) -> None:
    data = {
        **DATA,
        "period_precision": "month",
        "start_date": date(2024, 7, 12),
        "end_date": date(2025, 2, 3),
    }
    made = create_campaign(agency=people.agency, data=data, by=people.office, at=NOW)
    assert (made.start_date, made.end_date) == (date(2024, 7, 1), date(2025, 2, 28))


def test_an_end_before_the_start_is_said_beside_the_end(people: People) -> None:
    data = {**DATA, "start_date": date(2026, 2, 1), "end_date": date(2026, 1, 1)}
    with pytest.raises(ValidationError) as error:
        create_campaign(agency=people.agency, data=data, by=people.office, at=NOW)
    assert error.value.message_dict.keys() == {"end_date"}
    assert not Campaign.objects.exists()


def test_only_the_office_of_the_agency_draws_up_and_changes(people: People) -> None:
    campaign = draft(people)
    theme = Theme.objects.create(campaign=campaign, text="Chủ đề")
    milestone = make_milestone(campaign)
    for user in (people.director, people.head, people.stranger, people.council, people.admin):
        who: dict[str, Any] = {"by": user, "at": NOW}
        attempts: list[Callable[[], Any]] = [
            lambda who=who: create_campaign(agency=people.agency, data=DATA, **who),  # type: ignore[misc]
            lambda who=who: update_campaign(campaign=campaign, version=0, data=DATA, **who),  # type: ignore[misc]
            lambda who=who: duplicate_campaign(campaign=campaign, **who),  # type: ignore[misc]
            lambda who=who: save_participants(campaign=campaign, units=[], **who),  # type: ignore[misc]
            lambda who=who: set_milestone_date(milestone=milestone, version=0, day=None, **who),  # type: ignore[misc]
            lambda who=who: add_row(campaign=campaign, model=Theme, data={"text": "A"}, **who),  # type: ignore[misc]
            lambda who=who: update_row(row=theme, version=0, data={"text": "A"}, **who),  # type: ignore[misc]
            lambda who=who: remove_row(row=theme, seen="", **who),  # type: ignore[misc]
            lambda who=who: move_row(row=theme, up=True, **who),  # type: ignore[misc]
        ]
        for attempt in attempts:
            with pytest.raises(Refused):
                attempt()
    assert Campaign.objects.count() == 1
    assert Theme.objects.get().text == "Chủ đề"


@pytest.mark.parametrize("state", ["launched", "closed", "archived"])
def test_a_launched_plan_is_not_rewritten(people: People, state: str) -> None:
    campaign = make_campaign(people.agency, state=state)
    theme = Theme.objects.create(campaign=campaign, text="Chủ đề")
    who: dict[str, Any] = {"by": people.office, "at": NOW}
    for attempt in (
        lambda: update_campaign(campaign=campaign, version=0, data=DATA, **who),
        lambda: add_row(campaign=campaign, model=Theme, data={"text": "A"}, **who),
        lambda: update_row(row=theme, version=0, data={"text": "A"}, **who),
        lambda: remove_row(row=theme, seen="", **who),
    ):
        with pytest.raises(Refused, match="không sửa được"):
            attempt()


def test_a_save_over_a_newer_version_is_refused(people: People) -> None:
    campaign = draft(people)
    who: dict[str, Any] = {"by": people.office, "at": NOW}
    first = update_campaign(campaign=campaign, version=0, data={"purpose": "Thứ nhất"}, **who)
    assert first.version == 1
    with pytest.raises(ValidationError) as error:
        update_campaign(campaign=campaign, version=0, data={"purpose": "Thứ hai"}, **who)
    assert error.value.code == OUTDATED
    assert Campaign.objects.get().purpose == "Thứ nhất"
    update_campaign(campaign=campaign, version=1, data={"purpose": "Thứ hai"}, **who)
    assert Campaign.objects.get().purpose == "Thứ hai"


def test_a_new_name_is_found(people: People) -> None:
    campaign = draft(people)
    update_campaign(
        campaign=campaign, version=0, data={"name": "Đổi mới"}, by=people.office, at=NOW
    )
    assert Campaign.objects.matching("doi moi").exists()


def test_an_act_leaves_a_step(people: People) -> None:
    campaign = draft(people)
    who: dict[str, Any] = {"at": NOW}
    act_on_campaign(campaign=campaign, act="launch", by=people.director, **who)
    act_on_campaign(campaign=campaign, act="close", by=people.office, **who)
    act_on_campaign(campaign=campaign, act="reopen", by=people.office, note="Còn hồ sơ", **who)
    with pytest.raises(Refused):
        act_on_campaign(campaign=campaign, act="archive", by=people.office, **who)
    act_on_campaign(campaign=campaign, act="close", by=people.office, **who)
    act_on_campaign(campaign=campaign, act="archive", by=people.office, **who)
    assert Campaign.objects.get().state == "archived"
    steps = Step.objects.about(campaign)
    assert [s.act for s in steps] == ["launch", "close", "reopen", "close", "archive"]
    assert steps[2].note == "Còn hồ sơ"


def test_a_date_left_open_is_set_after_the_launch(case: Case) -> None:
    milestone = make_milestone(case.campaign, kind="submission", name="Gửi hồ sơ")
    who: dict[str, Any] = {"by": case.people.office, "at": NOW}
    due: dict[str, Any] = {"day": date(2025, 8, 10), "inclusive": False, **who}
    set_milestone_date(milestone=milestone, version=0, **due)
    milestone.refresh_from_db()
    assert milestone.when == "Trước 10/08/2025"
    step = Step.objects.about(case.campaign).get()
    assert step.note == "Gửi hồ sơ: Chưa ấn định → Trước 10/08/2025"
    set_milestone_date(milestone=milestone, version=0, **due)
    assert Step.objects.about(case.campaign).count() == 1
    Campaign.objects.update(state="closed")
    with pytest.raises(Refused):
        set_milestone_date(milestone=milestone, version=0, day=None, **who)


def test_participants_may_join_late_but_not_leave(case: Case) -> None:
    people = case.people
    who: dict[str, Any] = {"by": people.office, "at": NOW}
    new = make_unit(people.agency)
    save_participants(campaign=case.campaign, units=[people.unit, people.other_unit, new], **who)
    assert case.campaign.participants.count() == 3
    assert new.name in Step.objects.about(case.campaign).get().note
    with pytest.raises(ValidationError, match="chỉ bổ sung"):
        save_participants(campaign=case.campaign, units=[people.unit], **who)
    with pytest.raises(ValidationError, match="thuộc cơ quan"):
        save_participants(campaign=case.campaign, units=[make_unit(make_agency())], **who)
    Campaign.objects.update(state="draft")
    with pytest.raises(ValidationError, match="đã đăng ký"):
        save_participants(campaign=case.campaign, units=[people.other_unit], **who)
    save_participants(campaign=case.campaign, units=[people.unit], **who)
    assert case.campaign.participants.get().unit == people.unit


def test_a_copy_has_all_the_rows_and_a_life_of_its_own(ground: Ground) -> None:
    office = ground.office["hung-yen-2020"]
    source = import_plan(
        data=plan("hung-yen-2020"), by=office, at=NOW, participants=[ground.unit["hung-yen-2020"]]
    )
    act_on_campaign(campaign=source, act="launch", by=office, at=NOW)
    copy = duplicate_campaign(campaign=source, by=office, at=NOW)
    assert (copy.slug, copy.state, copy.number, copy.issued_date, copy.version) == (
        "hung-yen-2020-2", "draft", "", None, 0,
    )  # fmt: skip
    for rows in (*FLAT_ROWS, "areas", "targets", "offers", "criteria", "dossier_parts"):
        mine = list(getattr(copy, rows).values_list("position", flat=True))
        assert mine == list(getattr(source, rows).values_list("position", flat=True)), rows
    assert {o.pk for o in copy.offers.all()}.isdisjoint(o.pk for o in source.offers.all())
    asked = list(copy.offers.values_list("report_kind", flat=True))
    assert asked == list(source.offers.values_list("report_kind", flat=True))
    assert set(asked) == {"merit"}
    own = set(copy.offers.all())
    for part in copy.dossier_parts.all():
        assert set(part.offers.all()) <= own
    assert {c.offer for c in copy.criteria.all()} - {None} <= own
    trees: list[Any] = [*copy.areas.all(), *copy.targets.all()]
    for row in trees:
        assert row.parent is None or row.parent.campaign_id == copy.pk
    assert copy.participants.count() == 1
    assert Campaign.objects.get(pk=source.pk).state == "launched"
    assert Step.objects.about(copy).get().label == "Nhân bản kế hoạch"


def test_rows_are_added_at_the_end_moved_and_taken_away(people: People) -> None:
    campaign = draft(people)
    who: dict[str, Any] = {"by": people.office, "at": NOW}
    rows = [
        add_row(campaign=campaign, model=Theme, data={"origin": "own", "text": text}, **who)[0]
        for text in "ABC"
    ]

    def order() -> str:
        return "".join(campaign.themes.values_list("text", flat=True))

    move_row(row=rows[2], up=True, **who)
    assert order() == "ACB"
    move_row(row=rows[0], up=True, **who)
    assert order() == "ACB"
    move_row(row=rows[0], up=False, **who)
    assert order() == "CAB"
    remove_row(row=rows[0], seen=stamps(campaign, Theme)[rows[0].pk], **who)
    add_row(campaign=campaign, model=Theme, data={"origin": "own", "text": "D"}, **who)
    assert order() == "CBD"


def test_a_row_points_only_into_its_own_plan_and_not_to_itself(people: People) -> None:
    campaign, other = draft(people), draft(people)
    who: dict[str, Any] = {"by": people.office, "at": NOW}
    top = make_area(campaign, title="Trên")
    below = make_area(campaign, title="Dưới", parent=top)
    with pytest.raises(ValidationError, match="kế hoạch khác"):
        add_row(
            campaign=campaign,
            model=Area,
            data={"title": "A", "parent": make_area(other)},
            **who,
        )
    with pytest.raises(ValidationError, match="dưới chính nó"):
        update_row(row=top, version=0, data={"parent": below}, **who)
    with pytest.raises(ValidationError, match="kế hoạch khác"):
        add_row(
            campaign=campaign,
            model=DossierPart,
            data={"kind": "letter", "name": "A", "offers": [make_offer(other)]},
            **who,
        )


def test_a_row_that_is_in_use_stays(case: Case) -> None:
    make_line(case.registration, case.people.unit, case.offer)
    Campaign.objects.update(state="draft")
    seen = stamps(case.campaign, Offer)[case.offer.pk]
    with pytest.raises(Refused, match="đang được dùng"):
        remove_row(row=case.offer, seen=seen, by=case.people.office, at=NOW)
    assert Offer.objects.filter(pk=case.offer.pk).exists()
