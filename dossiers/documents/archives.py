"""Many files as one ZIP, sent while it is made: neither memory nor disk holds the whole."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import IO

from django.db.models.fields.files import FieldFile
from django.utils import timezone

from dossiers.documents.editions import edition_of
from dossiers.documents.naming import folder_name, free_name, stem_of
from dossiers.models import Document

CHUNK = 256 * 1024


class _Pipe:
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


class Archive:
    """A ZIP in pieces; files are stored as they are, since PDFs are packed inside."""

    def __init__(self) -> None:
        self._pipe = _Pipe()
        self._zip = zipfile.ZipFile(self._pipe, "w", zipfile.ZIP_STORED)  # type: ignore[call-overload]

    def add(
        self, name: str, at: datetime, content: Iterable[bytes], size: int = 0
    ) -> Iterator[bytes]:
        info = zipfile.ZipInfo(name, timezone.localtime(at).timetuple()[:6])
        info.file_size = size
        with self._zip.open(info, "w") as target:
            for piece in content:
                target.write(piece)
                yield from self._pipe.take()
        yield from self._pipe.take()

    def close(self) -> Iterator[bytes]:
        self._zip.close()
        yield from self._pipe.take()


def zipped(documents: Iterable[Document]) -> Iterator[bytes]:
    """All of them, a folder for each dossier; they come with their signatures."""
    archive = Archive()
    taken: set[str] = set()
    for document in documents:
        edition = edition_of(document)
        assert edition.made_at is not None
        stem = f"{stem_of(document)}{'-da-ky' if edition.is_signed else ''}"
        name = free_name(f"{folder_name(document)}/{stem}", taken)
        with edition.file.open("rb") as source:
            yield from archive.add(name, edition.made_at, pieces(source), edition.file.size)
    yield from archive.close()


def is_lost(file: FieldFile) -> bool:
    """Whether the storage has it no longer: better known before the first piece has gone out."""
    return not file.storage.exists(file.name or "")


def pieces(source: IO[bytes]) -> Iterator[bytes]:
    while piece := source.read(CHUNK):
        yield piece
