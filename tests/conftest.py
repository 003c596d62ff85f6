"""A strict school: GET never writes, undefined variables fail, unordered pages are noticed."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from pytest_django import Settings

from emulation.models import Unit, User
from tests.factories import make_agency, make_individual, make_unit, make_user

WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE")


class UndefinedVariable(str):
    """What a template shows for a variable that nobody passed: nothing, it fails."""

    def __contains__(self, key: object) -> bool:
        return key == "%s"

    def __mod__(self, name: object) -> str:
        raise AssertionError(f"undefined template variable: {name}")


class SafeClient(Client):
    """A client whose GET and HEAD fail when they write to the database."""

    def generic(self, method: str, *args: Any, **kwargs: Any) -> Any:
        if method not in ("GET", "HEAD"):
            return super().generic(method, *args, **kwargs)
        with connection.execute_wrapper(_refuse_writes):
            return super().generic(method, *args, **kwargs)


def _refuse_writes(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    if sql.lstrip().upper().startswith(WRITES):
        raise AssertionError(f"a GET writes: {sql[:200]}")
    return execute(sql, params, many, context)


ClientFor = Callable[[User], SafeClient]


@dataclass(frozen=True)
class People:
    """One agency with two units, a second agency, and a person in each role."""

    agency: Unit
    unit: Unit
    other_unit: Unit
    head: User
    colleague: User
    outsider: User
    stranger: User
    office: User
    council: User
    director: User
    staff: User
    admin: User


@pytest.fixture
def people(db: None) -> People:
    agency = make_agency(name="Sở Nội vụ tỉnh Lạng Sơn")
    unit = make_unit(agency, name="Phòng Cải cách hành chính")
    other_unit = make_unit(agency, name="Phòng Công chức, viên chức")
    office_unit = make_unit(agency, name="Văn phòng Sở", kind=Unit.Kind.OFFICE)
    elsewhere = make_agency(name="Sở Nội vụ tỉnh Thanh Hóa")
    staff = make_individual(unit, full_name="Hoàng Thị Én")
    return People(
        agency=agency,
        unit=unit,
        other_unit=other_unit,
        head=make_user("UNIT_HEAD", unit),
        colleague=make_user("STAFF", unit),
        outsider=make_user("UNIT_HEAD", other_unit),
        stranger=make_user("UNIT_HEAD", make_unit(elsewhere)),
        office=make_user("OFFICE", agency, person=make_individual(office_unit)),
        council=make_user("COUNCIL", agency, person=make_individual(office_unit)),
        director=make_user("DIRECTOR", agency, person=make_individual(agency)),
        staff=make_user("STAFF", unit, person=staff),
        admin=make_user("ADMIN", agency, person=make_individual(office_unit)),
    )


@pytest.fixture
def client() -> SafeClient:
    return SafeClient()


@pytest.fixture
def client_for() -> ClientFor:
    def build(user: User) -> SafeClient:
        # Kept by the process: without them the first page would cost a query more than the next.
        ContentType.objects.get_for_models(*apps.get_models())
        client = SafeClient()
        client.force_login(user)
        return client

    return build


@dataclass
class Sent:
    """Tasks that were sent, in order: (name, args); and the queue that each went to."""

    tasks: list[tuple[str, tuple[Any, ...]]]
    queues: list[str | None] = field(default_factory=list)

    def names(self) -> list[str]:
        return [name for name, _ in self.tasks]


@pytest.fixture(autouse=True)
def sent(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Sent:
    """Outside tests that concern a worker the queue is a list; nothing runs eagerly."""
    found = Sent([])
    if not request.node.get_closest_marker("worker"):
        from celery import current_app

        def record(name: str, args: tuple[Any, ...] = (), **kwargs: Any) -> None:
            found.tasks.append((name, tuple(args)))
            found.queues.append(kwargs.get("queue"))

        monkeypatch.setattr(current_app, "send_task", record)
    return found


@pytest.fixture(autouse=True)
def _one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """A response that a test closes must not take the connection and its transaction along."""
    monkeypatch.setattr(connection, "close_if_unusable_or_obsolete", lambda: None)


@pytest.fixture(autouse=True)
def _strict(settings: Settings, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": str(tmp_path),
        }
    }
    settings.SECURE_SSL_REDIRECT = False
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    if not request.node.get_closest_marker("worker"):
        settings.MEDIA_ROOT = tmp_path / "media"
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    templates = settings.TEMPLATES[0]
    if not request.node.get_closest_marker("e2e"):
        settings.TEMPLATES = [
            {
                **templates,
                "OPTIONS": {**templates["OPTIONS"], "string_if_invalid": UndefinedVariable("%s")},
            }
        ]


def pytest_configure() -> None:
    # WhiteNoise warns about a missing folder, and warnings fail.
    Path(django_settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


# Synchronous Playwright runs an event loop in the test's thread.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
