"""The shape of an HTML table: which cell stands where, and how wide each column is."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest

from dossiers.word import decree
from dossiers.word.tree import BLOCKS, Element, classes, is_shown
from dossiers.word.widths import longest_word, width

# Rows that are read to find the widths of columns.
SAMPLE = 200
BREAKING = {*BLOCKS, "br"}


@dataclass(frozen=True)
class Place:
    """A cell in its row: `element` is None below a cell that spans several rows."""

    element: Element | None
    column: int
    columns: int
    rows: int = 1


@dataclass(frozen=True)
class Line:
    """A row; `element` has the classes."""

    element: Element
    places: list[Place]
    head: bool

    @property
    def end(self) -> int:
        return max((place.column + place.columns for place in self.places), default=0)


def lines(table: Element) -> list[Line]:
    found: list[Line] = []
    # Cells from rows above that reach into the next rows: column → (columns, rows left).
    hanging: dict[int, tuple[int, int]] = {}
    for row in _rows(table):
        places: list[Place] = []
        column = 0
        cells = [cell for cell in row if cell.tag in ("td", "th") and is_shown(cell)]
        while cells or column in hanging:
            if column in hanging:
                columns, left = hanging.pop(column)
                places.append(Place(None, column, columns))
                if left > 1:
                    hanging[column] = (columns, left - 1)
                column += columns
                continue
            cell = cells.pop(0)
            place = Place(cell, column, _span(cell, "colspan"), _span(cell, "rowspan"))
            places.append(place)
            column += place.columns
        for place in places:
            if place.rows > 1:
                hanging[place.column] = (place.columns, place.rows - 1)
        found.append(Line(row, places, head=row.getparent().tag == "thead"))
    return found


def columns(table: Element, rows: list[Line], room: float, own: frozenset[str]) -> list[float]:
    """In mm, as the style sheet and the content make them; `own` are all classes it stands in."""
    count = max((row.end for row in rows), default=1)
    fixed = _set_widths(table, own, rows, room)
    fixed = [wide for wide, _ in zip_longest(fixed[:count], range(count))]
    least, most = _content(own, rows, fixed)
    if own & decree.FIXED:
        rest = room - sum(filter(None, fixed))
        free = fixed.count(None)
        even = _scaled([rest / free if wide is None else wide for wide in fixed], room)
        if own & decree.BREAKING:
            return even
        heads, _ = _content(own, [row for row in rows if row.head], fixed)
        return _widened(_widened(even, heads), least)
    if "to" in own and sum(most) <= room:
        return most
    return _shared(least, most, fixed, room)


def _rows(table: Element) -> list[Element]:
    parts = [child for child in table if child.tag in ("thead", "tbody", "tfoot", "tr")]
    return [row for part in parts for row in ([part] if part.tag == "tr" else part.iter("tr"))]


def _span(cell: Element, name: str) -> int:
    value = cell.get(name, "1")
    return max(1, int(value)) if value.isdecimal() else 1


def _set_widths(
    table: Element, own: frozenset[str], rows: list[Line], room: float
) -> list[float | None]:
    """What the classes of <col>, or of the cells of the first rows, say."""
    cols = table.findall("colgroup/col")
    if cols:
        return [_set_width(own, classes(col), room) for col in cols]
    found: list[float | None] = [None] * max((row.end for row in rows), default=1)
    for row in rows[:2]:
        for place in row.places:
            if place.element is not None and place.columns == 1 and found[place.column] is None:
                found[place.column] = _set_width(own, classes(place.element), room)
    return found


def _set_width(table: frozenset[str], column: frozenset[str], room: float) -> float | None:
    for name in sorted(column):
        for key in (*(f"{kind} {name}" for kind in sorted(table)), name):
            if key in decree.PERCENT:
                return room * decree.PERCENT[key] / 100
            if key in decree.MILLIMETRES:
                return decree.MILLIMETRES[key]
    return None


def _content(
    own: frozenset[str], rows: list[Line], fixed: list[float | None]
) -> tuple[list[float], list[float]]:
    """The least and the most that each column can use."""
    size = decree.LOOKS["Cell" if "grid" in own else "To"].size
    padding = 2 * 3.5 * decree.POINT if "grid" in own else 1.0
    least = [0.0] * len(fixed)
    most = [0.0] * len(fixed)
    for row in rows[:SAMPLE]:
        for place in row.places:
            if place.element is None or place.columns > 1:
                continue
            bold = place.element.tag == "th" or place.element.find(".//strong") is not None
            texts = _texts(place.element)
            # A hair more than the text, or the last word might go to a line of its own.
            word = max(longest_word(text, size, bold) for text in texts) + padding + 0.3
            whole = max(width(text, size, bold) for text in texts) + padding + 0.3
            if "grid" not in own and place.column == 0:
                word = whole
            least[place.column] = max(least[place.column], word)
            most[place.column] = max(most[place.column], whole)
    if not own & decree.FIXED:
        for i, wide in enumerate(fixed):
            if wide is not None:
                least[i] = most[i] = max(wide, least[i])
    return least, most


def _texts(cell: Element) -> list[str]:
    """What stands on a line of its own, if the cell is as wide as it likes."""
    parts = (
        cell.itertext()
        if any(child.tag in BREAKING for child in cell)
        else ["".join(cell.itertext())]
    )
    return [" ".join(text.split()) for text in parts] or [""]


def _shared(
    least: list[float], most: list[float], fixed: list[float | None], room: float
) -> list[float]:
    """The room among the columns, as CSS 2.1 §17.5.2.2 shares it."""
    if sum(least) >= room:
        return _scaled(least, room)
    if sum(most) <= room:
        free = [0.0 if wide is not None else top for wide, top in zip(fixed, most, strict=True)]
        if not any(free):
            return _scaled(most, room)
        extra = (room - sum(most)) / sum(free)
        return [top + extra * share for top, share in zip(most, free, strict=True)]
    part = (room - sum(least)) / (sum(most) - sum(least))
    return [low + part * (top - low) for low, top in zip(least, most, strict=True)]


def _widened(widths: list[float], least: list[float]) -> list[float]:
    """Word breaks a word that is wider than its column, so that other columns give way."""
    lacking = sum(max(0.0, low - wide) for wide, low in zip(widths, least, strict=True))
    spare = sum(max(0.0, wide - low) for wide, low in zip(widths, least, strict=True))
    if not lacking or spare < lacking:
        return widths
    return [
        low if low > wide else wide - (wide - low) * lacking / spare
        for wide, low in zip(widths, least, strict=True)
    ]


def _scaled(widths: list[float], room: float) -> list[float]:
    total = sum(widths)
    return [wide * room / total for wide in widths] if total else [room / len(widths)] * len(widths)
