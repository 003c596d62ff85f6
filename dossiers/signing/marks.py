"""
What a signature looks like on the page, and where (Nghị định 30/2020/NĐ-CP, Phụ lục I, mục II).

A person's is a blue picture of the handwriting between position and name; an organisation's a red
picture of the seal in its real size over the left third of it. A paper without a place for that
bears text at the upper right of its first page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.template import Context
from django.template.loader import get_template
from django.utils import timezone

from dossiers.rendering import Box, lay_out
from dossiers.signing.keys import Key
from dossiers.signing.opening import TELL, SigningError

if TYPE_CHECKING:
    from PIL.Image import Image
    from pyhanko.stamp import StaticStampStyle

MM = 72 / 25.4
# As the style sheet has them for the body class "mark".
TEXT_WIDTH, TEXT_HEIGHT = 80 * MM, 16 * MM
# Of the four lines that have room, the signer may take two.
LONGEST_SIGNER = 70
# From the edges of the first page: inside the margins that the decree gives.
TOP, RIGHT = 4 * MM, 15 * MM
# A handwritten signature, unless its key says how wide; a seal as the police register most of them.
SIGNATURE_WIDTH, SEAL_WIDTH = 45 * MM, 36 * MM
# Kept free above the name and below the position.
GAP = 1 * MM
MAX_PIXELS = 4_000_000


@dataclass(frozen=True)
class Mark:
    """`page` from 1; `box` in points from the lower left corner: a picture, or lines of text."""

    page: int
    box: Box
    picture: Path | None = None
    lines: tuple[str, ...] = ()

    def style(self, folder: Path) -> StaticStampStyle:
        from pyhanko.pdf_utils.content import ImportedPdfPage
        from pyhanko.pdf_utils.images import PdfImage
        from pyhanko.pdf_utils.layout import (
            AxisAlignment,
            BoxConstraints,
            Margins,
            SimpleBoxLayoutRule,
        )
        from pyhanko.stamp import StaticStampStyle

        content: Any
        if self.picture:
            left, bottom, right, top = self.box
            size = BoxConstraints(width=right - left, height=top - bottom)
            content = PdfImage(drawn(self.picture), box=size)
        else:
            path = folder / "mark.pdf"
            path.write_bytes(_text(self.lines))
            content = ImportedPdfPage(str(path))
        middle = AxisAlignment.ALIGN_MID
        fitted = SimpleBoxLayoutRule(middle, middle, margins=Margins.uniform(0))
        return StaticStampStyle(
            border_width=0, background=content, background_layout=fitted, background_opacity=1
        )


def mark_of(
    key: Key,
    *,
    place: Mapping[str, Any] | None,
    signed: Sequence[Box],
    page_size: tuple[float, float],
    texts: int,
    lines: Sequence[str],
) -> Mark:
    """
    The mark of the next signature.

    `place` is where its signer signs, None when the paper has no such place; `signed` the marks
    that stand there already, `texts` how many stand at the upper right of the first page.
    """
    if place and key.image:
        box = tuple(place["box"])
        assert len(box) == 4
        aspect = _aspect(key.image)
        if key.is_personal:
            return Mark(place["page"], signature_box(box, aspect, key.image_mm), key.image)
        beside = signed[-1] if signed else signature_box(box, 2.5, None)
        return Mark(place["page"], seal_box(beside, aspect, key.image_mm), key.image)
    if place and key.is_personal and not signed:
        left, bottom, right, top = place["box"]
        x, y = (left + right) / 2, (bottom + top) / 2
        half = min(TEXT_WIDTH, right - left) / 2
        within = (x - half, y - TEXT_HEIGHT / 2, x + half, y + TEXT_HEIGHT / 2)
        return Mark(place["page"], within, lines=tuple(lines))
    return Mark(1, corner_box(page_size, texts), lines=tuple(lines))


def signature_box(space: Box, aspect: float, width_mm: float | None) -> Box:
    """Centred in the space between position and name, no larger than it."""
    left, bottom, right, top = space
    width = min(width_mm * MM if width_mm else SIGNATURE_WIDTH, right - left)
    height = width / aspect
    most = top - bottom - 2 * GAP
    if height > most:
        width, height = most * aspect, most
    x, y = (left + right) / 2, (bottom + top) / 2
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def seal_box(signature: Box, aspect: float, width_mm: float | None) -> Box:
    """In real size, over the left third of the signature."""
    left, bottom, right, top = signature
    width = width_mm * MM if width_mm else SEAL_WIDTH
    height = width / aspect
    edge, y = left + (right - left) / 3, (bottom + top) / 2
    return edge - width, y - height / 2, edge, y + height / 2


def corner_box(page_size: tuple[float, float], texts: int) -> Box:
    """The upper right corner of the page; the second beside the first, the third below it."""
    width, height = page_size
    right = width - RIGHT - (texts % 2) * TEXT_WIDTH
    top = height - TOP - (texts // 2) * TEXT_HEIGHT
    return right - TEXT_WIDTH, top - TEXT_HEIGHT, right, top


def mark_lines(*, number: str, code: str, signer: str, at: datetime) -> list[str]:
    """Number and symbol, the time in ISO 8601 of Vietnam, and the signer."""
    time = timezone.localtime(at).isoformat(timespec="seconds")
    if len(signer) > LONGEST_SIGNER:
        signer = f"{signer[: LONGEST_SIGNER - 1].rstrip()}…"
    return [
        f"Số: {number}" if number else f"Mã văn bản: {code}",
        f"Thời gian ký: {time}",
        f"Ký bởi: {signer}",
    ]


def drawn(path: Path) -> Image:
    """The picture without the empty space around it."""
    from PIL import Image

    try:
        with Image.open(path, formats=("PNG",)) as source:
            if source.width * source.height > MAX_PIXELS:
                raise SigningError(f"Ảnh chữ ký, con dấu quá lớn; {TELL}.")
            image = source.convert("RGBA")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise SigningError(f"Không đọc được ảnh chữ ký, con dấu; {TELL}.") from None
    return image.crop(image.getchannel("A").getbbox())


def _aspect(path: Path) -> float:
    image = drawn(path)
    return image.width / image.height


def _text(lines: Sequence[str]) -> bytes:
    """A page as large as the mark, with its own font in it, as an archive wants it."""
    template = get_template("documents/mark.html")
    html = template.template.render(Context({"lines": lines}, use_l10n=False))  # type: ignore[attr-defined]
    return lay_out(html).document.write_pdf()  # type: ignore[no-any-return]
