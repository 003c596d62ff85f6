"""PDF/A and the tags by which a screen reader finds its way through a paper."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from typing import Any

import pikepdf
import pytest

from dossiers import rendering
from dossiers.documents import html
from dossiers.rendering import lay_out, render_pdf
from tests.dossiers import samples
from tests.dossiers.poppler import all_fonts_are_embedded

KINDS = sorted(samples.SAMPLES)


@cache
def made(kind: str) -> bytes:
    return render_pdf(html(kind, samples.SAMPLES[kind]))


def opened(kind: str) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(made(kind)))


def elements(node: Any) -> Iterator[Any]:
    """Every structure element at and below `node`, in reading order."""
    if not isinstance(node, pikepdf.Dictionary):
        return
    yield node
    kids: Any = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield from elements(kid)


def tags(pdf: pikepdf.Pdf) -> Counter[str]:
    root = pdf.Root.StructTreeRoot
    return Counter(str(one.S) for one in elements(root.K[0]))


@pytest.mark.parametrize("kind", KINDS)
def test_it_says_that_it_is_pdf_a(kind: str) -> None:
    with opened(kind) as pdf:
        with pdf.open_metadata() as metadata:
            assert metadata.pdfa_status == "2A"
            assert metadata["dc:title"] == samples.SAMPLES[kind]["meta"]["title"]
        assert "/Encrypt" not in pdf.trailer
        [intent] = pdf.Root.OutputIntents
        assert intent.S == "/GTS_PDFA1"
        assert intent.DestOutputProfile.N == 3
        assert len(pdf.trailer.ID) == 2
        for key in ("/CreationDate", "/ModDate"):
            assert key not in pdf.docinfo
        assert "/OpenAction" not in pdf.Root
        assert "/JavaScript" not in pdf.Root.get("/Names", {})
    assert all_fonts_are_embedded(made(kind))


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_tagged_in_vietnamese(kind: str) -> None:
    with opened(kind) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "vi"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        for number, page in enumerate(pdf.pages):
            assert page.StructParents == number
            assert page.Tabs == "/S"


@pytest.mark.parametrize("kind", KINDS)
def test_every_marked_content_belongs_to_an_element(kind: str) -> None:
    with opened(kind) as pdf:
        nums = pdf.Root.StructTreeRoot.ParentTree.Nums
        parents = {int(nums[i]): nums[i + 1] for i in range(0, len(nums), 2)}
        for number, page in enumerate(pdf.pages):
            marks = [
                int(one.operands[1]["/MCID"])
                for one in pikepdf.parse_content_stream(page, "BDC")
                if isinstance(one, pikepdf.ContentStreamInstruction) and "/MCID" in one.operands[1]
            ]
            assert marks
            assert len(parents[number]) == len(marks) == len(set(marks))


def test_headings_lists_and_tables_are_told_apart() -> None:
    with opened("report") as pdf:
        found = tags(pdf)
        assert found["/H1"] == 1
        assert found["/H2"] == 2
        assert found["/H3"] == len(samples.STATEMENTS)
        assert found["/L"] and found["/LI"] == found["/LBody"]
    with opened("list") as pdf:
        found = tags(pdf)
        # The head is repeated on every page, as it is printed.
        assert found["/TH"] % 9 == 0
        assert found["/THead"] and found["/TBody"]
        heads = {str(one.ID) for one in elements(pdf.Root.StructTreeRoot.K[0]) if "/ID" in one}
        cells = [one for one in elements(pdf.Root.StructTreeRoot.K[0]) if one.S == "/TD"]
        named = [one for one in cells if one.get("/A", {}).get("/Headers")]
        assert len(named) > 50
        assert {str(head) for one in named for head in one.A.Headers} <= heads


def test_signs_that_xml_cannot_hold_leave_the_properties_readable() -> None:
    sample = samples.SAMPLES["report"]
    meta = {"title": "Báo cáo\x01 thành\x0btích \ufffe", "author": "Phòng\x1f A"}
    page = html("report", sample | {"meta": meta})
    with pikepdf.open(BytesIO(render_pdf(page))) as pdf, pdf.open_metadata(strict=True) as metadata:
        assert metadata["dc:title"].split() == ["Báo", "cáo", "thành", "tích"]


def test_the_identifier_follows_the_content() -> None:
    def identifier(text: str) -> bytes:
        with pikepdf.open(BytesIO(render_pdf(f"<html lang='vi'><p>{text}</p></html>"))) as pdf:
            return bytes(pdf.trailer.ID[0])

    assert identifier("một") == identifier("một") != identifier("hai")


def test_every_object_is_written_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compressing takes a good part of the time of a short paper."""
    import zlib

    packed: list[int] = []
    compressing = zlib.compressobj

    def counted(**options: Any) -> Any:
        packed.append(1)
        return compressing(**options)

    layout = lay_out(html("report", samples.SAMPLES["report"]))
    monkeypatch.setattr("pydyf.zlib.compressobj", counted)
    with pikepdf.open(BytesIO(layout.pdf())) as pdf:
        streams = sum(isinstance(one, pikepdf.Stream) for one in pdf.objects)
    # And the two that hold the other objects and their places.
    assert len(packed) <= streams + 2


def test_what_was_made_before_makes_no_difference() -> None:
    text = html("dossier", samples.SAMPLES["dossier"])
    first = render_pdf(text)
    render_pdf(html("letter", samples.SAMPLES["letter"]))
    rendering._colours.cache_clear()
    assert render_pdf(text) == first == render_pdf(text)
