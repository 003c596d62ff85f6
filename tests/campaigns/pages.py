"""Addresses of a plan, what a person reads on a page, and plans that are full."""

from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from campaigns import models as plan_models
from campaigns.models import Campaign, Participant, Target, Theme
from emulation.models import User
from tests.factories import (
    make_area,
    make_criterion,
    make_dossier_parts,
    make_line,
    make_milestone,
    make_offer,
    make_registration,
    make_statements,
    make_unit,
)

LIST = "/phong-trao/"


def url(campaign: Campaign, *more: object) -> str:
    return "/".join([LIST.rstrip("/"), campaign.slug, *map(str, more)]) + "/"


class Text(HTMLParser):
    """What a reader sees: text outside of tags."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in ("script", "style", "head")

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in ("script", "style", "head")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.found.append(data)


def visible(html: str) -> str:
    parser = Text()
    parser.feed(html)
    return re.sub(r"\s+", " ", " ".join(parser.found))


def shown(response: Any, status: int = 200) -> str:
    assert response.status_code == status
    return visible(response.content.decode())


def fill(campaign: Campaign, count: int) -> None:
    """A plan with `count` of everything."""
    for n in range(count):
        Theme.objects.create(campaign=campaign, text=f"Chủ đề {n}")
        for kind in ("registration", "submission"):
            make_milestone(campaign, kind=kind, name=f"Mốc {n}", date=date(2030, 1, 1 + n))
        top = make_area(campaign, number=str(n), text="Nội dung", registrable=False)
        make_area(campaign, parent=top, number="a")
        target = Target.objects.create(
            campaign=campaign, metric=f"Chỉ tiêu {n}", operator="eq", value=100, unit="%"
        )
        Target.objects.create(
            campaign=campaign, metric=f"Trong đó {n}", operator="keep", parent=target
        )
        offer = make_offer(campaign)
        make_criterion(campaign)
        make_criterion(campaign, offer=offer, kind="attested", rule="", params={})
        for part in make_dossier_parts(campaign):
            part.offers.add(offer)
        make_statements(campaign)
        unit = make_unit(campaign.agency)
        Participant.objects.create(campaign=campaign, unit=unit)
        head = User.objects.get(role_grants__role="OFFICE")
        registration = make_registration(campaign, unit, by=head, state="submitted")
        make_line(registration, unit, offer)
        plan_models.Remark.objects.create(campaign=campaign, text="⚠ Lưu ý")
        plan_models.Basis.objects.create(campaign=campaign, kind="basis", text="Căn cứ")


def queries(client: Client, page: str) -> int:
    client.get(page)  # Content types and sessions are read once.
    with CaptureQueriesContext(connection) as found:
        assert client.get(page).status_code == 200
    return len(found)
