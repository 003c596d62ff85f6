"""What the type checker and the linters cannot see: the ladder in the rows, scopes in the views."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver, reverse

ROOT = Path(settings.BASE_DIR)
LADDER = ("emulation", "campaigns", "awards", "dossiers")
OURS = (*LADDER, "config", "deploy", "tests")
MODELS = [model for app in LADDER for model in apps.get_app_config(app).get_models()]
ROOTS = {model.__name__: model for model in MODELS if hasattr(model._default_manager, "visible_to")}

# Rows of a root model that a view reads without its scope: where, and why that is right.
# They hang on a row that was scoped before, or are counted for roles that were asked before.
UNSCOPED = {
    ("awards/views/meetings.py", "Individual"): "of a unit that was scoped",
    ("awards/views/meetings.py", "Meeting"): "of a campaign and a unit that were scoped",
    ("awards/views/nominations.py", "Meeting"): "of a campaign and a unit that were scoped",
    ("campaigns/views/pages.py", "Registration"): "of a scoped campaign and one's own units",
    ("campaigns/views/registrations.py", "Registration"): "of one's own units",
    ("dossiers/views/dossiers.py", "Report"): "of the nominations of a scoped dossier",
    ("dossiers/views/home.py", "Batch"): "of campaigns that one's office runs",
    ("dossiers/views/home.py", "Campaign"): "of the agencies where one holds the role",
    ("dossiers/views/home.py", "Dossier"): "of campaigns that one's office runs",
    ("dossiers/views/home.py", "Registration"): "of campaigns that one's office runs",
    ("dossiers/views/progress.py", "Campaign"): "the scoped one again, with its children",
    ("dossiers/views/traces.py", "Batch"): "that hold papers of a scoped dossier",
    ("dossiers/views/traces.py", "Document"): "printed of papers of a scoped dossier",
    ("dossiers/views/traces.py", "Report"): "of the nominations of a scoped dossier",
    ("dossiers/views/traces.py", "User"): "who looked at a scoped dossier",
    ("dossiers/views/verification.py", "Document"): "issued ones by their code, for everybody",
    ("emulation/views/login.py", "Unit"): "nobody is logged in yet; only for a demo",
}
# Functions that write for somebody and take something without its name.
POSITIONAL = {
    "campaigns/actions/campaigns.py:record": "part of an action, of the one row at hand",
    "emulation/actions/cases.py:advance": "reads as a sentence: advance(WORKFLOW, case, act)",
}


def sources(*folders: str) -> Iterator[Path]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


VIEWS = [p for app in LADDER for p in sources(app) if "views" in name_of(p).split("/")[1]]
ACTIONS = [p for app in LADDER for p in sources(app) if "actions" in name_of(p).split("/")[1]]
TEMPLATES = sorted((ROOT / "templates").rglob("*.*"))


# Rows


def keys() -> Iterator[tuple[str, Any, type[models.Model]]]:
    """Each key of our own models (those that Django's user brings along are Django's)."""
    for model in MODELS:
        for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
            if field.remote_field and field.name not in ("groups", "user_permissions"):
                yield f"{model.__name__}.{field.name}", field, field.remote_field.model


KEYS = [pytest.param(field, target, id=name) for name, field, target in keys()]


def height(model: type[models.Model]) -> int:
    label = model._meta.app_label
    return LADDER.index(label) if label in LADDER else -1


@pytest.mark.parametrize(("field", "target"), KEYS)
def test_keys_point_down_the_ladder(field: Any, target: type[models.Model]) -> None:
    assert height(target) <= height(field.model)


@pytest.mark.parametrize(("field", "target"), KEYS)
def test_keys_that_cross_apps_cannot_be_followed_back(
    field: Any, target: type[models.Model]
) -> None:
    if target._meta.app_label != field.model._meta.app_label:
        assert field.remote_field.hidden


def test_no_migration_is_missing(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_list_has_an_order() -> None:
    unordered = {
        model.__name__ for model in MODELS if not model._meta.ordering and not through(model)
    }
    assert unordered == set()


def through(model: type[models.Model]) -> bool:
    return bool(model._meta.auto_created)


# Views


def scopes(model: type[models.Model]) -> set[str]:
    """The methods of a model's manager that take the user."""
    manager = model._default_manager
    found = set()
    for name in dir(manager):
        if not name.startswith("_") and callable(method := getattr(manager, name)):
            parameters = inspect.signature(method).parameters
            if "user" in parameters:
                found.add(name)
    return found


def unscoped(path: Path) -> Iterator[tuple[str, int]]:
    """Each place where a view begins at `Root.objects` with something other than a scope."""
    allowed = {name: scopes(model) for name, model in ROOTS.items()}
    for node in ast.walk(tree_of(path)):
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Attribute)
            and node.value.attr in ("objects", "_default_manager")
            and isinstance(node.value.value, ast.Name)
            and node.value.value.id in ROOTS
            and node.attr not in allowed[node.value.value.id]
        ):
            yield node.value.value.id, node.lineno
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("get_object_or_404", "get_list_or_404")
            and isinstance(node.args[0], ast.Name)
            and node.args[0].id in ROOTS
        ):
            yield node.args[0].id, node.lineno


@pytest.mark.parametrize("path", VIEWS, ids=name_of)
def test_views_reach_rows_through_a_scope(path: Path) -> None:
    found = [
        (model, line) for model, line in unscoped(path) if (name_of(path), model) not in UNSCOPED
    ]
    assert found == []


def test_the_roots_are_known() -> None:
    assert {"Individual", "Unit", "User", "Campaign", "Nomination", "Dossier"} <= set(ROOTS)


