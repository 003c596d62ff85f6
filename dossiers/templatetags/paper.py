"""Filters of the document templates: punctuation and wording that Nghị định 30/2020 prescribes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from dossiers import prose
from emulation import vietnamese

register = template.Library()

TRAILING = " .;,/"
# Where a line may end.
WORDS = re.compile(r"[\s/-]+")
# In mm: a sign of 12 points on the average, what a cell leaves free, and the width of a page.
SIGN_WIDTH, CELL_PADDING, TEXT_WIDTH = 2.3, 2.7, 165
SPAN = re.compile(r"(?<=\d) - \d[\d/]*\)?")
FIGURE = re.compile(r"[\d.,/:%+\s-]*\d[\d.,/:%+\s-]*")


@register.filter
def points(lines: Sequence[str]) -> list[str]:
    """Each line ends with a semicolon, the last with a full stop."""
    bare = [line.rstrip(TRAILING) for line in lines]
    return [line + (";" if i < len(bare) else ".") for i, line in enumerate(bare, 1)]


@register.filter
def endmark(text: str) -> str:
    """The text with the mark "./." after its last sentence."""
    return text.rstrip(TRAILING) + "./."


@register.filter
def inline(text: str) -> SafeString:
    """The text with its bold and italic words; all else in it is text."""
    found = []
    for run in prose.runs(text):
        piece = str(conditional_escape(run.text))
        if run.italic:
            piece = f"<em>{piece}</em>"
        found.append(f"<strong>{piece}</strong>" if run.bold else piece)
    return mark_safe("".join(found))  # noqa: S308 (every piece was escaped above)


@register.filter
def spans(text: str) -> SafeString:
    """
    The text with its spans of time, (28/8/1945 - 28/8/2025), each kept on one line.

    Only what follows the first day is marked: a line that cannot hold it then ends before the whole
    span, while before a mark of the whole span WeasyPrint takes one word too many to the next line.
    """
    marked = SPAN.sub(r"<time>\g<0></time>", conditional_escape(text))
    return mark_safe(marked)  # noqa: S308 (escaped above)


@register.filter
def is_figure(text: str) -> bool:
    """Whether a cell holds only a number, a share or a day: such stand in mid-column."""
    return FIGURE.fullmatch(text) is not None


@register.filter
def is_tight(table: Mapping[str, Sequence[Sequence[str]]]) -> bool:
    """Whether the longest words of the columns hardly stand side by side on an upright page."""
    rows = [table["head"], *table["rows"]] if table["head"] else table["rows"]
    longest = (
        max(len(word) for cell in column for word in WORDS.split(cell))
        for column in zip(*rows, strict=True)
    )
    return sum(signs * SIGN_WIDTH + CELL_PADDING for signs in longest) > TEXT_WIDTH


@register.filter
def clock(value: str) -> str:
    """14:05 as "14 giờ 05 phút", 14:00 as "14 giờ 00"."""
    hour, minute = value.split(":")[:2]
    return f"{hour} giờ {minute}" + (" phút" if minute != "00" else "")


@register.filter
def longday(value: str | date) -> str:
    """ngày 05 tháng 8 năm 2025."""
    return vietnamese.long_date(value)


@register.filter
def amount(value: int | str) -> str:
    """A count in a sentence, numbers below ten with a leading zero: "05 tập thể"."""
    number = int(value)
    return f"{number:02d}" if number < 10 else vietnamese.number(number)


@register.filter
def percent(value: str) -> str:
    """87.50 as "87,5%"."""
    return vietnamese.number(value) + "%"


@register.filter
def roman(value: int) -> str:
    """4 as "IV"."""
    signs = (("X", 10), ("IX", 9), ("V", 5), ("IV", 4), ("I", 1))
    text, rest = "", int(value)
    for sign, worth in signs:
        text += sign * (rest // worth)
        rest %= worth
    return text
