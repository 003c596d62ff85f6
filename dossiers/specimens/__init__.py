"""Specimens of every kind of paper and of each frame, with little, usual and too much content."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dossiers.documents.pages import TEMPLATES, filled
from dossiers.documents.verification import Verification, qr
from dossiers.specimens import bound, frames, papers

__all__ = ["SIZES", "VERIFICATION", "Specimen", "bound", "specimens"]

ADDRESS = "https://thidua.langson.gov.vn/xac-thuc/7K2M9QXR4WTA/"
VERIFICATION: Verification = {"code": "7K2M-9QXR-4WTA", "address": ADDRESS, "qr": qr(ADDRESS)}
SIZES = {"short": "ngắn", "normal": "thường", "extreme": "cực hạn"}
Content = Callable[[str], dict[str, Any]]
KINDS: dict[str, tuple[str, str, Content]] = {
    "letter": ("Tờ trình", TEMPLATES["letter"], papers.letter),
    "minutes": ("Biên bản họp bình xét", TEMPLATES["minutes"], papers.minutes),
    "list": ("Danh sách trích ngang", TEMPLATES["list"], papers.roll),
    "report": ("Báo cáo thành tích cá nhân", TEMPLATES["report"], papers.report),
    "collective": ("Báo cáo thành tích tập thể", TEMPLATES["report"], papers.collective),
    "signing": ("Tập trang ký", TEMPLATES["signing"], papers.prints),
    "decision": ("Quyết định", "documents/frames/decision.html", frames.decision),
    "dispatch": ("Công văn", "documents/frames/dispatch.html", frames.dispatch),
}
ISSUED = {"letter", "minutes", "list", "report", "collective"}


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

    @property
    def verification(self) -> Verification | None:
        """Of what a dossier issues with a code."""
        return VERIFICATION if self.kind in ISSUED else None

    def html(self, verification: Verification | None = None) -> str:
        """As a draft, or as issued with a code."""
        return filled(self.template, self.snapshot, verification)


def specimens() -> list[Specimen]:
    return [
        Specimen(kind, size, label, template, content(size))
        for kind, (label, template, content) in KINDS.items()
        for size in SIZES
    ]
