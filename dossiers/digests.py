"""Fingerprints of what is stored: SHA-256 of files, and the one form that content has as JSON."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from django.db.models.fields.files import FieldFile


def sha256_of(file: Path | FieldFile) -> str:
    """Read in pieces; raises `OSError` when it cannot be read."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def canonical(content: dict[str, Any]) -> str:
    """Keys in order, no blanks: equal content gives equal text."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
