"""The overview shows a way only to those who may go it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse

from emulation.models import User
from tests.conftest import People, SafeClient
from tests.factories import make_campaign


@pytest.mark.parametrize(("role", "shown"), [("office", True), ("director", False)])
def test_only_the_office_is_led_to_the_batches(
    role: str, shown: bool, people: People, client_for: Callable[[User], SafeClient]
) -> None:
    campaign = make_campaign(people.agency, participants=(people.unit,))
    page = client_for(getattr(people, role)).get(reverse("dossiers:overview", args=[campaign.slug]))
    assert (reverse("dossiers:batches", args=[campaign.slug]) in page.content.decode()) is shown
