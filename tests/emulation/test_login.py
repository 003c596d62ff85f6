"""Logging in and out, passwords, and what keeps a session safe."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import get_resolver, reverse
from pytest_django import Settings

from emulation.models import RoleGrant, User
from tests.conftest import People
from tests.factories import make_agency, make_user

PASSWORD, NEW = "Phong-trào-2024", "Thi-đua-2025"


@pytest.fixture
def head(people: People) -> User:
    people.head.set_password(PASSWORD)
    people.head.save()
    return people.head


def login(client: Client, user: User, password: str = PASSWORD, **query: str) -> Any:
    return client.post(
        reverse("login", query=query), {"username": user.username, "password": password}
    )


def is_in(client: Client) -> bool:
    return client.get(reverse("emulation:people")).status_code == 200


def test_one_logs_in_and_out(client: Client, head: User) -> None:
    response = login(client, head)
    assert response.headers["Location"] == reverse("home")
    assert is_in(client)
    assert client.get(reverse("logout")).status_code == 405
    assert is_in(client)
    assert client.post(reverse("logout")).headers["Location"] == reverse("login")
    assert not is_in(client)
    # Logging out after the session has ended is no error either.
    assert client.post(reverse("logout")).headers["Location"] == reverse("login")


def test_a_wrong_password_is_said_in_vietnamese(client: Client, head: User) -> None:
    for username, password in ((head.username, "sai"), ("khong-co", PASSWORD)):
        page = client.post(reverse("login"), {"username": username, "password": password})
        assert "Vui lòng điền vào Tên đăng nhập và mật khẩu chính xác" in page.content.decode()
    assert not is_in(client)


def test_a_closed_account_learns_nothing(client: Client, head: User) -> None:
    User.objects.filter(pk=head.pk).update(is_active=False)
    page = login(client, head).content.decode()
    assert "Vui lòng điền vào Tên đăng nhập và mật khẩu chính xác" in page


def test_an_account_without_password_cannot_log_in(client: Client, head: User) -> None:
    head.set_unusable_password()
    head.save()
    for password in ("", "!", head.password):
        assert login(client, head, password).status_code == 200


def test_login_leads_where_one_wanted_but_nowhere_else(client: Client, head: User) -> None:
    people = reverse("emulation:people")
    assert login(client, head, next=people).headers["Location"] == people
    for elsewhere in ("https://example.com/", "//example.com/", "javascript:alert(1)"):
        assert login(Client(), head, next=elsewhere).headers["Location"] == reverse("home")


def named_routes() -> list[tuple[str, str]]:
    """Every address with a path that could exist."""
    found = []

    def walk(resolver: Any, spaces: str) -> None:
        for pattern in resolver.url_patterns:
            if hasattr(pattern, "url_patterns"):
                space = f"{pattern.namespace}:" if pattern.namespace else ""
                walk(pattern, spaces + space)
            elif pattern.name:
                values = {
                    name: "x" if type(converter).__name__ in ("SlugConverter", "StringConverter")
                    else 1
                    for name, converter in pattern.pattern.converters.items()
                }  # fmt: skip
                route = spaces + pattern.name
                found.append((route, reverse(route, kwargs=values)))

    walk(get_resolver(), "")
    return sorted(set(found))


OPEN = {
    "health", "login", "logout", "password_reset", "password_reset_done",
    "password_reset_confirm", "password_reset_complete", "verify", "verify_start",
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "url"), [pytest.param(name, url, id=name) for name, url in named_routes()]
)
def test_anonymous_gets_the_login_page_and_comes_back(
    client: Client, db: None, name: str, url: str
) -> None:
    for method in ("get", "post"):
        response = getattr(client, method)(url)
        target = response.headers.get("Location", "")
        if name in OPEN:
            assert not target.startswith(reverse("login") + "?"), (method, url)
        else:
            assert response.status_code == 302, (method, url)
            assert target == f"{reverse('login')}?next={url}", (method, url)


def test_what_is_open_to_everybody_is_named_here(db: None) -> None:
    assert {name for name, _ in named_routes()} >= OPEN


# Demo accounts


def test_the_demo_shows_its_accounts_once_each(
    client: Client, people: People, settings: Settings
) -> None:
    settings.DEMO, settings.DEMO_AGENCY = True, people.agency.code
    RoleGrant.objects.create(
        user=people.director, role="COUNCIL", unit=people.agency, valid_from="2024-01-01"
    )
    page = client.get(reverse("login"))
    accounts = dict(page.context["demo_accounts"])
    assert accounts[people.director.username] == "Lãnh đạo Sở – SNV; Thành viên Hội đồng – SNV"
    assert people.head.username in accounts
    assert people.stranger.username not in accounts
    assert settings.DEMO_PASSWORD in page.content.decode()


def test_a_real_installation_shows_none(client: Client, people: People, settings: Settings) -> None:
    settings.DEMO, settings.DEMO_AGENCY = False, people.agency.code
    page = client.get(reverse("login")).content.decode()
    assert people.head.username not in page
    assert settings.DEMO_PASSWORD not in page


# Passwords


def test_one_changes_the_password(client: Client, head: User) -> None:
    login(client, head)
    other = Client()
    login(other, head)
    url = reverse("password_change")
    page = client.get(url).content.decode()
    assert "Mật khẩu cũ" in page
    data = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    response = client.post(url, data)
    assert response.headers["Location"] == reverse("password_change_done")
    assert (
        "Mật khẩu mới đã có hiệu lực" in client.get(response.headers["Location"]).content.decode()
    )
    assert is_in(client)
    assert not is_in(other)
    assert login(Client(), head).status_code == 200
    assert login(Client(), head, NEW).status_code == 302


@pytest.mark.parametrize(
    ("old", "new", "again", "message"),
    [
        ("sai", NEW, NEW, "Mật khẩu cũ không chính xác"),
        (PASSWORD, NEW, "khác", "không giống nhau"),
        (PASSWORD, "ngắn", "ngắn", "Mật khẩu quá ngắn: cần ít nhất 8 ký tự."),
        (PASSWORD, "12345678", "12345678", "hoàn toàn là số"),
        (PASSWORD, "password", "password", "quá phổ biến"),
        (PASSWORD, "", "", "Trường này là bắt buộc"),
    ],
)
def test_a_weak_or_wrong_password_is_said_in_vietnamese(
    client: Client, head: User, old: str, new: str, again: str, message: str
) -> None:
    login(client, head)
    data = {"old_password": old, "new_password1": new, "new_password2": again}
    page = client.post(reverse("password_change"), data).content.decode()
    assert message in page
    assert "This password" not in page
    assert login(Client(), head).status_code == 302


def link_in(message: Any) -> str:
    found = re.search(r"https?://testserver(/\S+)", str(message.body))
    assert found
    return found[1]


def test_a_forgotten_password_is_set_through_the_mail(client: Client, head: User) -> None:
    login(other := Client(), head)
    page = client.get(reverse("password_reset")).content.decode()
    assert "Thư điện tử" in page
    response = client.post(reverse("password_reset"), {"email": head.email.upper()})
    assert "Hãy mở thư điện tử" in client.get(response.headers["Location"]).content.decode()
    (message,) = mail.outbox
    assert message.subject == "Đặt lại mật khẩu phần mềm Thi đua"
    assert message.to == [head.email]
    assert f"Kính gửi {head}" in message.body
    assert head.username in message.body
    assert not re.search(r"[<>]|&\w+;", str(message.body))

    client = Client()  # following the link puts its token into the session
    path = link_in(message)
    form = client.get(path).headers["Location"]
    assert "Đặt mật khẩu mới" in client.get(form).content.decode()
    response = client.post(form, {"new_password1": NEW, "new_password2": NEW})
    assert "Bạn có thể đăng nhập" in client.get(response.headers["Location"]).content.decode()
    assert login(Client(), head, NEW).status_code == 302
    assert not is_in(other)
    assert "Đường dẫn không còn hiệu lực" in Client().get(path, follow=True).content.decode()


def test_an_unknown_address_is_not_told_apart(client: Client, head: User) -> None:
    known = client.post(reverse("password_reset"), {"email": head.email})
    unknown = client.post(reverse("password_reset"), {"email": "khong-co@example.vn"})
    assert known.headers["Location"] == unknown.headers["Location"]
    assert len(mail.outbox) == 1


def test_a_closed_account_gets_no_link(client: Client, head: User) -> None:
    User.objects.filter(pk=head.pk).update(is_active=False)
    client.post(reverse("password_reset"), {"email": head.email})
    assert mail.outbox == []


def test_an_account_whose_first_link_expired_asks_for_another(
    client: Client, people: People
) -> None:
    people.staff.set_unusable_password()
    people.staff.save()
    client.post(reverse("password_reset"), {"email": people.staff.email})
    client = Client()
    form = client.get(link_in(mail.outbox[0])).headers["Location"]
    client.post(form, {"new_password1": NEW, "new_password2": NEW})
    assert login(Client(), people.staff, NEW).status_code == 302


def test_two_accounts_of_one_address_get_a_link_each(client: Client, head: User) -> None:
    other = make_user("STAFF", make_agency(), email=head.email)
    client.post(reverse("password_reset"), {"email": head.email})
    assert sorted(m.to[0] for m in mail.outbox) == [head.email] * 2
    bodies = "".join(str(m.body) for m in mail.outbox)
    assert head.username in bodies
    assert other.username in bodies


# What keeps a session safe


@pytest.mark.parametrize("url", ["login", "emulation:people", "password_reset"])
def test_every_page_carries_its_protection(client: Client, head: User, url: str) -> None:
    client.force_login(head)
    response = client.get(reverse(url))
    policy = {
        name: set(sources.split())
        for name, _, sources in (
            part.strip().partition(" ")
            for part in response.headers["Content-Security-Policy"].split(";")
        )
    }
    assert policy["default-src"] == {"'self'"}
    assert policy["frame-ancestors"] == policy["object-src"] == {"'none'"}
    assert policy["form-action"] == policy["base-uri"] == {"'self'"}
    for sources in policy.values():
        assert not sources & {"'unsafe-inline'", "'unsafe-eval'", "*", "https:", "http:"}
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Referrer-Policy"] == "same-origin"


def test_a_form_without_its_token_is_refused(head: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(head)
    assert client.post(reverse("logout")).status_code == 403
    assert is_in(client)


def read_settings(tmp_path: Path, **environment: str) -> dict[str, Any]:
    """The settings as a fresh process reads them from the environment alone."""
    names = (
        "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY",
        "CSRF_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE", "SECURE_SSL_REDIRECT",
        "SECURE_HSTS_SECONDS", "SECURE_CONTENT_TYPE_NOSNIFF", "X_FRAME_OPTIONS",
        "PASSWORD_HASHERS", "DEMO", "DEBUG", "TIME_ZONE", "LANGUAGE_CODE", "MIDDLEWARE",
    )  # fmt: skip
    script = (
        "import json; from config import settings;"
        f"print(json.dumps({{n: getattr(settings, n) for n in {names!r}}}))"
    )
    clean = {
        k: v for k, v in os.environ.items()
        if k not in ("DATABASE_URL", "HTTPS", "DEMO", "DEBUG", "SECRET_KEY")
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script],
        env=clean | {"VAR_DIR": str(tmp_path), "PYTHONPATH": str(settings.BASE_DIR)} | environment,
        capture_output=True, check=True, text=True, cwd=tmp_path,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout)
    return found


REAL = {"DATABASE_URL": "postgres://nobody@localhost/none", "SECRET_KEY": "x" * 60}


@pytest.mark.parametrize("environment", [REAL, REAL | {"HTTPS": "on"}, {"HTTPS": "on"}])
def test_cookies_and_pages_go_over_https_only(tmp_path: Path, environment: dict[str, str]) -> None:
    found = read_settings(tmp_path, **environment)
    for name in ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT",
                 "SESSION_COOKIE_HTTPONLY", "CSRF_COOKIE_HTTPONLY",
                 "SECURE_CONTENT_TYPE_NOSNIFF"):  # fmt: skip
        assert found[name] is True, name
    assert found["SECURE_HSTS_SECONDS"] >= 31536000
    assert (found["SESSION_COOKIE_SAMESITE"], found["X_FRAME_OPTIONS"]) == ("Lax", "DENY")
    assert found["DEBUG"] is False
    assert found["DEMO"] is ("DATABASE_URL" not in environment)


def test_passwords_are_kept_by_argon2_alone(tmp_path: Path) -> None:
    for environment in ({}, REAL):
        found = read_settings(tmp_path, **environment)
        assert found["PASSWORD_HASHERS"] == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
        assert "emulation.middleware.LoginRequired" in found["MIDDLEWARE"]
        assert (found["TIME_ZONE"], found["LANGUAGE_CODE"]) == ("Asia/Ho_Chi_Minh", "vi")


def test_the_embedded_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    read_settings(tmp_path)
    key = tmp_path / "secret_key"
    first = key.read_text()
    assert len(first) >= 50
    assert key.stat().st_mode & 0o777 == 0o600
    read_settings(tmp_path)
    assert key.read_text() == first


def test_argon2_works(db: None, settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    user = User(username="x")
    user.set_password(PASSWORD)
    assert user.password.startswith("argon2$argon2id$")
    assert user.check_password(PASSWORD)


@pytest.mark.django_db
def test_after_an_expired_session_an_act_leads_back_to_its_page(client: Client) -> None:
    act, page = "/ho-so/1/thao-tac/submit/", "http://testserver/ho-so/1/?trang=2"
    answer = client.post(act, headers={"referer": page})
    assert answer["Location"] == f"{reverse('login')}?next=/ho-so/1/%3Ftrang%3D2"
    text = client.get(answer["Location"]).content.decode()
    assert text.count("thao tác vừa rồi chưa được thực hiện") == 1


@pytest.mark.django_db
def test_a_page_that_asks_by_itself_leaves_no_pile_of_messages(client: Client) -> None:
    act, page = "/ho-so/1/thao-tac/submit/", "http://testserver/ho-so/1/"
    answer = client.post(act, headers={"referer": page, "HX-Request": "true"})
    assert "chưa được thực hiện" not in client.get(answer["Location"]).content.decode()


@pytest.mark.parametrize("page", ["http://elsewhere.vn/x/", "javascript:alert(1)", ""])
def test_a_page_of_another_site_is_no_way_back(client: Client, page: str) -> None:
    answer = client.post("/ho-so/1/thao-tac/submit/", headers={"referer": page})
    assert answer["Location"] == f"{reverse('login')}?next=/ho-so/1/thao-tac/submit/"
