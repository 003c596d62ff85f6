"""What an issued paper bears more than its draft, and what says how it was laid out."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from dossiers.documents import html, template_version, versions
from dossiers.documents.verification import qr
from dossiers.rendering import render_pdf
from tests.dossiers import samples
from tests.dossiers.poppler import POINTS_PER_MM, Sheet, picture_of, sheets_of

ADDRESS = "https://thidua.langson.gov.vn/xac-thuc/7K2M9QXR4WTA/"
CODE = "7K2M-9QXR-4WTA"
KINDS = sorted(samples.SAMPLES)
# What gives the snapshot, tells how far the work is, or notes where things stand in the file.
SHAPELESS = {
    "dossiers/digests.py",
    "dossiers/documents/places.py",
    "dossiers/documents/reports.py",
    "dossiers/telling.py",
}


def verification() -> dict[str, Any]:
    return {"code": CODE, "address": ADDRESS, "qr": qr(ADDRESS)}


@cache
def issued(kind: str) -> bytes:
    return render_pdf(html(kind, samples.SAMPLES[kind], verification()))


@pytest.mark.parametrize("kind", KINDS)
def test_code_and_address_stand_in_the_lower_margin_of_the_first_page(kind: str) -> None:
    first, *others = sheets_of(issued(kind))
    margin = [word for word in first.words if word.top > first.height - 20]
    assert " ".join(word.text for word in margin) == f"Mã tra cứu: {CODE} {ADDRESS}"
    assert min(word.left for word in margin) >= 30
    # Above the page count that a bound dossier has at the foot.
    count_top = first.height - (22 + 9) / POINTS_PER_MM
    assert max(word.bottom for word in margin) <= count_top + 0.5
    assert not any(CODE in page.text for page in others)


@pytest.mark.parametrize("kind", KINDS)
def test_the_code_never_moves_the_text(kind: str) -> None:
    def body(pages: list[Sheet]) -> list[set[tuple[str, int, int]]]:
        return [
            {
                (word.text, round(word.left * 10), round(word.top * 10))
                for word in page.words
                if word.bottom <= page.height - 18
            }
            for page in pages
        ]

    draft = sheets_of(render_pdf(html(kind, samples.SAMPLES[kind])))
    assert body(draft) == body(sheets_of(issued(kind)))


def test_the_qr_is_fifteen_millimetres_wide_inside_the_margin() -> None:
    picture = picture_of(issued("letter"), 1)
    strip = picture.crop((28, 278, 48, 297)).point(lambda shade: 255 if shade < 160 else 0)
    box = strip.getbbox()
    assert box is not None
    left, top, right, bottom = box
    assert 13 <= right - left <= 16
    assert 13 <= bottom - top <= 16
    assert left + 28 >= 30


def test_drafts_bear_no_code() -> None:
    assert "Mã tra cứu" not in html("letter", samples.SAMPLES["letter"])


def test_the_version_changes_with_templates_and_styles(monkeypatch: pytest.MonkeyPatch) -> None:
    found = template_version()
    assert len(found) == versions.LENGTH
    assert template_version() == found
    for name, value in (("FOLDERS", versions.FOLDERS[:1]), ("MODULES", versions.MODULES[1:])):
        with monkeypatch.context() as patch:
            patch.setattr(versions, name, value)
            assert template_version.__wrapped__() != found
    assert template_version.__wrapped__() == found


def test_every_module_that_shapes_a_file_counts() -> None:
    """What making a file and filling its templates import, and what those import in turn."""
    base = Path(settings.BASE_DIR)
    waiting = ["dossiers/documents/making.py", "dossiers/templatetags/paper.py"]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in found | SHAPELESS:
            found.add(name)
            waiting += imported_by(base / name)
    assert found == set(versions.MODULES)


def imported_by(path: Path) -> list[str]:
    names = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    paths = [Path(*name.split(".")).with_suffix(".py") for name in names]
    return [path.as_posix() for path in paths if (Path(settings.BASE_DIR) / path).is_file()]
