"""Text as people type it, read as paragraphs, lists and tables with bold and italic words.

The marks are few and bear being read as they stand: "- " begins an item, "+ " one below it,
"| a | b |" is a row of a table, **so** is bold and _so_ is italic. A backslash before a mark makes
it an ordinary sign.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Literal, NamedTuple, NotRequired, TypedDict

# "- Đã hoàn thành", "-Đã hoàn thành", "+ Về nhân sự", but not "-5 độ".
ITEM = re.compile(r"([-–—•*+])(?:\s+|(?=[^\W\d]))(.*)")
EMPTY_ITEM = re.compile(r"[-–—•*+]")
# A row of a table, and the line that some put under its head.
ROW = re.compile(r"\|(?:(?:\\.|[^|\\])*\|)+")
CELL = re.compile(r"((?:\\.|[^|\\])*)\|")
RULE = re.compile(r"\|(?:[ :]*-[ :-]*\|)+")
# Bold words hold no further "**", italic ones no further "_" that begins a word: what is opened
# again is not searched to its end from each beginning.
MARK = re.compile(
    r"\\([\\*_|])"
    r"|\*\*(?=[^\s*])((?:\\.|(?!\*\*)[^\\])+?)(?<=\S)\*\*"
    r"|(?<!\w)_(?=[^\s_])((?:\\.|(?!(?<!\w)_(?=[^\s_]))[^\\])+?)(?<=\S)_(?!\w)"
)

# What nobody sees but what turns letters about, or parts words that are alike: control signs, marks
# of direction, joiners, soft hyphens, and the choice between two pictures of one sign.
HIDDEN = re.compile(
    "[\0-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u061c\u180e"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
# Signs that Word makes of others by itself, which the font of papers does not have: the hyphen
# that does not break, and points of lists, some in a font of their own.
SWAPPED = {ord(sign): "•" for sign in "\uf0b7\uf0a7\uf0d8\uf0fc\uf076\uf0e8‣⁃➢➤❖"}
SWAPPED |= {0x2011: "-", 0x21D2: "→", 0x2103: "°C"}


class Block(TypedDict):
    """One paragraph (`text`), one list (`items`) or one table (`head`, `rows`); marks are kept."""

    kind: Literal["p", "ul", "table"]
    text: NotRequired[str]
    level: NotRequired[int]
    items: NotRequired[list[str]]
    head: NotRequired[list[str]]
    rows: NotRequired[list[list[str]]]


class Run(NamedTuple):
    """Words of one kind of type."""

    text: str
    bold: bool = False
    italic: bool = False


def normal(text: str) -> str:
    """
    The text in NFC with plain spaces and line ends, so that equal text has equal bytes.

    Without what cannot be seen, and with signs that papers can show for some that they cannot.
    """
    text = unicodedata.normalize("NFC", HIDDEN.sub("", text).translate(SWAPPED))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(" ".join(line.split()) for line in text.split("\n")).strip()


def blocks(text: str) -> list[Block]:
    """
    Paragraphs, lists and tables of a text, in order.

    Every line is a paragraph of its own, as people mean it who press Enter once. Rows of a table
    that follow one another are one table, the first its head; short rows are filled up.
    """
    found: list[Block] = []
    rows: list[list[str]] = []
    for line in [*normal(text).split("\n"), ""]:
        if ROW.fullmatch(line):
            if not RULE.fullmatch(line):
                rows.append([cell.strip() for cell in CELL.findall(line[1:])])
            continue
        if any(any(row) for row in rows):
            found.append(_table(rows))
        rows = []
        if not line or EMPTY_ITEM.fullmatch(line):
            continue
        item = ITEM.fullmatch(line)
        if item is None:
            found.append({"kind": "p", "text": line})
            continue
        level = 2 if item[1] == "+" else 1
        last = found[-1] if found else None
        if last and last["kind"] == "ul" and last["level"] == level:
            last["items"].append(item[2])
        else:
            found.append({"kind": "ul", "level": level, "items": [item[2]]})
    return found


def _table(rows: list[list[str]]) -> Block:
    """One row alone is no head."""
    width = max(len(row) for row in rows)
    full = [row + [""] * (width - len(row)) for row in rows]
    head, body = (full[0], full[1:]) if len(full) > 1 else ([], full)
    return {"kind": "table", "head": head, "rows": body}


def runs(text: str) -> list[Run]:
    """The words of a paragraph, an item or a cell, their marks read."""
    found: list[Run] = []
    for run in _runs(text, bold=False, italic=False):
        if found and found[-1][1:] == run[1:]:
            found[-1] = run._replace(text=found[-1].text + run.text)
        else:
            found.append(run)
    return found


def _runs(text: str, *, bold: bool, italic: bool) -> Iterator[Run]:
    end = 0
    for mark in MARK.finditer(text):
        if mark.start() > end:
            yield Run(text[end : mark.start()], bold, italic)
        end = mark.end()
        escaped, strong, slanted = mark.groups()
        if escaped:
            yield Run(escaped, bold, italic)
        elif strong:
            yield from _runs(strong, bold=True, italic=italic)
        else:
            yield from _runs(slanted, bold=bold, italic=True)
    if end < len(text):
        yield Run(text[end:], bold, italic)
