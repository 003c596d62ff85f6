"""What is printed on an issued paper so that anybody can check it: code, address, QR."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from typing import TypedDict

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from dossiers.codes import grouped
from dossiers.models import Document

PATH = "/xac-thuc/"


class Verification(TypedDict):
    """`qr` is an SVG element without a size of its own: the style sheet says how large it is."""

    code: str
    address: str
    qr: SafeString


def verification_of(document: Document) -> Verification | None:
    """None for a draft: it has no code."""
    if document.code is None:
        return None
    address = document.address
    return {"code": grouped(document.code), "address": address, "qr": qr(address)}


def address_of(code: str) -> str:
    """Where it is looked up today; a paper keeps the address that it was issued with."""
    return f"{settings.SITE_URL}{PATH}{code}/"


@lru_cache(maxsize=4)
def qr(text: str) -> SafeString:
    """Kept for a moment: the front matter of a dossier may be laid out twice."""
    import segno

    target = BytesIO()
    made = segno.make(text, error="m", micro=False, boost_error=False)
    made.save(target, kind="svg", xmldecl=False, svgns=True, omitsize=True, nl=False, svgclass="qr",
              lineclass=None)  # fmt: skip
    return mark_safe(target.getvalue().decode())  # noqa: S308 (made here, of nothing but squares)
