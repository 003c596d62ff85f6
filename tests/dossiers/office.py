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
