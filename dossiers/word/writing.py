"""From paragraphs and tables to WordprocessingML. Written as text: a list has 20 000 cells."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from xml.sax.saxutils import escape

from dossiers.word import decree
from dossiers.word.blocks import Block, Cell, Paragraph, Row, Run, Section, Table

TWENTIETHS = 20
PER_MM = TWENTIETHS / decree.POINT
BORDERS = ("top", "left", "bottom", "right", "insideH", "insideV")
# Half a point, three quarters and one, in eighths.
THIN, RULE, FRAME = 4, 6, 8


def _line(thick: int, colour: str = "000000") -> str:
    return f'w:val="single" w:sz="{thick}" w:space="0" w:color="{colour}"'


def twips(mm: float) -> int:
    return round(mm * PER_MM)


def points(value: float) -> int:
    return round(value * TWENTIETHS)


def body(sections: list[Section], header: str) -> Iterator[str]:
    """The content of w:body; `header` is the relation of the header with the page number."""
    for i, section in enumerate(sections):
        is_last = i == len(sections) - 1
        blocks = section.blocks
        # A section ends in a paragraph, and so does a document.
        tail = blocks[-1] if isinstance(blocks[-1], Paragraph) else _end()
        kept = blocks[:-1] if tail is blocks[-1] else blocks
        page = _page(section, header, first=i == 0)
        for block in kept:
            yield from _block(block)
        yield from _paragraph(tail, "" if is_last else page)
        if is_last:
            yield page


def _end() -> Paragraph:
    return Paragraph("Rule", height=1)


def _page(section: Section, header: str, *, first: bool) -> str:
    wide, high = (twips(side) for side in decree.PAPER)
    if section.landscape:
        wide, high = high, wide
    orientation = ' w:orient="landscape"' if section.landscape else ""
    # No number on the first page, neither of the document nor of an appendix.
    numbers = '<w:pgNumType w:start="1"/>' if section.own_numbers else ""
    title = "<w:titlePg/>" if first or section.own_numbers else ""
    top, right, bottom, left, above = (
        twips(side)
        for side in (decree.TOP, decree.RIGHT, decree.BOTTOM, decree.LEFT, decree.HEADER)
    )
    return (
        f'<w:sectPr><w:headerReference w:type="default" r:id="{header}"/>'
        f'<w:type w:val="nextPage"/><w:pgSz w:w="{wide}" w:h="{high}"{orientation}/>'
        f'<w:pgMar w:top="{top}" w:right="{right}" w:bottom="{bottom}" w:left="{left}" '
        f'w:header="{above}" w:footer="{above}" w:gutter="0"/>{numbers}{title}</w:sectPr>'
    )


def _block(block: Block) -> Iterator[str]:
    return _paragraph(block) if isinstance(block, Paragraph) else _table(block)


def _paragraph(paragraph: Paragraph, section: str = "") -> Iterator[str]:
    yield f'<w:p><w:pPr><w:pStyle w:val="{paragraph.style}"/>'
    look = paragraph.look
    if paragraph.keep and not look.keep:
        yield "<w:keepNext/>"
    if paragraph.ruled:
        yield f"<w:pBdr><w:bottom {_line(RULE)}/></w:pBdr>"
    if paragraph.framed:
        sides = "".join(f"<w:{side} {_line(FRAME, look.colour)}/>" for side in BORDERS[:4])
        yield f"<w:pBdr>{sides}</w:pBdr>"
    yield _spacing(paragraph)
    if paragraph.sides:
        left, right = (twips(side) for side in paragraph.sides)
        yield f'<w:ind w:left="{left}" w:right="{right}"/>'
    if paragraph.align and paragraph.align != look.align:
        yield f'<w:jc w:val="{paragraph.align}"/>'
    yield f"{section}</w:pPr>"
    for run in paragraph.runs:
        yield _run(run)
    yield "</w:p>"


def _spacing(paragraph: Paragraph) -> str:
    values = ""
    if paragraph.before is not None and paragraph.before != paragraph.look.before:
        values += f' w:before="{points(paragraph.before)}"'
    if paragraph.after:
        values += f' w:after="{points(paragraph.after)}"'
    if paragraph.height:
        values += f' w:line="{points(paragraph.height)}" w:lineRule="exact"'
    return f"<w:spacing{values}/>" if values else ""


def _run(run: Run) -> str:
    form = ""
    if run.bold:
        form += "<w:b/>"
    if run.italic:
        form += "<w:i/>"
    if run.underline:
        form += '<w:u w:val="single"/>'
    if run.raised:
        form += f'<w:vertAlign w:val="{"superscript" if run.raised == "sup" else "subscript"}"/>'
    form = f"<w:rPr>{form}</w:rPr>" if form else ""
    text = "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(part)}</w:t>' if part else ""
        for part in run.text.split("\n")
    )
    return f"<w:r>{form}{text}</w:r>"


def _table(table: Table) -> Iterator[str]:
    yield f'<w:tbl><w:tblPr><w:tblW w:w="{twips(sum(table.columns))}" w:type="dxa"/>'
    if table.centred:
        yield '<w:jc w:val="center"/>'
    yield '<w:tblInd w:w="0" w:type="dxa"/>'
    if table.ruled:
        sides = "".join(f"<w:{side} {_line(THIN)}/>" for side in BORDERS)
        yield f"<w:tblBorders>{sides}</w:tblBorders>"
    upright = points(2.5) if table.ruled else 0
    aside = points(table.padding)
    yield (
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar><w:top w:w="{upright}" w:type="dxa"/>'
        f'<w:left w:w="{aside}" w:type="dxa"/><w:bottom w:w="{upright}" w:type="dxa"/>'
        f'<w:right w:w="{aside}" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>'
    )
    # Rounded sums, so that every cell ends where its column does.
    edges = [twips(sum(table.columns[:i])) for i in range(len(table.columns) + 1)]
    for left, right in pairwise(edges):
        yield f'<w:gridCol w:w="{right - left}"/>'
    yield "</w:tblGrid>"
    for row in table.rows:
        yield from _row(row, edges)
    yield "</w:tbl>"


def _row(row: Row, edges: list[int]) -> Iterator[str]:
    head = "<w:tblHeader/>" if row.head else ""
    yield f"<w:tr><w:trPr><w:cantSplit/>{head}</w:trPr>"
    column = 0
    for cell in row.cells:
        end = min(column + cell.span, len(edges) - 1)
        yield from _cell(cell, edges[end] - edges[column])
        column = end
    yield "</w:tr>"


def _cell(cell: Cell, wide: int) -> Iterator[str]:
    yield f'<w:tc><w:tcPr><w:tcW w:w="{wide}" w:type="dxa"/>'
    if cell.span > 1:
        yield f'<w:gridSpan w:val="{cell.span}"/>'
    if cell.merge:
        yield f'<w:vMerge w:val="{cell.merge}"/>'
    if cell.middle:
        yield '<w:vAlign w:val="center"/>'
    yield "</w:tcPr>"
    for block in cell.blocks:
        yield from _block(block)
    yield "</w:tc>"
