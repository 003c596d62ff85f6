"""What is big takes more, but only in proportion, and says how far it is."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse

from dossiers.models import Document
from tests.conftest import SafeClient
from tests.dossiers import samples
from tests.dossiers.conftest import Story
from tests.factories import NOW, make_document

Login = Callable[..., SafeClient]


def taken(subject: str, *sizes: int) -> list[dict[str, Any]]:
    """Of processor time and memory, so that a busy machine changes nothing."""
    command = [sys.executable, "-m", "tests.dossiers.big", subject, *map(str, sizes)]
    result = subprocess.run(
        command, cwd=settings.BASE_DIR, check=True, capture_output=True, text=True
    )
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.mark.parametrize(
    ("subject", "size", "pages"), [("report", 60, (55, 70)), ("tasks", 400, (40, 60))]
)
def test_twice_the_size_costs_about_twice_the_time_and_little_memory(
    subject: str, size: int, pages: tuple[int, int]
) -> None:
    half, whole = taken(subject, size // 2, size)
    assert pages[0] <= whole["pages"] <= pages[1]
    assert whole["seconds"] < 3 * half["seconds"]
    assert half["megabytes"] + whole["megabytes"] < 2.5 * whole["pages"]
    assert len(set(whole["told"])) > 25, "its progress is told in small steps"
    assert whole["told"] == sorted(whole["told"])


def test_an_attachment_of_40_mb_is_bound_in_a_moment() -> None:
    [found] = taken("attachment", 40)
    assert found["pages"] == 42
    assert found["seconds"] < 10
    assert found["megabytes"] < 100
    assert found["told"][-1] == 95


@pytest.mark.django_db
def test_how_far_a_paper_is_stands_in_its_row_and_beside_the_editor(
    story: Story, client_for: Login
) -> None:
    dossier, report = story.dossier(), story.report()
    values: dict[str, Any] = {"by": story.people.head, "state": "rendering", "progress": 37}
    values["claimed_until"] = NOW
    make_document(dossier, snapshot=samples.letter(), **values)
    make_document(dossier, kind="report", report=report, snapshot=samples.report(), **values)
    draft = Document.objects.get(kind="report")
    Document.objects.filter(pk=draft.pk).update(dossier=None)
    client = client_for(story.people.head)
    page = client.get(reverse("dossiers:papers", args=(dossier.pk,))).content.decode()
    assert "37 %" in page
    answer = client.get(reverse("dossiers:preview", args=(report.pk,))).json()
    assert (answer["state"], answer["progress"]) == ("rendering", 37)
