"""Pages of many papers in one file, to be printed in one go: those to be signed, or all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from dossiers import rendering
from dossiers.binding import BindingError
from dossiers.documents.pages import html
from dossiers.models import Batch, Document
from dossiers.telling import LAID_OUT, WRITTEN, Tell

if TYPE_CHECKING:
    from pikepdf import Page, Pdf

# Whose papers have a place to sign, in the order in which they lie in a dossier.
SIGNED = (
    Document.Kind.LETTER,
    Document.Kind.MINUTES,
    Document.Kind.LIST,
    Document.Kind.REPORT,
)
TITLES = {Document.Kind.SIGNING: "Danh mục trang ký", Document.Kind.PRINT: "Danh mục văn bản in"}
A4 = (595.28, 841.89)


class Line(TypedDict):
    """A paper on the first sheet: where it starts in this file, and which pages it gives."""

    kind: str
    subject: str
    unit: str
    number: str
    pages: str
    start: int


def print_snapshot(
    batch: Batch, kind: str, sort: str, documents: Sequence[Document]
) -> dict[str, Any]:
    """What is to be printed; `sort` is one kind of paper, "" for all of them."""
    of = f" – {Document.Kind(sort).label}" if sort else ""
    agency = batch.campaign.agency.name
    title = TITLES[Document.Kind(kind)]
    return {
        "meta": {"title": f"{title}{of} – {batch.campaign.name}", "author": agency},
        "title": title.upper(),
        "scope": (Document.Kind(sort).label if sort else "Tất cả các loại văn bản"),
        "campaign": batch.campaign.name,
        "duplex": kind == Document.Kind.PRINT,
        "sort": sort,
        "papers": [
            {
                "document": row.pk,
                "kind": row.get_kind_display(),
                "subject": row.subject,
                "unit": row.dossier.unit.name if row.dossier else "",
                "number": row.number,
            }
            for row in documents
        ],
    }


def print_pages(
    document: Document, local: Callable[[Any], Path], target: Path, tell: Tell
) -> tuple[int, list[int]]:
    """Write the file; how many pages it has, and the page that each paper starts on (from 1)."""
    from io import BytesIO

    from pikepdf import ObjectStreamMode, Pdf, String

    snapshot = document.snapshot
    duplex = snapshot["duplex"]
    parts = list(document.parts.select_related("document").order_by("position"))
    bound = Pdf.new()
    sources: list[Pdf] = []
    taken: list[list[Page]] = []
    numbers: list[list[int]] = []
    for count, part in enumerate(parts, 1):
        assert part.document is not None
        source = _read(part.document, local)
        sources.append(source)
        wanted = range(1, len(source.pages) + 1) if duplex else _signed(part.document)
        numbers.append(list(wanted))
        taken.append([source.pages[number - 1] for number in wanted])
        tell(LAID_OUT * count // len(parts))
    lengths = [_even(len(pages)) if duplex else len(pages) for pages in taken]
    made, starts = _front(snapshot, parts, numbers, lengths)
    sheets = Pdf.open(BytesIO(made.pdf()))
    bound.pages.extend(sheets.pages)
    for start, pages in zip(starts, taken, strict=True):
        _fill(bound, start - 1)
        bound.pages.extend(pages)
    if duplex:
        _fill(bound, _even(len(bound.pages)))
    for page in bound.pages:
        # Of the structure of the paper, which is not taken along.
        for key in ("/Annots", "/StructParents", "/Tabs"):
            if key in page:
                del page[key]
    bound.Root.Lang = String("vi")
    for key in ("/Title", "/Author"):
        if key in sheets.docinfo:
            bound.docinfo[key] = String(str(sheets.docinfo[key]))
    bound.save(target, object_stream_mode=ObjectStreamMode.generate, deterministic_id=True)
    tell(WRITTEN)
    return len(bound.pages), starts


def _read(document: Document, local: Callable[[Any], Path]) -> Pdf:
    """In memory, for a process may not have as many files open as a batch has papers."""
    from io import BytesIO

    from pikepdf import Pdf, PdfError

    try:
        return Pdf.open(BytesIO(local(document.file).read_bytes()))
    except PdfError:
        raise BindingError(f"Tệp của văn bản “{document}” bị hỏng nên không in được.") from None


def _signed(document: Document) -> list[int]:
    """The pages that somebody signs; without a note of them, the last."""
    found = sorted({place["page"] for place in document.signing_places})
    return found or [document.signing_page or document.pages or 1]


def _even(pages: int) -> int:
    return pages + pages % 2


def _fill(bound: Pdf, pages: int) -> None:
    """Empty backs, so that the next paper starts on the front of a sheet."""
    while len(bound.pages) < pages:
        bound.add_blank_page(page_size=A4)


def _front(
    snapshot: dict[str, Any],
    parts: Sequence[Any],
    numbers: Sequence[Sequence[int]],
    lengths: Sequence[int],
) -> tuple[rendering.Layout, list[int]]:
    """The list of what follows; laid out again when it is longer than was thought."""
    front, found = 0, 1
    while found != front:
        front = found
        first = _even(front) if snapshot["duplex"] else front
        starts = [first + 1 + sum(lengths[:i]) for i in range(len(lengths))]
        lines: list[Line] = [
            {
                "kind": paper["kind"],
                "subject": paper["subject"],
                "unit": paper["unit"],
                "number": paper["number"],
                "pages": _of(part.document, wanted, whole=snapshot["duplex"]),
                "start": start,
            }
            for paper, part, wanted, start in zip(
                snapshot["papers"], parts, numbers, starts, strict=True
            )
        ]
        layout = rendering.lay_out(html(Document.Kind.SIGNING, {**snapshot, "lines": lines}))
        found = layout.pages
    return layout, starts


def _of(document: Document, wanted: Sequence[int], *, whole: bool) -> str:
    """ "3/5" or "3, 4/5": which pages of the paper; of a whole one, how many."""
    if whole:
        return str(document.pages)
    return f"{', '.join(map(str, wanted))}/{document.pages}"
