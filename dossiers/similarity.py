"""Which reports share their text: each is to be written for its own subject, not copied.

No provision of the law sets a measure; the numbers here are ours, and what is found is a hint to a
reader, never a verdict.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

# So many words in the same order are seldom the same by chance.
WORDS = 8
# Shorter texts say too little to be compared.
MIN_RUNS = 20
# From this share of the shorter text on (percent), people are told.
SHARE = 25
# What so many units write may be what the office has given them to write ...
COMMON_UNITS = 4
# ... but a report of which it is the greater part is still not written for its own subject.
WHOLE = 60
LONGEST_PASSAGE = 600
# Where more share one passage, each is compared with the next alone: all are told all the same.
MANY = 40

WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Text:
    """What was written in one report; `unit` is the unit that wrote it."""

    pk: int
    unit: int
    text: str


@dataclass(frozen=True)
class Match:
    """Two reports, the smaller key first; `passage` is the longest that the first shares."""

    first: int
    second: int
    share: int
    passage: str


def matches(texts: Iterable[Text], given: Sequence[str] = ()) -> list[Match]:
    """
    The pairs that share at least `SHARE` percent of the shorter one, the closest first.

    What `COMMON_UNITS` units write counts only from `WHOLE` percent on.

    `given` is text that everybody may repeat, such as the plan's. The work grows with the length
    of all texts together and with what they share, not with the number of pairs.
    """
    ordered = sorted(texts, key=lambda text: text.pk)
    by_pk = {text.pk: text for text in ordered}
    runs = {pk: set(_runs(_words(text.text))) for pk, text in by_pk.items()}
    given_runs = {run for text in given for run in _runs(_words(text))}
    # Most runs stand in one text only: of those nothing but their number is kept.
    once: set[int] = set()
    twice: set[int] = set()
    for own in runs.values():
        own.difference_update(given_runs)
        twice |= once & own
        once |= own
    del once
    whole = {pk: len(own) for pk, own in runs.items()}
    holders: dict[int, list[int]] = defaultdict(list)
    for pk, own in runs.items():
        own.intersection_update(twice)
        for run in own:
            holders[run].append(pk)
    own_length = dict(whole)
    shared: dict[tuple[int, int], int] = defaultdict(int)
    common: dict[tuple[int, int], int] = defaultdict(int)
    everybody: set[int] = set()
    for run, pks in holders.items():
        is_common = len(pks) >= COMMON_UNITS and len({by_pk[pk].unit for pk in pks}) >= COMMON_UNITS
        if is_common:
            everybody.add(run)
            for pk in pks:
                own_length[pk] -= 1
        counted = common if is_common else shared
        for pair in combinations(pks, 2) if len(pks) <= MANY else pairwise(pks):
            counted[pair] += 1
    found = []
    for first, second in shared.keys() | common.keys():
        few = shared.get((first, second), 0)
        every = few + common.get((first, second), 0)
        rare = _share(few, min(own_length[first], own_length[second]), SHARE)
        share = rare or _share(every, min(whole[first], whole[second]), WHOLE)
        if share:
            alike = runs[first] & runs[second]
            passage = _passage(by_pk[first].text, alike - everybody if rare else alike)
            found.append(Match(first, second, share, passage))
    return sorted(found, key=lambda match: (-match.share, match.first, match.second))


def _share(count: int, length: int, least: int) -> int:
    """In percent; 0 when it is less than `least`, or the text too short to tell."""
    share = round(100 * count / length) if length >= MIN_RUNS else 0
    return share if share >= least else 0


def _words(text: str) -> list[tuple[str, int, int]]:
    """Each word folded to one case, with where it stands."""
    plain = unicodedata.normalize("NFC", text)
    return [(m[0].casefold(), m.start(), m.end()) for m in WORD.finditer(plain)]


def _runs(words: Sequence[tuple[str, int, int]]) -> list[int]:
    """A number for each run of words, in order."""
    plain = [word for word, _, _ in words]
    return [hash(tuple(plain[i : i + WORDS])) for i in range(len(plain) - WORDS + 1)]


def _passage(text: str, shared: set[int]) -> str:
    """The longest stretch of the text whose runs are all shared, shortened for the eye."""
    words = _words(text)
    best, begin, length = 0, 0, 0
    for i, run in enumerate(_runs(words)):
        length = length + 1 if run in shared else 0
        if length > best:
            best, begin = length, i - length + 1
    last = words[begin + best + WORDS - 2][2]
    passage = " ".join(unicodedata.normalize("NFC", text)[words[begin][1] : last].split())
    if len(passage) <= LONGEST_PASSAGE:
        return passage
    return passage[:LONGEST_PASSAGE].rsplit(" ", 1)[0] + " …"
