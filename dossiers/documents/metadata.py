"""
The metadata of a dossier and its papers, in the fields of NĐ 30/2020/NĐ-CP, Phụ lục VI, Phần II.

The decree gives names, types and lengths (I for documents sent, III for dossiers), but no XSD that
we know of: which element holds which is our reading of its tables. What is longer than its field is
cut at a word and named in Description; a number that is too large is left out and named there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from xml.etree import ElementTree as ET

from django.utils import timezone

from dossiers.models import Attachment, Document, Dossier
from emulation.vietnamese import short_date

LANGUAGE = "Tiếng Việt"
# Name → (type, length), as the tables have them.
CODE = {
    "OrganId": ("String", 13),
    "FileCatalog": ("Number", 4),
    "FileNotation": ("String", 20),
}
FILE = {
    "Title": ("String", 500),
    "Maintenance": ("String", 30),
    "Rights": ("String", 30),
    "Creator": ("String", 30),
    "Language": ("String", 50),
    "StartDate": ("Date", 10),
    "EndDate": ("Date", 10),
    "DocTotal": ("Number", 4),
    "PageTotal": ("Number", 4),
    "Description": ("String", 500),
}
DOCUMENT = {
    "DocOrdinal": ("Number", 3),
    "TypeName": ("String", 100),
    "CodeNumber": ("String", 11),
    "CodeNotation": ("String", 30),
    "IssuedDate": ("Date", 10),
    "OrganName": ("String", 200),
    "Subject": ("String", 500),
    "Language": ("String", 30),
    "PageAmount": ("Number", 3),
    "Description": ("String", 500),
}
SIGNER = {"Position": ("String", 100), "FullName": ("String", 50)}
Value = str | int | date | None


@dataclass(frozen=True)
class Entry:
    """One document of the dossier, with the name of its file in the export."""

    file: str
    type_name: str
    subject: str
    organ: str
    pages: int | None
    number: str = ""
    issued: date | None = None
    position: str = ""
    signer: str = ""
    note: str = ""


def entry_of(document: Document, file: str, *, signatures: int) -> Entry:
    snapshot = document.snapshot
    position, signer = _signer(snapshot.get("signing") or [])
    notes = [f"Mã xác thực {document.code}"] if document.code else []
    if signatures:
        notes.append(f"{signatures} chữ ký số")
    if document.annulled_at:
        notes.append(f"đã bị hủy ngày {short_date(document.annulled_at)}")
    subject = snapshot.get("subject") or snapshot.get("meta", {}).get("title", "")
    if document.report_id:
        subject = f"{subject} – {document.subject}"
    return Entry(
        file=file,
        type_name=document.get_kind_display(),
        subject=subject,
        organ=document.issuer,
        pages=document.pages,
        number=document.number,
        issued=document.issued_date,
        position=position,
        signer=signer,
        note="; ".join(notes),
    )


def entry_of_attachment(attachment: Attachment, file: str, organ: str) -> Entry:
    return Entry(
        file=file,
        type_name=attachment.part.name if attachment.part else "Tài liệu kèm theo",
        subject=attachment.name,
        organ=organ,
        pages=attachment.pages,
        note="Tệp do đơn vị đính kèm",
    )


def metadata(dossier: Dossier, entries: Sequence[Entry]) -> bytes:
    """The XML, in UTF-8; the same dossier gives the same bytes."""
    assert dossier.submitted_at is not None
    root = ET.Element("File")
    code = _file_code(dossier)
    _put(root, "FileCode", code, CODE)
    pages = [entry.pages for entry in entries if entry.pages]
    _fill(
        root,
        {
            "Title": f"Hồ sơ đề nghị khen thưởng của {dossier.unit.name} trình "
            f"{dossier.get_decider_display()}: {dossier.campaign.name}",
            "Maintenance": "",
            "Rights": "",
            "Creator": str(dossier.created_by),
            "Language": LANGUAGE,
            "StartDate": _day(dossier.created_at),
            "EndDate": _day(dossier.decided_at or dossier.submitted_at),
            "DocTotal": len(entries),
            "PageTotal": sum(pages),
            "Description": "",
        },
        FILE,
    )
    documents = ET.SubElement(root, "Documents")
    for ordinal, entry in enumerate(entries, 1):
        _document(ET.SubElement(documents, "Document", {"file": entry.file}), code, ordinal, entry)
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode", short_empty_elements=True)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def _document(node: ET.Element, code: dict[str, Value], ordinal: int, entry: Entry) -> None:
    _put(node, "FileCode", code, CODE)
    number, _, notation = entry.number.partition("/")
    signer: dict[str, Value] = {"Position": entry.position, "FullName": entry.signer}
    _fill(
        node,
        {
            "DocOrdinal": ordinal,
            "TypeName": entry.type_name,
            "CodeNumber": number,
            "CodeNotation": notation,
            "IssuedDate": entry.issued,
            "OrganName": entry.organ,
            "Subject": entry.subject,
            "Language": LANGUAGE,
            "PageAmount": entry.pages,
            "Description": entry.note,
        },
        DOCUMENT,
        also=[(name, value, SIGNER[name]) for name, value in signer.items()],
    )
    _put(node, "SignerInfo", signer, SIGNER)


def _put(
    parent: ET.Element, name: str, values: dict[str, Value], fields: dict[str, tuple[str, int]]
) -> None:
    node = ET.SubElement(parent, name)
    for key, value in values.items():
        ET.SubElement(node, key).text = _fitted(value, *fields[key])[0]


def _fill(
    node: ET.Element,
    values: dict[str, Value],
    fields: dict[str, tuple[str, int]],
    also: Iterable[tuple[str, Value, tuple[str, int]]] = (),
) -> None:
    """The fields in their order; Description, the last, names those that did not fit."""
    short = [name for name, value, field in also if _fitted(value, *field)[1]]
    for name, value in values.items():
        notes = [value, f"Rút gọn do quá độ dài: {', '.join(short)}" if short else ""]
        said = "; ".join(str(note) for note in notes if note) if name == "Description" else value
        text, is_short = _fitted(said, *fields[name])
        if is_short:
            short.append(name)
        ET.SubElement(node, name).text = text


def _fitted(value: Value, kind: str, length: int) -> tuple[str, bool]:
    """The text of a field, and whether it says less than it should."""
    if value is None or value == "":
        return "", False
    if kind == "Date":
        return short_date(value) if isinstance(value, date) else "", False
    text = _plain(str(value))
    if len(text) <= length:
        return text, False
    if kind == "Number":
        return "", True
    cut = text[: length - 1]
    return f"{cut[: cut.rfind(' ')].rstrip() if ' ' in cut else cut}…", True


def _plain(text: str) -> str:
    """Without line breaks, and without the control signs that XML cannot hold."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _day(moment: datetime | None) -> date | None:
    return timezone.localdate(moment) if moment else None


def _file_code(dossier: Dossier) -> dict[str, Value]:
    """The agency's identifier is not kept here: whoever files the dossier adds it."""
    day = _day(dossier.submitted_at)
    notation = f"{dossier.pk:02d}/HS-{dossier.unit.symbol}".removesuffix("-")
    return {
        "OrganId": "",
        "FileCatalog": day.year if day else None,
        "FileNotation": notation if len(notation) <= 20 else f"{dossier.pk:02d}/HS",
    }


def _signer(rows: Sequence[Sequence[dict[str, Any]]]) -> tuple[str, str]:
    """Position and name of who signs the paper: the last of the first row of signatures."""
    if not rows or not rows[0]:
        return "", ""
    last = rows[0][-1]
    lines = last.get("lines") or [""]
    return str(lines[-1]), str(last.get("name") or "")
