"""Every kind of paper with little, usual and too much content, to be looked at page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.template.loader import render_to_string

from dossiers.rendering import lay_out
from dossiers.specimens import SIZES, VERIFICATION, Specimen, bound, specimens
from dossiers.word import docx


@dataclass(frozen=True)
class Line:
    label: str
    size: str
    pages: int
    pdf: str
    docx: str = ""


class Command(BaseCommand):
    help = "Tạo bản mẫu của mọi loại văn bản (PDF và Word) cùng trang mục lục để xem."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", type=Path, default=Path(settings.VAR_DIR) / "specimens")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["out"]
        folder.mkdir(parents=True, exist_ok=True)
        found = specimens()
        lines = [_make(specimen, folder) for specimen in found]
        lines += [_bind(size, found, folder) for size in SIZES]
        index = folder / "index.html"
        index.write_text(render_to_string("specimens.html", {"lines": lines}), "utf-8")
        self.stdout.write(f"{len(lines)} bản mẫu: {index}")


def _make(specimen: Specimen, folder: Path) -> Line:
    layout = lay_out(specimen.html(specimen.verification))
    pdf, word = folder / f"{specimen.name}.pdf", folder / f"{specimen.name}.docx"
    pdf.write_bytes(layout.pdf())
    word.write_bytes(docx(specimen.html()))
    return Line(specimen.label, SIZES[specimen.size], layout.pages, pdf.name, word.name)


def _bind(size: str, found: Sequence[Specimen], folder: Path) -> Line:
    files = {s.kind: folder / f"{s.name}.pdf" for s in found if s.size == size}
    path = folder / f"dossier-{size}.pdf"
    with path.open("wb") as target:
        made = bound.bind_all(size, files, folder, target, VERIFICATION)
    return Line("Hồ sơ đóng tập", SIZES[size], made.pages, path.name)
