"""Two people at the same moment, on a database that lets them."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from threading import Event
from typing import Any

import pytest
from django.db import connection, transaction

from awards.actions import act_on_meeting
from awards.models import Meeting, Nomination
from dossiers import actions
from dossiers.actions.making import claim
from dossiers.models import Attachment, Document, Dossier, Report, ReportForm
from dossiers.models.form_texts import wording_of
from emulation.models import Step, Unit, User
from tests.dossiers.conftest import Story, upload
from tests.factories import NOW, make_form, make_instrument
from tests.races import together

pytestmark = [
    pytest.mark.django_db(transaction=True),
    # SQLite lets one writer in at a time, and its test database lives in one connection.
    pytest.mark.skipif("connection.vendor == 'sqlite'", reason="needs several connections"),
]


def warm(story: Story) -> None:
    """Roles are read once for each request; here all threads share the same people."""
    assert story.people.head.grants_today
    assert story.people.office.grants_today


def test_two_people_save_a_report(story: Story) -> None:
    report = story.report()
    texts = [story.texts(report, text) for text in ("Một", "Hai", "Ba")]
    warm(story)

    def save(index: int) -> Callable[[], Report]:
        return lambda: actions.save_report(
            report=report, version=0, entries=texts[index], **story.as_head()
        )

    said = together(*(save(index) for index in range(3)))
    assert sorted(said) == ["", *["Người khác vừa lưu báo cáo này."] * 2]
    report.refresh_from_db()
    assert report.version == 1
    winner = texts[said.index("")]
    assert sorted(e.text for e in report.entries.all()) == sorted(winner.values())


def test_a_double_click_on_submit(story: Story) -> None:
    dossier = story.complete()
    warm(story)
    submit = lambda: actions.act_on_dossier(  # noqa: E731
        dossier=dossier, act="submit", **story.as_head()
    )
    said = together(submit, submit, submit)
    assert sorted(said)[0] == ""
    assert all("Đã trình" in text for text in sorted(said)[1:])
    assert Step.objects.about(dossier).count() == 1


def test_saving_while_the_dossier_is_submitted(story: Story) -> None:
    """Either the new text is part of what was frozen, or it is refused."""
    dossier = story.complete()
    report = Report.objects.get(nomination=story.mine)
    texts = story.texts(report, "Viết thêm phút chót")
    warm(story)
    said = together(
        lambda: actions.act_on_dossier(dossier=dossier, act="submit", **story.as_head()),
        lambda: actions.save_report(report=report, version=1, entries=texts, **story.as_head()),
    )
    assert said[0] == ""
    dossier.refresh_from_db()
    assert ("Viết thêm phút chót" in str(dossier.snapshot)) is (said[1] == "")
    stored = report.entries.filter(text__contains="Viết thêm phút chót").exists()
    assert stored is (said[1] == "")


def test_reopening_the_meeting_while_the_dossier_is_submitted(story: Story) -> None:
    """Never a submitted dossier whose nominees are being reconsidered."""
    dossier = story.complete()
    meeting = Meeting.objects.get()
    warm(story)
    said = together(
        lambda: actions.act_on_dossier(dossier=dossier, act="submit", **story.as_head()),
        lambda: act_on_meeting(meeting=meeting, act="reopen", note="Xét lại", **story.as_head()),
    )
    assert sorted(map(bool, said)) == [False, True], said
    dossier.refresh_from_db()
    states = set(Nomination.objects.values_list("state", flat=True))
    assert (dossier.state, states) in (("submitted", {"chosen"}), ("draft", {"proposed"}))


def test_opening_a_dossier_twice(story: Story) -> None:
    warm(story)
    opened = lambda: actions.open_dossier(  # noqa: E731
        campaign=story.campaign, unit=story.people.unit, decider="agency", **story.as_head()
    )
    assert together(opened, opened, opened) == [""] * 3
    assert Dossier.objects.count() == 1


def test_starting_a_report_twice(story: Story) -> None:
    warm(story)
    started = lambda: actions.start_report(nomination=story.mine, **story.as_head())  # noqa: E731
    assert together(started, started, started) == [""] * 3
    assert Report.objects.count() == 1


def test_the_same_file_twice(story: Story, pdf: Callable[..., bytes]) -> None:
    dossier, content = story.dossier(), pdf()
    warm(story)
    add = lambda: actions.add_attachment(  # noqa: E731
        dossier=dossier, file=upload("a.pdf", content), **story.as_head()
    )
    said = together(add, add, add)
    assert sorted(said)[0] == ""
    assert all("Tệp này đã có trong hồ sơ" in text for text in sorted(said)[1:])
    assert Attachment.objects.count() == 1
    assert connection.get_autocommit()


def test_two_people_correct_a_form(story: Story) -> None:
    """While a third tries it out in print, which leaves nothing behind."""
    form, office = make_form(), story.people.office
    wordings = [wording_of(form) for _ in range(3)]
    for wording, name in zip(wordings, ("Một", "Hai", "Thử"), strict=True):
        wording["form"]["name"] = name
    warm(story)

    def save(index: int) -> Callable[[], ReportForm]:
        return lambda: actions.correct_form(
            form=form, revision=1, wording=wordings[index], note="Sửa", by=office, at=NOW
        )

    said = together(
        save(0),
        save(1),
        lambda: actions.sample_report(
            form=form, wording=wordings[2], applies="individual", by=office, at=NOW
        ),
    )
    assert sorted(said[:2]) == ["", "Người khác vừa sửa mẫu này."]
    assert said[2] == ""
    form.refresh_from_db()
    assert (form.revision, form.name) == (2, wordings[said.index("")]["form"]["name"])
    assert form.revisions.count() == 2
    assert not Unit.objects.filter(code__startswith="mau-").exists()


def test_two_people_annul_a_paper(story: Story, letter: Document) -> None:
    warm(story)
    annul = lambda: actions.annul(document=letter, note="Sai", **story.as_office())  # noqa: E731
    said = together(annul, annul, annul)
    assert sorted(said)[0] == ""
    assert all("Đã bị hủy" in text for text in sorted(said)[1:]), said
    assert Step.objects.about(letter).count() == 1


def test_all_papers_are_ordered_while_a_dossier_is_submitted(story: Story) -> None:
    """What is issued is what was frozen, whichever came first."""
    dossier = story.complete()
    warm(story)
    said = together(
        lambda: actions.act_on_dossier(dossier=dossier, act="submit", **story.as_head()),
        lambda: actions.order_batch(campaign=story.campaign, **story.as_office()),
        lambda: actions.order_dossier(dossier=dossier, **story.as_head()),
    )
    assert said[0] == said[2] == ""
    assert said[1] in ("", "Chưa có đơn vị nào trình hồ sơ nên chưa có gì để tạo.")
    dossier.refresh_from_db()
    issued = Document.objects.issued().exclude(kind="dossier")
    frozen = [row["snapshot"] for row in (dossier.snapshot or {})["papers"]]
    assert all(row.snapshot in frozen for row in issued.order_by("pk"))
    actions.order_dossier(dossier=dossier, **story.as_head())
    assert issued.count() == len(frozen)


def test_a_preview_is_ordered_twice_while_one_is_handed_in(story: Story) -> None:
    report = story.write(story.mine)
    draft = actions.order_report(report=report, **story.as_head())
    texts = [story.texts(report, text) for text in ("Một", "Hai")]
    warm(story)

    def again(index: int) -> Callable[[], Document]:
        def run() -> Document:
            actions.save_report(
                report=report, version=index + 1, entries=texts[index], **story.as_head()
            )
            return actions.order_report(report=report, **story.as_head())

        return run

    said = together(
        lambda: actions.make_document(pk=draft.pk, clock=lambda: NOW), again(0), again(0)
    )
    assert said[0] == ""
    rows = Document.objects.filter(report=report, superseded_by=None)
    for pk in rows.order_by("pk").values_list("pk", flat=True):
        actions.make_document(pk=pk, clock=lambda: NOW)
    last = Document.objects.get(report=report)
    assert last.state == "ready"
    assert "Một" in str(last.snapshot)


def test_a_whole_is_not_bound_of_parts_that_were_just_replaced(story: Story) -> None:
    rows = actions.order_dossier(dossier=story.complete(), **story.as_head())
    parts, whole = rows[:-1], rows[-1]
    for row in parts:
        actions.make_document(pk=row.pk, clock=lambda: NOW)
    fresh = Event()

    def replace() -> None:
        with transaction.atomic():
            Document.objects.filter(pk=whole.pk).update(subject="Khác")
            Document.objects.filter(pk=parts[0].pk).update(
                state="pending", file="", sha256="", pages=None, rendered_at=None
            )
            fresh.set()
            time.sleep(0.5)

    def take() -> None:
        fresh.wait(10)
        assert claim(pk=whole.pk, at=NOW) is None

    assert together(replace, take) == ["", ""]
    whole.refresh_from_db()
    assert (whole.state, whole.attempts) == ("pending", 0)


def test_the_same_form_is_added_by_two_clicks_and_one_code_is_given_once(story: Story) -> None:
    source, decree = make_form(), make_instrument()
    warm(story)

    def add(user: User, **changes: Any) -> Callable[[], ReportForm]:
        values = {
            "code": "ND999-08",
            "number": "Mẫu số 08",
            "name": "Báo cáo",
            "article": "",
            "instrument": decree,
            "kind": "theme",
            "applies": "both",
            "title_code": "",
            "valid_from": date(2041, 1, 1),
            "valid_to": None,
        } | changes
        return lambda: actions.add_form(
            source=source, values=values, overlap="end", by=user, at=NOW
        )

    clicks = add(story.people.office), add(story.people.office)
    said = together(*clicks, add(story.people.admin, name="Báo cáo khác"))
    assert "" in said
    assert all(text == "" or "Mã này đã dùng" in text for text in said)
    assert ReportForm.objects.filter(code="ND999-08").count() == 1
    source.refresh_from_db()
    assert (source.valid_to, source.revision) == (date(2040, 12, 31), 2)


def test_two_forms_never_come_to_hold_together(story: Story) -> None:
    """Each alone would be right; together they would hold on the same days."""
    source, decree = make_form(), make_instrument()
    ReportForm.objects.update(valid_to=date(2040, 12, 31))
    warm(story)

    def add(code: str) -> Callable[[], ReportForm]:
        values = {
            "code": code,
            "number": "Mẫu số 08",
            "name": "Báo cáo",
            "article": "",
            "instrument": decree,
            "kind": "theme",
            "applies": "both",
            "title_code": "",
            "valid_from": date(2041, 1, 1),
            "valid_to": None,
        }
        return lambda: actions.add_form(
            source=source, values=values, overlap="", by=story.people.office, at=NOW
        )

    said = together(add("ND998-08"), add("ND999-08"))
    assert sorted(map(bool, said)) == [False, True], said
    assert ReportForm.objects.filter(valid_from=date(2041, 1, 1)).count() == 1


def test_a_form_is_changed_while_somebody_saves(story: Story) -> None:
    """Either the text goes along, or its author is told."""
    report = story.write(story.mine)
    other = make_form(code="ND999-08", valid_from=date(2026, 1, 1))
    ReportForm.objects.filter(code="ND98-08").update(valid_to=date(2025, 12, 31))
    texts = story.texts(report, "Viết thêm phút chót")
    warm(story)

    def change() -> Report:
        return actions.change_form(report=report, form=other, version=1, into={}, **story.as_head())

    said = together(
        change,
        change,
        lambda: actions.save_report(report=report, version=1, entries=texts, **story.as_head()),
    )
    report.refresh_from_db()
    changed, saved = said[:2].count(""), said[2] == ""
    assert (changed, saved) in ((2, False), (0, True))
    assert (report.form == other) is bool(changed)
    stored = report.entries.filter(text__contains="Viết thêm phút chót").exists()
    assert stored is saved
    assert report.entries.count() == len(texts)
