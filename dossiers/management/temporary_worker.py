"""A Celery worker that lives as long as a command needs it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from django.conf import settings

STOP_SECONDS = 15
LAST_LINES = 15


@dataclass(frozen=True)
class TemporaryWorker:
    process: subprocess.Popen[bytes]
    log: IO[bytes]

    @property
    def is_dead(self) -> bool:
        return self.process.poll() is not None

    @property
    def is_ready(self) -> bool:
        return " ready." in self._said()

    def last_words(self) -> str:
        return "\n".join(self._said().splitlines()[-LAST_LINES:])

    def _said(self) -> str:
        """Read by position: the worker writes through the same open file."""
        size = os.fstat(self.log.fileno()).st_size
        return os.pread(self.log.fileno(), size, 0).decode(errors="replace")


@contextmanager
def temporary_worker(processes: int) -> Iterator[TemporaryWorker]:
    """The same Celery application as everywhere, with so many processes; stopped at the end."""
    name = f"temporary-{os.getpid()}@%h"
    command = [sys.executable, "-m", "celery", "-A", "config", "worker", "--hostname", name]
    alone = ["--without-mingle", "--without-gossip", "--without-heartbeat"]
    size = ["--concurrency", str(processes), "--loglevel", "INFO"]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [*command, *alone, *size],
            cwd=settings.BASE_DIR,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield TemporaryWorker(process, log)
        finally:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
