"""A worker's hold on a document: taken for a while, renewed as long as the worker lives."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

from django.conf import settings
from django.db import DatabaseError, connection

from dossiers.models import Document
from dossiers.models.documents import DocumentQuerySet
from dossiers.rendering import RenderingError

log = logging.getLogger(__name__)

# How often a worker says that it lives and how far it is; most papers are there before.
BEAT_SECONDS = 2.0
TOO_LONG = (
    "Văn bản quá dài nên chưa tạo xong sau {} phút; hãy tách bớt phụ lục hoặc tài liệu kèm theo "
    "rồi tạo lại."
)


def lease_end(at: datetime) -> datetime:
    return at + timedelta(seconds=settings.DOCUMENT_LEASE)


def held(document: Document) -> DocumentQuerySet:
    """The row, as long as it is this worker's: nobody else has claimed it since."""
    return Document.objects.filter(
        pk=document.pk,
        state=Document.State.RENDERING,
        started_at=document.started_at,
        attempts=document.attempts,
    )


class Lease:
    """
    Renews a claim from a thread of its own, so that what takes long is not made twice.

    The thread dies with its process, and then the claim runs out. A document that never comes to
    an end is given up the next time that it tells how far it is.
    """

    def __init__(self, document: Document, clock: Callable[[], datetime]) -> None:
        self._document = document
        self._clock = clock
        self._percent = 0
        self._left = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="lease", daemon=True)
        assert document.started_at is not None
        self._limit = document.started_at + timedelta(seconds=settings.DOCUMENT_TIME_LIMIT)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._left.set()
        self._thread.join()

    def tell(self, percent: int) -> None:
        """Note how far the document is; raises when its time is over."""
        self._percent = percent
        if self._clock() > self._limit:
            raise RenderingError(TOO_LONG.format(round(settings.DOCUMENT_TIME_LIMIT / 60)))

    def _beat(self) -> None:
        interval = min(BEAT_SECONDS, settings.DOCUMENT_LEASE / 4)
        try:
            while not self._left.wait(interval):
                try:
                    held(self._document).update(
                        claimed_until=lease_end(self._clock()), progress=self._percent
                    )
                except DatabaseError:
                    # A database that is away for a moment: the next beat may find it again.
                    log.warning("document %s: not renewed", self._document.pk, exc_info=True)
        finally:
            connection.close()
