"""Who tries too often is told to wait; nobody else is."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import Settings

from config.caches import LockedFileCache, PatientRedisCache
from emulation.limits import Limit, give_back, take
from emulation.models import User
from emulation.views.clients import client_address
from emulation.views.login import BY_ACCOUNT, BY_ADDRESS
from tests.conftest import People

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
LIMIT = Limit("x", times=3, seconds=600)
PASSWORD = "Phong-trào-2024"


# --- Counting -------------------------------------------------------------------------------------


def test_within_the_limit_one_waits_for_nothing() -> None:
    assert [take(LIMIT, "a", at=AT) for _ in range(4)] == [0, 0, 0, 600]
    assert take(LIMIT, "b", at=AT) == 0
    assert take(Limit("y", 3, 600), "a", at=AT) == 0
    assert take(LIMIT, "a", at=AT + timedelta(seconds=590)) == 10
    assert take(LIMIT, "a", at=AT + timedelta(seconds=600)) == 0


def test_what_is_given_back_does_not_count() -> None:
    for _ in range(20):
        assert take(LIMIT, "a", at=AT) == 0
        give_back(LIMIT, "a", at=AT)
    give_back(LIMIT, "nobody", at=AT)


def test_many_at_once_are_counted_one_by_one() -> None:
    limit = Limit("x", times=25, seconds=600)
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda _: take(limit, "a", at=AT), range(100)))
    assert waits.count(0) == 25


def count_up(folder: Path, times: int) -> list[int]:
    files = LockedFileCache(str(folder), {})
    return [1 if files.add("n", 1) else files.incr("n") for _ in range(times)]


def test_several_processes_count_in_files_without_losing_any(tmp_path: Path) -> None:
    with ProcessPoolExecutor(4) as pool:
        found = list(pool.map(partial(count_up, tmp_path), [25] * 4))
    assert sorted(chain.from_iterable(found)) == list(range(1, 101))


@pytest.mark.skipif("not settings.CELERY_BROKER_URL.startswith('redis')", reason="needs Redis")
def test_several_connections_count_in_redis_without_losing_any() -> None:
    counter = PatientRedisCache(settings.CELERY_BROKER_URL, {"KEY_PREFIX": uuid4().hex})

    def count(_: int) -> int:
        return 1 if counter.add("n", 1) else int(counter.incr("n"))

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(count, range(100)))
    assert sorted(found) == list(range(1, 101))


def test_without_redis_people_log_in_all_the_same(
    people: People, client: Client, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    location = "redis://127.0.0.1:1/0"  # where nobody listens
    settings.CACHES = {
        "default": {"BACKEND": "config.caches.PatientRedisCache", "LOCATION": location}
    }
    people.head.set_password(PASSWORD)
    people.head.save()
    data = {"username": people.head.username, "password": PASSWORD}
    for word, status in (("sai", 200), (PASSWORD, 302)):
        assert client.post(reverse("login"), data | {"password": word}).status_code == status
    assert cache.get("x", "nothing") == "nothing"
    cache.set("x", 1)
    assert "the cache does not answer" in caplog.text


# --- Who is counted -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("remote", "forwarded", "trusted", "found"),
    [
        ("203.0.113.9", "", [], "203.0.113.9"),
        # A header of somebody unknown is worth nothing.
        ("203.0.113.9", "1.2.3.4", [], "203.0.113.9"),
        ("203.0.113.9", "1.2.3.4", ["127.0.0.1"], "203.0.113.9"),
        ("127.0.0.1", "203.0.113.9", ["127.0.0.1"], "203.0.113.9"),
        # What the client made up stands left of what the proxy added.
        ("127.0.0.1", "1.2.3.4, 203.0.113.9", ["127.0.0.1"], "203.0.113.9"),
        ("10.0.0.1", "203.0.113.9, 10.0.0.7", ["10.0.0.0/8"], "203.0.113.9"),
        ("127.0.0.1", "junk", ["127.0.0.1"], "127.0.0.1"),
        ("127.0.0.1", "", ["127.0.0.1"], "127.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", "", [], "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "", [], "203.0.113.9"),
        ("", "", [], ""),
    ],
)
def test_the_address_of_a_client(
    rf: RequestFactory, settings: Settings, remote: str, forwarded: str, trusted: list[str],
    found: str,
) -> None:  # fmt: skip
    settings.TRUSTED_PROXIES = trusted
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert client_address(rf.get("/", headers=headers, REMOTE_ADDR=remote)) == found


# --- Logging in -----------------------------------------------------------------------------------


@pytest.fixture
def head(people: People) -> User:
    people.head.set_password(PASSWORD)
    people.head.save()
    return people.head


@pytest.fixture
def try_login(client: Client) -> Callable[..., Any]:
    def attempt(username: str, password: str = "sai", address: str = "203.0.113.9") -> Any:
        data = {"username": username, "password": password}
        return client.post(reverse("login"), data, REMOTE_ADDR=address)

    return attempt


def test_guessing_at_an_account_ends(head: User, try_login: Callable[..., Any]) -> None:
    name = head.username
    for _ in range(BY_ACCOUNT.times):
        assert try_login(name).status_code == 200
    answer = try_login(name.upper(), PASSWORD)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= BY_ACCOUNT.seconds
    text = answer.content.decode()
    assert "Đã đăng nhập sai quá nhiều lần" in text
    assert "Hãy thử lại sau" in text
    # The right password does not help the guesser; from the own desk it works.
    assert try_login(name, PASSWORD).status_code == 429
    assert try_login(name, PASSWORD, "203.0.113.10").status_code == 302


def test_an_unknown_account_is_answered_alike(db: None, try_login: Callable[..., Any]) -> None:
    for _ in range(BY_ACCOUNT.times):
        assert try_login("khong-co").status_code == 200
    assert try_login("khong-co").status_code == 429


def test_guessing_at_many_accounts_ends(
    db: None, try_login: Callable[..., Any], settings: Settings
) -> None:
    for n in range(BY_ADDRESS.times):
        assert try_login(f"ten-{n}").status_code == 200
    assert try_login("khac").status_code == 429


def test_logging_in_rightly_is_never_too_often(head: User, try_login: Callable[..., Any]) -> None:
    for _ in range(BY_ACCOUNT.times + 5):
        assert try_login(head.username, PASSWORD).status_code == 302
    assert cache.get("nothing") is None
