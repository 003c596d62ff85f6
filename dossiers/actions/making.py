"""The worker's side of a document: claim it, make it, hand it in or say why not."""

from __future__ import annotations

import contextlib
import errno
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.files import File
from django.db import OperationalError, transaction
from django.db.models import F

from dossiers.actions.documents import RENDER, drop_older_drafts, queue
from dossiers.actions.leases import Lease, held, lease_end
from dossiers.binding import BindingError
from dossiers.documents.making import Made, make
from dossiers.documents.versions import template_version
from dossiers.models import Document, DocumentPart
from dossiers.models.documents import Lane, attempt_path
from dossiers.rendering import RenderingError
from emulation.queue import enqueue

log = logging.getLogger(__name__)

State = Document.State
# A document that takes its worker down with it, or finds the disk full, is not tried for ever.
MAX_ATTEMPTS = 3
PAUSE = timedelta(seconds=20)
# How long a worker goes on before it looks into the queue again.
TURN = timedelta(seconds=10)
SOME = 16
STOPPED = (
    "Tiến trình tạo văn bản bị dừng giữa chừng nhiều lần; nếu tạo lại vẫn lỗi, hãy báo quản trị "
    "hệ thống."
)
UNKNOWN = "Lỗi hệ thống khi tạo văn bản số {}; hãy báo quản trị hệ thống kèm số này."
STORAGE = {
    errno.ENOSPC: "Máy chủ hết chỗ lưu tệp.",
    errno.EDQUOT: "Máy chủ hết chỗ lưu tệp.",
    errno.EROFS: "Nơi lưu tệp của máy chủ chỉ cho đọc, không cho ghi.",
    errno.EACCES: "Máy chủ không được phép đọc hoặc ghi tệp.",
    errno.EPERM: "Máy chủ không được phép đọc hoặc ghi tệp.",
    errno.ENOENT: "Không tìm thấy tệp cần dùng trên máy chủ.",
}
NOT_STORED = "Không đọc hoặc ghi được tệp trên máy chủ."
LATER = "Hệ thống sẽ tự tạo lại."


def make_documents(*, first: int, clock: Callable[[], datetime]) -> int:
    """
    Make the document that was asked for, then what else waits in its lane; how many were made.

    The way through the queue can take longer than a document, so a worker does not go back to
    it after each one; but it does after a while, so that other work gets its turn.
    """
    began = clock()
    # Only drafts are ever taken away again.
    asked = Document.objects.filter(pk=first).only("kind", "code").first()
    lane = asked.lane if asked else Lane.PREVIEWS
    made = int(make_document(pk=first, clock=clock))
    while waiting := _next(lane, clock()):
        # Others take from the same end of the line; what they took meanwhile is passed over.
        for pk in waiting:
            if clock() - began > TURN:
                enqueue(RENDER, pk, queue=lane)
                return made
            made += make_document(pk=pk, clock=clock)
    return made


def _next(lane: Lane, at: datetime) -> list[int]:
    rows = Document.objects.in_lane(lane).claimable(at).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:SOME])


def make_document(*, pk: int, clock: Callable[[], datetime]) -> bool:
    """
    Make one document unless it is made, being made, or waiting for its parts.

    Safe to run any number of times, at once or after a crash. True when it was made here.
    """
    document = claim(pk=pk, at=clock())
    if document is None:
        return False
    with TemporaryDirectory(prefix="document-") as folder, Lease(document, clock) as lease:
        try:
            made = make(document, Path(folder), lease.tell)
            return hand_in(document=document, made=made, at=clock())
        except (RenderingError, BindingError) as error:
            give_up(document=document, reason=str(error), at=clock())
        except OSError as error:
            log.exception("document %s", pk)
            reason = STORAGE.get(error.errno or 0, NOT_STORED)
            postpone(document=document, reason=reason, at=clock())
        except OperationalError:
            # The database is away, so nothing can be said there; the claim runs out by itself.
            log.exception("document %s", pk)
        except Exception:
            log.exception("document %s", pk)
            give_up(document=document, reason=UNKNOWN.format(pk), at=clock())
    return False


