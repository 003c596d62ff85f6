"""What a produced file is called where people meet it: downloads, archives, folders."""

from __future__ import annotations

import re

from django.utils.text import slugify

from dossiers.models import Document
from emulation.vietnamese import fold

STEMS = {
    Document.Kind.REPORT: "bao-cao",
    Document.Kind.LETTER: "to-trinh",
    Document.Kind.MINUTES: "bien-ban",
    Document.Kind.LIST: "danh-sach",
    Document.Kind.DOSSIER: "ho-so",
    Document.Kind.SIGNING: "trang-ky",
    Document.Kind.PRINT: "ban-in",
}
LONGEST = 80
# ND98-08/2: the form by decree and number, then its wording.
FORM = re.compile(r"ND(\d+)-(\d+)(?:/\d+)?")


def slug(text: str) -> str:
    return slugify(fold(text))[:LONGEST].strip("-")


def folder_name(document: Document) -> str:
    """One folder for a dossier: its unit and the level that decides on it."""
    dossier = document.dossier
    if dossier is None:
        return slug(document.subject)
    return f"{slug(dossier.unit.name)}--{slug(dossier.get_decider_display())}"


def form_of(document: Document) -> str:
    """The form that a report is written in, as it stands in names: "Mẫu 08 NĐ 98"."""
    found = FORM.fullmatch(document.form_version)
    return f"Mẫu {found[2]} NĐ {found[1]}" if found else document.form_version.partition("/")[0]


def stem_of(document: Document) -> str:
    stem = STEMS[Document.Kind(document.kind)]
    if form := slug(form_of(document)):
        stem = f"{stem}-{form}"
    return f"{stem}--{slug(document.subject)}" if document.report_id else stem


def flat_name(document: Document) -> str:
    """The name of a file that lies in one folder with those of other dossiers, without suffix."""
    kind, _, subject = stem_of(document).partition("--")
    return "--".join(filter(None, (kind, folder_name(document), subject)))


def free_name(stem: str, taken: set[str]) -> str:
    """A name that is not taken yet, which it is afterwards: two people may share a name."""
    name, n = f"{stem}.pdf", 1
    while name in taken:
        n += 1
        name = f"{stem}-{n}.pdf"
    taken.add(name)
    return name


def display_name(document: Document, *, is_signed: bool = False) -> str:
    """The name under which a browser saves the file."""
    kind = " ".join(filter(None, (str(Document.Kind(document.kind).label), form_of(document))))
    subject = document.subject.replace("/", "-")[:LONGEST].strip()
    return f"{kind} - {subject}{' (đã ký số)' if is_signed else ''}.pdf"
