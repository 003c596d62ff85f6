"""Two people at one row of a plan at the same moment, on a database that lets them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from campaigns.actions import (
    add_row,
    duplicate_campaign,
    move_row,
    remove_row,
    set_milestone_date,
    update_row,
)
from campaigns.actions.rows import stamps
from campaigns.models import Area, Campaign, Milestone, Theme
from tests.conftest import People
from tests.factories import NOW, make_area, make_campaign, make_milestone
from tests.races import together

pytestmark = [
    pytest.mark.django_db(transaction=True),
    # SQLite lets one writer in at a time, and its test database lives in one connection.
    pytest.mark.skipif(connection.vendor == "sqlite", reason="needs several connections"),
]
ROUNDS = 5


@pytest.fixture
def campaign(people: People) -> Campaign:
    # Roles are read once for each request; here all threads share the same people.
    assert people.office.grants_today
    return make_campaign(people.agency, state="draft")


@pytest.fixture
def who(people: People) -> dict[str, Any]:
    return {"by": people.office, "at": NOW}


def theme(campaign: Campaign, text: str = "Chủ đề") -> Theme:
    return Theme.objects.create(campaign=campaign, text=text)


def test_one_of_two_saves_wins_and_the_other_is_told(
    campaign: Campaign, who: dict[str, Any]
) -> None:
    for _ in range(ROUNDS):
        row = theme(campaign)

        def save(text: str, row: Theme = row) -> Callable[[], Any]:
            return lambda: update_row(row=row, version=0, data={"text": text}, **who)

        said = together(*map(save, ("Một", "Hai", "Ba")))
        assert sorted(map(bool, said)) == [False, True, True], said
        assert all("vừa được người khác lưu" in text for text in said if text)
        row.refresh_from_db()
        assert (row.text, row.version) == (("Một", "Hai", "Ba")[said.index("")], 1)


def test_a_row_is_changed_while_it_is_taken_away(campaign: Campaign, who: dict[str, Any]) -> None:
    for _ in range(ROUNDS):
        row = theme(campaign)
        seen = stamps(campaign, Theme)[row.pk]
        said = together(
            lambda row=row: update_row(row=row, version=0, data={"text": "Mới"}, **who),  # type: ignore[misc]
            lambda row=row, seen=seen: remove_row(row=row, seen=seen, **who),  # type: ignore[misc]
        )
        assert sorted(map(bool, said)) == [False, True], said
        assert Theme.objects.filter(pk=row.pk, text="Mới").exists() is (said[0] == "")
        assert ("không còn trong kế hoạch" in said[0]) or ("chưa xóa" in said[1])


def test_a_double_click_adds_one_row(campaign: Campaign, who: dict[str, Any]) -> None:
    for n in range(ROUNDS):
        data = {"origin": "own", "text": f"Chủ đề {n}"}
        add = lambda data=data: add_row(campaign=campaign, model=Theme, data=data, **who)  # noqa: E731
        assert together(add, add, add) == [""] * 3
        assert Theme.objects.filter(text=f"Chủ đề {n}").count() == 1
    positions = list(campaign.themes.values_list("position", flat=True))
    assert positions == list(range(ROUNDS))


def test_two_rows_are_not_put_below_each_other(campaign: Campaign, who: dict[str, Any]) -> None:
    for _ in range(ROUNDS):
        one, other = make_area(campaign), make_area(campaign)
        said = together(
            lambda a=one, b=other: update_row(row=a, version=0, data={"parent": b}, **who),  # type: ignore[misc]
            lambda a=one, b=other: update_row(row=b, version=0, data={"parent": a}, **who),  # type: ignore[misc]
        )
        assert sorted(map(bool, said)) == [False, True], said
        assert any("dưới chính nó" in text for text in said)


def test_a_row_is_added_below_one_that_is_taken_away(
    campaign: Campaign, who: dict[str, Any]
) -> None:
    for _ in range(ROUNDS):
        top = make_area(campaign)
        seen = stamps(campaign, Area)[top.pk]
        said = together(
            lambda top=top: add_row(  # type: ignore[misc]
                campaign=campaign, model=Area, data={"title": "Con", "parent": top}, **who
            ),
            lambda top=top, seen=seen: remove_row(row=top, seen=seen, **who),  # type: ignore[misc]
        )
        assert sorted(map(bool, said)) == [False, True], said
        assert Area.objects.filter(parent=top).exists() is (said[0] == "")


def test_rows_are_moved_while_others_are_taken_away(
    campaign: Campaign, who: dict[str, Any]
) -> None:
    rows = [theme(campaign, str(n)) for n in range(4)]
    seen = stamps(campaign, Theme)
    said = together(
        lambda: move_row(row=rows[3], up=True, **who),
        lambda: remove_row(row=rows[2], seen=seen[rows[2].pk], **who),
        lambda: remove_row(row=rows[3], seen=seen[rows[3].pk], **who),
    )
    assert said[1:] == ["", ""]
    assert said[0] in ("", "Dòng này không còn trong kế hoạch: người khác vừa xóa.")
    assert [row.text for row in campaign.themes.all()] == ["0", "1"]


def test_a_date_is_set_twice(campaign: Campaign, who: dict[str, Any]) -> None:
    row = make_milestone(campaign)

    def put(day: int) -> Callable[[], Milestone]:
        date = NOW.date().replace(day=day)
        return lambda: set_milestone_date(milestone=row, version=0, day=date, **who)

    said = together(put(1), put(2), put(3))
    assert sorted(map(bool, said)) == [False, True, True], said
    row.refresh_from_db()
    assert row.version == 1


def test_a_plan_is_copied_while_rows_come_and_go(campaign: Campaign, who: dict[str, Any]) -> None:
    """The copy is the plan of one moment: all of a tree or none of it."""
    top = make_area(campaign)
    make_area(campaign, parent=top)
    seen = stamps(campaign, Area)[top.pk]
    assert together(
        lambda: duplicate_campaign(campaign=campaign, **who),
        lambda: remove_row(row=top, seen=seen, **who),
    ) == ["", ""]
    copy = Campaign.objects.exclude(pk=campaign.pk).get()
    assert copy.areas.count() in (0, 2)