def claim(*, pk: int, at: datetime) -> Document | None:
    """Take the document for the length of a lease, in one statement: two workers cannot both."""
    taken = (
        Document.objects.filter(pk=pk)
        .claimable(at)
        .update(
            state=State.RENDERING,
            claimed_until=lease_end(at),
            started_at=at,
            not_before=None,
            progress=0,
            error="",
            attempts=F("attempts") + 1,
        )
    )
    document = Document.objects.filter(pk=pk).first() if taken else None
    if document and document.attempts > MAX_ATTEMPTS:
        give_up(document=document, reason=STOPPED, at=at)
        return None
    if document and document.kind in Document.BOUND and _waits(document):
        held(document).update(state=State.PENDING, claimed_until=None, attempts=F("attempts") - 1)
        return None
    return document


def _waits(document: Document) -> bool:
    """
    Whether a part is to be made yet.

    PostgreSQL looks at the row again that it waited for, but not at its parts: an order may have
    changed both meanwhile.
    """
    parts = document.parts.exclude(document=None)
    return parts.exclude(document__state=State.READY).exists()


def hand_in(*, document: Document, made: Made, at: datetime) -> bool:
    """Store the file and say that it is there; False when the lease was lost meanwhile."""
    storage = document.file.storage
    name = document.file.field.generate_filename(document, "")
    try:
        with made.path.open("rb") as content:
            name = storage.save(name, File(content), max_length=200)
    except OSError:
        with contextlib.suppress(OSError):
            storage.delete(name)
        raise
    with transaction.atomic():
        kept = held(document).update(
            state=State.READY,
            file=name,
            sha256=made.sha256,
            pages=made.pages,
            signing_page=made.signing_places[0]["page"] if made.signing_places else None,
            signing_places=made.signing_places,
            template_version=template_version(),
            error="",
            claimed_until=None,
            progress=100,
            rendered_at=at,
        )
        if kept:
            for position, page in enumerate(made.first_pages):
                rows = DocumentPart.objects.filter(bound=document, position=position)
                rows.update(first_page=page)
            if document.dossier_id is None and document.report_id is not None:
                drop_older_drafts(document)
    if not kept:
        storage.delete(name)
    elif document.attempts > 1:
        _sweep(document, name)
    return bool(kept)


def _sweep(document: Document, kept: str) -> None:
    """What a worker left that ended between the file and the row."""
    for attempt in range(1, document.attempts):
        name = attempt_path(document, attempt)
        if name != kept:
            document.file.storage.delete(name)


def give_up(*, document: Document, reason: str, at: datetime) -> None:
    """Say why the document cannot be made, also on the dossiers that wait for it."""
    with transaction.atomic():
        if not held(document).update(state=State.FAILED, error=reason, claimed_until=None):
            return
        waiting = Document.objects.filter(parts__document=document, state=State.PENDING)
        Document.objects.filter(pk__in=waiting.order_by("pk").values("pk")).update(
            state=State.FAILED,
            error=f"Chưa đóng tập được vì không tạo được văn bản “{document}”.",
        )


def postpone(*, document: Document, reason: str, at: datetime) -> None:
    """Wait a little for storage that is full or away; give up after some attempts."""
    if document.attempts >= MAX_ATTEMPTS:
        give_up(document=document, reason=reason, at=at)
        return
    held(document).update(
        state=State.PENDING,
        error=f"{reason} {LATER}",
        claimed_until=None,
        not_before=at + PAUSE,
    )


def resume_documents(*, at: datetime) -> int:
    """Wake workers for what waits, also for what a lost worker held; how many documents."""
    return queue(list(Document.objects.claimable(at).order_by("pk").only("pk")), at=at)
