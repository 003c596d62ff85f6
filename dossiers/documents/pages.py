"""A snapshot laid into its template; nothing here reads the database or the clock."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from django.template import Context
from django.template.loader import get_template

TEMPLATES = {
    "report": "documents/report.html",
    "letter": "documents/letter.html",
    "minutes": "documents/minutes.html",
    "list": "documents/list.html",
    "dossier": "documents/bound.html",
    "signing": "documents/print.html",
}
# Word leaves such signs in what is copied out of it; the XML in a PDF cannot hold them.
FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def html(
    kind: str, snapshot: Mapping[str, Any], verification: Mapping[str, object] | None = None
) -> str:
    """
    The page of one document; numbers are printed as the snapshot has them.

    `verification` (code, address, qr) is that of an issued paper, None of a draft.
    """
    return filled(TEMPLATES[kind], snapshot, verification)


def filled(
    name: str, snapshot: Mapping[str, Any], verification: Mapping[str, object] | None = None
) -> str:
    """
    The page of what has a template of this name, be it a kind of document or not.

    In NFC, as the decree asks, also where a name was typed letter and mark apart.
    """
    template = get_template(name)
    context = {**snapshot, "verification": verification}
    page: str = template.template.render(Context(context, use_l10n=False))  # type: ignore[attr-defined]
    return unicodedata.normalize("NFC", FORBIDDEN.sub(" ", page))
