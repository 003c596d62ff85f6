"""HTML to PDF. The same HTML gives the same bytes on every worker that has the same fonts."""

from __future__ import annotations

import logging
import os
import zlib
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    from pydyf import PDF, Stream
    from weasyprint import CSS, HTML, Document
    from weasyprint.css import ColorProfile
    from weasyprint.text.fonts import FontConfiguration

STYLE_SHEETS = Path("static/documents/nd30")
FONTS = Path("static/documents/fonts.conf")
# In the order in which they are read: later rules win.
SUBJECTS = ("page", "text", "heading", "tables", "closing", "bound", "mark")

# Left, bottom, right, top.
Box = tuple[float, float, float, float]
# Points in a pixel of the style sheet.
PT = 0.75
# For archives, and tagged for readers of the screen: ISO 19005-2, conformance A.
VARIANT = "pdf/a-2a"
INTENT = "srgb-2014"
# Half the time of the library's 9, for files that are larger by a hundredth.
COMPRESSION = 5


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
        """The file: without a date, its identifier a digest of what it holds."""
        return self.document.write_pdf(  # type: ignore[no-any-return]
            pdf_variant=VARIANT, output_intent=INTENT, finisher=_pack
        )


def lay_out(html: str, images: Mapping[str, Path] | None = None) -> Layout:
    """Lay out one document; `images` are the only files that its HTML may name, by address."""
    from weasyprint.urls import FatalURLFetchingError

    style_sheet, fonts = style()
    try:
        source = _paper()(string=html, url_fetcher=_fetcher(images or {}))
        document = source.render(
            font_config=fonts,
            stylesheets=[style_sheet],
            color_profiles={INTENT: copy(_colours())},
            pdf_variant=VARIANT,
            output_intent=INTENT,
        )
        return Layout(document)
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

    # WeasyPrint lets the whole process take half an image for a whole one; here none may pass.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    # WeasyPrint reports what it cannot do as warnings about each document; only errors matter here.
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    fonts = _fonts()
    folder = Path(settings.BASE_DIR) / STYLE_SHEETS
    rules = "\n".join((folder / f"{subject}.css").read_text("utf-8") for subject in SUBJECTS)
    return CSS(string=rules, font_config=fonts, url_fetcher=_fetcher({})), fonts


def _fonts() -> FontConfiguration:
    """The font of papers alone; on a machine that does not have it, whatever is there."""
    from weasyprint.text.ffi import fontconfig
    from weasyprint.text.fonts import FontConfiguration

    name = "FONTCONFIG_FILE"
    before = os.environ.get(name)
    # Read once, now: other programs that this process starts keep their own fonts.
    os.environ[name] = str(Path(settings.BASE_DIR) / FONTS)
    try:
        found = FontConfiguration()
    finally:
        os.environ.pop(name)
        if before is not None:
            os.environ[name] = before
    fonts = fontconfig.FcConfigGetFonts(found._config, fontconfig.FcSetSystem)
    return found if fonts.nfont else FontConfiguration()


@cache
def _paper() -> type[HTML]:
    """
    HTML without footnotes and without markers but of lists.

    The rules of WeasyPrint for these hold for every element, which costs six pseudo-elements each.
    """
    from weasyprint import CSS, HTML

    rules = (files("weasyprint.css") / "html5_ua.css").read_text("utf-8").splitlines()
    kept = (line for line in rules if not line.startswith(("::footnote", "::note")))
    lean = CSS(string="\n".join("li" * line.startswith("::marker") + line for line in kept))

    class Paper(HTML):  # type: ignore[misc]
        def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:
            return [lean]

    return Paper


@cache
def _colours() -> ColorProfile:
    """What the colours of a paper mean; WeasyPrint would open the file anew for each paper."""
    from weasyprint.css import ColorProfile

    original = (files("weasyprint.pdf") / "sRGB2014.icc").read_bytes()

    class Profile(ColorProfile):  # type: ignore[misc]
        # What the library gives back is another file once somebody has read the name in it.
        content = original

    return Profile(BytesIO(original), INTENT, "relative-colorimetric", (["r"], ["g"], ["b"]))


def _pack(_: Document, pdf: PDF) -> None:
    """Write each object out now, since the identifier asks for all of them once more."""
    from pydyf import Object, Stream

    class Packed(Object):  # type: ignore[misc]
        data = b""
        compressible = False

    def packed(source: Object) -> Object:
        made = Packed()
        made.number, made.generation = source.number, source.generation
        if isinstance(source, Stream) and source.compress:
            source = _compressed(source)
        made.data, made.compressible = source.data, source.compressible
        return made

    pdf.objects[:] = [one if one.free == "f" else packed(one) for one in pdf.objects]


def _compressed(source: Stream) -> Stream:
    from pydyf import Stream, _to_bytes

    content = zlib.compress(b"\n".join(map(_to_bytes, source.stream)), COMPRESSION)
    return Stream([content], {**source.extra, "Filter": "/FlateDecode"})


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
