"""The one door to the task queue: work goes out by name, after the commit."""

import logging
from functools import partial

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)


def enqueue(
    task: str, *args: int | str, queue: str | None = None, delay: int | None = None
) -> None:
    """Send `task` once the transaction is committed; JSON-able arguments only.

    Without a queue it goes to the one for short work; `delay` is in seconds.
    A broker that is away is logged, not raised: whatever must happen stands in a row that the
    schedule finds again.
    """
    transaction.on_commit(partial(_send, task, args, queue, delay))


def _send(task: str, args: tuple[int | str, ...], queue: str | None, delay: int | None) -> None:
    try:
        current_app.send_task(task, args=args, queue=queue, countdown=delay)
    except (OperationalError, OSError):
        log.exception("not queued: %s%s", task, args)
