"""One specimen of each kind of paper and of each frame, with little, usual and too much content."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dossiers.documents.pages import TEMPLATES, filled
from dossiers.specimens import frames, papers

__all__ = ["SIZES", "Specimen", "specimens"]

SIZES = {"short": "ngắn", "normal": "thường", "extreme": "cực hạn"}
Content = Callable[[str], dict[str, Any]]
KINDS: dict[str, tuple[str, str, Content]] = {
    "letter": ("Tờ trình", TEMPLATES["letter"], papers.letter),
    "minutes": ("Biên bản họp bình xét", TEMPLATES["minutes"], papers.minutes),
    "list": ("Danh sách trích ngang", TEMPLATES["list"], papers.roll),
    "report": ("Báo cáo thành tích", TEMPLATES["report"], papers.report),
    "signing": ("Tập trang ký", TEMPLATES["signing"], papers.prints),
    "decision": ("Quyết định", "documents/frames/decision.html", frames.decision),
    "dispatch": ("Công văn", "documents/frames/dispatch.html", frames.dispatch),
}


@dataclass(frozen=True)
class Specimen:
    kind: str
    size: str
    label: str
    template: str
    snapshot: dict[str, Any]

    @property
    def name(self) -> str:
        return f"{self.kind}-{self.size}"

    def html(self) -> str:
        return filled(self.template, self.snapshot)


def specimens() -> list[Specimen]:
    return [
        Specimen(kind, size, label, template, content(size))
        for kind, (label, template, content) in KINDS.items()
        for size in SIZES
    ]
