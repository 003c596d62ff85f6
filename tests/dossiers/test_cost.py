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


def test_style_sheet_and_fonts_are_read_once() -> None:
    assert rendering.style() is rendering.style()
