"""How often somebody may try: counted by the cache, in windows of time."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache


@dataclass(frozen=True)
class Limit:
    """So many `times` within so many `seconds`; less than an hour, which is how long is counted."""

    name: str
    times: int
    seconds: int


def take(limit: Limit, who: str, *, at: datetime) -> int:
    """Count one try more; 0 while it is within the limit, else the seconds until the next window.

    The count goes up before the try is made, so that many at once are not all let through.
    """
    key = _key(limit, who, at)
    try:
        count = 1 if cache.add(key, 1) else cache.incr(key)
    except ValueError:  # swept out between the two
        count = 1
    return 0 if count <= limit.times else limit.seconds - int(at.timestamp()) % limit.seconds


def give_back(limit: Limit, who: str, *, at: datetime) -> None:
    """A try that was none, such as a login that succeeded, does not count."""
    try:
        cache.decr(_key(limit, who, at))
    except ValueError:  # the window has ended meanwhile
        return


def _key(limit: Limit, who: str, at: datetime) -> str:
    window = int(at.timestamp()) // limit.seconds
    return f"limit:{limit.name}:{window}:{hashlib.sha256(who.encode()).hexdigest()[:32]}"
