"""A document between HTML and Word: paragraphs and tables, in sections."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from dossiers.word.decree import LOOKS, Look


@dataclass(frozen=True)
class Run:
    text: str
    bold: bool = False
    italic: bool = False
    underline: bool = False
    raised: str = ""


@dataclass
class Paragraph:
    """`before`, `after` in points where they differ from those of the look; `sides` in mm."""

    style: str
    runs: list[Run] = field(default_factory=list)
    before: float | None = None
    after: float | None = None
    sides: tuple[float, float] | None = None
    align: str = ""
    keep: bool = False
    # In points, if it does not follow the text; with a rule below it, or a frame around it.
    height: float = 0.0
    ruled: bool = False
    framed: bool = False

    @property
    def look(self) -> Look:
        return LOOKS[self.style]

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)

    def hold(self) -> None:
        """Never part from what follows."""
        self.keep = True


@dataclass
class Cell:
    """`merge`: "" for a cell of one row, "restart" for the first of several, else "continue"."""

    blocks: list[Block]
    span: int = 1
    merge: str = ""
    middle: bool = False

    def hold(self) -> None:
        for block in self.blocks:
            block.hold()


@dataclass
class Row:
    cells: list[Cell]
    head: bool = False

    def hold(self) -> None:
        for cell in self.cells:
            cell.hold()


@dataclass
class Table:
    """Columns in mm."""

    rows: list[Row]
    columns: list[float]
    ruled: bool = False
    centred: bool = False
    padding: float = 0.0

    def hold(self) -> None:
        """The last row never parts from what follows."""
        if self.rows:
            self.rows[-1].hold()

    def hold_together(self) -> None:
        for row in self.rows[:-1]:
            row.hold()


Block = Paragraph | Table


@dataclass
class Section:
    """Pages of one direction; an appendix counts its own."""

    landscape: bool = False
    own_numbers: bool = False
    blocks: list[Block] = field(default_factory=list)


def paragraphs(blocks: list[Block]) -> Iterator[Paragraph]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block
        else:
            for row in block.rows:
                for cell in row.cells:
                    yield from paragraphs(cell.blocks)
