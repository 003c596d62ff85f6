"""The wording of a report form as one value: kept with each revision, compared and judged."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from campaigns.models import Applies, ReportKind
from dossiers.models.reports import FormSection, ReportForm
from emulation.models.law import Mark
from emulation.vietnamese import short_date

# {"form": {column: text}, "sections": [{column: text or bool}, … in order],
#  "basis": {column: text or None}}
Wording = dict[str, Any]

FORM_COLUMNS = (
    *("number", "name", "heading", "scope_label", "reporter_label", "head_label"),
    *("confirm_label", "submit_label", "mark", "source"),
)
# By what law a form stands and which reports it is chosen for: kept beside the wording, but
# corrected on a page of its own.
BASIS_COLUMNS = (
    *("instrument", "article", "valid_from", "valid_to"),
    *("kind", "applies", "title_code"),
)
# What says which section it is, and what the office may correct in it.
SECTION_IDENTITY = ("code", "kind", "applies")
SECTION_COLUMNS = ("numeral", "heading", "hint", "required", "retired", "mark", "source")
MOST_SECTIONS = 40
Kind = FormSection.Kind
SPACE = re.compile(r"[^\S\n]+")

SECTION_NAMES = {
    "numeral": "Số mục",
    "heading": "Tiêu đề",
    "kind": "Nội dung",
    "applies": "Dùng cho",
    "hint": "Gợi ý",
    "required": "Bắt buộc viết",
    "retired": "Thôi dùng",
    "mark": "Mức kiểm chứng",
    "source": "Nguồn",
}
FORM_NAMES = {
    field.name: str(field.verbose_name)[:1].upper() + str(field.verbose_name)[1:]
    for field in ReportForm._meta.concrete_fields
    if field.name in (*FORM_COLUMNS, *BASIS_COLUMNS)
}
WORDS: dict[str, dict[Any, str]] = {
    "kind": dict(Kind.choices) | dict(ReportKind.choices),
    "applies": dict(Applies.choices),
    "mark": dict(Mark.choices),
    "required": {True: "có", False: "không"},
    "retired": {True: "có", False: ""},
}


class Fault(NamedTuple):
    """What a form cannot have: in which section (by its place), in which column, and why."""

    place: int | None
    column: str
    message: str


def wording_of(form: ReportForm) -> Wording:
    """As the rows have it now."""
    return {
        "form": {name: getattr(form, name) for name in FORM_COLUMNS},
        "sections": [
            {
                **{name: getattr(row, name) for name in (*SECTION_IDENTITY, *SECTION_COLUMNS)},
                "since": row.valid_from.isoformat() if row.valid_from else None,
            }
            for row in FormSection.objects.filter(form=form)
        ],
        "basis": basis_of(form),
    }


def basis_of(form: ReportForm) -> dict[str, str | None]:
    return {
        "instrument": form.instrument.number,
        "article": form.article,
        "valid_from": form.valid_from.isoformat() if form.valid_from else None,
        "valid_to": form.valid_to.isoformat() if form.valid_to else None,
        "kind": form.kind,
        "applies": form.applies,
        "title_code": form.title_code,
    }


def key_of(section: dict[str, Any]) -> tuple[str, str | None]:
    """By which a section is the same one in two wordings; ("", None) of one to be added."""
    return section["code"], section["since"]


def tidy(wording: Wording) -> Wording:
    """The same in one form only: composed letters, no blanks where nobody sees them."""
    return {
        "form": {name: _tidy(value) for name, value in wording["form"].items()},
        "sections": [
            {name: _tidy(value) for name, value in section.items()}
            for section in wording["sections"]
        ],
        "basis": wording["basis"],
    }


def _tidy(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    lines = unicodedata.normalize("NFC", value).replace("\r\n", "\n").split("\n")
    return "\n".join(SPACE.sub(" ", line).strip() for line in lines).strip()


def faults(wording: Wording) -> Iterator[Fault]:
    """What would make a report that cannot be written, or cannot be printed well."""
    sections = list(enumerate(wording["sections"]))
    used = [(place, section) for place, section in sections if not section["retired"]]
    if not used:
        yield Fault(None, "", "Mẫu phải còn ít nhất một mục đang dùng.")
    if len(sections) > MOST_SECTIONS:
        yield Fault(None, "", f"Một mẫu có tối đa {MOST_SECTIONS} mục.")
    first = {
        next((place for place, section in used if section["applies"] in (Applies.BOTH, who)), None)
        for who in (Applies.COLLECTIVE, Applies.INDIVIDUAL)
    }
    for place, section in sections:
        if place in first and not section["numeral"]:
            yield Fault(place, "numeral", "Mục đứng đầu phải có số mục, ví dụ I.")
        elif section["kind"] == Kind.HEADING and not section["numeral"]:
            yield Fault(place, "numeral", "Mục chỉ có tiêu đề phải có số mục, ví dụ II.")
        if section["retired"] and section["kind"] == Kind.STATEMENTS:
            message = "Kế hoạch yêu cầu báo cáo phải nêu các nội dung này nên luôn cần mục này."
            yield Fault(place, "retired", message)
        if section["required"] and section["kind"] not in (Kind.TEXT, Kind.TARGETS):
            message = "Chỉ mục do người lập báo cáo viết mới có thể bắt buộc."
            yield Fault(place, "required", message)


class Part(NamedTuple):
    """A part of a wording in words: what it is called, and the text of each line by its name."""

    title: str
    lines: dict[str, str]


def spoken(wording: Wording) -> dict[str, Part]:
    """What it says, to be compared: each line of the form and each section, by a lasting key."""
    found = {}
    for name, value in wording["basis"].items():
        found[f"basis {name}"] = Part(FORM_NAMES[name], {"": _basis_in_words(name, value)})
    for name, value in wording["form"].items():
        found[name] = Part(FORM_NAMES[name], {"": WORDS.get(name, {}).get(value, value)})
    for place, section in enumerate(wording["sections"]):
        found[_key(place, section)] = Part(
            f"Mục “{_name(section)}”",
            {
                title: WORDS.get(column, {}).get(section[column], section[column])
                for column, title in SECTION_NAMES.items()
            },
        )
    return found


def order_of(wording: Wording) -> dict[str, str]:
    """The sections in use, in order: by the same keys, what they are called."""
    return {
        _key(place, section): _name(section)
        for place, section in enumerate(wording["sections"])
        if not section["retired"]
    }


def _key(place: int, section: dict[str, Any]) -> str:
    # One to be added has no code yet.
    return " ".join(filter(None, key_of(section))) or f"+{place}"


def _basis_in_words(name: str, value: str | None) -> str:
    if name in ("valid_from", "valid_to"):
        return short_date(date.fromisoformat(value)) if value else "không ghi"
    return str(WORDS.get(name, {}).get(value, value))


def _name(section: dict[str, Any]) -> str:
    return f"{section['numeral']} {section['heading']}".strip()
