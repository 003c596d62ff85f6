"""From the HTML of a document to paragraphs and tables, by element and class name."""

from __future__ import annotations

from dataclasses import dataclass, field

from dossiers.word import decree, tables
from dossiers.word.blocks import Block, Cell, Paragraph, Row, Run, Section, Table
from dossiers.word.decree import LOOKS
from dossiers.word.tree import BLOCKS, PARAGRAPHS, Element, Line, classes, inline, is_shown
from dossiers.word.widths import width

BY_CLASS = {
    "superior": "Superior",
    "agency": "Agency",
    "nation": "Nation",
    "motto": "Motto",
    "number": "Number",
    "dated": "Dated",
    "about": "About",
    "urgency": "Urgency",
    "decider": "Decision",
    "decides": "Decision",
    "subject": "Subject",
    "scope": "Scope",
    "centred": "Centred",
    "basis": "Basis",
    "caption": "Caption",
    "authority": "Authority",
    "hint": "Hint",
    "name": "Signer",
}
BY_TAG = {"h1": "Heading1", "h2": "Heading2", "h3": "Heading3", "h4": "Heading4", "li": "Item"}
ALIGNED = {"c": "center", "order": "center", "r": "right"}
# The direction comes with the section, and so does the count of pages.
NEW_SECTION = {"appendix", "landscape"}
# What cells with rules leave free at both sides, in points.
GRID_PADDING = 3.5


@dataclass
class Flow:
    """Blocks one below the other; margins that meet are one, as large as the larger."""

    blocks: list[Block]
    # What the next block has to leave free, beside the margins.
    padding: float = 0.0
    margins: list[float] = field(default_factory=list)
    style: str = ""

    def add(self, block: Block, top: float, bottom: float) -> None:
        self.margins.append(top)
        gap = self.padding + max(0.0, *self.margins) + min(0.0, *self.margins)
        last = self.blocks[-1] if self.blocks else None
        if isinstance(block, Paragraph):
            block.before = gap
            self.style = block.style
        elif isinstance(last, Paragraph):
            last.after = (last.after or 0.0) + gap
        elif last is not None:
            # Two tables without anything between them would be one.
            self.blocks.append(Paragraph("Rule", height=max(gap, 1), keep=True))
        self.blocks.append(block)
        self.padding = 0.0
        self.margins = [bottom]

    def hold(self) -> None:
        """What comes next stays with the last block."""
        if self.blocks:
            self.blocks[-1].hold()


def sections(body: Element) -> list[Section]:
    return _Reader(classes(body)).read(body)


