"""From a document's row to its file."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path

from django.db.models.fields.files import FieldFile

from dossiers.binding import Front, bind
from dossiers.digests import sha256_of
from dossiers.documents.binders import parts_of
from dossiers.documents.pages import html
from dossiers.documents.places import Place, signing_places
from dossiers.documents.prints import print_pages
from dossiers.documents.verification import verification_of
from dossiers.models import Document
from dossiers.rendering import lay_out
from dossiers.telling import Tell, followed, nobody


@dataclass(frozen=True)
class Made:
    """A finished file, still in the worker's own folder."""

    path: Path
    sha256: str
    pages: int
    # For a bound dossier: the page that each of its parts starts on.
    first_pages: list[int] = field(default_factory=list)
    signing_places: list[Place] = field(default_factory=list)


def make(document: Document, folder: Path, tell: Tell = nobody) -> Made:
    """
    Lay out or bind `document` into `folder`, from nothing but its snapshot and its parts.

    Raises `RenderingError` or `BindingError` when it cannot be made, `OSError` of storage.
    """
    path = folder / f"{document.pk}.pdf"
    if document.batch_id is not None:
        pages, starts = print_pages(document, lambda file: _local(file, folder), path, tell)
        return Made(path, sha256_of(path), pages, starts)
    if document.kind != Document.Kind.DOSSIER:
        text = html(document.kind, document.snapshot, verification_of(document))
        with followed(tell, text):
            layout = lay_out(text)
            path.write_bytes(layout.pdf())
        places = signing_places(layout, document.snapshot)
        return Made(path, sha256_of(path), layout.pages, signing_places=places)

    snapshot = document.snapshot

    def front(context: Front) -> str:
        return front_html(document, context)

    parts = parts_of(document, lambda file: _local(file, folder))
    with path.open("wb") as target:
        bound = bind(parts, front, target, tell)
    lines = zip(snapshot["contents"], bound.starts, strict=True)
    starts = [start for line, start in lines if line["part"] is not None]
    return Made(path, sha256_of(path), bound.pages, starts)


def front_html(document: Document, context: Front) -> str:
    """Cover, contents and the other pages that are made for a bound dossier."""
    fixed = {key: document.snapshot[key] for key in ("meta", "cover")}
    return html(document.kind, {**fixed, **context}, verification_of(document))


def _local(file: FieldFile, folder: Path) -> Path:
    """The stored file as one on this machine, copied only when the storage is elsewhere."""
    try:
        return Path(file.path)
    except NotImplementedError:
        path = folder / Path(file.name or "").name
        with file.open("rb") as source, path.open("wb") as target:
            shutil.copyfileobj(source, target)
        return path
