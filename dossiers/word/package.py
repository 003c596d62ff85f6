"""The file itself: styles and page number by python-docx, once; then each document poured in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from io import BytesIO, TextIOWrapper
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from dossiers.word import decree, reading, tree, writing
from dossiers.word.decree import LOOKS, Look

if TYPE_CHECKING:
    from docx.document import Document

# The earliest that an archive can say: the same content gives the same bytes on any day.
NO_DAY = (1980, 1, 1, 0, 0, 0)
BODY, PROPERTIES = "word/document.xml", "docProps/core.xml"
RELATIONS = "word/_rels/document.xml.rels"
GAP = "\0"
# Of what the empty document of python-docx brings along, nothing else is needed.
PARTS = {"officeDocument", "core-properties", "styles", "settings"}
HEADINGS = ("Heading 1", "Heading 2", "Heading 3", "Heading 4")
STYLES = ("Normal", "Header", *HEADINGS)
FRAMES = ("Default Paragraph Font", "Normal Table", "No List")
# A font is chosen for each sort of letters; Word takes "“" and "…" for East Asian now and then.
SIDES = ("ascii", "hAnsi", "eastAsia", "cs")
ALIGNMENTS = {"both": "JUSTIFY", "center": "CENTER", "left": "LEFT", "right": "RIGHT"}


def docx(html: str) -> bytes:
    """The Word file of the HTML that the PDF is made of; the same HTML gives the same bytes."""
    source = tree.parse(html)
    stream = BytesIO()
    with ZipFile(stream, "w") as target:
        for name, content in _parts().items():
            info = ZipInfo(name, NO_DAY)
            info.compress_type = ZIP_DEFLATED
            with TextIOWrapper(target.open(info, "w"), "utf-8", newline="") as part:
                part.writelines(_filled(name, content, source))
    return stream.getvalue()


def _filled(name: str, content: str, source: tree.Source) -> Iterator[str]:
    """Written as it is made: a table of 5,000 rows would be 100 MB in the trees of python-docx."""
    if name == BODY:
        before, _, after = content.partition(GAP)
        yield before
        yield from writing.body(reading.sections(source.body), _header())
        yield after
    elif name == PROPERTIES:
        before, _, after = content.partition(GAP)
        title, author = (escape(text[:255]) for text in (source.title, source.author))
        yield f"{before}<dc:title>{title}</dc:title><dc:creator>{author}</dc:creator>{after}"
    else:
        yield content


@cache
def _parts() -> dict[str, str]:
    """The empty document, by its parts; GAP stands where the content of one goes."""
    with ZipFile(BytesIO(_empty())) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    end = "</cp:coreProperties>"
    parts[BODY] = re.sub("(?<=<w:body>).*(?=</w:body>)", GAP, parts[BODY], flags=re.DOTALL)
    parts[PROPERTIES] = parts[PROPERTIES].replace(end, GAP + end)
    return parts


@cache
def _header() -> str:
    """The relation of the header with the page number."""
    [found] = re.findall(r'Id="(\w+)" Type="[^"]+/header"', _parts()[RELATIONS])
    return str(found)


@cache
def _empty() -> bytes:
    """A document without content, with our styles and the page number in its header."""
    from docx import Document

    document = Document()
    _bare(document)
    _restyle(document)
    _settings(document)
    _number(document)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _bare(document: Document) -> None:
    for part in (document.part, document.part.package):
        for key, rel in list(part.rels.items()):
            if rel.reltype.rsplit("/", 1)[1] not in PARTS:
                del part.rels[key]
    for style in list(document.styles):
        if style.name not in (*STYLES, *FRAMES):
            style.delete()
    properties = document.core_properties
    for child in list(properties._element):
        properties._element.remove(child)
    properties.language = decree.LANGUAGE
    properties.revision = 1


def _restyle(document: Document) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    styles = document.styles
    defaults = styles.element.find(_w("docDefaults"))
    fonts = " ".join(f'w:{side}="{decree.FONT}"' for side in SIDES)
    styles.element.replace(
        defaults,
        parse_xml(
            f"<w:docDefaults {nsdecls('w')}><w:rPrDefault><w:rPr><w:rFonts {fonts}/>"
            f'<w:color w:val="000000"/><w:sz w:val="28"/><w:szCs w:val="28"/>'
            f'<w:lang w:val="{decree.LANGUAGE}" w:eastAsia="{decree.LANGUAGE}" w:bidi="ar-SA"/>'
            f"</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
        ),
    )
    for key, look in LOOKS.items():
        if look.name not in STYLES:
            styles.add_style(look.name, WD_STYLE_TYPE.PARAGRAPH).element.styleId = key
        _dress(styles, look)


def _dress(styles: Any, look: Look) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
    from docx.oxml import OxmlElement
    from docx.shared import Mm, Pt, RGBColor

    style = styles[look.name]
    for name in ("pPr", "rPr", "link"):
        for old in style.element.findall(_w(name)):
            style.element.remove(old)
    style.hidden = False
    style.quick_style = look.name not in ("Header", "Nét kẻ")
    if look.name != "Normal":
        style.base_style = styles["Normal"]
        style.next_paragraph_style = styles["Normal"]
    style.font.name = decree.FONT
    fonts = style.element.rPr.rFonts
    for side in SIDES:
        fonts.set(_w(side), decree.FONT)
    style.font.size = Pt(look.size)
    style.font.bold = look.bold
    style.font.italic = look.italic
    if look.colour != LOOKS["Normal"].colour:
        style.font.color.rgb = RGBColor.from_string(look.colour)
    form = style.paragraph_format
    form.alignment = getattr(WD_ALIGN_PARAGRAPH, ALIGNMENTS[look.align])
    form.first_line_indent = Mm(look.indent)
    form.left_indent = form.right_indent = Mm(look.sides)
    form.space_before = Pt(look.before)
    form.space_after = Pt(0)
    form.keep_with_next = look.keep
    form.widow_control = True
    if look.name in HEADINGS:
        level = OxmlElement("w:outlineLvl")
        level.set(_w("val"), str(HEADINGS.index(look.name)))
        style.element.pPr.append(level)
    if look.line:
        form.line_spacing = look.line / decree.SINGLE
        form.line_spacing_rule = WD_LINE_SPACING.MULTIPLE


def _settings(document: Document) -> None:
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    settings = document.settings.element
    for child in list(settings):
        settings.remove(child)
    office = "http://schemas.microsoft.com/office/word"
    made = parse_xml(
        f'<w:settings {nsdecls("w")}><w:zoom w:percent="100"/>'
        '<w:defaultTabStop w:val="720"/><w:characterSpacingControl w:val="doNotCompress"/>'
        # Without it a line that ends in a break is stretched to the full measure.
        "<w:compat><w:doNotExpandShiftReturn/>"
        f'<w:compatSetting w:name="compatibilityMode" w:uri="{office}" w:val="15"/></w:compat>'
        f'<w:themeFontLang w:val="{decree.LANGUAGE}"/>'
        '<w:decimalSymbol w:val=","/><w:listSeparator w:val=";"/></w:settings>'
    )
    for child in list(made):
        settings.append(child)


def _number(document: Document) -> None:
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    header = document.sections[0].header
    header.is_linked_to_previous = False
    paragraph = header.paragraphs[0]
    paragraph.style = document.styles["Header"]
    field = f'<w:fldSimple {nsdecls("w")} w:instr=" PAGE "><w:r><w:t>2</w:t></w:r></w:fldSimple>'
    paragraph._p.append(parse_xml(field))


def _w(name: str) -> str:
    from docx.oxml.ns import qn

    return qn(f"w:{name}")
