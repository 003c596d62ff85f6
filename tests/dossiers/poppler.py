"""What a reader finds in a PDF, by the tools of poppler."""

from __future__ import annotations

import re
import subprocess
import tempfile
from dataclasses import dataclass
from html import unescape
from io import BytesIO

from PIL import Image

POINTS_PER_MM = 72 / 25.4


@dataclass(frozen=True)
class Word:
    """A word with its box, in millimetres from the upper left corner of its page."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Sheet:
    width: float
    height: float
    words: list[Word]

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def lines(self) -> list[str]:
        """Words that stand on one line, from left to right, lines from the top down."""
        rows: dict[int, list[Word]] = {}
        for word in self.words:
            rows.setdefault(round(word.bottom), []).append(word)
        return [
            " ".join(word.text for word in sorted(rows[key], key=lambda word: word.left))
            for key in sorted(rows)
        ]


def run(pdf: bytes, *command: str) -> str:
    """The output of a tool; "FILE" among the arguments is the PDF."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        arguments = [file.name if part == "FILE" else part for part in command]
        return subprocess.run(arguments, capture_output=True, text=True, check=True).stdout


def text_of(pdf: bytes) -> str:
    """All text, every run of white space as one blank."""
    return " ".join(run(pdf, "pdftotext", "FILE", "-").split())


def fonts_of(pdf: bytes) -> list[list[str]]:
    """The rows of pdffonts: name first; embedded, subset and Unicode last but two numbers."""
    return [line.split() for line in run(pdf, "pdffonts", "FILE").splitlines()[2:]]


def all_fonts_are_embedded(pdf: bytes) -> bool:
    rows = fonts_of(pdf)
    return bool(rows) and all(row[-5:-2] == ["yes", "yes", "yes"] for row in rows)


def sheets_of(pdf: bytes) -> list[Sheet]:
    """Every page with its words and where they stand."""
    found = []
    pages = run(pdf, "pdftotext", "-bbox", "FILE", "-").split("<page ")[1:]
    for page in pages:
        width, height = (_mm(value) for value in re.findall(r'(?:width|height)="([\d.]+)"', page))
        words = [
            Word(unescape(text), *(_mm(value) for value in box))
            for *box, text in re.findall(
                r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">'
                r"([^<]*)</word>",
                page,
            )
        ]
        found.append(Sheet(width, height, words))
    return found


def picture_of(pdf: bytes, page: int) -> Image.Image:
    """The page as it is seen, in grey, a millimetre to a dot."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        command = ["pdftoppm", "-gray", "-r", "25.4", "-f", str(page), "-l", str(page), file.name]
        shown = subprocess.run(command, capture_output=True, check=True).stdout
    return Image.open(BytesIO(shown))


def _mm(points: str) -> float:
    return float(points) / POINTS_PER_MM
