"""Where pages of specimens break: never after a heading, a lone line, or before signatures."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from dossiers.documents.pages import filled, html
from dossiers.prose import blocks
from dossiers.rendering import render_pdf
from dossiers.specimens.texts import SENTENCES
from dossiers.specimens.texts import name as person
from tests.dossiers.measuring import Page, Text, pages_of
from tests.dossiers.specimen_files import (
    ALL,
    LONG,
    NAMES,
    ONE_PROCESS,
    own_part,
    pages,
    snapshot,
    starts_appendix,
)

pytestmark = ONE_PROCESS

LEFT = 30
SIGNED = [name for name in NAMES if snapshot(name).get("signing")]
# Lines above the end, so that it meets the foot of the page at every height.
HEIGHTS = range(10, 30, 2)


def test_no_line_of_a_paragraph_stands_alone() -> None:
    papers = {name: pages(name) for name in LONG}
    # The long paragraph at every height at which it can meet the end of a page.
    papers |= {f"{above} lines above": pages_of(_shifted(above)) for above in range(7)}
    torn = set()
    for name, found in papers.items():
        for before, after in pairwise(found):
            if after.is_wide or before.is_wide:
                continue
            over = _going_on(after.lines)
            if not over or starts_appendix(after):
                continue
            left = len(before.lines) - _last_start(before.lines)
            assert over >= 2, (name, after.number)
            assert left >= 2, (name, before.number)
            torn.add((left, over))
    assert {(2, 5), (3, 4), (4, 3), (5, 2)} <= torn


def _shifted(above: int) -> bytes:
    """A report that is one long paragraph again and again, below some short ones."""
    found = snapshot("report-short")
    section = found["sections"][1] | {"subsections": []}
    section["blocks"] = blocks("\n".join(["Dòng."] * above + [SENTENCES[-1]] * 14))
    return render_pdf(html("report", found | {"sections": [section]}))


def _going_on(lines: list[list[Text]]) -> int:
    """How many lines at the top belong to a paragraph of the page before."""
    starts = (i for i, line in enumerate(lines) if line[0].left > LEFT + 1 or line[0].size != 14)
    return next(starts, len(lines))


def _last_start(lines: list[list[Text]]) -> int:
    return max(i for i, line in enumerate(lines) if line[0].left > LEFT + 1)


def test_no_heading_is_the_last_line_of_a_page() -> None:
    papers = {name: pages(name) for name in NAMES}
    papers |= {f"{above} lines above": pages_of(_headed(above)) for above in range(3)}
    for name, found in papers.items():
        for page, after in pairwise(found):
            if after.lines and starts_appendix(after):
                continue
            assert not all(text.bold for text in page.lines[-1]), (name, page.number)


def _headed(above: int) -> bytes:
    """A report of nothing but headings with one line each, below some lines."""
    found = snapshot("report-short")
    line = blocks("Dòng.")
    parts = [{"number": str(n), "heading": "Mục", "blocks": line} for n in range(1, 90)]
    section = found["sections"][1] | {"blocks": line * above, "subsections": parts}
    return render_pdf(html("report", found | {"sections": [section]}))


# --- Signatures -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SIGNED)
def test_signatures_stand_on_one_page_together_with_text(name: str) -> None:
    assert_signed_with_text(pages(name), snapshot(name)["signing"])


@pytest.mark.parametrize("kind", sorted({ALL[name].kind for name in SIGNED}))
def test_signatures_meet_the_foot_of_a_page_at_every_height(kind: str) -> None:
    moved = 0
    for lines in HEIGHTS:
        content = snapshot(f"{kind}-short") | _filled(kind, lines)
        found = pages_of(render_pdf(filled(ALL[f"{kind}-short"].template, content)))
        assert_signed_with_text(found, content["signing"])
        moved += len(found) > 1
    assert moved > 0, "all fits on one page"


def _filled(kind: str, count: int) -> dict[str, Any]:
    """What a short paper of this kind says instead, to be longer by so many lines."""
    old = snapshot(f"{kind}-short")
    prose = blocks("\n".join(["Dòng."] * count))
    match kind:
        case "decision":
            return {"articles": [{"text": "Dòng.", "points": []}] * count + old["articles"][-1:]}
        case "dispatch":
            return {"blocks": prose}
        case "minutes":
            return {"content": prose}
        case "letter":
            [group] = old["groups"]
            lists = [group["lists"][0] | {"lines": [person(i) for i in range(count - 9)]}]
            return {"groups": [group | {"lists": lists}]}
        case "list":
            row = old["groups"][0]["rows"][0] | {"summary": "Dòng.", "award": "Giấy khen"}
            return {"groups": [old["groups"][0] | {"rows": [row] * (count // 2)}]}
    section = old["sections"][1] | {"blocks": prose, "subsections": []}
    return {"sections": [old["sections"][0], section]}


def assert_signed_with_text(found: list[Page], signing: list[Any]) -> None:
    signers = [signer for row in signing for signer in row]
    words = [line.upper() for signer in signers for line in signer["lines"]]
    words += [signer["name"] for signer in signers if signer["name"]]
    last = own_part(found)[-1]
    shown = " ".join(text.text for line in last.lines for text in line)
    for word in words:
        # Long ones stand on two lines, beside other words.
        assert all(part in shown for part in word.split()), word
    first = min(text.top for text in last.body if text.bold and words[0].startswith(text.text))
    assert [line for line in last.lines if line[0].bottom < first and line[0].size == 14]
