"""Two people at one appendix at the same moment, on a database that lets them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from dossiers import actions
from dossiers.models import Report
from dossiers.models.tasks import digest
from tests.dossiers.conftest import Story
from tests.dossiers.task_rows import FULL, row
from tests.races import together

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="needs several connections"),
]


def warm(story: Story) -> None:
    """Roles are read once for each request; here all threads share the same people."""
    assert story.people.head.grants_today


def test_rows_added_at_once_have_places_of_their_own(story: Story) -> None:
    report = story.report()
    warm(story)

    def add(name: str) -> Callable[[], Any]:
        return lambda: actions.add_task(report=report, row=row(name), **story.as_head())

    assert together(*map(add, "abcd")) == [""] * 4
    assert [task.position for task in report.tasks.all()] == [1, 2, 3, 4]


@pytest.mark.parametrize("keep", [True, False])
def test_a_double_click_takes_the_rows_in_once(story: Story, keep: bool) -> None:
    report = story.report()
    rows = [row(f"Việc {n}") for n in range(50)]
    warm(story)

    def take() -> bool:
        return actions.import_tasks(
            report=report, rows=rows, keep=keep, seen=digest(()), **story.as_head()
        )

    assert together(take, take, take) == [""] * 3
    assert [task.row for task in report.tasks.all()] == rows


def test_a_row_added_while_the_dossier_is_submitted_is_frozen_or_refused(story: Story) -> None:
    dossier = story.complete()
    report = Report.objects.get(nomination=story.mine)
    warm(story)
    said = together(
        lambda: actions.act_on_dossier(dossier=dossier, act="submit", **story.as_head()),
        lambda: actions.add_task(report=report, row=FULL, **story.as_head()),
    )
    assert said[0] == ""
    dossier.refresh_from_db()
    assert (FULL.name in str(dossier.snapshot)) is (said[1] == "")
    assert report.tasks.exists() is (said[1] == "")


def test_rows_taken_in_or_brought_back_while_the_dossier_is_submitted(story: Story) -> None:
    """Frozen or refused, and neither waits for the other for ever."""
    dossier = story.complete()
    report = Report.objects.get(nomination=story.mine)
    rows = [row(f"Việc {n}") for n in range(50)]
    actions.import_tasks(report=report, rows=rows, keep=False, seen=digest(()), **story.as_head())
    report.refresh_from_db()
    before, over = report.versions.all()[1], report.history
    warm(story)
    said = together(
        lambda: actions.act_on_dossier(dossier=dossier, act="submit", **story.as_head()),
        lambda: actions.restore_version(version=before, over=over, **story.as_head()),
        lambda: actions.import_tasks(
            report=report, rows=[FULL], keep=False, seen=digest(rows), **story.as_head()
        ),
    )
    assert said[0] == ""
    dossier.refresh_from_db()
    stored = [task.name for task in report.tasks.all()]
    assert stored in ([], [FULL.name], [one.name for one in rows])
    frozen = str(dossier.snapshot)
    assert all(name in frozen for name in stored)
    last = report.versions.first()
    assert last is not None
    assert last.rows == [task.row for task in report.tasks.all()]
