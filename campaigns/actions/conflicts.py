"""Of two people who write the same text the second is told, and decides with both in view."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from campaigns.models import Campaign
from campaigns.models.contents import PlanRow

OUTDATED = "outdated"
# Where a row stands is not what it says.
FRAME = frozenset({"id", "campaign", "position", "version"})


def check_version(now: Campaign | PlanRow, version: int) -> None:
    """Refuse to write over a text that somebody saved after `version` was shown."""
    if now.version == version:
        return
    what = "Kế hoạch" if isinstance(now, Campaign) else "Dòng này"
    raise ValidationError(
        f"{what} vừa được người khác lưu. Hãy đối chiếu hai bản ở bảng “Nội dung khác nhau” rồi "
        "lưu lại: nội dung trên biểu mẫu này sẽ thay thế.",
        code=OUTDATED,
    )


def content(row: models.Model, data: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """
    What was written in the row, so that two can be compared; lists that are chosen from as `data`
    has them.

    A browser ends lines in its own way, which is no change.
    """
    found: dict[str, Any] = {}
    for field in row._meta.concrete_fields:
        if field.editable and field.name not in FRAME:
            value = getattr(row, field.attname)
            found[field.name] = value.replace("\r\n", "\n") if isinstance(value, str) else value
    for many in row._meta.many_to_many:
        if data is not None and many.name in data:
            chosen = data[many.name]
        else:
            chosen = getattr(row, many.name).all() if row.pk else ()
        found[many.name] = {other.pk for other in chosen}
    return found
