"""Which templates and style sheets lay a paper out, as one sign that changes with any of them."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

from django.conf import settings

LENGTH = 16
# All that stands between a snapshot and the bytes of its file.
FOLDERS = ("templates/documents", "static/documents")
MODULES = (
    "dossiers/binding.py",
    "dossiers/codes.py",
    "dossiers/documents/binders.py",
    "dossiers/documents/making.py",
    "dossiers/documents/pages.py",
    "dossiers/documents/prints.py",
    "dossiers/documents/verification.py",
    "dossiers/prose.py",
    "dossiers/rendering.py",
    "dossiers/tagging.py",
    "dossiers/templatetags/paper.py",
    "emulation/vietnamese.py",
)
LIBRARIES = ("weasyprint", "pydyf", "pikepdf", "segno")


@cache
def template_version() -> str:
    """The same on every machine that runs the same program; found once for each process."""
    base = Path(settings.BASE_DIR)
    files = [base / name for name in MODULES]
    for folder in FOLDERS:
        files += (path for path in (base / folder).rglob("*") if path.is_file())
    digest = hashlib.sha256()
    for path in sorted(files):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(base).as_posix()} {len(content)}\n".encode() + content)
    for name in LIBRARIES:
        digest.update(f"{name} {version(name)}\n".encode())
    return digest.hexdigest()[:LENGTH]
