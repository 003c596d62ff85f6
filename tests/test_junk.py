"""Nothing that somebody sends makes a page fail: every address with junk in every field."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from tests.conftest import People, SafeClient
from tests.test_access import ROUTES
from tests.world import build

JUNK = {
    "nul": "\x00",
    "long": "ă" * 20_000,
    "number": "-99999999999999999999",
    "date": "31/02/2025",
    "year": "01/01/0001",
    "script": "<script>alert(1)</script>'\"; DROP TABLE x",
    "emoji": "👍\u202e\ufffd",
}
LISTED = ("q", "trang", "xep", "on", "unit", "state", "kind", "year", "tien_do", "decider")


@pytest.mark.parametrize("junk", sorted(JUNK))
@pytest.mark.parametrize("name", sorted(ROUTES))
def test_junk_is_answered(name: str, junk: str, people: People) -> None:
    route = ROUTES[name]
    world = build("open" if not route.passes("f", "plan") or name == "home" else "plan", people)
    value = JUNK[junk]
    url = reverse(name, kwargs=route.args(world))
    for letter in "hfa":
        client = SafeClient()
        client.force_login(world.persons[letter])
        if route.method == "get":
            answer = client.get(url, dict.fromkeys(LISTED, value[:500]))
            fields = names_in(answer) if answer.status_code == 200 else set()
        else:
            answer, fields = None, {"act", "note", "valid_to", "version", "role", "unit"}
        for found in (answer, client.post(url, dict.fromkeys(fields, value))):
            if found is not None:
                assert found.status_code < 500
                found.close()


def names_in(answer: object) -> set[str]:
    """The fields of the page's forms; a download has none."""
    if getattr(answer, "streaming", False):
        return set()
    html = answer.content.decode(errors="replace")  # type: ignore[attr-defined]
    return set(re.findall(r'<(?:input|select|textarea)[^>]*\bname="([^"]+)"', html)) - {
        "csrfmiddlewaretoken"
    }


@pytest.mark.parametrize("name", ["", "a" * 300 + ".pdf", "../../x.pdf", "x\\n.pdf", "\x00.pdf"])
def test_odd_file_names_are_answered(name: str, people: People, client: SafeClient) -> None:
    world = build("open", people)
    client.force_login(people.head)
    url = reverse("dossiers:attachment_add", kwargs={"pk": world.dossier.pk})
    body = (
        f'--B\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        "Content-Type: application/pdf\r\n\r\n%PDF-1.4 broken\r\n--B--\r\n"
    )
    answer = client.post(url, body.encode(), content_type="multipart/form-data; boundary=B")
    assert answer.status_code < 500
    assert world.dossier.attachments.count() == 1
