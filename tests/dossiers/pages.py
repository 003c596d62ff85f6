"""Addresses of a case, and what a page answers."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from dossiers.models import Dossier
from tests.conftest import SafeClient
from tests.dossiers.conftest import Story


def page(response: Any) -> str:
    return " ".join(response.content.decode().split())


def status(client: SafeClient, url: str) -> int:
    response = client.get(url)
    read(response)
    return int(response.status_code)


def read(response: Any) -> bytes:
    """The whole answer; a file that is handed out is closed at its end, as a server does."""
    return bytes(response.getvalue())


def url_of(dossier: Dossier, route: str = "dossier", *args: Any) -> str:
    return reverse(f"dossiers:{route}", args=(dossier.pk, *args))


def case_of(story: Story) -> str:
    return reverse("dossiers:unit_case", args=(story.campaign.slug, story.people.unit.pk))
