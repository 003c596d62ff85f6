"""Text that was sent after the session had ended comes back to the same person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from emulation.middleware import MAX_CHARS, keep_token
from emulation.models import User
from tests.conftest import People, SafeClient

ClientFor = Callable[[User], SafeClient]


@pytest.fixture
def path() -> str:
    return reverse("emulation:account_create")


def post(client: Client, path: str, token: str, **data: Any) -> None:
    response = client.post(path, {"_keep": token, "username": "tập thể & cá nhân"} | data)
    assert response.status_code == 302
    assert response.headers["Location"].startswith(reverse("login"))


def unsaved(client: Client, path: str) -> QueryDict | None:
    found: QueryDict | None = client.get(path).wsgi_request.unsaved  # type: ignore[attr-defined]
    return found


def test_the_text_comes_back_after_login(people: People, client: Client, path: str) -> None:
    post(client, path, keep_token(people.admin.pk), many=["1", "2"])
    client.force_login(people.admin)
    found = unsaved(client, path)
    assert found is not None
    assert found["username"] == "tập thể & cá nhân"
    assert found.getlist("many") == ["1", "2"]
    assert "_keep" not in found
    assert "csrfmiddlewaretoken" not in found
    page = client.get(path).content.decode()
    assert "Nội dung chưa lưu đã được khôi phục" in page
    assert 'value="tập thể &amp; cá nhân"' in page


def test_it_comes_back_after_a_real_login(people: People, client: Client, path: str) -> None:
    people.admin.set_password("Mật-khẩu-2025")
    people.admin.save()
    post(client, path, keep_token(people.admin.pk))
    client.post(
        f"{reverse('login')}?next={path}",
        {"username": people.admin.username, "password": "Mật-khẩu-2025"},
    )
    assert unsaved(client, path) is not None


def test_it_stays_until_it_is_saved(people: People, client: Client, path: str) -> None:
    post(client, path, keep_token(people.admin.pk))
    client.force_login(people.admin)
    assert unsaved(client, path) is not None
    assert unsaved(client, path) is not None
    client.post(path, {"username": "x"})
    assert unsaved(client, path) is None


def test_another_person_does_not_get_it(people: People, client: Client, path: str) -> None:
    post(client, path, keep_token(people.office.pk))
    client.force_login(people.admin)
    assert unsaved(client, path) is None


def test_another_page_does_not_get_it(people: People, client: Client, path: str) -> None:
    post(client, path, keep_token(people.admin.pk))
    client.force_login(people.admin)
    assert unsaved(client, reverse("emulation:accounts")) is None
    client.post(reverse("emulation:account", kwargs={"pk": people.head.pk}), {"act": "close"})
    assert unsaved(client, path) is not None


def test_anonymous_gets_nothing(people: People, client: Client, path: str) -> None:
    post(client, path, keep_token(people.admin.pk))
    assert unsaved(client, reverse("login")) is None


@pytest.mark.parametrize("token", ["", "1", "1:abc:def"])
def test_a_forged_token_keeps_nothing(
    people: People, client: Client, path: str, token: str
) -> None:
    post(client, path, token)
    client.force_login(people.admin)
    assert unsaved(client, path) is None


def test_a_token_that_was_changed_keeps_nothing(people: People, client: Client, path: str) -> None:
    payload, rest = keep_token(people.office.pk).split(":", 1)
    other = keep_token(people.admin.pk).split(":", 1)[0]
    assert payload != other
    post(client, path, f"{other}:{rest}")
    client.force_login(people.admin)
    assert unsaved(client, path) is None


def test_a_forged_post_makes_no_session(client: Client, db: None, path: str) -> None:
    post(client, path, "forged")
    assert not Session.objects.exists()


def test_too_much_text_is_not_kept(people: People, client: Client, path: str) -> None:
    post(client, path, keep_token(people.admin.pk), username="a" * MAX_CHARS)
    client.force_login(people.admin)
    assert unsaved(client, path) is None


def test_a_live_session_keeps_nothing(people: People, client_for: ClientFor, path: str) -> None:
    client = client_for(people.admin)
    client.post(path, {"_keep": keep_token(people.admin.pk), "username": "x"})
    assert unsaved(client, path) is None
