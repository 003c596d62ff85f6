"""Signing in tests: the act in short, and what came of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings as django_settings

from dossiers import actions
from dossiers.documents.signatures import Finding, findings
from dossiers.models import Document, Signature
from dossiers.signing.keys import keyring
from emulation.models import User
from tests.factories import NOW
from tests.signing import PASSPHRASE


def sign(
    document: Document,
    key: str,
    by: User,
    *,
    secret: str = PASSPHRASE,
    place: str = "auto",
    **at: Any,
) -> Signature:
    return actions.sign(
        document=document, key=key, secret=secret, place=place, by=by, **({"at": NOW} | at)
    )


def found(document: Document) -> list[Finding]:
    return findings(list(document.signatures.order_by("position")), keyring())


def content(row: Signature | Document) -> bytes:
    return Path(row.file.path).read_bytes()


def stored() -> set[str]:
    root = Path(django_settings.MEDIA_ROOT)
    return {str(path) for path in root.rglob("*") if path.is_file()}
