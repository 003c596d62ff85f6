"""What WeasyPrint lays out for the PDF: each paragraph with its type, on one endless sheet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dossiers.rendering import lay_out, style
from tests.dossiers.office import Row, Shown

# Without wrapping and without pages, so that no break and no repeated head of a table disturbs.
ENDLESS = """
@page { size: 3000mm 90000mm }
* { white-space: nowrap !important; page: auto !important; break-before: auto !important }
"""
POINTS_PER_PIXEL = 0.75
MM_PER_PIXEL = 25.4 / 96
ALIGNMENTS = {"start": "left", "justify": "justify"}


def shown_on_paper(page: str) -> list[Shown]:
    return [found for block in _blocks(_endless(page)) if (found := _shown(block)).text]


def tables_on_paper(page: str) -> list[list[Row]]:
    """Every table, row by row: whether it is its head, and of each cell text and spans."""
    from weasyprint.formatting_structure import boxes

    return [
        [
            (group.is_header, [(_text(cell), cell.colspan, cell.rowspan) for cell in row.children])
            for group in table.children
            for row in group.children
            # A body without rows is given an empty one.
            if row.element_tag == "tr"
        ]
        for table in _endless(page).descendants()
        if isinstance(table, boxes.TableBox)
    ]


def _endless(page: str) -> Any:
    from weasyprint import CSS, HTML

    rules, fonts = style()
    sheets = [rules, CSS(string=ENDLESS, font_config=fonts)]
    [sheet] = HTML(string=page).render(font_config=fonts, stylesheets=sheets).pages
    return sheet._page_box


def _text(box: Any) -> str:
    from weasyprint.formatting_structure import boxes

    texts = [found.text for found in box.descendants() if isinstance(found, boxes.TextBox)]
    return "".join("".join(texts).split())


def _blocks(box: Any) -> Iterator[Any]:
    """Boxes that hold lines; the margins of the page, with its number, are left out."""
    from weasyprint.formatting_structure import boxes

    if isinstance(box, boxes.MarginBox):
        return
    children = getattr(box, "children", ())
    if any(isinstance(child, boxes.LineBox) for child in children):
        yield box
        return
    for child in children:
        yield from _blocks(child)


def _shown(block: Any) -> Shown:
    from weasyprint.formatting_structure import boxes

    texts = [box for box in block.descendants() if isinstance(box, boxes.TextBox)]
    css = block.style
    align = css["text_align_all"]
    return Shown(
        text="".join("".join(box.text for box in texts).split()),
        size=round(float((texts[0].style if texts else css)["font_size"]) * POINTS_PER_PIXEL, 1),
        signs=tuple(
            (box.style["font_weight"] >= 600, box.style["font_style"] == "italic")
            for box in texts
            for sign in box.text
            if not sign.isspace()
        ),
        align=ALIGNMENTS.get(align, align),
        indent=round(float(css["text_indent"].value) * MM_PER_PIXEL, 1),
        line=round(float(css["line_height"]), 2),
    )


def columns_on_paper(page: str) -> list[list[float]]:
    """The columns of each table on the first page, in mm."""
    from weasyprint.formatting_structure import boxes

    [first, *_] = lay_out(page).document.pages
    return [
        [round(wide * MM_PER_PIXEL, 1) for wide in box.column_widths]
        for box in first._page_box.descendants()
        if isinstance(box, boxes.TableBox)
    ]
