"""What changed between two texts, word by word."""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

TOKEN = re.compile(r"\w+|\n|[^\w\n]")
WORD = re.compile(r"\w+")
# Beyond this many comparisons whole lines are compared: the answer is wanted at once.
MOST = 20_000_000


class Piece(NamedTuple):
    """A stretch of text: in both, only in the old one, or only in the new one."""

    kind: Literal["same", "old", "new"]
    text: str


def changes(old: str, new: str) -> list[Piece]:
    """Both texts woven into one: without the new pieces it is the old one, and the reverse."""
    before, after = TOKEN.findall(old), TOKEN.findall(new)
    if len(before) * len(after) > MOST:
        before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    found: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Piece("same", "".join(before[a:b])))
            continue
        if b > a:
            found.append(Piece("old", "".join(before[a:b])))
        if d > c:
            found.append(Piece("new", "".join(after[c:d])))
    return found


def words_changed(old: str, new: str) -> int:
    """How many words came or went, without regard to their order."""
    before, after = Counter(WORD.findall(old)), Counter(WORD.findall(new))
    return max(sum((before - after).values()), sum((after - before).values()))
