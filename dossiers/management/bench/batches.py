"""A whole batch by some workers: how fast, how well shared, how much memory."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.core.management.base import CommandError
from django.utils import timezone

from campaigns.models import Campaign
from dossiers import actions
from dossiers.management.temporary_worker import TemporaryWorker, temporary_worker
from dossiers.models import Batch, Document
from emulation.models import User

LIMIT_SECONDS = 3 * 3600
LOOK_SECONDS = 0.1


@dataclass
class Run:
    workers: int
    documents: int = 0
    # Until the order was there, and from then until the last document was.
    ordered: float = 0
    seconds: float = 0
    # The most that any one worker had, in MB; and what all had on average, by documents made.
    peak: float = 0
    memory: list[tuple[int, float]] = field(default_factory=list)

    @property
    def pace(self) -> float:
        return self.documents / (self.ordered + self.seconds)


@contextmanager
def ready_workers(number: int) -> Iterator[TemporaryWorker]:
    with temporary_worker(number) as worker:
        limit = time.monotonic() + 120
        while not worker.is_ready:
            if worker.is_dead or time.monotonic() > limit:
                raise CommandError(f"Tiến trình tạo văn bản không chạy:\n{worker.last_words()}")
            time.sleep(0.1)
        yield worker


def run(
    campaign: Campaign,
    by: User,
    worker: TemporaryWorker,
    number: int,
    *,
    every: int = 0,
    told: Callable[[int, float], None] = lambda done, memory: None,
) -> Run:
    """Order all and wait until all is there; with `every`, look at memory after so many."""
    found = Run(number)
    began = time.perf_counter()
    batch = actions.order_batch(campaign=campaign, by=by, at=timezone.now())
    found.ordered = time.perf_counter() - began
    waiting = batch.documents.filter(state__in=("pending", "rendering"))
    found.documents = left = waiting.count()
    limit, next_look = time.monotonic() + LIMIT_SECONDS, every
    while left:
        if worker.is_dead or time.monotonic() > limit:
            raise CommandError(f"Tiến trình tạo văn bản đã dừng:\n{worker.last_words()}")
        time.sleep(LOOK_SECONDS)
        left = waiting.count()
        if every and found.documents - left >= next_look:
            memory = [rss for rss, _ in _memory(worker)]
            found.memory.append((found.documents - left, sum(memory) / max(1, len(memory))))
            told(*found.memory[-1])
            next_look += every
    found.seconds = time.perf_counter() - began - found.ordered
    found.peak = max((peak for _, peak in _memory(worker)), default=0)
    _refuse_failed(batch)
    return found


def _refuse_failed(batch: Batch) -> None:
    failed = batch.documents.filter(state=Document.State.FAILED).order_by("pk").first()
    if failed:
        raise CommandError(f"{failed}: {failed.error}")


def _memory(worker: TemporaryWorker) -> list[tuple[float, float]]:
    """Now and at most, in MB, of each process that makes documents."""
    found = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
        except (OSError, ValueError):
            continue  # it has ended meanwhile
        if int(lines["PPid"]) == worker.process.pid and "VmRSS" in lines:
            found.append((_mb(lines["VmRSS"]), _mb(lines["VmHWM"])))
    return found


def _mb(value: str) -> float:
    return int(value.split()[0]) / 1024
