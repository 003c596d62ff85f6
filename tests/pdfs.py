"""Small files to attach."""

from __future__ import annotations

from io import BytesIO

import pikepdf


def pdf_bytes(pages: int = 1) -> bytes:
    """A sound PDF with that many empty A4 pages."""
    out = BytesIO()
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page(page_size=(595.28, 841.89))
        pdf.save(out)
    return out.getvalue()
