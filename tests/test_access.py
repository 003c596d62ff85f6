"""Who reaches which address in which state: url × state × person, complete by construction.

A route, a state or a person that is missing here fails. The letters of the persons stand in
tests/world.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from pytest_django import Settings

from campaigns.actions.rows import stamps
from campaigns.models import Registration
from dossiers.models import Dossier
from emulation.models import Role, RoleGrant, User
from tests.conftest import WRITES, People, SafeClient
from tests.dossiers.form_pages import form_data
from tests.signing import PASSPHRASE, Keys
from tests.world import STATES, World, build


@pytest.fixture(autouse=True)
def _seal(people: People, settings: Settings, tmp_path: Path) -> None:
    """The agency has a seal, with which its office and its director sign."""
    Keys(tmp_path / "keys", settings).seal("con-dau", people.agency.code, "Sở Nội vụ")


EVERYBODY = "hcnoxfkdaz"
AGENCY = "hcnofkda"


@dataclass(frozen=True)
class Route:
    """Who gets an answer and who changes something, by state ("*" is every other one).

    Everybody else gets `denied`. Whoever is answered but may not change anything is refused with a
    message, and nothing in the database moves.
    """

    who: dict[str, str]
    args: Callable[[World], dict[str, Any]] = lambda w: {}
    writes: dict[str, str] | None = None
    denied: int = 404
    data: Callable[[World], dict[str, str]] = lambda w: {}

    @property
    def method(self) -> str:
        return "get" if self.writes is None else "post"

    def passes(self, person: str, state: str) -> bool:
        return person in self.who.get(state, self.who.get("*", ""))

    def may_write(self, person: str, state: str) -> bool:
        return person in (self.writes or {}).get(state, (self.writes or {}).get("*", ""))


def slug(w: World) -> dict[str, Any]:
    return {"slug": w.campaign.slug}


def case(w: World) -> dict[str, Any]:
    return w.case()


def nomination(w: World) -> dict[str, Any]:
    return {"pk": w.nomination.pk}


def report(w: World) -> dict[str, Any]:
    return {"pk": w.report.pk}


def task(w: World) -> dict[str, Any]:
    return {"pk": w.report.pk, "task_pk": w.task.pk}


def dossier(w: World) -> dict[str, Any]:
    return {"pk": w.dossier.pk}


def line(w: World) -> dict[str, Any]:
    return w.case() | {"pk": w.line.pk}


def theme(w: World) -> dict[str, Any]:
    return {"slug": w.campaign.slug, "section": "chu-de", "pk": w.theme.pk}


def batch(w: World) -> dict[str, Any]:
    return {"pk": w.batch.pk}


def form(w: World) -> dict[str, Any]:
    return {"code": w.section.form.code}


ALL = {"*": EVERYBODY}
LAUNCHED = {"plan": "fd", "*": AGENCY}
# A unit's case before and after launch: its head, and those who read the whole agency.
CASE = {"plan": "fd", "*": "hfkd"}
PLAN_ONLY = {"plan": "f", "*": ""}
WRITABLE = {"open": "h", "returned": "h", "*": ""}
WRITE_REPORT = {"open": "hn", "returned": "hn", "*": ""}
ADMIN = {"*": "a"}
NOBODY = {"*": ""}
# The unit's head always, the nominee in the own case, the agency's readers once submitted.
READ_DOSSIER = {"plan": "h", "open": "h", "*": "hfkd"}
# In a returned dossier it is a draft.
READ_PAPER = READ_DOSSIER | {"returned": "h"}
READ_REPORT = {"plan": "hn", "open": "hn", "returned": "hn", "*": "hnfkd"}
READ_REGISTRATION = {"plan": "", "open": "h", "*": "hfd"}
READ_MEETING = {"plan": "", "open": "h", "*": "hfkd"}

ROUTES: dict[str, Route] = {
    "home": Route(ALL),
    "emulation:people": Route(ALL),
    "emulation:person": Route({"*": "hnfkda"}, lambda w: {"pk": w.nomination.individual_id}),
    "emulation:units": Route(ALL),
    "emulation:unit": Route({"*": AGENCY}, lambda w: {"code": w.people.unit.code}),
    "emulation:catalogue": Route(ALL),
    "emulation:catalogue_edit": Route(
        ADMIN, lambda w: {"kind": "van-ban", "pk": w.instrument.pk}, denied=403
    ),
    "emulation:instrument_add": Route(ADMIN, denied=403),
    "emulation:accounts": Route(ADMIN, denied=403),
    "emulation:account_create": Route(ADMIN, denied=403),
    "emulation:account": Route(ADMIN, lambda w: {"pk": w.people.head.pk}, denied=403),
    "emulation:grant_create": Route(
        ADMIN, lambda w: {"pk": w.people.head.pk}, writes=NOBODY, denied=403
    ),
    "emulation:grant_end": Route(
        ADMIN,
        lambda w: {"pk": w.people.head.pk, "grant_pk": w.grant.pk},
        writes=ADMIN,
        denied=403,
        data=lambda w: {"valid_to": "31/12/2026"},
    ),
    "campaigns:list": Route(ALL),
    "campaigns:create": Route({"*": "f"}, denied=403),
    "campaigns:detail": Route(LAUNCHED, slug),
    "campaigns:edit": Route(PLAN_ONLY, slug),
    "campaigns:duplicate": Route({"*": "f"}, slug, writes={"*": "f"}),
    "campaigns:act": Route(
        LAUNCHED,
        lambda w: slug(w) | {"act": "archive"},
        writes={"closed": "f", "*": ""},
    ),
    "campaigns:participants": Route({"*": "f"}, slug),
    "campaigns:milestone": Route({"*": "f"}, lambda w: slug(w) | {"pk": w.milestone.pk}),
    "campaigns:rows": Route(PLAN_ONLY, lambda w: slug(w) | {"section": "chu-de"}),
    "campaigns:row_edit": Route(PLAN_ONLY, theme),
    "campaigns:row_remove": Route(
        {"*": "f"},
        theme,
        writes=PLAN_ONLY,
        data=lambda w: {"seen": stamps(w.campaign, type(w.theme))[w.theme.pk]},
    ),
    "campaigns:row_move": Route({"*": "f"}, theme, writes=NOBODY, data=lambda w: {"up": "1"}),
    "campaigns:registrations": Route({"*": "fd"}, slug),
    "campaigns:registration": Route(READ_REGISTRATION, case),
    "campaigns:registration_start": Route(READ_REGISTRATION, case, writes=NOBODY),
    "campaigns:registration_line_add": Route(WRITABLE, case),
    "campaigns:registration_line_edit": Route(WRITABLE, line),
    "campaigns:registration_line_remove": Route({"*": "h"}, line, writes=WRITABLE),
    "campaigns:registration_act": Route(
        READ_REGISTRATION,
        lambda w: case(w) | {"act": "accept"},
        writes={"submitted": "f", "*": ""},
    ),
    "awards:nomination": Route(READ_REPORT, nomination),
    "awards:nomination_edit": Route({"*": "h"}, nomination),
    "awards:nomination_withdraw": Route({"*": "h"}, nomination, writes=NOBODY),
    "awards:nominations": Route(CASE, case),
    "awards:nominate": Route(CASE, case),
    "awards:criteria": Route({"plan": "", "*": "h"}, case),
    "awards:meeting": Route(READ_MEETING, case),
    "awards:meeting_start": Route(CASE, case, writes=NOBODY),
    "awards:meeting_act": Route(
        READ_MEETING,
        lambda w: case(w) | {"act": "reopen"},
        writes={"returned": "h", "*": ""},
        data=lambda w: {"note": "Bổ sung đề cử"},
    ),
    "dossiers:overview": Route({"*": "fd"}, slug),
    "dossiers:unit_case": Route(CASE, case),
    "dossiers:dossier_open": Route(CASE, lambda w: case(w) | {"decider": "agency"}, writes=NOBODY),
    "dossiers:report_start": Route(READ_REPORT, nomination, writes=NOBODY),
    "dossiers:report": Route(READ_REPORT, report),
    "dossiers:report_save": Route(
        WRITE_REPORT,
        report,
        writes=WRITE_REPORT,
        data=lambda w: {"version": "0", f"section-{w.section.pk}": "Đã hoàn thành"},
    ),
    "dossiers:list": Route(ALL),
    "dossiers:dossier": Route(READ_DOSSIER, dossier),
    "dossiers:dossier_act": Route(
        READ_DOSSIER,
        lambda w: dossier(w) | {"act": "return"},
        writes={"submitted": "f", "*": ""},
        data=lambda w: {"note": "Thiếu phụ lục"},
    ),
    "dossiers:attachment_add": Route({"*": "h"}, dossier, writes=NOBODY),
    "dossiers:attachment": Route(
        READ_DOSSIER, lambda w: dossier(w) | {"attachment_pk": w.attachment.pk}
    ),
    "dossiers:attachment_remove": Route(
        {"*": "h"}, lambda w: dossier(w) | {"attachment_pk": w.attachment.pk}, writes=WRITABLE
    ),
    "dossiers:report_versions": Route({"*": "hn"}, report),
    "dossiers:report_restore": Route(
        WRITE_REPORT, lambda w: {**report(w), "version": 1}, writes=NOBODY
    ),
    "dossiers:report_move": Route(WRITE_REPORT, report),
    "dossiers:report_leftover": Route(
        {"*": "hn"}, lambda w: {**report(w), "section_pk": w.section.pk}, writes=NOBODY
    ),
    "dossiers:report_tasks": Route(READ_REPORT, report),
    "dossiers:report_tasks_template": Route(READ_REPORT, report),
    "dossiers:report_tasks_export": Route(READ_REPORT, report),
    "dossiers:report_tasks_import": Route({"*": "hn"}, report),
    "dossiers:report_task": Route(WRITE_REPORT, task),
    "dossiers:report_task_move": Route(
        {"*": "hn"}, task, writes=NOBODY, data=lambda w: {"den": "1"}
    ),
    "dossiers:report_task_remove": Route({"*": "hn"}, task, writes=WRITE_REPORT),
    "dossiers:preview": Route(WRITE_REPORT, report),
    "dossiers:preview_order": Route(WRITE_REPORT, report, writes=WRITE_REPORT),
    "dossiers:report_papers": Route(READ_REPORT, report),
    "dossiers:report_document": Route(READ_REPORT, report, writes=READ_REPORT),
    "dossiers:report_word": Route(READ_REPORT, report),
    "dossiers:papers": Route(READ_DOSSIER, dossier),
    "dossiers:batches": Route({"*": "f"}, slug),
    "dossiers:batch": Route({"*": "f"}, batch),
    "dossiers:batch_retry": Route({"*": "f"}, batch, writes=NOBODY),
    "dossiers:batch_zip": Route({"*": "f"}, batch),
    "dossiers:batch_print": Route(
        {"*": "f"}, batch, writes={"*": "f"}, data=lambda w: {"kind": "signing", "sort": ""}
    ),
    "dossiers:document": Route(READ_PAPER, lambda w: {"pk": w.document.pk}),
    "dossiers:document_word": Route(READ_PAPER, lambda w: {"pk": w.document.pk}),
    "dossiers:bundle": Route({"plan": "h", "open": "h", "*": "hf"}, dossier),
    "dossiers:paper": Route(READ_PAPER, lambda w: {"pk": w.document.pk}),
    "dossiers:document_sign": Route(
        READ_PAPER,
        lambda w: {"pk": w.document.pk},
        writes={"submitted": "fd", "accepted": "fd", "closed": "fd", "*": ""},
        data=lambda w: {"key": "con-dau", "place": "corner", "secret": PASSPHRASE},
    ),
    "dossiers:document_annul": Route(
        READ_PAPER,
        lambda w: {"pk": w.document.pk},
        writes={"submitted": "fd", "accepted": "fd", "closed": "fd", "*": ""},
        data=lambda w: {"note": "Sai số liệu"},
    ),
    "dossiers:document_retry": Route(READ_PAPER, lambda w: {"pk": w.document.pk}, writes=NOBODY),
    "dossiers:forms": Route(ALL),
    "dossiers:form": Route(ALL, form),
    "dossiers:form_edit": Route({"*": "fa"}, form),
    "dossiers:form_add": Route({"*": "fa"}, form),
    "dossiers:form_basis": Route({"*": "fa"}, form),
    "dossiers:form_sample": Route(
        {"*": "fa"},
        form,
        writes=NOBODY,
        data=lambda w: form_data(w.section.form, sample="individual"),
    ),
    "dossiers:form_history": Route(ALL, form),
    "dossiers:form_restore": Route(
        {"*": "fa"},
        lambda w: form(w) | {"number": 1},
        writes={"*": "fa"},
        data=lambda w: {"over": "2"},
    ),
    "dossiers:register": Route({"*": "hofx"}, denied=403),
    "dossiers:register_export": Route({"*": "hofx"}, denied=403),
    "dossiers:register_number": Route(
        {"*": "hf"},
        lambda w: {"unit_pk": w.people.unit.pk},
        writes={"*": "hf"},
        data=lambda w: {
            "symbol": "BC-CCHC",
            "subject": "Báo cáo tháng",
            "date": f"{timezone.localdate():%d/%m/%Y}",
        },
    ),
    "dossiers:register_last": Route(
        {"*": "hf"},
        lambda w: {"unit_pk": w.people.unit.pk},
        writes={"*": "hf"},
        data=lambda w: {"last": "40", "year": str(timezone.localdate().year)},
    ),
}
# Open to everybody, or to everybody who is logged in; they show no case.
OPEN = {
    "health",
    "login",
    "logout",
    "password_change",
    "password_change_done",
    "password_reset",
    "password_reset_done",
    "password_reset_confirm",
    "password_reset_complete",
    "verify_start",
    "verify",
}


def names(patterns: list[Any], space: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from names(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            assert pattern.name, f"a route without a name: {pattern}"
            yield f"{space}{pattern.name}"


def test_every_route_stands_in_the_table() -> None:
    assert set(names(get_resolver().url_patterns)) - OPEN == set(ROUTES)


def test_every_role_and_state_is_tried(people: People) -> None:
    world = build("open", people)
    held = {g.role for user in world.persons.values() for g in user.role_grants.all()}
    assert held == set(Role.values)
    assert set(world.persons) == set(EVERYBODY)
    reached = {build_state(w) for w in (Registration, Dossier)}
    assert reached == {frozenset(("draft", "submitted", "returned", "accepted"))}


def build_state(model: Any) -> frozenset[str]:
    return frozenset(model.State.values)


def fingerprint() -> dict[str, Any]:
    """Everything that a case consists of."""
    return {
        model._meta.label: rows(model)
        for app in ("emulation", "campaigns", "awards", "dossiers")
        for model in apps.get_app_config(app).get_models()
    }


def rows(model: Any) -> list[tuple[str, ...]]:
    return sorted(tuple(map(str, row)) for row in model._default_manager.values_list())


def users() -> list[tuple[str, ...]]:
    """Logging in for the test writes `last_login`."""
    return rows(User)


@dataclass
class Statements:
    """Notices whether anything was written; only then is the whole case compared."""

    write: bool = False

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        self.write = self.write or sql.lstrip().upper().startswith(WRITES)
        return execute(sql, params, many, context)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", sorted(ROUTES))
def test_access(name: str, state: str, people: People) -> None:
    route = ROUTES[name]
    world = build(state, people)
    url = reverse(name, kwargs=route.args(world))
    before = fingerprint() if route.method == "post" else {}
    wrong = []
    for letter, user in world.persons.items():
        client = SafeClient()
        client.force_login(user)
        if route.method == "get":
            answer = client.get(url)
        else:
            before["emulation.User"] = users()
            statements = Statements()
            with transaction.atomic():
                with connection.execute_wrapper(statements):
                    answer = client.post(url, route.data(world))
                changed = statements.write and fingerprint() != before
                transaction.set_rollback(True)
            if changed != route.may_write(letter, state):
                wrong.append(f"{letter}: {'changes' if changed else 'does not change'} something")
        answer.close()
        passed = answer.status_code not in (403, 404, 405)
        if passed != route.passes(letter, state):
            wrong.append(f"{letter}: {answer.status_code}")
        elif not passed:
            assert answer.status_code == route.denied
    assert not wrong, f"{name} in {state}: {wrong}"


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_anonymous_gets_the_login_page(name: str, people: People, client: SafeClient) -> None:
    route = ROUTES[name]
    url = reverse(name, kwargs=route.args(build("accepted", people)))
    answer = getattr(client, route.method)(url)
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("login"))


@pytest.mark.parametrize("name", sorted(n for n, r in ROUTES.items() if r.method == "post"))
def test_get_does_not_act(name: str, people: People, client: SafeClient) -> None:
    route = ROUTES[name]
    world = build("open", people)
    for user in (people.head, people.office):
        client.force_login(user)
        assert client.get(reverse(name, kwargs=route.args(world))).status_code == 405


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_a_role_that_has_ended_opens_nothing(name: str, people: People, client: SafeClient) -> None:
    route = ROUTES[name]
    if route.who.get("*") == EVERYBODY:
        return
    world = build("open", people)
    url = reverse(name, kwargs=route.args(world))
    RoleGrant.objects.update(valid_to=date(2020, 12, 31))
    for user in (people.head, people.office, people.admin):
        client.force_login(User.objects.get(pk=user.pk))
        assert getattr(client, route.method)(url).status_code in (403, 404)


def test_no_raw_code_is_shown(people: People, client: SafeClient) -> None:
    """States and kinds are shown by their Vietnamese names."""
    world = build("accepted", people)
    for name, route in sorted(ROUTES.items()):
        if route.method == "post":
            continue
        for letter in "hfa":
            if not route.passes(letter, "accepted"):
                continue
            client.force_login(world.persons[letter])
            answer = client.get(reverse(name, kwargs=route.args(world)))
            answer.close()
            if not str(answer.headers.get("Content-Type", "")).startswith("text/html"):
                continue
            html = answer.content.decode()
            html = re.sub(r"<(script|style|option|input|form)[^>]*>", "", html)
            text = re.sub(r"<[^>]+>", " ", html)
            found = re.findall(r"\b[A-Z]{2,}_[A-Z_]{2,}\b|\b[a-z]+_[a-z_]+\b", text)
            assert not found, f"{name}: {found}"
