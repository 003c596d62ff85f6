"""Reading the files of the demo."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

HERE = Path(__file__).resolve().parent


def rows(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = _read(HERE / name)
    return found


def table(name: str) -> dict[str, Any]:
    found: dict[str, Any] = _read(HERE / name)
    return found


def cases() -> list[dict[str, Any]]:
    """What each unit of the campaign did, one file a unit."""
    return [_read(path) for path in sorted((HERE / "reports").glob("*.json"))]


def tasks() -> dict[str, dict[str, list[list[str]]]]:
    """The appendices, by unit and subject; a line of one text is a heading."""
    found: dict[str, dict[str, list[list[str]]]] = _read(HERE / "tasks.json")
    return found


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def moment(text: str, **later: int) -> datetime:
    """A local time of the files, `later` by so many days, hours, minutes."""
    return timezone.make_aware(datetime.fromisoformat(text)) + timedelta(**later)


def day_before(at: datetime) -> datetime:
    """The same hour on the working day before."""
    at -= timedelta(days=1)
    while at.isoweekday() > 5:
        at -= timedelta(days=1)
    return at


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
