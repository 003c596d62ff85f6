"""Our whole job beside WeasyPrint alone, document by document in one process."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from django.utils import timezone

from dossiers import actions, rendering
from dossiers.binding import Front, bind
from dossiers.documents import html, parts_of, verification_of
from dossiers.documents.making import front_html
from dossiers.models import Document


@dataclass
class Pair:
    """Seconds of each document: the whole job, and WeasyPrint on the same HTML."""

    whole: list[float] = field(default_factory=list)
    alone: list[float] = field(default_factory=list)


def weasyprint_alone(page: str, target: Path) -> None:
    """As anybody would call it, given what is kept: the style sheet parsed, the fonts found."""
    from weasyprint import HTML

    style_sheet, fonts = rendering.style()
    options: dict[str, Any] = {"pdf_variant": rendering.VARIANT, "output_intent": rendering.INTENT}
    HTML(string=page).write_pdf(target, stylesheets=[style_sheet], font_config=fonts, **options)


def measure(rows: Sequence[Document], folder: Path) -> Pair:
    """In turns, so that a machine that is busy for a while slows both sides alike."""
    found = Pair()
    weasyprint_alone(page_of(rows[0]), folder / "warm.pdf")
    for number, row in enumerate(rows):
        if number % 2:
            found.whole.append(_whole(row))
        page = page_of(row)
        began = time.perf_counter()
        weasyprint_alone(page, folder / "alone.pdf")
        found.alone.append(time.perf_counter() - began)
        if not number % 2:
            found.whole.append(_whole(row))
    return found


def _whole(row: Document) -> float:
    """From the claim to the row that says the file is there."""
    began = time.perf_counter()
    made = actions.make_document(pk=row.pk, clock=timezone.now)
    seconds = time.perf_counter() - began
    if not made:
        row.refresh_from_db()
        raise RuntimeError(f"{row}: {row.error or row.state}")
    return seconds


def page_of(row: Document) -> str:
    """The HTML that is laid out for a paper, or for the front of a bound dossier."""
    if row.kind != Document.Kind.DOSSIER:
        return html(row.kind, row.snapshot, verification_of(row))
    asked: list[str] = []

    def front(context: Front) -> str:
        asked.append(front_html(row, context))
        return asked[-1]

    bind(parts_of(row, lambda file: Path(file.path)), front, BytesIO())
    return asked[-1]
