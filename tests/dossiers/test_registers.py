"""Numbers: one after another, each once, and only on papers that are sent."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from awards.models import Meeting
from dossiers import actions
from dossiers.documents import freeze, html, papers_in
from dossiers.models import Document, Dossier, Register, RegisterEntry
from emulation.models import Step, Unit, User
from emulation.workflow import Refused
from tests.dossiers.conftest import LATER, Story, returned
from tests.factories import NOW, make_campaign, make_document, make_dossier, make_nomination
from tests.races import together

pytestmark = pytest.mark.django_db

TODAY = NOW.date()


def give(unit: Unit, by: User, **values: Any) -> RegisterEntry:
    chosen: dict[str, Any] = {
        "unit": unit,
        "symbol": "BC-P1",
        "subject": "Báo cáo",
        "date": TODAY,
        "by": by,
        "at": NOW,
    } | values
    return actions.give_number(**chosen)


def numbers(dossier: Dossier) -> dict[str, str]:
    """What stands after "Số:" on each kind of paper that bears a number."""
    papers = papers_in(dossier.snapshot or {})
    headers = {paper.kind: paper.snapshot["header"] for paper in papers}
    return {kind: header["number"] for kind, header in headers.items() if header["symbol"]}


# --- The series -----------------------------------------------------------------------------------


def test_numbers_run_from_one_in_each_year_unit_and_series(story: Story) -> None:
    unit, head = story.people.unit, story.people.head
    assert [str(give(unit, head)) for _ in range(3)] == ["01/BC-P1", "02/BC-P1", "03/BC-P1"]
    assert give(unit, head, date=date(2027, 1, 1)).ordinal == 1
    assert give(story.people.other_unit, head).ordinal == 1
    assert give(unit, head, series="council").ordinal == 1
    assert give(unit, head).ordinal == 4
    assert str(RegisterEntry(ordinal=10, symbol="TTr-SNV")) == "10/TTr-SNV"


def test_a_submission_that_fails_uses_no_number(story: Story) -> None:
    story.submitted()
    assert Register.objects.get().last == 2
    dossier = Dossier.objects.get()
    with pytest.raises(Refused):
        actions.act_on_dossier(dossier=dossier, act="submit", **story.as_head())
    assert Register.objects.get().last == 2


# --- Papers ---------------------------------------------------------------------------------------


def test_a_submitted_dossier_bears_numbers(story: Story) -> None:
    dossier = story.submitted()
    symbol = story.people.unit.symbol
    assert numbers(dossier) == {"minutes": "01", "letter": "02"}
    texts = {p.kind: html(p.kind, p.snapshot) for p in papers_in(dossier.snapshot or {})}
    assert f"Số: 02/TTr-{symbol}" in texts["letter"]
    assert f"Căn cứ Biên bản số 01/BB-{symbol} họp bình xét ngày 28/07/2025" in texts["letter"]
    assert f"Số: 01/BB-{symbol}" in texts["minutes"]
    assert f"(Kèm theo Tờ trình số 02/TTr-{symbol} ngày 20/11/2026 của" in texts["list"]
    entries = list(RegisterEntry.objects.order_by("ordinal"))
    assert [(e.kind, e.dossier, e.date) for e in entries] == [
        ("minutes", dossier, TODAY),
        ("letter", dossier, TODAY),
    ]
    assert entries[1].subject.startswith("Tờ trình: Về việc đề nghị tặng Giấy khen")
    rows = actions.order_dossier(dossier=dossier, **story.as_office())
    assert {row.kind: row.number for row in rows if row.number} == {
        "letter": f"02/TTr-{symbol}",
        "minutes": f"01/BB-{symbol}",
    }


def test_a_draft_bears_none(story: Story) -> None:
    found = freeze(story.complete(), on=None, today=TODAY)
    assert {p.snapshot["header"]["number"] for p in papers_in(found)} == {""}
    rows = actions.order_dossier(dossier=Dossier.objects.get(), **story.as_head())
    assert {row.number for row in rows} == {""}
    assert not RegisterEntry.objects.exists()


def test_a_new_submission_is_a_new_letter_about_the_same_meeting(story: Story) -> None:
    """The Tờ trình and the list that names it change; what says the same stays the same paper."""
    dossier = story.submitted()
    first = actions.order_dossier(dossier=dossier, **story.as_office())
    Document.objects.update(
        state="ready", file="documents/x.pdf", sha256="a" * 64, pages=1, rendered_at=NOW
    )
    dossier = returned(story, dossier, edit=True)
    assert numbers(dossier) == {"minutes": "01", "letter": "03"}
    assert [str(e)[:6] for e in RegisterEntry.objects.order_by("ordinal")] == [
        "01/BB-", "02/TTr", "03/TTr",
    ]  # fmt: skip
    again = actions.order_dossier(dossier=dossier, by=story.people.office, at=LATER)
    new = [row for row in again if row not in first]
    assert sorted(row.kind for row in new) == ["dossier", "letter", "list", "report"]
    assert {row.issued_date for row in new} == {LATER.date()}
    assert {row.issued_date for row in again if row in first} == {TODAY}
    for row in new:
        assert row.supersedes in first
        assert row.code != row.supersedes.code
    standing = {r.pk: r.standing for r in Document.objects.with_standing()}
    assert {standing[row.pk] for row in again} == {"in_force"}
    assert sorted(standing.values()).count("superseded") == 4


def test_a_meeting_that_said_something_else_is_another_record(story: Story) -> None:
    dossier = story.submitted()
    actions.act_on_dossier(dossier=dossier, act="return", note="Sửa", **story.as_office())
    Meeting.objects.update(discussion="Cuộc họp thảo luận thêm.")
    dossier = actions.act_on_dossier(dossier=dossier, act="submit", **story.as_head())
    assert numbers(dossier) == {"minutes": "03", "letter": "04"}


def test_two_dossiers_of_one_meeting_share_its_record(story: Story) -> None:
    higher = story.dossier(decider="minister")
    nomination = make_nomination(
        story.people.unit, story.person, story.higher, by=story.people.head, state="chosen"
    )
    story.write(nomination)
    lower = story.submitted()
    higher = actions.act_on_dossier(dossier=higher, act="submit", **story.as_head())
    assert (numbers(lower), numbers(higher)) == (
        {"minutes": "01", "letter": "02"},
        {"minutes": "01", "letter": "03"},
    )


def test_a_record_has_one_day_in_whatever_dossier_it_is(story: Story) -> None:
    """Also of a dossier that is submitted again before its papers were ever made."""
    dossier = story.submitted()
    dossier = returned(story, dossier, edit=False)
    rows = actions.order_dossier(dossier=dossier, by=story.people.office, at=LATER)
    days = {row.number.partition("/")[0]: row.issued_date for row in rows if row.number}
    assert days == {"01": TODAY, "03": LATER.date()}
    # What says what it said bears the day that it bore; what names the new letter is as new.
    of_kind = {row.kind: row.issued_date for row in rows}
    assert (of_kind["report"], of_kind["list"]) == (TODAY, LATER.date())


@pytest.mark.parametrize("other", ["unit", "campaign"])
def test_what_others_annul_takes_no_number_from_a_record(story: Story, other: str) -> None:
    """Each unit counts from 01, and so does each year: the same number stands on many records."""
    dossier, people = story.submitted(), story.people
    strange = (
        make_dossier(story.campaign, people.other_unit, by=people.outsider, state="submitted")
        if other == "unit"
        else make_dossier(
            make_campaign(people.agency), people.unit, by=people.head, state="submitted"
        )
    )
    number = f"01/BB-{people.unit.symbol}"
    issue = {"code": "ABCDEFGHJKM4", "address": "https://a.vn/", "issued_date": TODAY}
    annulled = {"annulled_at": NOW, "annulled_by": people.office, "annul_reason": "Sai"}
    made = make_document(
        strange, by=people.head, kind="minutes", state="ready", number=number, **issue
    )
    Document.objects.filter(pk=made.pk).update(**annulled)
    assert numbers(returned(story, dossier, edit=False))["minutes"] == "01"


@pytest.mark.parametrize("symbol", ["BC-\u0301", "ВС-CCHC", "BC-ΩX"])
def test_symbols_of_other_scripts_are_refused(story: Story, symbol: str) -> None:
    with pytest.raises(ValidationError, match="Ký hiệu gồm chữ và số"):
        outside(story, symbol=symbol)


def test_what_is_registered_is_composed_and_can_be_seen(story: Story) -> None:
    subject = unicodedata.normalize("NFD", "Kế hoạch\u202e\x07 năm")
    entry = outside(story, symbol=unicodedata.normalize("NFD", "KH-TỔ1"), subject=subject)
    assert (entry.symbol, entry.subject) == ("KH-TỔ1", "Kế hoạch năm")


def test_a_long_subject_is_cut_to_what_the_register_holds(story: Story) -> None:
    assert outside(story, subject="x" * 300).subject == "x" * 300
    assert outside(story, subject="x" * 301).subject == "x" * 299 + "…"


def test_a_number_that_no_register_reaches_is_looked_for_in_vain(story: Story) -> None:
    entry = outside(story)
    assert list(RegisterEntry.objects.matching("1/bc")) == [entry]
    assert not RegisterEntry.objects.matching("9" * 5000).exists()


def test_a_year_that_was_mistyped_opens_no_register(story: Story) -> None:
    for day in (date(206, 11, 20), date(2024, 12, 31)):
        with pytest.raises(ValidationError, match="năm 2025 và 2026"):
            outside(story, date=day)
    assert not Register.objects.exists()
    assert outside(story, date=date(2025, 12, 31)).register.year == 2025


def test_a_paper_of_today_is_one_of_today_in_viet_nam(story: Story) -> None:
    """Half past midnight there it is still yesterday in London."""
    at = datetime(2026, 11, 20, 17, 30, tzinfo=ZoneInfo("UTC"))
    assert outside(story, date=date(2026, 11, 21), at=at).ordinal == 1
    with pytest.raises(ValidationError, match="chưa tới"):
        outside(story, date=date(2026, 11, 22), at=at)


def test_the_year_is_that_of_the_day_in_viet_nam(story: Story) -> None:
    """Half past midnight on 1 January there is still the old year in London."""
    at = datetime(2027, 1, 1, 0, 30, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh")).astimezone(
        ZoneInfo("UTC")
    )
    actions.act_on_dossier(dossier=story.complete(), act="submit", by=story.people.head, at=at)
    assert Register.objects.get().year == 2027


# --- Papers made outside, and registers begun on paper --------------------------------------------


def outside(story: Story, **values: Any) -> RegisterEntry:
    chosen: dict[str, Any] = {
        "unit": story.people.unit,
        "series": "general",
        "symbol": "BC-CCHC",
        "subject": "Báo cáo tháng 11",
        "date": TODAY,
        "by": story.people.head,
        "at": NOW,
    } | values
    return actions.register_paper(**chosen)


def test_a_paper_made_outside_gets_a_number(story: Story) -> None:
    assert str(outside(story)) == "01/BC-CCHC"
    assert str(outside(story, by=story.people.office)) == "02/BC-CCHC"
    agency = story.people.agency
    council = outside(
        story, unit=agency, series="council", symbol="TB-HĐTĐKT", by=story.people.office
    )
    assert str(council) == "01/TB-HĐTĐKT"
    assert outside(story, subject="x " * 400).subject.endswith("…")


def test_who_gets_no_number(story: Story) -> None:
    for who in ("colleague", "outsider", "stranger", "council", "director", "admin"):
        with pytest.raises(Refused, match="Chỉ trưởng đơn vị và Văn phòng"):
            outside(story, by=getattr(story.people, who))
    with pytest.raises(Refused, match="của Hội đồng"):
        outside(story, series="council")
    with pytest.raises(Refused, match="của Hội đồng"):
        outside(story, series="council", by=story.people.office)
    with pytest.raises(Refused):
        outside(story, unit=story.people.agency)
    assert not RegisterEntry.objects.exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"date": TODAY + timedelta(days=1)}, "date"),
        ({"date": TODAY - timedelta(days=1)}, "date"),
        ({"symbol": "BC CCHC"}, "symbol"),
        ({"symbol": "-BC"}, "symbol"),
        ({"symbol": "1/BC"}, "symbol"),
    ],
)
def test_what_is_no_entry(story: Story, values: dict[str, Any], field: str) -> None:
    outside(story)
    with pytest.raises(ValidationError) as error:
        outside(story, **values)
    assert list(error.value.message_dict) == [field]
    assert Register.objects.get().last == 1


def set_last(story: Story, last: int, **values: Any) -> Register:
    chosen: dict[str, Any] = {
        "unit": story.people.unit, "series": "general", "year": 2026, "by": story.people.head,
        "at": NOW,
    } | values  # fmt: skip
    return actions.set_last(last=last, **chosen)


def test_a_register_goes_on_from_the_one_on_paper(story: Story) -> None:
    register = set_last(story, 45)
    assert str(outside(story)) == "46/BC-CCHC"
    step = Step.objects.about(register).get()
    assert (step.from_label, step.to_label, step.by) == ("Số 00", "Số 45", story.people.head)
    for last in (45, 1, 0, -3):
        with pytest.raises(ValidationError, match="Sổ đã cấp số 46 cho một văn bản"):
            set_last(story, last)
    with pytest.raises(ValidationError, match="Sổ đang ở số 46"):
        set_last(story, 46)
    with pytest.raises(ValidationError, match="Số lớn nhất"):
        set_last(story, 100_000)
    assert set_last(story, 99_999, unit=story.people.agency, by=story.people.office).last == 99_999
    with pytest.raises(ValidationError, match="chưa mở"):
        set_last(story, 5, year=2027)
    with pytest.raises(Refused):
        set_last(story, 50, by=story.people.outsider)
    register.refresh_from_db()
    assert register.last == 46
    assert Step.objects.about(register).count() == 1


def test_a_slip_is_put_right_as_long_as_no_number_was_given_after_it(story: Story) -> None:
    outside(story)
    set_last(story, 9999)
    register = set_last(story, 99)
    assert str(outside(story)) == "100/BC-CCHC"
    assert {step.to_label for step in Step.objects.about(register)} == {"Số 99", "Số 9999"}
    with pytest.raises(ValidationError, match="Sổ đã cấp số 100"):
        set_last(story, 98)
    set_last(story, 999)
    assert set_last(story, 100).last == 100, "back to the number that was given last"


# --- At the same moment ---------------------------------------------------------------------------

needs_several_connections = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor == 'sqlite'", reason="needs several connections"),
]


class TestRaces:
    pytestmark = needs_several_connections

    def test_no_gap_and_none_twice(self, story: Story) -> None:
        unit, head = story.people.unit, story.people.head
        assert head.grants_today

        def some() -> None:
            for _ in range(5):
                give(unit, head)

        assert together(*[some] * 8) == [""] * 8
        found = RegisterEntry.objects.order_by("ordinal").values_list("ordinal", flat=True)
        assert list(found) == list(range(1, 41))
        assert Register.objects.get().last == 40

    def test_numbers_while_the_register_is_set_on(self, story: Story) -> None:
        unit, head = story.people.unit, story.people.head
        assert head.grants_today
        writes: list[Callable[[], object]] = [lambda: give(unit, head)] * 6
        said = together(*writes, lambda: set_last(story, 3))
        assert said[:6] == [""] * 6
        found = list(RegisterEntry.objects.order_by("ordinal").values_list("ordinal", flat=True))
        assert len(set(found)) == 6
        assert Register.objects.get().last == found[-1]

    def test_two_dossiers_of_one_meeting_submitted_at_once(self, story: Story) -> None:
        higher = story.dossier(decider="minister")
        nomination = make_nomination(
            story.people.unit, story.person, story.higher, by=story.people.head, state="chosen"
        )
        story.write(nomination)
        lower = story.complete()
        assert story.people.head.grants_today
        said = together(
            *(
                lambda d=d: actions.act_on_dossier(dossier=d, act="submit", **story.as_head())
                for d in (lower, higher)
            )
        )
        assert said == ["", ""]
        found = [str(e)[:6] for e in RegisterEntry.objects.order_by("ordinal")]
        assert found == ["01/BB-", "02/TTr", "03/TTr"]
        lower.refresh_from_db()
        higher.refresh_from_db()
        assert {numbers(lower)["letter"], numbers(higher)["letter"]} == {"02", "03"}
        assert numbers(lower)["minutes"] == numbers(higher)["minutes"] == "01"
        assert connection.get_autocommit()
