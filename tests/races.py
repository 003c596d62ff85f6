"""Several writes at the same moment, each on a connection of its own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection

from emulation.workflow import Refused


def together(*writes: Callable[[], Any]) -> list[str]:
    """Run all at once; what each was told, "" when it passed."""
    barrier = Barrier(len(writes))

    def run(write: Callable[[], Any]) -> str:
        barrier.wait()
        try:
            write()
        except (Refused, ValidationError) as error:
            return " ".join(getattr(error, "messages", [str(error)]))
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(len(writes)) as pool:
        return list(pool.map(run, writes))
