"""What a file says about the signatures in it, read from nothing but its bytes."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, BinaryIO

from dossiers.signing.keys import Keyring
from dossiers.signing.signer import common_name
from dossiers.signing.trust import TrustError, context, revoked_at

if TYPE_CHECKING:
    from pyhanko.sign.validation import PdfSignatureStatus
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

REVOKED = "Chứng thư số đã bị thu hồi trước khi ký."
BAD_STAMP = "Dấu thời gian không hợp lệ."
UNREADABLE = "Không đọc được chữ ký số: tệp đã bị thay đổi hoặc bị hỏng."


@dataclass(frozen=True)
class Seen:
    """
    One signature as the file has it.

    `intact`: what was signed is unchanged, and by this certificate; `trusted`: the certificate
    leads to one that is trusted here; `whole`: nothing was added after it; `later_allowed`: what
    was added, further signatures, is what may be added; `revoked_at`: since when its issuer lists
    the certificate as revoked, which matters when that was before it was used.
    """

    signer: str = ""
    issuer: str = ""
    fingerprint: str = ""
    at: datetime | None = None
    not_after: datetime | None = None
    stamped_at: datetime | None = None
    stamp_is_good: bool = False
    stamper: str = ""
    intact: bool = False
    trusted: bool = False
    whole: bool = False
    later_allowed: bool = False
    revoked_at: datetime | None = None
    problem: str = ""

    @property
    def is_valid(self) -> bool:
        """Whether the signature holds; whom it is trusted by is another question."""
        return self.intact and (self.whole or self.later_allowed) and not self.problem


def examine(file: BinaryIO, ring: Keyring, *, moment: Callable[[str], datetime]) -> list[Seen]:
    """
    The signatures in their order; none in a file that is no PDF.

    `moment` says when the certificate with a fingerprint was used, to be judged as of that time.
    """
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader

    # That somebody is not trusted is shown, not logged with a traceback.
    logging.getLogger("pyhanko").setLevel(logging.ERROR)
    try:
        embedded = PdfFileReader(file, strict=False).embedded_signatures
        return [_see(one, ring, moment) for one in embedded]
    except (PdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return []


def _see(embedded: EmbeddedPdfSignature, ring: Keyring, moment: Callable[[str], datetime]) -> Seen:
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.errors import SignatureValidationError
    from pyhanko.sign.validation.settings import KeyUsageConstraints

    try:
        at = moment(embedded.signer_cert.sha256.hex())
        status = validate_pdf_signature(
            embedded,
            signer_validation_context=context(ring, moment=at),
            ts_validation_context=context(ring, moment=at),
            # Both are in use for signing papers; some authorities set only the first.
            key_usage_settings=KeyUsageConstraints(
                key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False
            ),
        )
        return _seen(status, at, _revoked(ring, status))
    except (PdfError, SignatureValidationError, ValueError, KeyError, TypeError, AttributeError):
        return Seen(problem=UNREADABLE)


def _revoked(ring: Keyring, status: PdfSignatureStatus) -> datetime | None:
    """Since when the signer's certificate, or one that it rests on, is listed as revoked."""
    path = status.validation_path
    certificates = path.iter_certs(include_root=False) if path else [status.signing_cert]
    try:
        found = [revoked_at(ring, certificate) for certificate in certificates]
    except TrustError:  # said by `manage.py check`; nobody signs meanwhile
        return None
    return min(filter(None, found), default=None)


def _seen(status: PdfSignatureStatus, at: datetime, revoked: datetime | None) -> Seen:
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    certificate: Any = status.signing_cert
    stamp = status.timestamp_validity
    problem = "" if not stamp or (stamp.valid and stamp.intact) else BAD_STAMP
    if revoked and revoked <= at:
        problem = REVOKED
    return Seen(
        signer=common_name(certificate.subject),
        issuer=common_name(certificate.issuer),
        fingerprint=certificate.sha256.hex(),
        at=status.signer_reported_dt or at,
        not_after=certificate.not_valid_after,
        stamped_at=stamp.timestamp if stamp else None,
        stamp_is_good=bool(stamp and stamp.valid and stamp.intact and stamp.trusted),
        stamper=common_name(stamp.signing_cert.subject) if stamp else "",
        intact=status.intact and status.valid,
        trusted=status.trusted and problem != REVOKED,
        whole=status.coverage == SignatureCoverageLevel.ENTIRE_FILE,
        later_allowed=status.docmdp_ok is True
        and status.coverage == SignatureCoverageLevel.ENTIRE_REVISION,
        revoked_at=revoked,
        problem=problem,
    )
