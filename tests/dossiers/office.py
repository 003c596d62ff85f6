"""What a reader finds in a Word file, read by python-docx; and what LibreOffice makes of it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docx.document import Document
    from docx.shared import Length
    from docx.text.paragraph import Paragraph


# Whether it is the head of its table, and its cells: text, columns, rows.
Row = tuple[bool, list[tuple[str, int, int]]]
# What Word calls a single line, in sizes of Times New Roman.
SINGLE = 1.15


@dataclass(frozen=True)
class Shown:
    """A paragraph as one sees it: points for type, mm for the indent."""

    text: str
    size: float
    # For each sign that is not white space: bold and italic.
    signs: tuple[tuple[bool, bool], ...]
    align: str
    indent: float
    # The height of a line, in sizes of the type.
    line: float


def opened(content: bytes) -> Document:
    import docx

    return docx.Document(BytesIO(content))


def paragraphs_of(document: Document) -> Iterator[Paragraph]:
    """In order, those in tables row by row."""
    from docx.oxml.ns import qn
    from docx.text.paragraph import Paragraph

    for element in document.element.body.iter(qn("w:p")):
        yield Paragraph(element, document)


def text_of(content: bytes) -> list[str]:
    """The text of each paragraph that has any, white space made even."""
    return [text for p in paragraphs_of(opened(content)) if (text := " ".join(p.text.split()))]


def tables_in(content: bytes) -> list[list[Row]]:
    """Every table, row by row, cells that continue the one above left out."""
    from docx.oxml.ns import qn

    return [_rows(table) for table in opened(content).element.body.iter(qn("w:tbl"))]


def _rows(table: Any) -> list[Row]:
    found: list[Row] = []
    # By column: row and place of the cell that reaches down.
    above: dict[int, tuple[int, int]] = {}
    for number, row in enumerate(table.tr_lst):
        cells: list[tuple[str, int, int]] = []
        column = 0
        for cell in row.tc_lst:
            if cell.vMerge == "continue":
                at, place = above[column]
                text, columns, rows = found[at][1][place]
                found[at][1][place] = (text, columns, rows + 1)
            else:
                above[column] = (number, len(cells))
                text = "".join("".join(cell.xpath(".//w:t/text()")).split())
                cells.append((text, cell.grid_span, 1))
            column += cell.grid_span
        found.append((bool(row.xpath("w:trPr/w:tblHeader")), cells))
    return found


def shown_in(content: bytes) -> list[Shown]:
    return [_shown(p) for p in paragraphs_of(opened(content)) if p.text.strip()]


def _shown(paragraph: Paragraph) -> Shown:
    style: Any = paragraph.style
    signs = [
        (_first(run.bold, style.font.bold), _first(run.italic, style.font.italic))
        for run in paragraph.runs
        for sign in run.text
        if not sign.isspace()
    ]
    align = _first(paragraph.alignment, style.paragraph_format.alignment)
    indent: Length = style.paragraph_format.first_line_indent
    return Shown(
        text="".join(paragraph.text.split()),
        size=style.font.size.pt,
        signs=tuple(signs),
        align=align.name.lower(),
        indent=round(indent.mm, 1),
        line=round(style.paragraph_format.line_spacing * SINGLE, 2),
    )


def _first(own: Any, inherited: Any) -> Any:
    return inherited if own is None else own


def pages_by_libreoffice(files: Mapping[str, bytes], folder: Path) -> dict[str, bytes]:
    """Each file as PDF, all in one run of LibreOffice."""
    for name, content in files.items():
        (folder / f"{name}.docx").write_bytes(content)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = ["soffice", "--headless", profile, "--convert-to", "pdf", "--outdir", str(folder)]
    names = [str(folder / f"{name}.docx") for name in files]
    subprocess.run([*command, *names], check=True, capture_output=True, timeout=300)
    return {name: (folder / f"{name}.pdf").read_bytes() for name in files}
