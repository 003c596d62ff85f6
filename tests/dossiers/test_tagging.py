"""The tags of a bound dossier are those of its parts, in the order of its pages."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from dossiers.binding import Medium, Part
from tests.dossiers.test_archival import elements
from tests.dossiers.test_binding import blank, bound_of, paper, picture


@pytest.fixture
def parts(tmp_path: Path) -> list[Part]:
    contents = {"letter": paper("letter"), "image": picture(300, 400), "list": paper("list")}
    found = []
    for name, content in contents.items():
        path = tmp_path / name
        path.write_bytes(content)
        medium = Medium.IMAGE if name == "image" else Medium.PDF
        found.append(Part(name, medium, path, is_tagged=medium is Medium.PDF))
    return found


def opened(parts: list[Part]) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(bound_of(parts)[1]))


def test_elements_follow_the_pages(parts: list[Part]) -> None:
    with opened(parts) as pdf:
        numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
        [document] = pdf.Root.StructTreeRoot.K
        shown = [numbers[element.Pg.objgen] for element in document.K]
        assert shown == sorted(shown)
        assert set(shown) == set(numbers.values())
        assert all(element.P.objgen == document.objgen for element in document.K)
        assert pdf.Root.MarkInfo.Marked
        assert not pdf.Root.MarkInfo.Suspects
        figures = [one for one in elements(document) if one.S == "/Figure"]
        assert [str(figure.Alt) for figure in figures] == ["image"]


def test_every_mark_leads_to_an_element_of_its_page(parts: list[Part]) -> None:
    with opened(parts) as pdf:
        nums: Any = pdf.Root.StructTreeRoot.ParentTree.Nums
        keys = [int(nums[i]) for i in range(0, len(nums), 2)]
        assert keys == list(range(len(keys)))
        assert len({page.StructParents for page in pdf.pages}) == len(pdf.pages)
        for page in pdf.pages:
            parents = nums[2 * int(page.StructParents) + 1]
            assert len(parents)
            assert {parent.Pg.objgen for parent in parents} == {page.obj.objgen}
        links = list(pdf.pages[1].get("/Annots", ()))
        assert links
        assert {str(nums[2 * int(link.StructParent) + 1].S) for link in links} == {"/Link"}


def test_it_says_when_some_pages_have_no_tags(parts: list[Part], tmp_path: Path) -> None:
    path = tmp_path / "scan"
    path.write_bytes(blank(2))
    with opened([*parts, Part("scan", Medium.PDF, path)]) as pdf:
        assert pdf.Root.MarkInfo.Suspects
        assert "/StructParents" not in pdf.pages[-1]
        with pdf.open_metadata() as metadata:
            assert not metadata.pdfa_status