def test_no_exception_is_left_over() -> None:
    used = {(name_of(path), model) for path in VIEWS for model, _ in unscoped(path)}
    assert set(UNSCOPED) <= used
    assert all(UNSCOPED.values())
    assert all(POSITIONAL.values())


@pytest.mark.parametrize("path", VIEWS, ids=name_of)
def test_views_write_nothing_themselves(path: Path) -> None:
    writes = {
        "save", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create",
        "select_for_update",
    }  # fmt: skip
    found = [
        (node.func.attr, node.lineno)
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and (node.func.attr in writes or ast.unparse(node.func).endswith("objects.create"))
    ]
    assert found == []


def routes() -> Iterator[tuple[str, Any]]:
    def walk(resolver: Any, space: str) -> Iterator[tuple[str, Any]]:
        for pattern in resolver.url_patterns:
            if isinstance(pattern, URLResolver):
                inner = f"{pattern.namespace}:" if pattern.namespace else ""
                yield from walk(pattern, space + inner)
            elif isinstance(pattern, URLPattern):
                yield f"{space}{pattern.name or pattern.pattern}", pattern.callback

    yield from walk(get_resolver(), "")


ROUTES = [pytest.param(view, id=name) for name, view in routes()]


@pytest.mark.parametrize("view", ROUTES)
def test_each_address_is_a_typed_function_that_names_its_methods(view: Any) -> None:
    """Or one of Django's own views for logging in and passwords."""
    if hasattr(view, "view_class"):
        assert any(c.__module__ == "django.contrib.auth.views" for c in view.view_class.__mro__)
        return
    plain = inspect.unwrap(view)
    assert plain.__module__.split(".")[0] in LADDER
    source = Path(inspect.getsourcefile(plain) or "")
    function = next(
        node
        for node in tree_of(source).body
        if isinstance(node, ast.FunctionDef) and node.name == plain.__name__
    )
    decorators = {ast.unparse(node).split("(")[0] for node in function.decorator_list}
    assert decorators & {"require_safe", "require_POST", "require_http_methods"}
    arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    assert all(argument.annotation for argument in arguments)
    assert function.returns


def test_each_address_has_a_name_of_its_own() -> None:
    names = [name for name, _ in routes()]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"(\w+:)?\w+", name) for name in names)
    assert reverse("home") == "/"


# Actions


@pytest.mark.parametrize("path", ACTIONS, ids=name_of)
def test_actions_are_called_by_keyword(path: Path) -> None:
    found = []
    for node in tree_of(path).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            if f"{name_of(path)}:{node.name}" in POSITIONAL:
                continue
            names = {argument.arg for argument in (*node.args.args, *node.args.kwonlyargs)}
            if {"by", "at"} <= names and (node.args.args or node.args.posonlyargs):
                found.append(node.name)
    assert found == []


# Templates and static files


INLINE = {
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)", re.IGNORECASE),
    "inline style": re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE),
    "inline handler": re.compile(r"\s(?:hx-)?on[a-z:-]+\s*=\s*[\"']", re.IGNORECASE),
    "script address": re.compile(r"javascript:", re.IGNORECASE),
    "another host": re.compile(r"https?://|[\"'(]//\w", re.IGNORECASE),
}


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_templates_carry_no_code_and_name_no_host(path: Path) -> None:
    text = path.read_text()
    found = {what: m[0] for what, pattern in INLINE.items() if (m := pattern.search(text))}
    assert found == {}


def test_the_patterns_find_what_they_are_for() -> None:
    bad = {
        "inline script": "<script>alert(1)</script>",
        "inline style": '<p style="color: red">',
        "inline handler": '<a onclick="go()">',
        "script address": '<a href="javascript:go()">',
        "another host": '<link href="//cdn.example.com/x.css">',
    }
    for what, text in bad.items():
        assert INLINE[what].search(text), what
    good = '<script src="x.js" defer></script><a href="/x//y" class="on-time" data-on="1">'
    assert not any(pattern.search(good) for pattern in INLINE.values())


@pytest.mark.parametrize("path", sorted((ROOT / "static" / "app").glob("*.[cj]s*")), ids=name_of)
def test_static_files_name_no_host(path: Path) -> None:
    assert not re.search(r"https?://|@import|url\(\s*[\"']?//", path.read_text())


# Files


DRAWERS = {"utils", "util", "helpers", "services", "managers", "signals", "common", "core", "misc"}


def test_no_file_is_a_drawer_without_a_subject() -> None:
    drawers = {
        name_of(path)
        for path in sources(*OURS)
        if DRAWERS & {path.stem, *path.relative_to(ROOT).parts[:-1]}
    }
    assert drawers == set()


def test_no_source_file_is_too_long_to_read() -> None:
    """Past 500 lines a module becomes a package by subject; data and tests may be longer."""
    long = {
        name_of(path): lines
        for path in sources(*LADDER, "config", "deploy")
        if (lines := len(path.read_text().splitlines())) > 500
    }
    assert long == {}


# Split, so that this file does not find itself.
MARKER = re.compile("# " + "(noqa|type: ignore|djlint|fmt)(?P<rest>.*)")
NAMED = {"noqa": r":\s*[A-Z]", "type: ignore": r"\[", "fmt": r":\s*(skip|on|off)", "djlint": "."}


def test_a_silenced_check_is_named() -> None:
    unnamed = [
        f"{name_of(path)}:{number}"
        for path in sources(*OURS)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        for found in MARKER.finditer(line)
        if not re.match(NAMED[found[1]], found["rest"])
    ]
    assert unnamed == []
