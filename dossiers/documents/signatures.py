"""What is known of the signatures of a paper: the rows, and what its file says now."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.db.models.fields.files import FieldFile

from dossiers.digests import sha256_of
from dossiers.models import Signature
from dossiers.signing import trust
from dossiers.signing.keys import Keyring
from dossiers.signing.validation import Seen, examine

CHANGED = "Tệp đã bị thay đổi sau khi ký."
GONE = "Không đọc được tệp trên máy chủ."
MISSING = "Không tìm thấy chữ ký này trong tệp."
BROKEN = "Nội dung đã bị thay đổi sau khi ký."


@dataclass(frozen=True)
class Finding:
    """One signature: what was kept when it was made, and what the newest file says of it."""

    signature: Signature
    seen: Seen | None
    problem: str

    @property
    def is_valid(self) -> bool:
        return not self.problem

    @property
    def is_trusted(self) -> bool:
        return self.seen is not None and self.seen.trusted


def is_unchanged(file: FieldFile, sha256: str) -> bool:
    """Whether the stored file is, byte by byte, what it was."""
    try:
        return sha256_of(file) == sha256
    except OSError:
        return False


def findings(signatures: Sequence[Signature], ring: Keyring) -> list[Finding]:
    """The signatures of one paper in their order, checked in the newest of its files."""
    if not signatures:
        return []
    newest = signatures[-1]
    try:
        digest = sha256_of(newest.file)
    except OSError:
        return [Finding(row, None, GONE) for row in signatures]
    if digest != newest.sha256:
        # Also where no signature covers the change. What it says now is nobody's word: not read.
        return [Finding(row, None, CHANGED) for row in signatures]
    seen = _seen(newest, digest, signatures, ring)
    found = []
    for index, row in enumerate(signatures):
        one = seen[index] if index < len(seen) else None
        found.append(Finding(row, one, _problem(row, one)))
    return found


def _problem(row: Signature, seen: Seen | None) -> str:
    if seen is None or (seen.fingerprint and seen.fingerprint != row.fingerprint):
        return MISSING
    if seen.problem:
        return seen.problem
    return "" if seen.is_valid else BROKEN


def _seen(
    newest: Signature, digest: str, signatures: Sequence[Signature], ring: Keyring
) -> list[Seen]:
    """Worked out once for each file and each set of trusted certificates."""
    used = {row.fingerprint: row.signed_at for row in signatures}
    key = hashlib.sha256(
        f"{digest} {trust.fingerprint(ring)} {sorted(used.items())}".encode()
    ).hexdigest()
    known: list[Seen] | None = cache.get(f"signatures:{key}")
    if known is not None:
        return known

    def moment(fingerprint: str) -> datetime:
        return used.get(fingerprint, newest.signed_at)

    with newest.file.open("rb") as stored:
        found = examine(stored, ring, moment=moment)  # type: ignore[arg-type]
    cache.set(f"signatures:{key}", found)
    return found
