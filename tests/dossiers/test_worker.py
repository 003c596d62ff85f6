"""A real worker on a real broker: killed half-way, and nothing is lost or made twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from celery import current_app
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import connection
from pytest_django import Settings

from dossiers import actions
from dossiers.models import Document
from tests.dossiers import samples
from tests.dossiers.conftest import Story
from tests.factories import make_batch, make_document

pytestmark = [
    pytest.mark.worker,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not os.environ.get("CELERY_BROKER_URL", "").startswith("redis"),
        reason="needs the PostgreSQL and the Redis that make test starts",
    ),
]

LEASE_SECONDS = 12
PATIENCE_SECONDS = 90
State = Document.State


@pytest.fixture(params=["redis", "filesystem"])
def environment(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    worker_id: str,
) -> None:
    """What a worker of this test's own database, broker and files needs to know."""
    database = connection.settings_dict
    login = f"{database['USER']}:{quote(str(database['PASSWORD']))}"
    place = f"{database['HOST']}:{database['PORT']}/{database['NAME']}"
    if request.param == "redis":
        # Each process that runs tests has a database of Redis of its own.
        number = int("".join(filter(str.isdigit, worker_id)) or 0) + 1
        server = os.environ["CELERY_BROKER_URL"].rpartition("/")[0]
        broker = f"{server}/{number}"
        _empty(broker)
    else:
        broker = "filesystem://localhost"
    values = {
        "DATABASE_URL": f"postgres://{login}@{place}",
        "CELERY_BROKER_URL": broker,
        "VAR_DIR": str(tmp_path / "var"),
        "MEDIA_ROOT": str(tmp_path / "media"),
        "DOCUMENT_LEASE": str(LEASE_SECONDS),
        "RESUME_SECONDS": "1",
        "HTTPS": "false",
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    # The messages of this process are lost on their way: the rows alone must do.
    monkeypatch.setattr(current_app, "send_task", lambda *args, **kwargs: None)
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.DOCUMENT_LEASE = LEASE_SECONDS


def _empty(broker: str) -> None:
    from redis import Redis

    with Redis.from_url(broker) as redis:
        redis.flushdb()


@contextmanager
def worker(log: Path, *, name: str, beat: bool = False) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "celery", "-A", "config", "worker", "--hostname", f"{name}@%h"]
    options = ["--concurrency", "2", "--without-mingle", "--without-gossip", "--loglevel", "INFO"]
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*command, *options, *(["--beat"] if beat else [])],
            cwd=django_settings.BASE_DIR,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                _kill(process)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """The worker and all its children at once, as a power cut does."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_until(condition: Callable[[], bool], log: Path) -> None:
    limit = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < limit, log.read_text()[-4000:]
        time.sleep(0.05)


def states() -> dict[int, str]:
    return dict(Document.objects.order_by("pk").values_list("pk", "state"))


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
    )
    more = [
        make_document(dossier, by=story.people.office, snapshot=samples.letter(n))
        for n in range(5, 17)
    ]
    make_batch(story.campaign, *papers, long, *more, by=story.people.office)

    with worker(log, name="first") as first:
        wait_until(lambda: states()[long.pk] == State.RENDERING, log)
        time.sleep(0.3)
        _kill(first)
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
        wait_until(lambda: not {State.PENDING, State.RENDERING} & set(states().values()), log)

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
