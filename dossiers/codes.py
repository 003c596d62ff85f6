"""The code by which anybody looks up a paper: twelve signs that bear being read out and typed."""

from __future__ import annotations

import re
import secrets
import unicodedata

# Without 0, 1, I, L and O. Its length is a prime, and the weight of each place differs from that
# of every other: one wrong sign, or two that changed places, never give a right code.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 12
# Also what cannot be seen and comes along when a code is copied out of a paper.
BETWEEN = re.compile(
    r"[\s.\u2010-\u2015\u2212\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff-]"
)
_BASE = len(ALPHABET)


def new_code() -> str:
    """Eleven signs by chance (54 bits) and one that checks them."""
    signs = [secrets.randbelow(_BASE) for _ in range(LENGTH - 1)]
    check = -_weighed(signs) * pow(LENGTH, -1, _BASE) % _BASE
    return "".join(ALPHABET[sign] for sign in (*signs, check))


def read_code(text: str) -> str:
    """The code as typed or read out, without dashes and blanks; "" when it cannot be one."""
    plain = BETWEEN.sub("", unicodedata.normalize("NFKC", text[:100])).upper()
    if len(plain) != LENGTH or set(plain) - set(ALPHABET):
        return ""
    return "" if _weighed([ALPHABET.index(sign) for sign in plain]) % _BASE else plain


def grouped(code: str) -> str:
    """As it is printed: ABCD-EFGH-JKMN."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def _weighed(signs: list[int]) -> int:
    return sum(place * sign for place, sign in enumerate(signs, 1))
