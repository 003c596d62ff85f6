"""The bound dossier: its contents as a snapshot, and its parts as files to be bound."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from dossiers.binding import Medium, Part
from dossiers.digests import canonical
from dossiers.documents.reports import Paper
from dossiers.models import Attachment, Document

GROUPS = {
    "collective": "Báo cáo thành tích của tập thể",
    "individual": "Báo cáo thành tích của cá nhân",
}
ENCLOSED = "Tài liệu kèm theo"


def bound_snapshot(
    frozen: dict[str, Any], papers: Sequence[Paper], attachments: Sequence[Attachment]
) -> dict[str, Any]:
    """
    Cover and contents, with a digest of each part: equal snapshots make equal dossiers.

    `part` counts the parts that have pages of their own, in order; headings have none.
    """
    contents: list[dict[str, Any]] = []
    group, part = "", 0
    for paper in papers:
        if paper.group != group:
            group = paper.group
            contents.append(_line(GROUPS[group], 1))
        level = 2 if group else 1
        contents.append(_line(paper.title, level, part, digest(paper.snapshot)))
        part += 1
    titles = {row["pk"]: row["title"] for row in frozen["attachments"]}
    for attachment in attachments:
        if group != ENCLOSED:
            group = ENCLOSED
            contents.append(_line(ENCLOSED, 1))
        title = titles.get(attachment.pk, attachment.name)
        contents.append(_line(title, 2, part, attachment.sha256))
        part += 1
    agency = frozen["cover"]["agency"]
    return {
        "meta": {"title": f"{frozen['cover']['title']} – {agency}", "author": agency},
        "cover": frozen["cover"],
        "contents": contents,
    }


def _line(title: str, level: int, part: int | None = None, source: str = "") -> dict[str, Any]:
    return {"title": title, "level": level, "part": part, "digest": source}


def digest(snapshot: dict[str, Any]) -> str:
    """SHA-256 of the snapshot's canonical form."""
    return hashlib.sha256(canonical(snapshot).encode()).hexdigest()


MEDIA = {
    Attachment.Type.PDF: Medium.PDF,
    Attachment.Type.JPEG: Medium.IMAGE,
    Attachment.Type.PNG: Medium.IMAGE,
    Attachment.Type.DOCX: Medium.WORD,
}


def parts_of(bound: Document, local: Callable[[Any], Path]) -> list[Part]:
    """What is bound, in order; `local` brings a stored file to this machine."""
    rows = list(bound.parts.select_related("document", "attachment"))
    parts = []
    for line in bound.snapshot["contents"]:
        if line["part"] is None:
            parts.append(Part(line["title"], Medium.HEADING, level=line["level"]))
            continue
        row = rows[line["part"]]
        if row.document:
            made = local(row.document.file)
            part = Part(line["title"], Medium.PDF, made, line["level"], is_tagged=True)
        else:
            assert row.attachment is not None
            medium = MEDIA[Attachment.Type(row.attachment.content_type)]
            bound_file = row.attachment.normal or row.attachment.file
            path = None if medium is Medium.WORD else local(bound_file)
            part = Part(line["title"], medium, path, line["level"], row.attachment.name)
        parts.append(part)
    return parts
