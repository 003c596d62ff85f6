"""Reading the HTML of a document: its elements, and the text within them as a browser shows it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any

from lxml import etree, html

from dossiers.word.blocks import Run
from dossiers.word.decree import BLANK, POINT

Element = Any

HIDDEN = {"script", "style", "template", "svg", "img", "colgroup"}
# Only on paper: by it a print is checked, while this file is still to be worked on.
ON_PAPER_ONLY = {"verification"}
PARAGRAPHS = {"p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "figcaption", "dt", "dd", "pre"}
CONTAINERS = {
    *("div", "ul", "ol", "section", "article", "header", "footer", "main", "figure", "aside"),
    *("blockquote", "dl", "address", "nav"),
}
BLOCKS = PARAGRAPHS | CONTAINERS | {"table"}

# Stands on one line: a span of days.
UNBROKEN = {"time"}
SPACE = re.compile(r"[ \t\n\r\f]+")
# Signs that XML cannot hold.
FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
NO_BREAK_SPACE = "\u00a0"
BLANK_SIGNS = NO_BREAK_SPACE * round(BLANK / (0.25 * 13 * POINT))


@dataclass(frozen=True)
class Source:
    title: str
    author: str
    body: Element


def parse(page: str) -> Source:
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True)
    root = etree.fromstring(FORBIDDEN.sub("", page).encode(), parser)
    return Source(
        title=root.findtext("head/title", default=""),
        author=next(iter(root.xpath("head/meta[@name='author']/@content")), ""),
        body=root.find("body"),
    )


def classes(element: Element) -> frozenset[str]:
    return frozenset((element.get("class") or "").split())


def is_shown(element: Element) -> bool:
    return element.tag not in HIDDEN and not classes(element) & ON_PAPER_ONLY


@dataclass
class Line:
    """The runs of one paragraph while it is read, white space collapsed."""

    runs: list[Run] = field(default_factory=list)

    def add(self, text: str | None, form: Run) -> None:
        if not text:
            return
        text = SPACE.sub(" ", text)
        if text[0] == " " and self._ends_with_space:
            text = text[1:]
        if text:
            self._push(replace(form, text=text))

    def blank(self, form: Run) -> None:
        self._push(replace(form, text=BLANK_SIGNS))

    def new_line(self) -> None:
        self._trim()
        self._push(Run("\n"))

    def finish(self) -> list[Run]:
        self._trim()
        runs, self.runs = self.runs, []
        return runs

    @property
    def _ends_with_space(self) -> bool:
        return not self.runs or self.runs[-1].text[-1] in " \n"

    def _push(self, run: Run) -> None:
        last = self.runs[-1] if self.runs else None
        if last and replace(last, text="") == replace(run, text=""):
            self.runs[-1] = replace(run, text=last.text + run.text)
        else:
            self.runs.append(run)

    def _trim(self) -> None:
        while self.runs and self.runs[-1].text.endswith(" "):
            kept = self.runs[-1].text[:-1]
            self.runs[-1:] = [replace(self.runs[-1], text=kept)] if kept else []


def inline(element: Element, form: Run, line: Line) -> None:
    """Text within a paragraph; elements and classes that are not known only pass it on."""
    if not is_shown(element):
        return
    if element.tag == "br":
        line.new_line()
        return
    if "blank" in classes(element):
        line.blank(form)
        return
    form = _form(element.tag, form)
    text = element.text
    if element.tag in UNBROKEN and text:
        text = SPACE.sub(NO_BREAK_SPACE, text)
    line.add(text, form)
    for child in element:
        inline(child, form, line)
        line.add(child.tail, form)


def _form(tag: str, form: Run) -> Run:
    match tag:
        case "strong" | "b":
            return replace(form, bold=True)
        case "em" | "i":
            return replace(form, italic=True)
        case "u":
            return replace(form, underline=True)
        case "sup" | "sub":
            return replace(form, raised=tag)
    return form
