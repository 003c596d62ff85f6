"""Plain text as people type it, read as paragraphs and lists."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal, NotRequired, TypedDict

# "- Đã hoàn thành", "-Đã hoàn thành", "+ Về nhân sự", but not "-5 độ".
ITEM = re.compile(r"([-–—•*+])(?:\s+|(?=[^\W\d]))(.*)")
EMPTY_ITEM = re.compile(r"[-–—•*+]")


class Block(TypedDict):
    """One paragraph (`text`), one list (`items`) or one table (`head`, `rows`)."""

    kind: Literal["p", "ul", "table"]
    text: NotRequired[str]
    level: NotRequired[int]
    items: NotRequired[list[str]]
    head: NotRequired[list[str]]
    rows: NotRequired[list[list[str]]]


def normal(text: str) -> str:
    """The text in NFC with plain spaces and line ends, so that equal text has equal bytes."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(" ".join(line.split()) for line in text.split("\n")).strip()


def blocks(text: str) -> list[Block]:
    """
    Paragraphs and lists of a text, in order.

    Every line is a paragraph of its own, as people mean it who press Enter once. A line that
    starts with "-" is an item of a list, one that starts with "+" an item below it.
    """
    found: list[Block] = []
    for line in normal(text).split("\n"):
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
