"""One signature more on a PDF, as an incremental update: those before it stay valid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from dossiers.rendering import Box
from dossiers.signing.keys import Key, Keyring
from dossiers.signing.marks import MM, Mark, mark_of
from dossiers.signing.opening import SigningError
from dossiers.signing.stamping import time_stamper

if TYPE_CHECKING:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.signers import PdfSigner, Signer
    from pyhanko.sign.signers.pdf_signer import PdfSigningSession


@dataclass(frozen=True)
class Signed:
    """What a certificate says of itself, as it is kept beside the file."""

    signer: str
    issuer: str
    serial: str
    fingerprint: str
    has_timestamp: bool


@dataclass(frozen=True)
class Widget:
    """The mark of a signature that the file bears already."""

    page: int
    box: Box


def facts(signer: Signer, *, has_timestamp: bool) -> Signed:
    certificate = signer.signing_cert
    assert certificate is not None
    return Signed(
        signer=common_name(certificate.subject),
        issuer=common_name(certificate.issuer),
        serial=f"{certificate.serial_number:X}"[:64],
        fingerprint=certificate.sha256.hex(),
        has_timestamp=has_timestamp,
    )


def common_name(name: Any) -> str:
    """The name by which people know whom a certificate is of."""
    parts = name.native
    found = parts.get("common_name") or parts.get("organization_name") or name.human_friendly
    return ", ".join(found)[:200] if isinstance(found, list) else str(found)[:200]


def sign_file(
    source: Path,
    target: Path,
    *,
    key: Key,
    ring: Keyring,
    signer: Signer,
    place: dict[str, Any] | None,
    lines: Sequence[str],
    at: datetime,
) -> None:
    """
    Write `source` with one signature more to `target`, whose folder is for scratch.

    Raises `SigningError` when the file or the authority of time stamps does not allow it.
    """
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
    from pyhanko.sign.general import SigningError as NotSigned
    from pyhanko.sign.signers import PdfSignatureMetadata
    from pyhanko.sign.timestamps.common_utils import TimestampRequestError

    with source.open("rb") as original, target.open("w+b") as output:
        try:
            writer = _writer()(original, strict=False)
            before = widgets(writer)
            mark = _mark(writer, key, place, before, lines)
            name = f"ChuKySo{len(before) + 1}"
            pdf_signer = _at(at)(
                PdfSignatureMetadata(
                    field_name=name,
                    subfilter=SigSeedSubFilter.PADES,
                    name=common_name(signer.signing_cert.subject) if signer.signing_cert else None,
                ),
                signer=signer,
                timestamper=time_stamper(ring),
                stamp_style=mark.style(target.parent),
                new_field_spec=SigFieldSpec(
                    name,
                    on_page=mark.page - 1,
                    box=mark.box,  # type: ignore[arg-type]
                    readable_field_name=key.label,
                ),
            )
            pdf_signer.sign_pdf(writer, output=output)
        except TimestampRequestError:
            raise SigningError(
                "Không lấy được dấu thời gian từ máy chủ cấp dấu thời gian; hãy thử lại sau."
            ) from None
        except (NotSigned, PdfError) as error:
            raise SigningError(f"Không ký được tệp này ({error}).") from None


def widgets(writer: IncrementalPdfFileWriter) -> list[Widget]:
    """The marks of the signatures in the file, in their order."""
    pages = {
        writer.prev.find_page_for_modification(i)[0].reference: i + 1
        for i in range(int(writer.root["/Pages"]["/Count"]))
    }
    found = []
    for embedded in writer.prev.embedded_signatures:
        field = embedded.sig_field
        left, bottom, right, top = (float(edge) for edge in field["/Rect"])
        found.append(Widget(pages[field.raw_get("/P").reference], (left, bottom, right, top)))
    return found


def _mark(
    writer: IncrementalPdfFileWriter,
    key: Key,
    place: dict[str, Any] | None,
    before: Sequence[Widget],
    lines: Sequence[str],
) -> Mark:
    first = writer.prev.find_page_for_modification(0)[0].get_object()
    left, bottom, right, top = (float(edge) for edge in first["/MediaBox"])
    return mark_of(
        key,
        place=place,
        signed=[old.box for old in before if place and _stands_in(old, place)],
        page_size=(right - left, top - bottom),
        texts=sum(_is_corner(old, top) for old in before),
        lines=lines,
    )


def _stands_in(old: Widget, place: dict[str, Any]) -> bool:
    left, bottom, right, top = place["box"]
    x, y = (old.box[0] + old.box[2]) / 2, (old.box[1] + old.box[3]) / 2
    return bool(old.page == place["page"] and left <= x <= right and bottom <= y <= top)


def _is_corner(old: Widget, top: float) -> bool:
    """Whether a mark stands in the upper margin of the first page, where only text does."""
    return old.page == 1 and old.box[3] > top - 20 * MM


def _writer() -> type[IncrementalPdfFileWriter]:
    """Leaves title, author and maker as the archive wants them: said alike in both places."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    class Appending(IncrementalPdfFileWriter):
        def _update_meta(self) -> None:
            return

    return Appending


def _at(at: datetime) -> type[PdfSigner]:
    """Signing at the time of the act, in the time of Vietnam, not whenever the library looks."""
    from pyhanko.sign.signers import PdfSigner

    class At(PdfSigner):
        def init_signing_session(self, *args: Any, **kwargs: Any) -> PdfSigningSession:
            session = super().init_signing_session(*args, **kwargs)
            session.system_time = timezone.localtime(at).replace(microsecond=0)
            return session

    return At
