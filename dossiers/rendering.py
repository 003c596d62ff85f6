"""HTML to PDF. The same HTML gives the same bytes on every worker that has the same fonts."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    from weasyprint import CSS, Document
    from weasyprint.text.fonts import FontConfiguration

STYLE_SHEETS = Path("static/documents/nd30")
# In the order in which they are read: later rules win.
SUBJECTS = ("page", "text", "heading", "tables", "closing", "bound", "mark")

# Left, bottom, right, top.
Box = tuple[float, float, float, float]
# Points in a pixel of the style sheet.
PT = 0.75


class RenderingError(Exception):
    """A document that cannot be laid out; the text says why, in Vietnamese."""


@dataclass(frozen=True)
class Layout:
    """A document laid out on pages, not yet written."""

    document: Document

    @property
    def pages(self) -> int:
        return len(self.document.pages)

    def page_of(self, anchor: str) -> int:
        """The page, counted from 0, that the element with this id starts on."""
        return next(i for i, page in enumerate(self.document.pages) if anchor in page.anchors)

    def boxes(self, prefix: str) -> dict[str, tuple[int, Box]]:
        """
        The elements whose id begins so, by the rest of it: page from 1, and the box on it.

        In points from the lower left corner, as in the file: left, bottom, right, top.
        """
        return {
            anchor.removeprefix(prefix): (
                number,
                (left * PT, (page.height - bottom) * PT, right * PT, (page.height - top) * PT),
            )
            for number, page in enumerate(self.document.pages, 1)
            for anchor, (left, top, right, bottom) in page.anchors.items()
            if anchor.startswith(prefix)
        }

    def pdf(self) -> bytes:
        """The file: without a date, and without an identifier, which would pack it all twice."""
        return self.document.write_pdf()  # type: ignore[no-any-return]


def lay_out(html: str, images: Mapping[str, Path] | None = None) -> Layout:
    """Lay out one document; `images` are the only files that its HTML may name, by address."""
    from weasyprint import HTML
    from weasyprint.urls import FatalURLFetchingError

    style_sheet, fonts = style()
    try:
        source = HTML(string=html, url_fetcher=_fetcher(images or {}))
        return Layout(source.render(font_config=fonts, stylesheets=[style_sheet]))
    except FatalURLFetchingError as refused:  # not an Exception, so nobody else would catch it
        raise RenderingError(str(refused)) from None


def render_pdf(html: str) -> bytes:
    return lay_out(html).pdf()


def load() -> None:
    """Import what is slow to import, so that processes made afterwards share it."""
    import pikepdf  # noqa: F401
    import weasyprint  # noqa: F401


@cache
def style() -> tuple[CSS, FontConfiguration]:
    """The style sheet parsed, and the fonts searched, once for each process."""
    from PIL import ImageFile
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

    # WeasyPrint lets the whole process take half an image for a whole one; here none may pass.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    # WeasyPrint reports what it cannot do as warnings about each document; only errors matter here.
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    fonts = FontConfiguration()
    folder = Path(settings.BASE_DIR) / STYLE_SHEETS
    rules = "\n".join((folder / f"{subject}.css").read_text("utf-8") for subject in SUBJECTS)
    return CSS(string=rules, font_config=fonts, url_fetcher=_fetcher({})), fonts


def _fetcher(images: Mapping[str, Path]) -> Any:
    """Serves the named images and stops the rendering at any other address."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class Fetcher(URLFetcher):  # type: ignore[misc]
        def __init__(self) -> None:
            """No handlers: the base class would read the machine's certificates each time."""

        def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
            if url not in images:
                raise FatalURLFetchingError(f"Văn bản dẫn tới tài nguyên không được phép: {url}")
            return URLFetcherResponse(url, images[url].read_bytes())

    return Fetcher()
