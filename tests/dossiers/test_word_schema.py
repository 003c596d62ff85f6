"""What Word would refuse: elements out of the order of ISO/IEC 29500, names that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest

from dossiers import word
from dossiers.specimens import specimens
from tests.dossiers import cases

CASES = 50
SPECIMENS = {specimen.name: specimen for specimen in specimens()}
SOURCES = [*SPECIMENS, *range(CASES)]
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"

# The transitional schema (wml.xsd): the children of an element, in the one order that is allowed.
SEQUENCES = {
    "document": "background body",
    "pPr": (
        "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers "
        "pBdr shd tabs suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE "
        "autoSpaceDN bidi adjustRightInd snapToGrid spacing ind contextualSpacing mirrorIndents "
        "suppressOverlap jc textDirection textAlignment textboxTightWrap outlineLvl divId cnfStyle "
        "rPr sectPr pPrChange"
    ),
    "rPr": (
        "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint "
        "noProof snapToGrid vanish webHidden color spacing w kern position sz szCs highlight u "
        "effect bdr shd fitText vertAlign rtl cs em lang eastAsianLayout specVanish oMath rPrChange"
    ),
    "sectPr": (
        "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders "
        "lnNumType pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter "
        "docGrid printerSettings sectPrChange"
    ),
    "pBdr": "top left bottom right between bar",
    "tbl": "tblPr tblGrid tr",
    "tblPr": (
        "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc "
        "tblCellSpacing tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption "
        "tblDescription tblPrChange"
    ),
    "tblBorders": "top left bottom right insideH insideV",
    "tblCellMar": "top left bottom right",
    "tblGrid": "gridCol",
    "tr": "tblPrEx trPr tc",
    "tcPr": (
        "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText "
        "vAlign hideMark"
    ),
    "styles": "docDefaults latentStyles style",
    "docDefaults": "rPrDefault pPrDefault",
    "style": (
        "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden unhideWhenUsed "
        "qFormat locked personal personalCompose personalReply rsid pPr rPr tblPr trPr tcPr "
        "tblStylePr"
    ),
    "settings": (
        "writeProtection view zoom removePersonalInformation embedTrueTypeFonts mirrorMargins "
        "defaultTabStop autoHyphenation evenAndOddHeaders characterSpacingControl footnotePr "
        "endnotePr compat docVars rsids mathPr themeFontLang clrSchemeMapping decimalSymbol "
        "listSeparator"
    ),
    "compat": "doNotExpandShiftReturn compatSetting",
}
# Of these any number and any order; `p` and `tc` begin with their properties.
CHOICES = {
    "body": "p tbl sectPr",
    "p": "pPr r fldSimple",
    "r": "rPr t br",
    "tc": "tcPr p tbl",
    "trPr": "cantSplit tblHeader",
    "hdr": "p",
    "fldSimple": "r",
    "rPrDefault": "rPr",
    "pPrDefault": "pPr",
    "latentStyles": "lsdException",
}
# May stand more than once.
SEVERAL = {"headerReference", "tr", "tc", "gridCol", "style", "compatSetting", "footerReference"}


@cache
def parts(source: str | int) -> dict[str, Any]:
    from lxml import etree

    page = SPECIMENS[source].html() if isinstance(source, str) else cases.page(source)
    with ZipFile(BytesIO(word.docx(page))) as archive:
        return {name: etree.fromstring(archive.read(name)) for name in archive.namelist()}


def elements(source: str | int) -> Iterator[Any]:
    for name, root in parts(source).items():
        if name.startswith("word/") and name.endswith(".xml"):
            yield from root.iter(f"{W}*")


def local(element: Any) -> str:
    return str(element.tag).removeprefix(W)


@pytest.mark.parametrize("source", SOURCES)
def test_children_stand_in_the_order_of_the_standard(source: str | int) -> None:
    for element in elements(source):
        names = [local(child) for child in element]
        if local(element) in SEQUENCES:
            order = SEQUENCES[local(element)].split()
            assert set(names) <= set(order), local(element)
            assert names == sorted(names, key=order.index), local(element)
            once = [name for name in names if name not in SEVERAL]
            assert len(once) == len(set(once)), local(element)
        elif names:
            assert set(names) <= set(CHOICES[local(element)].split()), local(element)
            assert not {"pPr", "rPr", "tcPr"} & set(names[1:]), local(element)


@pytest.mark.parametrize("source", SOURCES)
def test_tables_are_whole(source: str | int) -> None:
    """Every row fills the grid, every cell ends in a paragraph, what is merged has a beginning."""
    for table in parts(source)["word/document.xml"].iter(f"{W}tbl"):
        grid = [int(column.get(f"{W}w")) for column in table.iterfind(f"{W}tblGrid/{W}gridCol")]
        assert all(wide > 0 for wide in grid)
        open_columns: set[int] = set()
        for row in table.iterfind(f"{W}tr"):
            at = 0
            merged: set[int] = set()
            for cell in row.iterfind(f"{W}tc"):
                span = cell.find(f"{W}tcPr/{W}gridSpan")
                end = at + (1 if span is None else int(span.get(f"{W}val")))
                wide = int(cell.find(f"{W}tcPr/{W}tcW").get(f"{W}w"))
                assert wide == sum(grid[at:end])
                merge = cell.find(f"{W}tcPr/{W}vMerge")
                if merge is not None:
                    merged.add(at)
                    assert merge.get(f"{W}val") == "restart" or at in open_columns
                assert local(cell[-1]) == "p"
                at = end
            assert at == len(grid)
            open_columns = merged
        assert table.getnext() is not None
        assert local(table.getnext()) != "tbl", "Word would make one table of the two"


@pytest.mark.parametrize("source", SOURCES)
def test_whatever_is_named_is_there(source: str | int) -> None:
    found = parts(source)
    styles = {
        style.get(f"{W}styleId"): style.get(f"{W}type")
        for style in found["word/styles.xml"].iter(f"{W}style")
    }
    relations = {one.get("Id"): one.get("Target") for one in found["word/_rels/document.xml.rels"]}
    for element in elements(source):
        if local(element) in ("pStyle", "basedOn", "next", "link"):
            assert styles[element.get(f"{W}val")] == "paragraph"
        if name := element.get(f"{R}id"):
            assert f"word/{relations[name]}" in found
    assert {f"word/{target}" for target in relations.values()} <= set(found)
    overrides = {one.get("PartName") for one in found["[Content_Types].xml"] if one.get("PartName")}
    assert {name.removeprefix("/") for name in overrides} == {
        name for name in found if not name.endswith(".rels") and not name.startswith("[")
    }
    assert all(one.tag == f"{RELATIONS}Relationship" for one in found["_rels/.rels"])


@pytest.mark.parametrize("source", SOURCES)
def test_every_section_ends_where_it_may(source: str | int) -> None:
    """In the last paragraph of its own, the last one in the body itself."""
    body = parts(source)["word/document.xml"].find(f"{W}body")
    assert local(body[-1]) == "sectPr"
    assert local(body[-2]) == "p"
    for section in body.iter(f"{W}sectPr"):
        parent = section.getparent()
        assert parent is body or (local(parent) == "pPr" and parent.getparent().getparent() is body)
        size = section.find(f"{W}pgSz")
        wide, high = (int(size.get(f"{W}{side}")) for side in "wh")
        assert (size.get(f"{W}orient") == "landscape") == (wide > high)
