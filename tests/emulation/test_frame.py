"""The frame of every page: components, navigation, error pages, and the security policy."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.template import loader
from django.test import RequestFactory
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from emulation.context_processors import Shell, shell
from emulation.models import User
from tests.conftest import People

TEMPLATES = Path(settings.BASE_DIR) / "templates"
PAGES = sorted(p for p in TEMPLATES.rglob("*.html") if "documents" not in p.parts)


class Sample(forms.Form):
    name = forms.CharField(label="Tên")
    kind = forms.ChoiceField(label="Loại", choices=[("a", "Một")], widget=forms.RadioSelect)
    many = forms.MultipleChoiceField(choices=[("a", "Một")], widget=forms.CheckboxSelectMultiple)
    late = forms.BooleanField(label="Muộn", required=False)
    paper = forms.FileField(label="Tệp", required=False)


def act(**values: Any) -> dict[str, Any]:
    return {
        "key": "submit",
        "label": "Trình",
        "reason": "",
        "needs_note": False,
        "url": "/trinh/",
    } | values


STEP = {
    "at": datetime(2024, 11, 12, 2, 5, tzinfo=UTC),
    "by": "Lê Văn Đạt",
    "label": "Trả lại",
    "from_label": "Đã trình",
    "to_label": "Bị trả lại",
    "note": "Thiếu biên bản.",
}

COMPONENTS: list[tuple[str, dict[str, Any], str]] = [
    ("act_buttons", {"acts": [act()], "csrf_token": "t"}, 'value="submit"'),
    ("act_buttons", {"acts": [act(reason="Còn thiếu.")], "csrf_token": "t"}, "Còn thiếu."),
    ("act_buttons", {"acts": [act(needs_note=True)], "csrf_token": "t"}, "Lý do"),
    ("act_buttons", {"acts": [], "csrf_token": "t"}, "Không có thao tác"),
    ("acts_card", {"acts": [act()], "csrf_token": "t"}, "Thao tác"),
    ("alert", {"tone": "info", "text": "Sắp hết hạn."}, "Sắp hết hạn."),
    ("brand", {"tagline": ""}, "Thi đua"),
    ("breadcrumb", {"trail": [("Hồ sơ", "/ho-so/"), ("Đây", "")]}, 'aria-current="page"'),
    (
        "case_status",
        {"state_label": "Nháp", "tone": "neutral", "holder": "A", "since": "B", "next": "C"},
        "Việc tiếp theo",
    ),
    ("checklist_item", {"state": "missing", "text": "Biên bản"}, "Còn thiếu:"),
    ("datagrid", {"items": [("Số", ""), ("Ngày", "1")]}, "chưa có"),
    ("definition_list", {"items": [("Số", ""), ("Ngày", "1")]}, "chưa có"),
    ("empty", {"icon": "flag", "title": "Trống", "text": "Hãy lập."}, "Hãy lập."),
    ("field_error", {"errors": ["Sai."], "id": "e"}, "Sai."),
    ("filter_form", {"form": Sample(), "reset_url": "/"}, "Bỏ lọc"),
    (
        "form",
        {"form": Sample({}), "csrf_token": "t", "submit_label": "Lưu", "cancel_url": ""},
        "Trường này là bắt buộc.",
    ),
    ("messages", {"messages": []}, 'aria-live="polite"'),
    ("navigation", {"shell": Shell(), "csrf_token": "t"}, "Điều hướng chính"),
    ("pagination", {"page": Paginator(range(2500), 2).page(1000), "query": "q=a"}, "trang=1001"),
    ("pagination", {"page": Paginator([], 2).page(1), "query": ""}, "Không có dòng nào"),
    ("phases", {"phases": [{"label": "Hồ sơ", "state": "current"}]}, 'aria-current="step"'),
    (
        "progress",
        {"label": "Hồ sơ", "done": 1200, "failed": 3, "total": 2400, "eta": ""},
        'aria-valuenow="1200"',
    ),
    ("progress", {"label": "Hồ sơ", "done": 0, "failed": 0, "total": 0, "eta": ""}, "0/0"),
    (
        "sort_header",
        {"label": "Hạn", "key": "han", "sort": "han", "query": ""},
        'href="?xep=-han"',
    ),
    ("history_card", {"steps": [STEP]}, "Diễn biến"),
    ("state_badge", {"label": "Nháp", "tone": "neutral"}, "tone-neutral"),
    ("step_history", {"steps": [STEP]}, "09:05 12/11/2024"),
]


@pytest.mark.parametrize(("name", "params", "shown"), COMPONENTS)
def test_a_component_shows_what_it_is_given(name: str, params: dict[str, Any], shown: str) -> None:
    assert shown in loader.render_to_string(f"components/{name}.html", params)


def test_every_component_is_tried() -> None:
    assert {p.stem for p in (TEMPLATES / "components").iterdir()} == {c[0] for c in COMPONENTS}


@pytest.mark.parametrize("name", ["form", "act_buttons"])
def test_a_form_without_its_csrf_token_fails(name: str) -> None:
    params = next(params for n, params, _ in COMPONENTS if n == name)
    with pytest.raises(AssertionError, match="undefined"):
        loader.render_to_string(
            f"components/{name}.html", {k: v for k, v in params.items() if k != "csrf_token"}
        )


def test_an_act_that_is_refused_has_no_form() -> None:
    html = loader.render_to_string(
        "components/act_buttons.html", {"acts": [act(reason="Chưa đủ.")], "csrf_token": "t"}
    )
    assert "<form" not in html
    assert 'aria-disabled="true"' in html


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(TEMPLATES).as_posix())
def test_a_page_carries_no_inline_style_or_script(page: Path) -> None:
    text = page.read_text()
    assert not re.search(r"\s(style|on[a-z]+)=", text)
    assert not re.search(r"<style|<script(?![^>]*\ssrc=)|javascript:", text)


@pytest.mark.parametrize("name", ["400.html", "500.html"])
def test_an_error_page_needs_no_context(
    name: str, db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        html = loader.get_template(name).render()
    assert "Về trang việc cần làm" in html


def request_by(user: User | AnonymousUser, path: str) -> HttpRequest:
    request = RequestFactory().get(path)
    request.user = user
    return request


def labels(user: User) -> list[str]:
    found = shell(request_by(user, "/"))["shell"]
    return [entry.label for entry in found.nav]  # type: ignore[attr-defined]


def test_only_an_administrator_is_led_to_the_accounts(people: People) -> None:
    assert "Tài khoản" in labels(people.admin)
    assert "Tài khoản" not in labels(people.head)


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("/", "Việc cần làm"),
        ("/nhan-su/", "Nhân sự"),
        ("/nhan-su/12/", "Nhân sự"),
        ("/bao-cao/12/", "Phong trào"),
        ("/ho-so/12/", "Hồ sơ"),
        ("/ho-so/dot-tao/12/", "Phong trào"),
    ],
)
def test_the_navigation_says_where_one_is(people: People, path: str, label: str) -> None:
    found = shell(request_by(people.office, path))["shell"]
    assert [e.label for e in found.nav if e.active] == [label]  # type: ignore[attr-defined]


def test_the_frame_names_the_person_and_the_roles(people: People) -> None:
    found = shell(request_by(people.head, "/"))["shell"]
    assert found.person_name == people.head.get_full_name()  # type: ignore[attr-defined]
    assert found.role_labels == people.head.role_labels()  # type: ignore[attr-defined]
    assert found.agency_name == "Sở Nội vụ tỉnh Lạng Sơn"  # type: ignore[attr-defined]


def test_a_stranger_to_the_house_sees_no_navigation() -> None:
    assert shell(request_by(AnonymousUser(), "/"))["shell"] == Shell()


def test_a_fragment_without_the_frame_costs_no_query(
    people: People, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        shell(request_by(people.office, "/"))


@pytest.mark.parametrize(
    "name", ["login", "password_reset", "password_reset_done", "password_reset_complete"]
)
def test_a_page_before_login_renders(client: Any, db: None, name: str) -> None:
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert "unsafe" not in response["Content-Security-Policy"]


def test_the_mail_that_resets_a_password_is_plain_vietnamese(
    people: People, client: Any, mailoutbox: list[Any]
) -> None:
    people.head.set_password("mật khẩu cũ")
    people.head.save(update_fields=["password"])
    client.post(reverse("password_reset"), {"email": people.head.email})
    assert mailoutbox[0].subject == "Đặt lại mật khẩu phần mềm Thi đua"
    assert people.head.get_full_name() in mailoutbox[0].body
    assert "/mat-khau/dat-lai/" in mailoutbox[0].body


def test_a_changed_password_is_confirmed(people: People, client_for: Callable[[User], Any]) -> None:
    people.head.set_password("một câu dài cũ")
    people.head.save(update_fields=["password"])
    client = client_for(people.head)
    response = client.post(
        reverse("password_change"),
        {
            "old_password": "một câu dài cũ",
            "new_password1": "một câu dài mới 7",
            "new_password2": "một câu dài mới 7",
        },
        follow=True,
    )
    assert "Mật khẩu mới đã có hiệu lực" in response.content.decode()
