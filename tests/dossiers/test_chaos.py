"""
A batch while everything around it fails: every document is there in the end, and none twice.

CHAOS_DOCUMENTS=500 makes the batch as long as a real one.
"""

from __future__ import annotations

import hashlib
import json
import os
import socket
from collections import Counter
from contextlib import ExitStack
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from pytest_django import Settings

from dossiers import actions
from dossiers.management.bench import content
from dossiers.models import Document
from tests.dossiers import full_disk
from tests.dossiers.conftest import Story
from tests.dossiers.workers import (
    PATIENCE_SECONDS,
    State,
    frozen,
    kill,
    running_redis,
    set_environment,
    wait_until,
    worker,
)

DOCUMENTS = int(os.environ.get("CHAOS_DOCUMENTS", "60"))
PATIENCE = PATIENCE_SECONDS + DOCUMENTS
FULL = "Máy chủ hết chỗ lưu tệp. Hệ thống sẽ tự tạo lại."

pytestmark = [
    pytest.mark.worker,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not os.environ.get("CELERY_BROKER_URL", "").startswith("redis"),
        reason="needs the PostgreSQL and the Redis that make test starts",
    ),
]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def port(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> int:
    """Of a Redis of this test's own, which it may kill."""
    found = free_port()
    set_environment(monkeypatch, settings, tmp_path, f"redis://127.0.0.1:{found}/0")
    monkeypatch.setenv("DOCUMENT_LEASE", "4")
    monkeypatch.setenv(full_disk.FLAG, str(tmp_path / "full"))
    return found


def test_worker_killed_redis_restarted_disk_full(story: Story, tmp_path: Path, port: int) -> None:
    log, full = tmp_path / "worker.log", tmp_path / "full"
    story.submitted()
    with content.copies(story.campaign, DOCUMENTS) as campaign:
        batch = actions.order_batch(campaign=campaign, **story.as_office())
        rows = batch.documents.order_by("pk")
        total = rows.count()
        assert total >= DOCUMENTS

        def made() -> int:
            return rows.filter(state=State.READY).count()

        def some(share: float) -> None:
            failed = rows.filter(state=State.FAILED)
            wait_until(lambda: made() >= total * share or failed.exists(), log, patience=PATIENCE)
            assert not failed.exists(), failed[0].error

        values: dict[str, Any] = {"processes": 2, "application": "tests.dossiers.full_disk"}
        with ExitStack() as stack:
            redis = stack.enter_context(running_redis(port))
            first = stack.enter_context(worker(log, name="first", beat=True, **values))
            some(0.15)
            held = kill_in_the_midst(first, batch_pk=batch.pk)
            assert made() < total
            stack.enter_context(worker(log, name="second", beat=True, **values))
            stack.enter_context(worker(log, name="third", **values))
            some(0.3)
            kill(redis)
            stack.enter_context(running_redis(port))
            some(0.5)
            full.touch()
            wait_until(lambda: rows.filter(error=FULL).count() >= 3, log, patience=PATIENCE)
            said = set(rows.exclude(error="").values_list("error", flat=True))
            full.unlink()
            some(1)

        assert said == {FULL}
        assert set(rows.values_list("state", "error")) == {(State.READY, "")}
        again = Counter(rows.values_list("attempts", flat=True))
        assert set(again) <= {1, 2, 3}
        assert all(attempts > 1 for attempts in attempts_of(held))
        assert again.total() - again[1] < total / 2, "most were made once"
        refuse_second_files(tmp_path / "media", batch_pk=batch.pk)

        out = tmp_path / "out"
        call_command("make_dossiers", campaign.slug, out=out, stdout=StringIO(), stderr=StringIO())
        manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
        names = [line["file"] for line in manifest]
        assert len(set(names)) == len(names) == rows.filter(kind__in=("report", "dossier")).count()
        assert Document.objects.count() == total, "nothing was made anew for the manifest"


def kill_in_the_midst(process: Any, *, batch_pk: int) -> list[int]:
    """Kill a worker while it holds a document; which ones it held."""
    rows = Document.objects.filter(batches=batch_pk, state=State.RENDERING).order_by("pk")
    while True:
        with frozen(process):
            if held := list(rows.values_list("pk", flat=True)):
                kill(process)
                return held


def attempts_of(pks: list[int]) -> list[int]:
    rows = Document.objects.filter(pk__in=pks).order_by("pk")
    return list(rows.values_list("attempts", flat=True))


def refuse_second_files(media: Path, *, batch_pk: int) -> None:
    """Each row has a file of its own that is what the row says, and there is no other file."""
    expected = {}
    for row in Document.objects.filter(batches=batch_pk).order_by("pk"):
        path = Path(row.file.path)
        assert hashlib.sha256(path.read_bytes()).hexdigest() == row.sha256, row
        expected[path] = row.pk
    assert set(expected) == {path for path in media.rglob("*") if path.is_file()}
    assert len(expected) == Document.objects.filter(batches=batch_pk).count()
