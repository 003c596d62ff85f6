"""The files that a paper comes as: as it was made, and with each digital signature more."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db.models.fields.files import FieldFile

from dossiers.digests import sha256_of
from dossiers.models import Document


class Altered(Exception):
    """A stored file is not the one that was made: it must not be handed on as if it were."""


@dataclass(frozen=True)
class Edition:
    """A paper as one file; `made_at` and the file are there once the paper is ready."""

    file: FieldFile
    sha256: str
    made_at: datetime | None
    signatures: int = 0

    @property
    def is_signed(self) -> bool:
        return self.signatures > 0


def as_made(document: Document) -> Edition:
    return Edition(document.file, document.sha256, document.rendered_at)


def editions_of(document: Document) -> list[Edition]:
    """In their order: as it was made, with one signature, with two…"""
    signed = [
        Edition(row.file, row.sha256, row.signed_at, signatures=count)
        for count, row in enumerate(document.signatures.all(), 1)
    ]
    return [as_made(document), *signed]


def edition_of(document: Document) -> Edition:
    """What the paper is now: with all its signatures, or as it was made."""
    return editions_of(document)[-1]


def copy(edition: Edition, target: Path) -> None:
    """To a file on this machine; raises `Altered`, and `OSError` of storage."""
    with edition.file.open("rb") as stored, target.open("wb") as copied:
        shutil.copyfileobj(stored, copied)
    if sha256_of(target) != edition.sha256:
        raise Altered(f"{edition.file.name} is not {edition.sha256}")
