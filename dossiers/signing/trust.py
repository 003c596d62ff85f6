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


def revocation_lists(folder: Path | None) -> list[Any]:
    """All lists of revoked certificates in a folder, PEM or DER."""
    from asn1crypto import crl, pem

    found = []
    for path in _files(folder, {".crl"}):
        try:
            content = path.read_bytes()
            if pem.detect(content):
                content = pem.unarmor(content)[2]
            loaded = crl.CertificateList.load(content, strict=True)
            _ = loaded.native  # parsed only when it is looked at
            revoked = loaded["tbs_cert_list"]["revoked_certificates"] or ()
            if not all(entry["revocation_date"].native.tzinfo for entry in revoked):
                raise TrustError(f"{path} holds a time without its zone")
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as wrong:
            raise TrustError(f"{path} is no revocation list: {wrong}") from None
        found.append(loaded)
    return found


def revoked_at(ring: Keyring, certificate: Any) -> datetime | None:
    """
    Since when a certificate is listed as revoked by its issuer.

    Also by a list that has been replaced since: nobody takes a revocation back.
    """
    entries = [
        entry["revocation_date"].native
        for found in revocation_lists(ring.revocation)
        if found.issuer == certificate.issuer
        for entry in found["tbs_cert_list"]["revoked_certificates"] or ()
        if entry["user_certificate"].native == certificate.serial_number
    ]
    return min(entries, default=None)


def context(ring: Keyring, *, moment: datetime) -> ValidationContext:
    """Whom to trust, as of `moment`; a folder that cannot be read is trusted in nothing."""
    from pyhanko_certvalidator import ValidationContext

    try:
        roots, others = certificates(ring.trust), certificates(ring.intermediates)
        lists = revocation_lists(ring.revocation)
    except TrustError:
        roots, others, lists = [], [], []
    return ValidationContext(
        trust_roots=roots,
        other_certs=others,
        crls=lists,
        moment=moment,
        # A list of today speaks of what was signed before it, too.
        retroactive_revinfo=True,
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
