"""Every kind of paper with little, usual and too much content, to be looked at page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.template.loader import render_to_string

from dossiers.binding import Front, Medium, Part, bind
from dossiers.documents import html
from dossiers.rendering import lay_out
from dossiers.specimens import SIZES, specimens
from dossiers.specimens.papers import meta
from dossiers.specimens.texts import MOVEMENT
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
        parser.add_argument("--out", type=Path, default=settings.BASE_DIR / "var" / "specimens")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["out"]
        folder.mkdir(parents=True, exist_ok=True)
        lines = []
        for specimen in specimens():
            text = specimen.html()
            layout = lay_out(text)
            pdf, word = folder / f"{specimen.name}.pdf", folder / f"{specimen.name}.docx"
            pdf.write_bytes(layout.pdf())
            word.write_bytes(docx(text))
            lines.append(
                Line(specimen.label, SIZES[specimen.size], layout.pages, pdf.name, word.name)
            )
        bound = [self._bind(folder, size, lines) for size in SIZES]
        context = {"lines": [*lines, *bound]}
        (folder / "index.html").write_text(render_to_string("specimens.html", context), "utf-8")
        self.stdout.write(f"{len(context['lines'])} bản mẫu ở {folder / 'index.html'}")

    def _bind(self, folder: Path, size: str, lines: Sequence[Line]) -> Line:
        """A bound dossier of the papers of this size; the largest holds them many times."""
        kinds = ("Tờ trình", "Biên bản họp bình xét", "Danh sách trích ngang", "Báo cáo thành tích")
        papers = [line for line in lines if line.size == SIZES[size] and line.label in kinds]
        letter, *others = papers
        times = {"short": 1, "normal": 1, "extreme": 12}[size]
        parts = [_part(folder, letter, level=1), Part("Tài liệu kèm theo", Medium.HEADING)]
        parts += [_part(folder, line, level=2) for _ in range(times) for line in others]

        def front(context: Front) -> str:
            return html("dossier", {**_cover(), **context})

        path = folder / f"dossier-{size}.pdf"
        with path.open("wb") as target:
            bound = bind(parts, front, target)
        return Line("Hồ sơ đóng tập", SIZES[size], bound.pages, path.name)


def _part(folder: Path, line: Line, *, level: int) -> Part:
    return Part(line.label, Medium.PDF, folder / line.pdf, level, is_tagged=True)


def _cover() -> dict[str, Any]:
    cover = {
        "superior": "Sở Nội vụ tỉnh Lạng Sơn",
        "agency": "Phòng Cải cách hành chính",
        "title": "Hồ sơ đề nghị khen thưởng",
        "campaign": MOVEMENT[:1].upper() + MOVEMENT[1:],
        "facts": [
            ["Đơn vị đề nghị", "Phòng Cải cách hành chính"],
            ["Cấp quyết định khen thưởng", "Giám đốc Sở Nội vụ tỉnh Lạng Sơn"],
            ["Số lượng đề nghị", "01 tập thể, 06 cá nhân"],
        ],
        "foot": "Lạng Sơn, năm 2025",
    }
    return {"meta": meta("Hồ sơ đề nghị khen thưởng"), "cover": cover}
