"""What a page shows, and whom the list of people names."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from tests.conftest import SafeClient


def text_of(client: SafeClient, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def names(client: SafeClient, **query: Any) -> list[str]:
    response = client.get(reverse("emulation:people"), query)
    assert response.status_code == 200
    return [person.full_name for person in response.context["page"].object_list]
