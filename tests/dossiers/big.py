"""
What a big document takes, told as JSON: `python -m tests.dossiers.big tasks 250 500`.

In a process of its own, whose memory nothing else has touched.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import django

MB = 1_000_000
# Tells how far it is, and how many pages were made in the end.
Work = Callable[[list[int]], int]


def report(pages: int) -> dict[str, Any]:
    from tests.dossiers import samples

    return samples.report(pages * 6 // 5)


def tasks(rows: int) -> dict[str, Any]:
    from tests.dossiers import samples

    table = [
        [
            str(n + 1),
            f"Tham mưu ban hành văn bản số {n} hướng dẫn công tác thi đua, khen thưởng",
            "Công văn số 12/UBND-THNC ngày 05/01/2025",
            "15/01/2025",
            "12/01/2025",
            f"Kế hoạch số {n}/KH-UBND ngày 12/01/2025",
            "",
        ]
        for n in range(rows)
    ]
    appendix = {
        "title": "Danh mục công việc, nhiệm vụ đã thực hiện",
        "note": "Kèm theo Báo cáo thành tích của bà Lý Thị Ánh Nguyệt",
        "wide": True,
        "blocks": [{"kind": "tasks", "rows": table}],
    }
    return samples.report(1) | {"appendices": [appendix]}


def paper(snapshot: dict[str, Any], folder: Path) -> Work:
    from dossiers.documents.making import make
    from dossiers.models import Document

    def work(told: list[int]) -> int:
        return make(Document(pk=1, kind="report", snapshot=snapshot), folder, told.append).pages

    return work


def attachment(megabytes: int, folder: Path) -> Work:
    """A scan that cannot be packed any smaller, bound behind a cover."""
    from pikepdf import Dictionary, Name, Pdf, Stream

    from dossiers.binding import Front, Medium, Part, bind
    from dossiers.documents import html
    from tests.dossiers import samples

    path = folder / "scan.pdf"
    with Pdf.new() as scan:
        for _ in range(megabytes):
            page = scan.add_blank_page(page_size=(595, 842))
            values = {"Width": 1000, "Height": 1000, "BitsPerComponent": 8}
            image = Stream(scan, os.urandom(MB), Type=Name.XObject, Subtype=Name.Image, **values)
            image.ColorSpace = Name.DeviceGray
            page.Resources = Dictionary(XObject=Dictionary(Scan=image))
            page.Contents = Stream(scan, b"q 500 0 0 500 47 171 cm /Scan Do Q")
        scan.save(path)

    def front(context: Front) -> str:
        return html("dossier", {**samples.SAMPLES["dossier"], **context})

    def work(told: list[int]) -> int:
        with (folder / "bound.pdf").open("wb") as target:
            return bind([Part("Bản quét", Medium.PDF, path)], front, target, told.append).pages

    return work


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


SUBJECTS: dict[str, Callable[[int, Path], Work]] = {
    "report": lambda size, folder: paper(report(size), folder),
    "tasks": lambda size, folder: paper(tasks(size), folder),
    "attachment": attachment,
}

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from dossiers import rendering

    subject, *sizes = sys.argv[1:]
    rendering.load()
    rendering.style()
    for size in map(int, sizes):
        with TemporaryDirectory() as place:
            work, told = SUBJECTS[subject](size, Path(place)), list[int]()
            began, memory = time.process_time(), peak()
            pages = work(told)
            taken = {"seconds": time.process_time() - began, "megabytes": peak() - memory}
        sys.stdout.write(json.dumps({"size": size, "pages": pages, "told": told} | taken) + "\n")
