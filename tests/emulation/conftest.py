"""The catalogue of the law, loaded."""

from __future__ import annotations

import pytest

from emulation.actions.catalogue import load_catalogue


@pytest.fixture
def law(db: None) -> None:
    load_catalogue()
