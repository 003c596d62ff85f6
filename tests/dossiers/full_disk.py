"""The Celery application of a worker whose disk is full as long as a certain file exists."""

from __future__ import annotations

import errno
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from celery.signals import worker_init
from django.core.files.storage import FileSystemStorage

from config.celery import app

FLAG = "DISK_IS_FULL_WHILE_THERE_IS"
__all__ = ["FLAG", "app"]


@worker_init.connect
def fill(**kwargs: Any) -> None:
    from dossiers.actions import making

    making.PAUSE = timedelta(seconds=1)
    save = FileSystemStorage._save  # type: ignore[attr-defined]

    def save_half(storage: FileSystemStorage, name: str, content: Any) -> Any:
        """What fits is written, as by a real disk."""
        if not Path(os.environ[FLAG]).exists():
            return save(storage, name, content)
        path = Path(storage.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.read(1000))
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    FileSystemStorage._save = save_half  # type: ignore[attr-defined]
