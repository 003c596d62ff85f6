"""Real workers for tests: their environment, their life and their end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from celery import current_app
from django.conf import settings as django_settings
from django.db import connection
from pytest_django import Settings

from dossiers.models import Document
from tests.factories import NOW

LEASE_SECONDS = 12
PATIENCE_SECONDS = 120
State = Document.State


def set_environment(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, place: Path, broker: str
) -> None:
    """What a worker of this test's own database, broker and files needs to know."""
    database = connection.settings_dict
    login = f"{database['USER']}:{quote(str(database['PASSWORD']))}"
    host = f"{database['HOST']}:{database['PORT']}/{database['NAME']}"
    values = {
        "DATABASE_URL": f"postgres://{login}@{host}",
        "CELERY_BROKER_URL": broker,
        "VAR_DIR": str(place / "var"),
        "MEDIA_ROOT": str(place / "media"),
        "DOCUMENT_LEASE": str(LEASE_SECONDS),
        "RESUME_SECONDS": "1",
        "HTTPS": "false",
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    # The messages of this process are lost on their way: the rows alone must do.
    monkeypatch.setattr(current_app, "send_task", lambda *args, **kwargs: None)
    settings.MEDIA_ROOT = place / "media"
    settings.DOCUMENT_LEASE = LEASE_SECONDS


@contextmanager
def worker(
    log: Path,
    *,
    name: str,
    beat: bool = False,
    queues: str = "",
    processes: int = 2,
    application: str = "config",
) -> Iterator[subprocess.Popen[bytes]]:
    celery = [sys.executable, "-m", "celery", "-A", application]
    command = [*celery, "worker", "--hostname", f"{name}@%h"]
    options = ["--concurrency", str(processes), "--without-mingle", "--without-gossip"]
    if queues:
        options += ["--queues", queues]
    if beat:
        options.append("--beat")
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*command, *options, "--loglevel", "INFO"],
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
                kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """The worker and all its children at once, as a power cut does."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextmanager
def frozen(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """The worker and all its children stand still, and what they hold can be looked at."""
    os.killpg(process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGCONT)


@contextmanager
def running_redis(port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A Redis that keeps nothing when it ends."""
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            kill(process)


def wait_until(
    condition: Callable[[], bool], log: Path, *, patience: float = PATIENCE_SECONDS
) -> None:
    limit = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < limit, log.read_text()[-4000:]
        time.sleep(0.05)


def states() -> dict[int, str]:
    return dict(Document.objects.order_by("pk").values_list("pk", "state"))


def is_done() -> bool:
    return not {State.PENDING, State.RENDERING} & set(states().values())


def issued(number: int) -> dict[str, object]:
    """What makes a row of a test an issued paper, which comes in batches."""
    code = f"TEST-{number:04d}"
    return {"code": code, "address": f"https://a.vn/{code}/", "issued_date": NOW.date()}
