"""The specimens as files, each made once for all tests that measure it."""

from __future__ import annotations

import re
from functools import cache
from io import BytesIO
from itertools import takewhile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from dossiers.rendering import render_pdf
from dossiers.specimens import VERIFICATION, Specimen, bound, specimens
from tests.dossiers.measuring import Page, Rule, pages_of, rules_of

ALL = {specimen.name: specimen for specimen in specimens()}
NAMES = sorted(ALL)
# Those that a letterhead heads.
HEADED = [name for name in NAMES if ALL[name].kind != "signing"]
LONG = [name for name in NAMES if ALL[name].size == "extreme"]
# One process makes them all: each takes longer than measuring it.
ONE_PROCESS = pytest.mark.xdist_group("specimens")


def of_kind(*kinds: str) -> list[str]:
    return [name for name in NAMES if ALL[name].kind in kinds]


@cache
def made(name: str) -> bytes:
    specimen = ALL[name]
    return render_pdf(specimen.html(specimen.verification))


@cache
def pages(name: str) -> list[Page]:
    return pages_of(made(name))


@cache
def rules(name: str) -> list[Rule]:
    """Of the first page."""
    return rules_of(made(name), 1)


@cache
def dossier() -> bytes:
    """One that holds papers, scans and the sheet that stands for a Word file."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        files = {specimen.kind: _file(specimen, folder) for specimen in _usual()}
        target = BytesIO()
        bound.bind_all("normal", files, folder, target, VERIFICATION)
        return target.getvalue()


def _usual() -> list[Specimen]:
    return [specimen for specimen in ALL.values() if specimen.size == "normal"]


def _file(specimen: Specimen, folder: Path) -> Path:
    path = folder / f"{specimen.name}.pdf"
    path.write_bytes(made(specimen.name))
    return path


def starts_appendix(page: Page) -> bool:
    return re.fullmatch(r"Phụ lục( [IVX]+)?", page.lines[0][0].text) is not None


def own_part(found: list[Page]) -> list[Page]:
    """The paper itself, without its appendices."""
    return list(takewhile(lambda page: not starts_appendix(page), found))


def snapshot(name: str) -> dict[str, Any]:
    return ALL[name].snapshot
