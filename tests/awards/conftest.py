"""A unit that is ready for its review meeting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db.models import Model

from awards.models import Meeting, Nomination
from campaigns.models import Campaign, Offer
from emulation.models import Individual, Step
from tests.conftest import People
from tests.factories import (
    NOW,
    make_campaign,
    make_criterion,
    make_individual,
    make_meeting,
    make_nomination,
    make_offer,
    make_rating,
    make_title,
)


@dataclass(frozen=True)
class Story:
    """A launched campaign with two titles, and a unit of four with two nominees."""

    people: People
    campaign: Campaign
    offer: Offer
    higher: Offer
    first: Individual
    second: Individual
    nominations: list[Nomination]

    @property
    def members(self) -> list[Individual]:
        return list(Individual.objects.filter(unit=self.people.unit))

    def as_head(self) -> dict[str, Any]:
        return {"by": self.people.head, "at": NOW}

    def meeting(self, **values: Any) -> Meeting:
        """Complete: everybody came, and all voted for both nominees."""
        values.setdefault("present", tuple(self.members))
        values.setdefault("nominations", tuple(self.nominations))
        return make_meeting(self.campaign, self.people.unit, by=self.people.head, **values)


@pytest.fixture
def story(people: People) -> Story:
    campaign = make_campaign(
        people.agency, participants=(people.unit, people.other_unit), number="173/KH-SNV"
    )
    offer = make_offer(campaign, label="Giấy khen của Giám đốc Sở Nội vụ", position=2)
    higher = make_offer(
        campaign,
        title=make_title(code="bang-khen-bo", name="Bằng khen của Bộ", article="Điều 74"),
        label="Bằng khen của Bộ trưởng Bộ Nội vụ",
        position=1,
    )
    make_criterion(campaign)
    make_criterion(
        campaign, kind="attested", rule="", params={}, text="Gương mẫu.", source="mục IV.4.b"
    )
    first = make_individual(people.unit, full_name="Nông Văn Đức")
    second = make_individual(people.unit, full_name="Lý Thị Ánh")
    make_rating(first)
    nominations = [
        make_nomination(people.unit, person, offer, by=people.head) for person in (first, second)
    ]
    return Story(people, campaign, offer, higher, first, second, nominations)


@pytest.fixture
def reload() -> Callable[[Model], Any]:
    return lambda row: type(row)._default_manager.get(pk=row.pk)


def steps(case: Model) -> list[tuple[str, str, str]]:
    return [(s.act, s.from_state, s.to_state) for s in Step.objects.about(case)]


def refusal(error: pytest.ExceptionInfo[ValidationError], field: str) -> str:
    return " ".join(error.value.message_dict[field])
