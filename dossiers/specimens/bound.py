"""Specimens of bound dossiers, made of the other specimens."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

from dossiers.binding import Bound, Front, Medium, Part, bind
from dossiers.documents.pages import html
from dossiers.documents.verification import Verification
from dossiers.specimens import texts
from dossiers.specimens.papers import meta
from dossiers.specimens.texts import MOVEMENT, name, unit

# How often the largest holds the report of a person.
REPORTS = {"short": 1, "normal": 2, "extreme": 5}


def cover(size: str) -> dict[str, Any]:
    is_long = size == "extreme"
    own = texts.LONG_AGENCY if is_long else unit(0)
    return {
        "superior": texts.LONG_SUPERIOR if is_long else "Sở Nội vụ tỉnh Lạng Sơn",
        "agency": own,
        "title": "Hồ sơ đề nghị khen thưởng",
        "campaign": MOVEMENT[:1].upper() + MOVEMENT[1:],
        "facts": [
            ["Đơn vị đề nghị", own],
            ["Cấp quyết định khen thưởng", "Giám đốc Sở Nội vụ tỉnh Lạng Sơn"],
            ["Số lượng đề nghị", f"01 tập thể, {REPORTS[size]:02d} cá nhân"],
        ],
        "foot": "Lạng Sơn, năm 2025",
    }


def parts(size: str, files: Mapping[str, Path], folder: Path) -> list[Part]:
    def paper(kind: str, title: str, level: int) -> Part:
        return Part(title, Medium.PDF, files[kind], level, is_tagged=True)

    def person(i: int) -> str:
        return texts.LONG_NAME if size == "extreme" and i == 1 else name(i)

    found = [
        paper("letter", "Tờ trình đề nghị khen thưởng", 1),
        paper("minutes", "Biên bản họp bình xét", 1),
        paper("list", "Danh sách trích ngang", 1),
        Part("Báo cáo thành tích của tập thể", Medium.HEADING),
        paper("collective", f"Báo cáo thành tích: {unit(0)}", 2),
        Part("Báo cáo thành tích của cá nhân", Medium.HEADING),
        *(paper("report", f"Báo cáo thành tích: {person(i)}", 2) for i in range(REPORTS[size])),
    ]
    if size == "short":
        return found
    return [
        *found,
        Part("Tài liệu đính kèm", Medium.HEADING),
        Part("Quyết định công nhận sáng kiến", Medium.IMAGE, _scan(folder, 1240, 1754), 2),
        Part("Sơ đồ tổ chức", Medium.IMAGE, _scan(folder, 1754, 1240), 2),
        Part(
            "Thuyết minh sáng kiến",
            Medium.WORD,
            files["report"].with_suffix(".docx"),
            2,
            "Thuyết minh sáng kiến quy trình điện tử nội bộ (bản có xác nhận).docx",
        ),
    ]


def bind_all(
    size: str,
    files: Mapping[str, Path],
    folder: Path,
    target: BinaryIO,
    verification: Verification | None = None,
) -> Bound:
    """`files` are the papers of this size by their kind."""

    def front(context: Front) -> str:
        fixed = {"meta": meta("Hồ sơ đề nghị khen thưởng"), "cover": cover(size)}
        return html("dossier", {**fixed, **context}, verification)

    return bind(parts(size, files, folder), front, target)


def _scan(folder: Path, width: int, height: int) -> Path:
    """A sheet as a scanner gives it: grey paper, dark lines."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (width, height), "#f4f1ea")
    draw = ImageDraw.Draw(image)
    draw.rectangle((60, 60, width - 60, height - 60), outline="#444444", width=3)
    for top in range(160, height - 160, 44):
        draw.line((140, top, width - 140 - top % 300, top), fill="#777777", width=8)
    path = folder / f"scan-{width}x{height}.png"
    image.save(path)
    return path
