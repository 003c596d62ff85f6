"""What stands on a finished page, measured: lines with their type, rules, and ink."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from pathlib import Path

from PIL import Image

from tests.dossiers.poppler import run

# The most that pdftohtml knows, so that sizes and places are good to a third of a point.
ZOOM = 3
MM = 25.4 / 72 / ZOOM
DPI = 200
MM_PER_DOT = 25.4 / DPI
DARK = 170
# Shorter than any rule, longer than any letter.
LEAST_RULE = 7
TEXT = re.compile(
    r'<text top="(-?\d+)" left="(-?\d+)" width="(\d+)" height="(\d+)" font="(\d+)">(.*?)</text>',
    re.DOTALL,
)


@dataclass(frozen=True)
class Text:
    """Words on one line in one kind of type, in mm from the upper left corner of the page."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    family: str
    bold: bool
    italic: bool
    colour: str

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2

    @property
    def is_capital(self) -> bool:
        return self.text == self.text.upper() != self.text.lower()

    def meets(self, other: Text) -> bool:
        """Whether letters of the two lie on one another; boxes of lines may touch."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > 0.3 and down > 0.35 * min(self.bottom - self.top, other.bottom - other.top)


@dataclass(frozen=True)
class Rule:
    left: float
    right: float
    at: float

    @property
    def length(self) -> float:
        return self.right - self.left

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


@dataclass(frozen=True)
class Page:
    number: int
    width: float
    height: float
    texts: tuple[Text, ...]

    @cached_property
    def body(self) -> tuple[Text, ...]:
        """Without the page number above and the code below."""
        return tuple(t for t in self.texts if t.bottom > 20 and t.top < self.height - 20)

    @cached_property
    def above(self) -> tuple[Text, ...]:
        return tuple(t for t in self.texts if t.bottom <= 20)

    @cached_property
    def below(self) -> tuple[Text, ...]:
        return tuple(t for t in self.texts if t.top >= self.height - 20)

    @cached_property
    def lines(self) -> list[list[Text]]:
        """The body, texts on one line together, from the top down."""
        found: list[list[Text]] = []
        for text in sorted(self.body, key=lambda t: (t.bottom, t.left)):
            if found and abs(found[-1][0].bottom - text.bottom) < 0.6:
                found[-1].append(text)
            else:
                found.append([text])
        return [sorted(line, key=lambda t: t.left) for line in found]

    @property
    def is_wide(self) -> bool:
        return self.width > self.height

    def find(self, start: str) -> Text:
        """The first text that begins so."""
        return next(text for text in self.texts if text.text.startswith(start))

    def has(self, start: str) -> bool:
        return any(text.text.startswith(start) for text in self.texts)


def pages_of(pdf: bytes) -> list[Page]:
    source = run(pdf, "pdftohtml", "-xml", "-i", "-stdout", "-zoom", str(ZOOM), "FILE")
    fonts: dict[str, tuple[float, str, str]] = {}
    found = []
    for number, part in enumerate(source.split("<page ")[1:], 1):
        for name, size, family, colour in re.findall(
            r'<fontspec id="(\d+)" size="(-?\d+)" family="([^"]*)" color="([^"]*)"', part
        ):
            fonts[name] = (int(size) / ZOOM, family.partition("+")[2], colour)
        height, width = re.search(r'height="(\d+)" width="(\d+)"', part).groups()  # type: ignore[union-attr]
        texts = tuple(_texts(part, fonts))
        found.append(Page(number, int(width) * MM, int(height) * MM, texts))
    return found


def _texts(page: str, fonts: dict[str, tuple[float, str, str]]) -> Iterator[Text]:
    for *numbers, font, content in TEXT.findall(page):
        top, left, width, height = (int(number) * MM for number in numbers)
        text = " ".join(unescape(re.sub(r"<[^>]+>", "", content)).split())
        if not text:
            continue
        size, family, colour = fonts[font]
        yield Text(text, left, top, left + width, top + height, size, family,
                   "<b>" in content, "<i>" in content, colour)  # fmt: skip


def pictures_of(pdf: bytes, dpi: float, first: int = 1, last: int = 0) -> list[Image.Image]:
    """The pages as they are seen, in grey."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["pdftoppm", "-gray", "-r", str(dpi), "-f", str(first)]
        command += ["-l", str(last)] if last else []
        subprocess.run([*command, "-", f"{folder}/p"], input=pdf, check=True, capture_output=True)
        found = []
        for path in sorted(Path(folder).iterdir()):
            with Image.open(path) as image:
                found.append(image.copy())
        return found


def rules_of(pdf: bytes, page: int) -> list[Rule]:
    """The horizontal rules of a page, from the top down."""
    [image] = pictures_of(pdf, DPI, page, page)
    dark = image.point(lambda shade: 1 if shade < DARK else 0).tobytes()
    width, height = image.size
    run_of = re.compile(b"\x01{%d,}" % int(LEAST_RULE / MM_PER_DOT))
    found: list[Rule] = []
    for row in range(height):
        for run_ in run_of.finditer(dark, row * width, (row + 1) * width):
            left, right = run_.start() - row * width, run_.end() - row * width
            rule = Rule(left * MM_PER_DOT, right * MM_PER_DOT, row * MM_PER_DOT)
            # A rule is a few dots high.
            if not any(abs(rule.at - r.at) < 0.7 and abs(rule.left - r.left) < 1 for r in found):
                found.append(rule)
    return found


def ink_of(
    image: Image.Image, box: tuple[float, float, float, float], dots_per_mm: float = 1
) -> bool:
    """Whether anything stands in a part of a page."""
    part = image.crop(tuple(round(edge * dots_per_mm) for edge in box))  # type: ignore[arg-type]
    return part.size[0] > 0 < part.size[1] and part.getextrema()[0] < 235  # type: ignore[operator]
