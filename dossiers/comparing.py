"""What changed between two texts, word by word, and between two tables, row by row."""

from __future__ import annotations

import re
from bisect import bisect
from collections import Counter, defaultdict, deque
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


# --- Rows -----------------------------------------------------------------------------------------

# How far ahead a changed row is looked for among those that came in at its place.
NEAR = 5
# Of the words of two rows, how many must be the same for one to be the other, changed.
ALIKE = 0.5

Cells = tuple[object, ...]


class RowChange(NamedTuple):
    """
    What became of a row: where it was and where it is, from 0.

    Only new, only old, moved as it is, or changed, perhaps moved as well.
    """

    kind: Literal["old", "new", "moved", "changed"]
    old: int | None
    new: int | None


def row_changes(old: Sequence[Cells], new: Sequence[Cells]) -> list[RowChange]:
    """
    What came, went and changed, in the order of the new rows; all others are the same.

    The time it takes grows no faster than n log n with the rows, however they differ.
    """
    pairs = _same_rows(old, new)
    stayed = set(_longest_rise(pairs))
    found = [RowChange("moved", *pair) for pair in pairs if pair not in stayed]
    gone = sorted({*range(len(old))} - {i for i, _ in pairs})
    come = sorted({*range(len(new))} - {j for _, j in pairs})
    anchors = sorted(stayed)
    changed = _paired(old, new, gone, come, anchors)
    found += [RowChange("changed", i, j) for i, j in changed.items()]
    found += [RowChange("new", None, j) for j in sorted({*come} - {*changed.values()})]
    found += [RowChange("old", i, None) for i in gone if i not in changed]

    def place(change: RowChange) -> tuple[int, int, int]:
        """What went is told after the last row before it that stayed."""
        if change.new is not None:
            return change.new, 0, 0
        before = bisect(anchors, (change.old or 0, -1))
        return anchors[before - 1][1] if before else -1, 1, change.old or 0

    return sorted(found, key=place)


def _same_rows(old: Sequence[Cells], new: Sequence[Cells]) -> list[tuple[int, int]]:
    """Pairs of equal rows: those at both ends, then the first such one with the first."""
    size = min(len(old), len(new))
    head = next((i for i in range(size) if old[i] != new[i]), size)
    tail = next((i for i in range(size - head) if old[-1 - i] != new[-1 - i]), size - head)
    pairs = [(i, i) for i in range(head)]
    waiting: dict[Cells, deque[int]] = defaultdict(deque)
    for j in range(head, len(new) - tail):
        waiting[new[j]].append(j)
    middle = range(head, len(old) - tail)
    pairs += [(i, waiting[old[i]].popleft()) for i in middle if waiting.get(old[i])]
    ends = zip(range(len(old) - tail, len(old)), range(len(new) - tail, len(new)), strict=True)
    return [*pairs, *ends]


def _longest_rise(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The most pairs, sorted by their first, that are in order by their second as well."""
    lasts: list[int] = []
    places: list[int] = []
    before: list[int | None] = []
    for place, (_, j) in enumerate(pairs):
        length = bisect(lasts, j)
        before.append(places[length - 1] if length else None)
        lasts[length:length + 1], places[length:length + 1] = [j], [place]  # fmt: skip
    found = []
    at = places[-1] if places else None
    while at is not None:
        found.append(pairs[at])
        at = before[at]
    return found


def _paired(
    old: Sequence[Cells],
    new: Sequence[Cells],
    gone: Sequence[int],
    come: Sequence[int],
    anchors: Sequence[tuple[int, int]],
) -> dict[int, int]:
    """Rows that went with those that came in their stead: of the same name, else much alike."""
    named: dict[Cells, deque[int]] = defaultdict(deque)
    for j in come:
        named[new[j][:2]].append(j)
    found = {i: named[old[i][:2]].popleft() for i in gone if named.get(old[i][:2])}
    taken = set(found.values())
    starts = [j for _, j in anchors]
    gaps: dict[int, deque[int]] = defaultdict(deque)
    for j in come:
        if j not in taken:
            gaps[bisect(starts, j)].append(j)
    for i in gone:
        if i in found:
            continue
        gap = gaps[bisect(anchors, (i, len(new)))]
        for j in [gap[k] for k in range(min(NEAR, len(gap)))]:
            if _alike(old[i], new[j]):
                found[i] = j
                while gap and gap[0] <= j:
                    gap.popleft()
                break
    return found


def _alike(one: Cells, other: Cells) -> bool:
    if one[0] != other[0]:
        return False
    before, after = (Counter(WORD.findall(" ".join(map(str, row[1:])))) for row in (one, other))
    most = max(sum(before.values()), sum(after.values()))
    return sum((before & after).values()) >= ALIKE * most
