"""A real worker on a real broker: killed half-way, and nothing is lost or made twice."""

from __future__ import annotations

import json
import os
import time
from contextlib import ExitStack
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from pytest_django import Settings

from dossiers import actions
from dossiers.models import Document
from tests.dossiers import samples
from tests.dossiers.conftest import Story
from tests.dossiers.workers import (
    State,
    is_done,
    issued,
    kill,
    set_environment,
    states,
    wait_until,
    worker,
)
from tests.factories import make_batch, make_document

pytestmark = [
    pytest.mark.worker,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not os.environ.get("CELERY_BROKER_URL", "").startswith("redis"),
        reason="needs the PostgreSQL and the Redis that make test starts",
    ),
]


@pytest.fixture(params=["redis", "filesystem"])
def environment(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    worker_id: str,
) -> None:
    if request.param == "redis":
        # Each process that runs tests has a database of Redis of its own.
        number = int("".join(filter(str.isdigit, worker_id)) or 0) + 1
        server = os.environ["CELERY_BROKER_URL"].rpartition("/")[0]
        broker = f"{server}/{number}"
        _empty(broker)
    else:
        broker = "filesystem://localhost"
    set_environment(monkeypatch, settings, tmp_path, broker)


def _empty(broker: str) -> None:
    from redis import Redis

    with Redis.from_url(broker) as redis:
        redis.flushdb()


@pytest.mark.usefixtures("environment")
def test_a_worker_killed_half_way_loses_nothing_and_nothing_is_made_twice(
    story: Story, tmp_path: Path
) -> None:
    log = tmp_path / "worker.log"
    dossier = story.submitted()
    papers = actions.order_dossier(dossier=dossier, **story.as_office())
    # One that takes seconds, so that the worker is surely killed while it holds it.
    long = make_document(
        dossier,
        by=story.people.office,
        kind="report",
        report=story.report(story.mine),
        snapshot=samples.report(25),
        **issued(1),
    )
    more = [
        make_document(dossier, by=story.people.office, snapshot=samples.letter(n), **issued(n))
        for n in range(5, 17)
    ]
    make_batch(story.campaign, *papers, long, *more, by=story.people.office)

    with worker(log, name="first") as first:
        wait_until(lambda: states()[long.pk] == State.RENDERING, log)
        time.sleep(0.3)
        kill(first)
    held = set(
        Document.objects.filter(state=State.RENDERING).order_by("pk").values_list("pk", flat=True)
    )
    assert long.pk in held
    before = {
        row.pk: (row.sha256, row.rendered_at, row.file.name)
        for row in Document.objects.filter(state=State.READY).order_by("pk")
    }
    assert before, "something should have been made before the kill"
    assert State.PENDING in states().values(), "something should have been left"

    with ExitStack() as stack:
        stack.enter_context(worker(log, name="second", beat=True))
        stack.enter_context(worker(log, name="third"))
        wait_until(is_done, log)

    rows = list(Document.objects.order_by("pk"))
    assert [row.error for row in rows] == [""] * len(rows)
    assert {row.state for row in rows} == {State.READY}
    for row in rows:
        assert row.attempts == (2 if row.pk in held else 1), row
        if row.pk in before:
            assert (row.sha256, row.rendered_at, row.file.name) == before[row.pk]
    files = [path for path in (tmp_path / "media").rglob("*") if path.is_file()]
    assert len(files) == len(rows)
    bound = Document.objects.get(kind="dossier")
    parts = bound.parts.order_by("position")
    assert [part.document.state for part in parts if part.document] == [State.READY] * 6


@pytest.mark.usefixtures("environment")
def test_the_command_brings_its_own_worker(story: Story, tmp_path: Path) -> None:
    story.submitted()
    said, bar = StringIO(), StringIO()
    options: dict[str, Any] = {"out": tmp_path / "out", "processes": 2}
    call_command("make_dossiers", story.campaign.slug, **options, stdout=said, stderr=bar)
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert [row["kind"] for row in manifest] == ["dossier", "report", "report", "report"]
    assert set(Document.objects.values_list("state", "attempts")) == {(State.READY, 1)}


@pytest.mark.usefixtures("environment")
def test_a_preview_passes_a_full_batch(story: Story, tmp_path: Path) -> None:
    log = tmp_path / "worker.log"
    dossier = story.submitted()
    office = story.people.office
    batch = [
        make_document(dossier, by=office, snapshot=samples.letter(n % 20 + 20), **issued(n))
        for n in range(120)
    ]
    waiting = Document.objects.filter(pk__in=[row.pk for row in batch]).exclude(state=State.READY)
    with ExitStack() as stack:
        stack.enter_context(worker(log, name="documents", queues="documents"))
        previews: dict[str, Any] = {"queues": "previews", "processes": 1, "beat": True}
        stack.enter_context(worker(log, name="previews", **previews))
        wait_until(lambda: waiting.count() < len(batch) - 10, log)
        preview = actions.order_report(report=story.report(story.mine), **story.as_head())
        wait_until(lambda: states()[preview.pk] == State.READY, log)
        left = waiting.count()
    assert left > len(batch) / 3, f"only {left} of the batch were left when the preview came"
