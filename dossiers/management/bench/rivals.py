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


def libreoffice(pages: Sequence[str]) -> list[Taken]:
    """One run of LibreOffice over all DOCX files, on one core; before that, the files for it."""
    made, name = "Lập DOCX từ HTML cho LibreOffice", "LibreOffice, một lượt từ DOCX, một nhân"
    program = shutil.which("soffice")
    with TemporaryDirectory(prefix="bench-libreoffice-") as place:
        folder, files = Path(place), list[Path]()
        each = []
        for number, page in enumerate(pages):
            files.append(folder / f"{number:05d}.docx")
            began = time.perf_counter()
            files[-1].write_bytes(docx(page))
            each.append(time.perf_counter() - began)
        word = Taken(made, each)
        if not program:
            return [word, Taken(name, [], "chưa cài LibreOffice")]
        profile = f"-env:UserInstallation=file://{folder / 'profile'}"
        command = [program, profile, "--headless", "--convert-to", FORMAT, "--outdir", str(folder)]
        try:
            # Its profile, which it makes once, is there when it counts.
            _run_on_one_core([*command, str(files[0])])
            began = time.perf_counter()
            _run_on_one_core([*command, *map(str, files)])
        except (OSError, subprocess.SubprocessError):
            return [word, Taken(name, [], "LibreOffice không chạy được")]
        seconds = (time.perf_counter() - began) / len(files)
        missing = sum(not file.with_suffix(".pdf").exists() for file in files)
        if missing:
            return [word, Taken(name, [], f"không chuyển được {missing} tệp")]
        return [word, Taken(name, [seconds] * len(files))]


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
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        return Taken(name, [], "chưa cài Playwright")
    if not program:
        return Taken(name, [], "chưa cài Chromium")
    folder = Path(settings.BASE_DIR) / rendering.STYLE_SHEETS
    rules = "\n".join(
        (folder / f"{subject}.css").read_text("utf-8") for subject in rendering.SUBJECTS
    )
    style, seconds = f"<style>{rules}</style></head>", []
    options = ["--no-sandbox", "--disable-gpu"]
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=options)
            page = browser.new_page()
            for source in [pages[0], *pages]:
                began = time.perf_counter()
                page.set_content(source.replace("</head>", style))
                page.pdf(prefer_css_page_size=True, tagged=True)
                seconds.append(time.perf_counter() - began)
            browser.close()
    except Error:
        return Taken(name, [], "Chromium không chạy được")
    return Taken(name, seconds[1:])
