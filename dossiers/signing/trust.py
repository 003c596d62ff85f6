"""The certificates that signatures are measured by; nothing is ever fetched from elsewhere."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dossiers.signing.keys import Keyring

if TYPE_CHECKING:
    from pyhanko_certvalidator import ValidationContext

SUFFIXES = {".pem", ".crt", ".cer", ".der"}


class TrustError(Exception):
    """A file among the certificates that is none."""


def certificates(folder: Path | None) -> list[Any]:
    """All certificates in the files of a folder, PEM or DER."""
    from pyhanko.keys import load_certs_from_pemder_data

    found = []
    for path in _files(folder, SUFFIXES):
        try:
            loaded = list(load_certs_from_pemder_data(path.read_bytes()))
            # Parsed only when it is looked at: what is no certificate has no subject.
            if not all(certificate.subject.human_friendly for certificate in loaded):
                raise TrustError(f"{path} holds a certificate without a name")
        except (OSError, ValueError, TypeError) as wrong:
            raise TrustError(f"{path} is no certificate: {wrong}") from None
        found += loaded
    return found


def revocation_lists(folder: Path | None) -> list[bytes]:
    return [path.read_bytes() for path in _files(folder, {".crl"})]


def context(ring: Keyring, *, moment: datetime) -> ValidationContext:
    """Whom to trust, as of `moment`; a folder that cannot be read is trusted in nothing."""
    from pyhanko_certvalidator import ValidationContext

    try:
        roots, others = certificates(ring.trust), certificates(ring.intermediates)
    except TrustError:
        roots, others = [], []
    return ValidationContext(
        trust_roots=roots,
        other_certs=others,
        crls=revocation_lists(ring.revocation),
        moment=moment,
        allow_fetching=False,
        revocation_mode="soft-fail",
    )


def fingerprint(ring: Keyring) -> str:
    """Changes when the certificates or the lists do."""
    folders = (ring.trust, ring.intermediates, ring.revocation)
    return " ".join(
        f"{path.name}:{path.stat().st_mtime_ns}:{path.stat().st_size}"
        for folder in folders
        for path in _files(folder, {*SUFFIXES, ".crl"})
    )


def _files(folder: Path | None, suffixes: set[str]) -> list[Path]:
    if folder is None:
        return []
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in suffixes)
