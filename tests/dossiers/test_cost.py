"""What a document may cost, where a test can tell without a clock."""

from __future__ import annotations

import pytest

from dossiers import rendering
from dossiers.documents import html
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


def test_style_sheet_and_fonts_are_read_once() -> None:
    assert rendering.style() is rendering.style()
