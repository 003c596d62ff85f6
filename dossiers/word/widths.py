"""How wide a text is in Times New Roman: what Word has to be told and a browser finds out."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from dossiers.word.decree import POINT

# Of the signs from the blank to the tilde, in thousandths of the size.
UPRIGHT = (
    "250 333 408 500 500 833 778 180 333 333 500 564 250 333 250 278 500 500 500 500 500 500 500 "
    "500 500 500 278 278 564 564 564 444 921 722 667 667 722 611 556 722 722 333 389 722 611 889 "
    "722 722 556 722 667 556 611 722 722 944 722 722 611 333 278 333 469 500 333 444 500 444 500 "
    "444 333 500 500 278 278 500 278 778 500 500 500 500 333 389 278 500 500 722 500 500 444 480 "
    "200 480 541"
)
BOLD = (
    "250 333 555 500 500 1000 833 278 333 333 500 570 250 333 250 278 500 500 500 500 500 500 500 "
    "500 500 500 333 333 570 570 570 500 930 722 667 722 722 667 611 778 778 389 500 778 667 944 "
    "722 778 611 778 722 556 667 722 722 1000 722 722 667 333 278 333 581 500 333 500 556 444 556 "
    "444 333 500 556 278 333 556 278 833 556 500 556 556 444 389 333 556 500 722 500 500 444 394 "
    "220 394 520"
)
OTHERS = {"Đ": (722, 722), "đ": (500, 556), "…": (1000, 1000), "—": (1000, 1000)}
HORN = {"O": (0, 56), "o": (29, 54), "U": (54, 74), "u": (42, 44)}
# A line may end after a hyphen.
PARTS = re.compile(r"[^\s-]+-*")
HORN_SIGN = "\u031b"
UNKNOWN = 500


def width(text: str, size: float, bold: bool = False) -> float:
    """In mm, on one line."""
    known = _known(bold)
    total = 0
    for sign in text:
        wide = known.get(sign)
        total += _learn(sign, bold) if wide is None else wide
    return total * size * POINT / 1000


def longest_word(text: str, size: float, bold: bool = False) -> float:
    return max((width(word, size, bold) for word in PARTS.findall(text)), default=0.0)


@cache
def _known(bold: bool) -> dict[str, int]:
    plain = {chr(32 + i): int(w) for i, w in enumerate((BOLD if bold else UPRIGHT).split())}
    return plain | {sign: wide[bold] for sign, wide in OTHERS.items()}


def _learn(sign: str, bold: bool) -> int:
    """A letter with marks is as wide as without them, but for the horn."""
    known = _known(bold)
    letter, *marks = list(unicodedata.normalize("NFD", sign))
    wide = known.get(letter, UNKNOWN)
    if HORN_SIGN in marks and letter in HORN:
        wide += HORN[letter][bold]
    known[sign] = wide
    return wide
