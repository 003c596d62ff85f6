"""Many files as one ZIP, sent while it is made: neither memory nor disk holds the whole."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from typing import IO

from django.db.models.fields.files import FieldFile
from django.utils import timezone

from dossiers.documents.editions import edition_of
from dossiers.documents.naming import folder_name, free_name, stem_of
from dossiers.models import Document

CHUNK = 256 * 1024


class Pipe:
    """A file that can only be written to; what was written is taken out piece by piece."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        self.pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing to do: pieces are taken out as they come."""

    def take(self) -> Iterator[bytes]:
        pieces, self.pieces = self.pieces, []
        return iter(pieces)


def zipped(documents: Iterable[Document]) -> Iterator[bytes]:
    """
    The archive in pieces, a folder for each dossier; PDFs are stored, they are packed inside.

    The documents come with their signatures.
    """
    pipe = Pipe()
    taken: set[str] = set()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as archive:  # type: ignore[call-overload]
        for document in documents:
            edition = edition_of(document)
            assert edition.made_at is not None
            stem = f"{stem_of(document)}{'-da-ky' if edition.is_signed else ''}"
            name = free_name(f"{folder_name(document)}/{stem}", taken)
            info = zipfile.ZipInfo(name, timezone.localtime(edition.made_at).timetuple()[:6])
            with edition.file.open("rb") as source, archive.open(info, "w") as target:
                for piece in pieces(source):
                    target.write(piece)
                    yield from pipe.take()
            yield from pipe.take()
    yield from pipe.take()


def is_lost(file: FieldFile) -> bool:
    """Whether the storage has it no longer: better known before the first piece has gone out."""
    return not file.storage.exists(file.name or "")


def pieces(source: IO[bytes]) -> Iterator[bytes]:
    while piece := source.read(CHUNK):
        yield piece
