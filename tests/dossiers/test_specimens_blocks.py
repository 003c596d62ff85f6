"""Each block of a paper as Nghị định 30/2020, Phụ lục I, Mục II and V, prescribes it, measured."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest

from tests.dossiers.measuring import Page, Rule, Text
from tests.dossiers.poppler import text_of
from tests.dossiers.specimen_files import (
    ALL,
    HEADED,
    ONE_PROCESS,
    made,
    of_kind,
    own_part,
    pages,
    rules,
    snapshot,
    starts_appendix,
)

pytestmark = ONE_PROCESS

LEFT, RIGHT = 30, 15
URGENT = [name for name in HEADED if snapshot(name)["header"].get("urgency")]
KINDS = [name for name in HEADED if ALL[name].kind != "dispatch"]
SIGNED = [name for name in HEADED if snapshot(name).get("signing")]


@dataclass(frozen=True)
class Type:
    """Sizes from … to, and what else the decree says of the letters."""

    least: float
    most: float
    bold: bool = False
    italic: bool = False
    capital: bool = False


NATION = Type(12, 13, bold=True, capital=True)
MOTTO = Type(13, 14, bold=True)
SUPERIOR = Type(12, 13, capital=True)
AGENCY = Type(12, 13, bold=True, capital=True)
NUMBER = Type(13, 13)
DATED = Type(13, 14, italic=True)
KIND = Type(13, 14, bold=True, capital=True)
SUBJECT = Type(13, 14, bold=True)
ABOUT = Type(12, 13)
ADDRESSEE = Type(13, 14)
BASIS = Type(13, 14, italic=True)
HEADING = Type(13, 14, bold=True)
AUTHORITY = Type(13, 14, bold=True, capital=True)
SIGNER = Type(13, 14, bold=True)
RECIPIENTS = Type(12, 12, bold=True, italic=True)
RECIPIENT = Type(11, 11)
LABEL = Type(14, 14, bold=True)
NOTE = Type(13, 14, italic=True)
STAMP = Type(13, 14, bold=True, capital=True)


def is_set(text: Text, kind: Type) -> bool:
    return (
        kind.least <= text.size <= kind.most
        and text.bold == kind.bold
        and text.italic == kind.italic
        and (text.is_capital or not kind.capital)
    )


def first(name: str) -> Page:
    return pages(name)[0]


def last(name: str) -> Page:
    """The page of the signatures; appendices come after it."""
    return own_part(pages(name))[-1]


def middle_of(page: Page) -> float:
    return LEFT + (page.width - LEFT - RIGHT) / 2


def lines_of(page: Page, whole: str, kind: Type) -> list[Text]:
    """The lines that a text takes, by their words and type."""
    texts = [text for text in page.texts if is_set(text, kind)]
    for start in range(len(texts)):
        found: list[Text] = []
        rest = _bare(whole)
        for text in texts[start:]:
            piece = _bare(text.text)
            if rest and rest.startswith(piece):
                found.append(text)
                rest = rest[len(piece) :]
            elif not found:
                break
        if not rest:
            return found
    raise AssertionError(whole)


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def below(name: str, text: Text) -> Rule:
    """The rule under a text, within 3 mm of it."""
    return next(
        rule
        for rule in rules(name)
        if -0.5 <= rule.at - text.bottom <= 3 and abs(rule.middle - text.middle) < 3
    )


def no_rule_below(name: str, text: Text) -> bool:
    return not any(
        -0.5 <= rule.at - text.bottom <= 3 and abs(rule.middle - text.middle) < 3
        for rule in rules(name)
    )


# --- Letterhead -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", HEADED)
def test_nation_and_motto_stand_at_the_right_with_a_rule_as_long_as_the_motto(name: str) -> None:
    page = first(name)
    [nation] = lines_of(page, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", NATION)
    [motto] = lines_of(page, "Độc lập - Tự do - Hạnh phúc", MOTTO)
    assert nation.left > page.width / 2
    assert nation.middle == pytest.approx(motto.middle, abs=0.4)
    assert 0 < motto.bottom - nation.bottom < 8
    rule = below(name, motto)
    assert rule.length == pytest.approx(motto.right - motto.left, abs=0.5)
    assert rule.middle == pytest.approx(motto.middle, abs=0.4)
    assert nation.top < 22, "on the first line of the page"


@pytest.mark.parametrize("name", HEADED)
def test_the_agency_stands_at_the_left_below_its_superior_with_a_shorter_rule(name: str) -> None:
    page, header = first(name), snapshot(name)["header"]
    superior = lines_of(page, header["superior"].upper(), SUPERIOR)
    agency = lines_of(page, header["agency"].upper(), AGENCY)
    nation = page.find("CỘNG HÒA")
    assert superior[0].top == pytest.approx(nation.top, abs=0.3)
    assert superior[-1].bottom < agency[0].bottom
    assert len({round(text.middle) for text in superior + agency}) <= 2
    assert max(text.right for text in superior + agency) < nation.left - 2
    rule = below(name, agency[-1])
    length = max(text.right - text.left for text in agency)
    assert 1 / 3 <= rule.length / length <= 1 / 2
    assert rule.middle == pytest.approx(agency[-1].middle, abs=0.5)
    assert no_rule_below(name, superior[-1])


@pytest.mark.parametrize("name", HEADED)
def test_number_and_date_stand_on_one_line_below_agency_and_motto(name: str) -> None:
    page, header = first(name), snapshot(name)["header"]
    if header["symbol"]:
        [number] = lines_of(page, f"Số: {header['number']}/{header['symbol']}", NUMBER)
        assert re.fullmatch(r"Số: \d{2,}/[A-ZĐ]+(-[A-ZĐ]+)*", re.sub("TTr", "TT", number.text))
        assert number.middle == pytest.approx(
            lines_of(page, header["agency"].upper(), AGENCY)[-1].middle, abs=1
        )
    if header["place"]:
        [dated] = lines_of(page, "Lạng Sơn, ngày 03 tháng 8 năm 2025", DATED)
        assert dated.middle == pytest.approx(page.find("CỘNG HÒA").middle, abs=1)
    if header["symbol"] and header["place"]:
        assert number.bottom == pytest.approx(dated.bottom, abs=0.6)


def test_minutes_bear_no_place_and_date() -> None:
    for name in of_kind("minutes", "list"):
        assert not first(name).has("Lạng Sơn, ngày")


# --- Kind and subject -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", KINDS)
def test_kind_and_subject_stand_in_the_middle_with_a_rule_below(name: str) -> None:
    page, content = first(name), snapshot(name)
    [kind] = lines_of(page, content["title"], KIND)
    subject = lines_of(page, content["subject"], SUBJECT)
    assert kind.bottom < subject[0].bottom
    assert subject[0].bottom - kind.bottom < 7
    for text in (kind, *subject):
        assert text.middle == pytest.approx(middle_of(page), abs=0.4)
    rule = below(name, subject[-1])
    longest = max(text.right - text.left for text in subject)
    assert 1 / 3 <= rule.length / longest <= 1 / 2
    assert rule.middle == pytest.approx(middle_of(page), abs=0.4)


def test_spans_of_time_are_not_torn_in_a_subject() -> None:
    for name in of_kind("letter", "minutes", "report", "collective"):
        shown = [text for text in first(name).texts if "28/8/1945" in text.text]
        assert "28/8/1945 - 28/8/2025)" in shown[0].text, name


def test_a_letter_without_kind_says_its_subject_below_the_number() -> None:
    for name in of_kind("dispatch"):
        page, header = first(name), snapshot(name)["header"]
        about = lines_of(page, f"V/v {header['about']}", ABOUT)
        number = page.find("Số:")
        assert about[0].middle == pytest.approx(number.middle, abs=1)
        # 6 points between the lines.
        assert 1.5 <= about[0].top - number.bottom + 1 <= 5.5
        assert max(text.right for text in about) < page.find("Lạng Sơn, ngày").left
        assert not page.has("CÔNG VĂN")


@pytest.mark.parametrize("name", URGENT)
def test_stamps_of_urgency_have_their_size_and_colour(name: str) -> None:
    sizes = {"KHẨN": 20, "THƯỢNG KHẨN": 40, "HỎA TỐC": 30}
    page = first(name)
    word = snapshot(name)["header"]["urgency"].upper()
    [stamp] = lines_of(page, word, STAMP)
    assert stamp.colour == "#cc0000"
    above, under = (
        rule for rule in rules(name) if abs(rule.at - (stamp.top + stamp.bottom) / 2) < 5
    )
    for rule in (above, under):
        assert rule.length == pytest.approx(sizes[word], abs=0.4)
        assert rule.middle == pytest.approx(stamp.middle, abs=0.4)
    assert under.at - above.at == pytest.approx(8, abs=0.5)
    assert stamp.top > page.find("V/v").bottom


# --- Kính gửi, căn cứ, Điều -----------------------------------------------------------------------


def test_addressees_stand_on_the_line_or_one_below_the_other() -> None:
    for name in of_kind("letter", "dispatch"):
        page, wanted = first(name), snapshot(name)["addressees"]
        line = page.find("Kính gửi:")
        assert is_set(line, ADDRESSEE), name
        if len(wanted) == 1:
            assert line.text == f"Kính gửi: {wanted[0]}.", name
            assert line.middle == pytest.approx(middle_of(page), abs=1)
            continue
        assert line.text == f"Kính gửi: - {wanted[0]};", name
        ends = [";"] * (len(wanted) - 2) + ["."]
        others = [page.find(f"- {to}{end}") for to, end in zip(wanted[1:], ends, strict=True)]
        lefts = {round(text.left, 0) for text in others}
        assert len(lefts) == 1, name
        assert lefts.pop() > line.left + 15
        assert all(is_set(text, ADDRESSEE) for text in others)


def test_grounds_are_in_italics_and_end_with_semicolons_and_a_full_stop() -> None:
    for name in of_kind("letter", "decision"):
        page, bases = first(name), snapshot(name)["bases"]
        for i, base in enumerate(bases, 1):
            lines = lines_of(page, base + ("." if i == len(bases) else ";"), BASIS)
            assert lines[0].left == pytest.approx(LEFT + 12.7, abs=0.2)
            assert all(line.left == pytest.approx(LEFT, abs=0.2) for line in lines[1:])


def test_articles_are_numbered_in_bold() -> None:
    for name in of_kind("decision"):
        count = len(snapshot(name)["articles"])
        found = [
            text
            for page in pages(name)
            for text in page.body
            if re.fullmatch(r"Điều \d+\.", text.text) and text.bold
        ]
        assert [text.text for text in found] == [f"Điều {n}." for n in range(1, count + 1)]
        assert all(is_set(text, HEADING) for text in found)
        assert all(text.left == pytest.approx(LEFT + 12.7, abs=0.2) for text in found)
        page = first(name)
        for line in (snapshot(name)["decider"].upper(), "QUYẾT ĐỊNH:"):
            [text] = lines_of(page, line, KIND)
            assert text.middle == pytest.approx(middle_of(page), abs=0.4)


def test_parts_and_points_have_their_type() -> None:
    """I. in bold capitals, 1. and a) in bold where they are headings."""
    for name in of_kind("report", "collective", "minutes", "letter"):
        for page in pages(name):
            for line in page.lines:
                text = line[0]
                if text.size != 14 or text.left < 42 or not text.bold:
                    continue
                assert is_set(text, HEADING)
                if re.match(r"[IVX]+\. ", text.text):
                    assert text.is_capital, name
        assert any(
            re.match(r"(I|1)\. ", text.text) and text.bold for p in pages(name) for text in p.body
        )


# --- Signatures, Nơi nhận -------------------------------------------------------------------------


@pytest.mark.parametrize("name", SIGNED)
def test_signers_have_their_type_and_room_to_sign(name: str) -> None:
    page = last(name)
    for row in snapshot(name)["signing"]:
        for i, signer in enumerate(row):
            lines = [
                found
                for line in signer["lines"]
                for found in lines_of(page, line.upper(), AUTHORITY)
            ]
            assert lines, signer
            if len(row) == 2:
                assert (lines[0].middle > page.width / 2) == (i == 1)
            if not signer["name"]:
                continue
            written = lines_of(page, signer["name"], SIGNER)
            assert written[0].middle == pytest.approx(lines[0].middle, abs=1)
            # Less the hint "(Ký …)" that stands in some reports.
            assert written[0].top - lines[-1].bottom >= 24


def test_one_signer_stands_at_the_right_level_with_recipients_at_the_left() -> None:
    for name in of_kind("letter", "decision", "dispatch"):
        page, content = last(name), snapshot(name)
        [[signer]] = content["signing"]
        authority = lines_of(page, signer["lines"][0].upper(), AUTHORITY)[0]
        assert authority.left > page.width / 2, name
        label = page.find("Nơi nhận:")
        assert is_set(label, RECIPIENTS), name
        assert label.left == pytest.approx(LEFT, abs=1.2)
        assert label.top == pytest.approx(authority.top, abs=1.5)
        _recipients(page, content["recipients"], name)


def test_recipients_of_minutes_stand_below_the_signatures() -> None:
    for name in of_kind("minutes"):
        page, content = last(name), snapshot(name)
        label = page.find("Nơi nhận:")
        assert is_set(label, RECIPIENTS)
        names = [lines_of(page, s["name"], SIGNER)[0] for s in content["signing"][0]]
        assert label.top - max(text.bottom for text in names) >= 2
        _recipients(page, content["recipients"], name)


def _recipients(page: Page, wanted: list[str], name: str) -> None:
    ends = [";"] * (len(wanted) - 1) + ["."]
    for line, end in zip(wanted, ends, strict=True):
        found = lines_of(page, f"- {line}{end}", RECIPIENT)
        assert found[0].left == pytest.approx(LEFT, abs=1.2), name
        assert max(text.right for text in found) < page.width / 2 + 8, name


def test_forms_of_signing_are_written_as_the_decree_has_them() -> None:
    wanted = {
        "letter-normal": ["KT. TRƯỞNG PHÒNG", "PHÓ TRƯỞNG PHÒNG"],
        "decision-short": ["GIÁM ĐỐC"],
        "decision-normal": ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"],
        "decision-extreme": ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"],
        "dispatch-short": ["TL. GIÁM ĐỐC", "CHÁNH VĂN PHÒNG"],
        "dispatch-normal": ["TUQ. GIÁM ĐỐC", "TRƯỞNG PHÒNG"],
        "dispatch-extreme": ["Q. GIÁM ĐỐC"],
    }
    for name, lines in wanted.items():
        found = [text for text in last(name).body if is_set(text, AUTHORITY)]
        right = [text.text for text in found if text.left > 105]
        assert right == lines, name


@pytest.mark.parametrize("name", of_kind("letter", "minutes", "list", "decision", "dispatch"))
def test_the_text_ends_with_its_mark_once(name: str) -> None:
    assert text_of(made(name)).count("./.") == 1
    page = last(name)
    [mark] = [text for text in page.body if text.text.endswith("./.")]
    [first_signer, *_] = snapshot(name)["signing"][0]
    assert mark.bottom < lines_of(page, first_signer["lines"][0].upper(), AUTHORITY)[0].top
    after = [t for t in page.body if t.top > mark.bottom and t.size == 14 and not t.bold]
    assert not after


# --- Appendices -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in HEADED if snapshot(name).get("appendices")])
def test_appendices_begin_with_label_title_and_what_they_belong_to(name: str) -> None:
    starts = [page for page in pages(name) if starts_appendix(page)]
    appendices: list[dict[str, Any]] = snapshot(name)["appendices"]
    for page, appendix in zip(starts, appendices, strict=True):
        label = page.lines[0][0]
        title = lines_of(page, appendix["title"].upper(), KIND)
        note = lines_of(page, f"({appendix['note']})", NOTE)
        assert is_set(label, LABEL)
        assert label.bottom < title[0].bottom < note[0].bottom
        for text in (label, *title, *note):
            assert text.middle == pytest.approx(middle_of(page), abs=0.5)
        assert label.top < 24
