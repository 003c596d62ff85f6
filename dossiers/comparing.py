"""What changed between two texts, word by word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Literal, NamedTuple

TOKEN = re.compile(r"\w+|\n|[^\w\n]")
WORD = re.compile(r"\w+")
# Texts that differ in more words than this are compared by line, and then as wholes; and so are
# those that repeat themselves so much that it takes this many steps: the answer is wanted at once.
MOST_CHANGES = 1000
MOST_STEPS = 2_000_000

Kind = Literal["same", "old", "new"]


class Piece(NamedTuple):
    """A stretch of text: in both, only in the old one, or only in the new one."""

    kind: Kind
    text: str


def changes(old: str, new: str) -> list[Piece]:
    """Both texts woven into one: without the new pieces it is the old one, and the reverse."""
    for split in (TOKEN.findall, _lines):
        before, after = split(old), split(new)
        edits = _shortest(before, after)
        if edits is not None:
            return _woven(before, after, edits)
    return [piece for piece in (Piece("old", old), Piece("new", new)) if piece.text]


def words_changed(old: str, new: str) -> int:
    """How many words came or went, without regard to their order."""
    before, after = Counter(WORD.findall(old)), Counter(WORD.findall(new))
    return max(sum((before - after).values()), sum((after - before).values()))


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _shortest(before: Sequence[str], after: Sequence[str]) -> list[Kind] | None:
    """
    The fewest steps from one to the other, by Myers (An O(ND) Difference Algorithm, 1986).

    `reached[d][i]` is how far into `before` one gets with d changes on the i-th diagonal from the
    left. None when it takes too many changes or too long.
    """
    size, steps = (len(before), len(after)), 0
    reached: list[list[int]] = []
    for d in range(min(sum(size), MOST_CHANGES) + 1):
        row: list[int] = []
        for i in range(d + 1):
            x = _start(reached, d, i)[0]
            y = start = x - (2 * i - d)
            while x < size[0] and y < size[1] and before[x] == after[y]:
                x, y = x + 1, y + 1
            row.append(x)
            if (x, y) == size:
                return _back([*reached, row], size)
            steps += 1 + y - start
        reached.append(row)
        if steps > MOST_STEPS:
            return None
    return None


def _start(reached: Sequence[Sequence[int]], d: int, i: int) -> tuple[int, Kind | None]:
    """Where the d-th change on a diagonal leads, and which change it is."""
    if d == 0:
        return 0, None
    last = reached[d - 1]
    # A word more of `after` comes from the diagonal on the right, one less of `before` from left.
    if i == 0 or (i < d and last[i - 1] < last[i]):
        return last[i], "new"
    return last[i - 1] + 1, "old"


def _back(reached: Sequence[Sequence[int]], size: tuple[int, int]) -> list[Kind]:
    x, y = size
    found: list[Kind] = []
    for d in range(len(reached) - 1, -1, -1):
        start, kind = _start(reached, d, (x - y + d) // 2)
        found += ["same"] * (x - start)
        x, y = start, y - (x - start)
        if kind:
            found.append(kind)
            x, y = (x - 1, y) if kind == "old" else (x, y - 1)
    return found[::-1]


def _woven(before: Sequence[str], after: Sequence[str], edits: Sequence[Kind]) -> list[Piece]:
    """The words of each stretch together, between two stretches of the same the old ones first."""
    olds, news = iter(before), iter(after)
    found: list[Piece] = []
    waiting: dict[Kind, list[str]] = {"same": [], "old": [], "new": []}

    def put(*kinds: Kind) -> None:
        for kind in kinds:
            if waiting[kind]:
                found.append(Piece(kind, "".join(waiting[kind])))
                waiting[kind] = []

    for kind in edits:
        if kind == "same":
            put("old", "new")
            next(olds)
            waiting[kind].append(next(news))
        else:
            put("same")
            waiting[kind].append(next(olds if kind == "old" else news))
    put("same", "old", "new")
    return found
