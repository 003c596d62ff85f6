"""What the clock starts, and what a worker does first."""

from __future__ import annotations

import gc
from typing import Any

from celery import shared_task
from celery.signals import worker_init, worker_process_init, worker_ready
from django.utils import timezone

from dossiers import actions, rendering


@shared_task(name="dossiers.resume_documents")
def resume_documents() -> None:
    """Take up what a lost worker, queue or commit has left lying."""
    actions.resume_documents(at=timezone.now())


@worker_ready.connect
def at_start(sender: Any = None, **kwargs: Any) -> None:
    resume_documents.delay()


@worker_init.connect
def load_once(**kwargs: Any) -> None:
    """What takes long to load is loaded before the processes part, and shared by them."""
    rendering.load()
    _keep()


@worker_process_init.connect
def make_ready(**kwargs: Any) -> None:
    """Nobody's document waits for the style sheet and the fonts."""
    rendering.style()
    _keep()


def _keep() -> None:
    """What is there to stay need not be gone through again whenever garbage is collected."""
    gc.collect()
    gc.freeze()
