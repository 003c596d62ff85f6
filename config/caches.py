"""The caches, which count attempts: in files for one machine, in Redis for any number."""

from __future__ import annotations

import fcntl
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.cache.backends.filebased import FileBasedCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


class LockedFileCache(FileBasedCache):
    """Django's file cache, with `add` and `incr` made one step by a lock."""

    _dir: str

    def add(self, *args: Any, **kwargs: Any) -> bool:
        with self._locked():
            return super().add(*args, **kwargs)

    def incr(self, *args: Any, **kwargs: Any) -> int:
        with self._locked():
            return super().incr(*args, **kwargs)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self._createdir()  # type: ignore[attr-defined]
        with Path(self._dir, "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


class PatientRedisCache(RedisCache):
    """Redis as a cache that may be away: then nothing is known, and people go on working.

    Attempts are not counted as long as it is away; that no text is lost and everybody can log in
    counts for more.
    """

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return bool(_or(True, super().add, *args, **kwargs))

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return _or(default, super().get, key, default, version)

    def set(self, *args: Any, **kwargs: Any) -> None:
        _or(None, super().set, *args, **kwargs)

    def incr(self, *args: Any, **kwargs: Any) -> int:
        """Raises `ValueError` without Redis, as for a key that is not there."""
        count = _or(None, super().incr, *args, **kwargs)
        if count is None:
            raise ValueError
        return int(count)


def _or(answer: Any, act: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    try:
        return act(*args, **kwargs)
    except (RedisError, OSError):
        log.exception("the cache does not answer")
        return answer