class _Reader:
    def __init__(self, place: frozenset[str]) -> None:
        self.place = place
        self.landscape = "landscape" in place
        self.sections: list[Section] = []
        self.flow = Flow([])

    def read(self, body: Element) -> list[Section]:
        self._start(Section(landscape=self.landscape))
        for child in filter(is_shown, body):
            own = classes(child)
            if own & NEW_SECTION:
                self._start(Section("landscape" in own, own_numbers="appendix" in own))
                self._block(child, self.flow, self.place, self._room)
                self._start(Section(landscape=self.landscape))
            else:
                self._block(child, self.flow, self.place, self._room)
        found = [section for section in self.sections if section.blocks]
        return found or [Section(self.landscape, blocks=[Paragraph("Normal")])]

    @property
    def _room(self) -> float:
        paper = decree.PAPER[1] if self.sections[-1].landscape else decree.PAPER[0]
        return paper - decree.LEFT - decree.RIGHT

    def _start(self, section: Section) -> None:
        self.sections.append(section)
        self.flow = Flow(section.blocks)

    def _block(self, element: Element, flow: Flow, place: frozenset[str], room: float) -> None:
        own = classes(element)
        if own & {"closing", "last"}:
            flow.hold()
        if element.tag == "table":
            self._table(element, flow, place, room)
            return
        top, bottom = _margins(own)
        above = element.getprevious()
        if "recipients" in own and above is not None and "signing" in classes(above):
            top = decree.BELOW_SIGNING
        flow.margins.append(top)
        start = len(flow.blocks)
        self._children(element, flow, place | own | {element.tag}, room)
        flow.margins.append(bottom)
        if own & {"closing", "notes"}:
            _hold_together(flow.blocks[start:])

    def _children(self, element: Element, flow: Flow, place: frozenset[str], room: float) -> None:
        """A paragraph for each stretch of text between elements that stand as blocks."""
        line = Line()
        plain = Run("")
        line.add(element.text, plain)
        for child in element:
            if not is_shown(child):
                pass
            elif child.tag in BLOCKS:
                self._flush(line, element, flow, place, room)
                self._block(child, flow, place, room)
            else:
                inline(child, plain, line)
            line.add(child.tail, plain)
        self._flush(line, element, flow, place, room)

    def _flush(
        self, line: Line, element: Element, flow: Flow, place: frozenset[str], room: float
    ) -> None:
        runs = line.finish()
        if not runs:
            return
        style = _style(element, place)
        look = LOOKS[style]
        if element.tag == "li":
            runs.insert(0, Run("+ " if "level-2" in place else "- "))
        made = Paragraph(style, runs)
        if element.tag in ("td", "th") and style == "Cell":
            made.align = next((ALIGNED[name] for name in ALIGNED if name in place), "")
        if style == "Urgency":
            _stamp(made, element, room)
        top = -6.0 if style == "Scope" and flow.style == "Subject" else look.before
        is_in_cell = "grid" in place and element.tag in PARAGRAPHS
        if is_in_cell or (style == "Heading1" and "appendix" in place):
            top = 0.0
        flow.add(made, top, look.after)
        if look.rule and any(child.tag == "span" for child in element):
            self._rule(made, flow, room)

    def _rule(self, above: Paragraph, flow: Flow, room: float) -> None:
        """A rule in the middle, below a part of the text or the whole of it."""
        look = above.look
        room -= 2 * look.sides
        whole = min(width(above.text, look.size, look.bold), room)
        long = whole if look.rule == "whole" else whole * decree.RULE_PART
        side = look.sides + (room - long) / 2
        above.hold()
        made = Paragraph("Rule", height=decree.RULE_GAP, ruled=True, sides=(side, side))
        made.keep = look.keep
        bottom = flow.margins[-1]
        flow.add(made, 0, bottom)
        made.before = 0.0
        made.after = 0.0 if look.rule == "whole" else decree.RULE_GAP
        flow.style = above.style

    def _table(self, element: Element, flow: Flow, place: frozenset[str], room: float) -> None:
        own = classes(element)
        place = place | own
        lines = tables.lines(element)
        ruled = "grid" in own
        made = Table(
            rows=[],
            columns=tables.columns(element, lines, room, place),
            ruled=ruled,
            centred="to" in own,
            padding=GRID_PADDING if ruled else 0.0,
        )
        for line in lines:
            row = Row([], head=line.head)
            for spot in line.places:
                row.cells.append(self._cell(spot, line, made, place))
            made.rows.append(row)
            if line.head or "group" in classes(line.element):
                row.hold()
        if "signing" in own:
            made.hold_together()
        if made.rows:
            flow.add(made, *_margins(own))

    def _cell(
        self, spot: tables.Place, line: tables.Line, table: Table, place: frozenset[str]
    ) -> Cell:
        if spot.element is None:
            return Cell([Paragraph("Plain")], spot.columns, merge="continue")
        element = spot.element
        row = classes(line.element)
        inside = place | classes(element) | {f"row-{name}" for name in row} | {element.tag}
        padding = max((decree.PADDINGS.get(name, 0.0) for name in inside), default=0.0)
        if "signing" in place:
            padding = decree.SIGNATURE if "names" in row else 0.0
        flow = Flow([], padding=padding)
        room = sum(table.columns[spot.column : spot.column + spot.columns])
        self._children(element, flow, inside, room - 2 * table.padding * decree.POINT)
        if not flow.blocks or isinstance(flow.blocks[-1], Table):
            flow.add(Paragraph(_style(element, inside)), 0, 0)
        last = flow.blocks[-1]
        if isinstance(last, Paragraph) and flow.margins[-1] and table.ruled:
            last.after = flow.margins[-1]
        merge = "restart" if spot.rows > 1 else ""
        return Cell(flow.blocks, spot.columns, merge, middle=table.ruled)


def _stamp(paragraph: Paragraph, element: Element, room: float) -> None:
    """A frame as large as the decree says, in the middle."""
    own = frozenset().union(*map(classes, element))
    known = (decree.URGENCY[name] for name in decree.URGENCY if name in own)
    side = (room - next(known, decree.URGENCY_WIDTH)) / 2
    paragraph.framed = True
    paragraph.height = decree.URGENCY_HEIGHT / decree.POINT
    paragraph.sides = (side, side)


def _in_cell(place: frozenset[str]) -> bool:
    return bool(place & {"td", "th"})


def _margins(own: frozenset[str]) -> tuple[float, float]:
    return next((decree.BOXES[name] for name in decree.BOXES if name in own), (0.0, 0.0))


def _hold_together(blocks: list[Block]) -> None:
    for block in blocks:
        if isinstance(block, Table):
            block.hold_together()
    for block in blocks[:-1]:
        block.hold()


def _style(element: Element, place: frozenset[str]) -> str:
    own = classes(element)
    for name, style in BY_CLASS.items():
        if name in own and (name != "name" or "signing" in place):
            return style
    if "recipients" in place:
        return "RecipientsLabel" if "label" in own else "Recipient"
    if "notes" in place:
        return "Note"
    if "to" in place:
        return "To"
    if "grid" in place:
        return _style_in_grid(element, place)
    if place & {"signing", "letterhead"}:
        return "Plain"
    if _in_cell(place):
        return "To"
    return BY_TAG.get(element.tag, "Normal")


def _style_in_grid(element: Element, place: frozenset[str]) -> str:
    if "th" in place:
        return "HeadCell"
    if "row-group" in place:
        return "GroupCell"
    return "CellText" if element.tag in PARAGRAPHS else "Cell"
