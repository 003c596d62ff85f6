"""One bound dossier from its parts: cover, contents, bookmarks, continuous page count."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypedDict

from dossiers import rendering
from dossiers.tagging import Tagging
from dossiers.telling import LAID_OUT, WRITTEN, Tell, nobody

if TYPE_CHECKING:
    from pikepdf import Object, Page, Pdf

# The page count stands this far from the foot of the page, in points.
FOOT = 22
COUNT_SIZE = 9
COUNT_SIGNS = "Trang 0123456789/ của hồ sơ"
IMAGE_FORMATS = ("JPEG", "PNG")
MAX_PIXELS = 100_000_000


class BindingError(Exception):
    """A part that cannot be bound; the text names it and says why, in Vietnamese."""


class Medium(Enum):
    HEADING = "heading"
    PDF = "pdf"
    IMAGE = "image"
    WORD = "word"


@dataclass(frozen=True)
class Part:
    """One line of the contents, and what is bound there; a heading binds nothing of its own."""

    title: str
    medium: Medium
    path: Path | None = None
    level: int = 1
    file_name: str = ""
    # A paper made here, whose tags can be kept.
    is_tagged: bool = False

    @property
    def file(self) -> Path:
        if self.path is None:
            raise BindingError(f"Chưa có tệp của phần “{self.title}”.")
        return self.path


class Entry(TypedDict):
    """A line of the contents; `href` is turned into a link to the page."""

    title: str
    level: int
    heading: bool
    page: int
    href: str


class Sheet(TypedDict):
    """A page made for a part: an image on A4, or the sheet that stands for a Word file."""

    id: str
    title: str
    file: str
    image: str
    wide: bool


class Extent(TypedDict):
    """How much is bound: papers, and pages altogether, cover and contents among them."""

    papers: int
    pages: int


class Front(TypedDict):
    """What the template of the front matter gets, beside the cover."""

    extent: Extent
    entries: list[Entry]
    sheets: list[Sheet]
    count_signs: str


@dataclass(frozen=True)
class Bound:
    """How a dossier came out: pages altogether, and the page that each part starts on (from 1)."""

    pages: int
    front_pages: int
    starts: tuple[int, ...]


def bind(
    parts: Sequence[Part],
    front: Callable[[Front], str],
    target: BinaryIO,
    tell: Tell = nobody,
) -> Bound:
    """
    Bind the parts in order and write the dossier to `target`.

    `front` gives the HTML of cover, contents, sheets and the signs of the page count. It is asked
    again when the contents turn out longer than was thought, since that moves every page.
    """
    with ExitStack() as opened:
        sources: list[Pdf | None] = []
        for number, part in enumerate(parts, 1):
            is_pdf = part.medium is Medium.PDF
            sources.append(opened.enter_context(_open(part)) if is_pdf else None)
            tell(LAID_OUT * number // len(parts))
        bound = _bind(parts, sources, front, target)
        tell(WRITTEN)
        return bound


def _bind(
    parts: Sequence[Part],
    sources: Sequence[Pdf | None],
    front: Callable[[Front], str],
    target: BinaryIO,
) -> Bound:
    from pikepdf import Dictionary, Name, ObjectStreamMode, Pdf, String

    lengths = [
        len(source.pages) if source is not None else int(part.medium is not Medium.HEADING)
        for part, source in zip(parts, sources, strict=True)
    ]
    layout, front_pages = _lay_out(parts, lengths, front)
    starts = _starts(lengths, front_pages)

    made = _read(layout.pdf())
    bound = Pdf.new()
    tags = Tagging(bound)
    bound.pages.extend(made.pages[:front_pages])
    tags.take(made, range(front_pages), bound.pages[:front_pages])
    for index, source in enumerate(sources):
        before = len(bound.pages)
        if source is not None:
            bound.pages.extend(source.pages)
            if parts[index].is_tagged:
                tags.take(source, range(len(source.pages)), bound.pages[before:])
            else:
                tags.skip()
        elif lengths[index]:
            number = layout.page_of(_sheet_id(index))
            bound.pages.append(made.pages[number])
            tags.take(made, [number], bound.pages[before:])
    tags.finish()

    _link_contents(bound, front_pages)
    _count_pages(bound, _lettering(made.pages[layout.page_of("count")]))
    _add_bookmarks(bound, parts, starts, contents=layout.page_of("contents"))
    bound.Root.PageMode = Name.UseOutlines
    bound.Root.Lang = String("vi")
    bound.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    for key in ("/Title", "/Author"):
        if key in made.docinfo:
            bound.docinfo[key] = String(str(made.docinfo[key]))
    bound.save(
        target,
        object_stream_mode=ObjectStreamMode.generate,
        compress_streams=True,
        deterministic_id=True,
    )
    return Bound(len(bound.pages), front_pages, tuple(starts))


def _starts(lengths: Sequence[int], front_pages: int) -> list[int]:
    """The page that each part starts on; a heading starts where the part after it does."""
    return [front_pages + 1 + sum(lengths[:i]) for i in range(len(lengths))]


def _lay_out(
    parts: Sequence[Part], lengths: Sequence[int], front: Callable[[Front], str]
) -> tuple[rendering.Layout, int]:
    """The front matter with right page numbers, and how many pages it takes."""
    media = (Medium.IMAGE, Medium.WORD)
    sheets = [_sheet(i, part) for i, part in enumerate(parts) if part.medium in media]
    images = {_address(i): p.file for i, p in enumerate(parts) if p.medium is Medium.IMAGE}
    first_behind = sheets[0]["id"] if sheets else "count"
    papers = sum(part.medium is not Medium.HEADING for part in parts)
    front_pages, found = 0, 1 + max(1, -(-len(parts) // 30))
    while found != front_pages:
        front_pages = found
        entries: list[Entry] = [
            {
                "title": part.title,
                "level": part.level,
                "heading": part.medium is Medium.HEADING,
                "page": start,
                "href": f"page:{start}",
            }
            for part, start in zip(parts, _starts(lengths, front_pages), strict=True)
        ]
        context: Front = {
            "extent": {"papers": papers, "pages": front_pages + sum(lengths)},
            "entries": entries,
            "sheets": sheets,
            "count_signs": COUNT_SIGNS,
        }
        layout = rendering.lay_out(front(context), images)
        found = layout.page_of(first_behind)
    return layout, front_pages


def _open(part: Part) -> Pdf:
    """The pages of a PDF part, its form fields and notes made part of the page."""
    pdf = _read(part.file, part.file_name or part.title)
    if not len(pdf.pages):
        raise BindingError(f"Tệp “{part.file_name or part.title}” không có trang nào.")
    if any("/Annots" in page for page in pdf.pages):
        pdf.generate_appearance_streams()
        pdf.flatten_annotations("screen")
    for page in pdf.pages:
        for key in ("/Annots", "/AA", "/B", "/StructParents", "/Tabs", "/PieceInfo"):
            if key in page:
                del page[key]
    return pdf


def _read(source: Path | bytes, name: str = "") -> Pdf:
    from io import BytesIO

    from pikepdf import PasswordError, Pdf, PdfError

    try:
        return Pdf.open(BytesIO(source) if isinstance(source, bytes) else source)
    except PasswordError:
        raise BindingError(f"Tệp “{name}” có mật khẩu nên không ghép được vào hồ sơ.") from None
    except PdfError:
        raise BindingError(f"Tệp “{name}” bị hỏng nên không ghép được vào hồ sơ.") from None


def _address(index: int) -> str:
    return f"part:{index}"


def _sheet_id(index: int) -> str:
    return f"sheet-{index}"


def _sheet(index: int, part: Part) -> Sheet:
    is_image = part.medium is Medium.IMAGE
    return {
        "id": _sheet_id(index),
        "title": part.title,
        "file": part.file_name,
        "image": _address(index) if is_image else "",
        "wide": is_image and _is_wide(part),
    }


def _is_wide(part: Part) -> bool:
    """Whether an image lies across the page, as the camera says it is to be held."""
    from PIL import Image, UnidentifiedImageError

    name = part.file_name or part.title
    try:
        with Image.open(part.file, formats=IMAGE_FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise BindingError(f"Ảnh “{name}” quá lớn ({image.width} × {image.height} điểm).")
            image.load()
            sideways = image.getexif().get(0x0112, 1) in (5, 6, 7, 8)
            return (image.width > image.height) is not sideways
    except (UnidentifiedImageError, OSError, SyntaxError):
        raise BindingError(f"Ảnh “{name}” bị hỏng nên không ghép được vào hồ sơ.") from None


def _link_contents(bound: Pdf, front_pages: int) -> None:
    """Turn the addresses of the contents into jumps to the pages."""
    from pikepdf import Array, Name

    for page in bound.pages[:front_pages]:
        for link in page.get("/Annots", []):
            address = str(link.A.URI)
            number = int(address.removeprefix("page:"))
            del link["/A"]
            link.Dest = Array([bound.pages[number - 1].obj, Name.Fit])


def _add_bookmarks(
    bound: Pdf, parts: Sequence[Part], starts: Sequence[int], *, contents: int
) -> None:
    from pikepdf import OutlineItem

    with bound.open_outline() as outline:
        outline.root.append(OutlineItem("Bìa hồ sơ", 0))
        outline.root.append(OutlineItem("Mục lục", contents))
        trail: list[OutlineItem] = []
        for part, start in zip(parts, starts, strict=True):
            item = OutlineItem(part.title, start - 1)
            trail = trail[: part.level - 1]
            (trail[-1].children if trail else outline.root).append(item)
            trail.append(item)


# --- "Trang 12/85 của hồ sơ" at the foot of each page ---------------------------------------------


@dataclass(frozen=True)
class Lettering:
    """A font as it lies in the file: the code and the width (of a thousand) of each sign."""

    font: Object
    codes: dict[str, bytes]
    widths: dict[bytes, float]

    def encoded(self, text: str) -> bytes:
        return b"".join(self.codes[sign] for sign in text)

    def width(self, text: str) -> float:
        return sum(self.widths[self.codes[sign]] for sign in text) * COUNT_SIZE / 1000


def _lettering(page: Page) -> Lettering:
    """
    The font of the page that the run of the front matter ends with, read off that page.

    To have the count of each page laid out instead takes longer than everything else here.
    """
    from pikepdf import Array, ContentStreamInstruction, Name, Object, String, parse_content_stream

    name, shown = Name("/none"), b""
    for instruction in parse_content_stream(page, "Tf TJ"):
        assert isinstance(instruction, ContentStreamInstruction)
        operand = instruction.operands[0]
        if isinstance(operand, Name):
            name = operand
        elif isinstance(operand, Array):
            shown += b"".join(bytes(piece) for piece in operand if isinstance(piece, String))
    codes = [shown[i : i + 2] for i in range(0, len(shown), 2)]
    if len(codes) != len(COUNT_SIGNS):
        raise BindingError("Phông chữ của máy chủ không đủ để đánh số trang hồ sơ.")
    font = page.Resources.Font[name]
    widths: dict[bytes, float] = {}
    rows = list(font.DescendantFonts[0].W)
    for first, row in zip(rows[::2], rows[1::2], strict=True):
        assert isinstance(row, Object)
        for offset, width in enumerate(row):
            widths[(int(first) + offset).to_bytes(2)] = float(width)
    return Lettering(font, dict(zip(COUNT_SIGNS, codes, strict=True)), widths)


def _count_pages(bound: Pdf, lettering: Lettering) -> None:
    """Put the page count on every page but the cover."""
    from pikepdf import Name, Stream

    total = len(bound.pages)
    font, name = bound.copy_foreign(lettering.font), Name("/PageCount")
    opening = bound.make_indirect(Stream(bound, b"q\n"))
    for number, page in enumerate(bound.pages, 1):
        if number == 1:
            continue
        text = f"Trang {number}/{total} của hồ sơ"
        matrix, page_width = _upright(page)
        x = (page_width - lettering.width(text)) / 2
        mark = (
            f"Q\nq /Artifact BMC {matrix} cm 0 g BT {name} {COUNT_SIZE} Tf {x:.2f} {FOOT} Td "
            f"<{lettering.encoded(text).hex()}> Tj ET EMC Q"
        )
        page.add_resource(font, Name.Font, name)
        page.contents_add(opening, prepend=True)
        page.contents_add(mark.encode())


def _upright(page: Page) -> tuple[str, float]:
    """The matrix from the page as it is seen, lower left corner first, and how wide it is seen."""
    x0, y0, x1, y1 = (float(edge) for edge in page.cropbox)
    turned = int(page.get("/Rotate", 0)) % 360
    matrix = {
        0: (1, 0, 0, 1, x0, y0),
        90: (0, 1, -1, 0, x1, y0),
        180: (-1, 0, 0, -1, x1, y1),
        270: (0, -1, 1, 0, x0, y1),
    }[turned]
    width = y1 - y0 if turned in (90, 270) else x1 - x0
    return " ".join(f"{value:.2f}" for value in matrix), width
