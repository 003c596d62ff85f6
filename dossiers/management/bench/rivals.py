"""The same content by other programs: LibreOffice from our DOCX, Chromium from our HTML."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

from dossiers import rendering
from dossiers.word import docx

LIMIT_SECONDS = 3600
# As ours: PDF/A-2, tagged.
FORMAT = (
    'pdf:writer_pdf_Export:{"SelectPdfVersion":{"type":"long","value":"2"},'
    '"UseTaggedPDF":{"type":"boolean","value":"true"}}'
)


@dataclass(frozen=True)
class Taken:
    """Seconds of each document; of a program that does not tell them apart, their mean."""

    name: str
    seconds: list[float]
    note: str = ""


def libreoffice(pages: Sequence[str]) -> Taken:
    """One run of LibreOffice over all DOCX files, on one core; its profile is there already."""
    name = "LibreOffice, một lượt từ DOCX, một nhân"
    program = shutil.which("soffice")
    if not program:
        return Taken(name, [], "chưa cài LibreOffice")
    with TemporaryDirectory(prefix="bench-libreoffice-") as place:
        folder = Path(place)
        for number, page in enumerate(pages):
            (folder / f"{number:05d}.docx").write_bytes(docx(page))
        files = sorted(folder.glob("*.docx"))
        profile = f"-env:UserInstallation=file://{folder / 'profile'}"
        command = [program, profile, "--headless", "--convert-to", FORMAT, "--outdir", str(folder)]
        _run_on_one_core([*command, str(files[0])])
        began = time.perf_counter()
        _run_on_one_core([*command, *map(str, files)])
        seconds = (time.perf_counter() - began) / len(files)
        missing = [file.name for file in files if not file.with_suffix(".pdf").exists()]
        note = f"không chuyển được {len(missing)} tệp" if missing else ""
        return Taken(name, [seconds] * len(files), note)


def _run_on_one_core(command: list[str]) -> None:
    core = {min(os.sched_getaffinity(0))}
    subprocess.run(
        command,
        check=True,
        capture_output=True,
        timeout=LIMIT_SECONDS,
        preexec_fn=lambda: os.sched_setaffinity(0, core),
    )


def chromium(pages: Sequence[str]) -> Taken:
    """One running browser prints one page after another."""
    name = "Chromium, in HTML trong một trình duyệt"
    program = shutil.which("chromium") or shutil.which("google-chrome")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        program = None
    if not program:
        return Taken(name, [], "chưa cài Chromium")
    folder = Path(settings.BASE_DIR) / rendering.STYLE_SHEETS
    rules = "\n".join(
        (folder / f"{subject}.css").read_text("utf-8") for subject in rendering.SUBJECTS
    )
    style, seconds = f"<style>{rules}</style></head>", []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()
        for source in [pages[0], *pages]:
            began = time.perf_counter()
            page.set_content(source.replace("</head>", style))
            page.pdf(prefer_css_page_size=True, tagged=True)
            seconds.append(time.perf_counter() - began)
        browser.close()
    return Taken(name, seconds[1:])
