"""A launched campaign with two units, and the ground on which the five plans load."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from campaigns.models import Area, Campaign, Offer, Registration
from emulation.models import Unit, User
from tests.conftest import People
from tests.factories import (
    make_agency,
    make_area,
    make_campaign,
    make_individual,
    make_offer,
    make_registration,
    make_unit,
    make_user,
)

PLANS = Path(__file__).resolve().parents[2] / "campaigns" / "plans"
SLUGS = sorted(path.stem for path in PLANS.glob("*.json"))


@dataclass(frozen=True)
class Case:
    """A launched campaign with one title on offer, one area, and the unit's draft registration."""

    people: People
    campaign: Campaign
    offer: Offer
    area: Area
    registration: Registration


@pytest.fixture
def case(people: People) -> Case:
    campaign = make_campaign(people.agency, participants=(people.unit, people.other_unit))
    return Case(
        people=people,
        campaign=campaign,
        offer=make_offer(campaign),
        area=make_area(campaign),
        registration=make_registration(campaign, people.unit, by=people.head),
    )


@dataclass(frozen=True)
class Ground:
    """For each plan its agency's office and one unit with its head."""

    office: dict[str, User]
    head: dict[str, User]
    unit: dict[str, Unit]


def plan(slug: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((PLANS / f"{slug}.json").read_text(encoding="utf-8"))
    return data


@pytest.fixture
def ground(db: None) -> Ground:
    call_command("load_catalogue", verbosity=0)
    found = Ground({}, {}, {})
    for slug in SLUGS:
        agency = make_agency(code=plan(slug)["agency"])
        unit = make_unit(agency)
        found.unit[slug] = unit
        found.head[slug] = make_user("UNIT_HEAD", unit)
        found.office[slug] = make_user("OFFICE", agency, person=make_individual(unit))
    return found
