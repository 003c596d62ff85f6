"""What a document may cost, where a test can tell without a clock."""

from __future__ import annotations

import pytest

from dossiers import lean, rendering
from dossiers.documents import html
from dossiers.documents.verification import Verification, qr
from tests.dossiers.samples import SAMPLES


@pytest.mark.parametrize("kind", SAMPLES)
def test_no_paper_asks_for_features_of_a_font(kind: str) -> None:
    """WeasyPrint never lets go of a list of features: each line of each paper would leave one."""
    rendering.lay_out(html(kind, SAMPLES[kind])).pdf()
    _, fonts = rendering.style()
    assert fonts.font_features == {}


@pytest.mark.parametrize("kind", SAMPLES)
def test_the_rules_that_are_left_out_change_nothing(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from weasyprint import HTML

    page = html(kind, SAMPLES[kind])
    lean = rendering.lay_out(page).pdf()
    monkeypatch.setattr(rendering, "_paper", lambda: HTML)
    assert rendering.lay_out(page).pdf() == lean


@pytest.mark.parametrize("kind", SAMPLES)
def test_what_is_worked_out_once_for_a_style_changes_nothing(kind: str) -> None:
    address = "https://thidua.example/xac-thuc/ABCDEFGHJKLM/"
    mark: Verification = {"code": "ABCD-EFGH-JKLM", "address": address, "qr": qr(address)}
    page = html(kind, SAMPLES[kind], mark)
    lean_one = rendering.lay_out(page).pdf()
    with lean.without():
        assert rendering.lay_out(page).pdf() == lean_one


def test_the_library_can_be_had_as_it_is() -> None:
    from weasyprint.layout import block, percent

    rendering.style()
    replaced = percent.resolve_percentages
    assert block.resolve_percentages is replaced
    with lean.without():
        assert percent.resolve_percentages.__module__ == "weasyprint.layout.percent"
        assert block.resolve_percentages is percent.resolve_percentages
    assert block.resolve_percentages is percent.resolve_percentages
    assert block.resolve_percentages.__module__ == "dossiers.lean"


def test_style_sheet_and_fonts_are_read_once() -> None:
    assert rendering.style() is rendering.style()
