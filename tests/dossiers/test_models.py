"""What must not exist cannot be stored; who sees which row; many rows cost what one costs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from awards.models import Nomination
from campaigns.models import Campaign
from dossiers.models import (
    Attachment,
    Dossier,
    FormSection,
    Report,
    ReportEntry,
    cases_of,
    facts_of,
    rating_year,
    readiness_of,
    registered_lines,
    sections_for,
    subject_facts,
)
from emulation.models import Unit, User
from tests.dossiers.conftest import Story
from tests.factories import (
    NOW,
    make_attachment,
    make_campaign,
    make_dossier,
    make_form,
    make_individual,
    make_line,
    make_nomination,
    make_offer,
    make_registration,
    make_report,
    make_unit,
)


def refuse(name: str, build: Callable[[], Any]) -> None:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        build()
    # SQLite names the columns of a unique constraint, not the constraint.
    assert name in str(error.value) or "UNIQUE" in str(error.value)


def change(row: Model, **values: Any) -> Callable[[], Any]:
    return lambda: type(row)._default_manager.filter(pk=row.pk).update(**values)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("dossier_submitted_with_snapshot", {"state": "submitted", "submitted_at": NOW}),
        ("dossier_submitted_with_snapshot", {"state": "submitted", "snapshot": {}}),
        ("dossier_submitted_with_snapshot", {"submitted_at": NOW}),
        ("dossier_submitted_with_snapshot", {"state": "returned", "decided_at": NOW}),
        ("dossier_decided_when", {"state": "returned", "submitted_at": NOW}),
        (
            "dossier_decided_when",
            {"state": "accepted", "submitted_at": NOW, "snapshot": {}},
        ),
    ],
)
def test_dossier_constraints(story: Story, name: str, values: dict[str, Any]) -> None:
    refuse(name, change(story.dossier(), **values))


def test_one_dossier_for_a_level(story: Story) -> None:
    story.dossier()
    story.dossier(decider="minister")
    refuse("dossier_once", story.dossier)


def test_one_file_once_until_it_is_removed(story: Story) -> None:
    dossier, by = story.dossier(), story.people.head
    first = make_attachment(dossier, by=by, sha256="a" * 64)
    refuse("attachment_once", lambda: make_attachment(dossier, by=by, sha256="a" * 64))
    first.removed_at = NOW
    first.save()
    make_attachment(dossier, by=by, sha256="a" * 64)
    assert dossier.attachments.current().count() == 1
    assert Attachment.objects.count() == 2


def test_report_constraints(story: Story) -> None:
    report = make_report(story.mine)
    refuse("report_updated_by_somebody", change(report, version=1))
    refuse("report_updated_by_somebody", change(report, updated_at=NOW))
    refuse("nomination", lambda: make_report(story.mine))


def test_entries_stand_under_one_heading(story: Story) -> None:
    report = make_report(story.mine)
    section = sections_for(report)[-1]
    statement = story.campaign.statements.first()
    make = ReportEntry.objects.create
    refuse("report_entry_one_heading", lambda: make(report=report, text="x"))
    refuse(
        "report_entry_one_heading",
        lambda: make(report=report, section=section, statement=statement, text="x"),
    )
    make(report=report, section=section, text="x")
    refuse("report_entry_section", lambda: make(report=report, section=section, text="y"))


def test_form_rows_are_one_for_a_day(story: Story) -> None:
    form = make_form()
    section = form.sections.all()[0]
    refuse(
        "form_section_once",
        lambda: FormSection.objects.create(
            form=form, code=section.code, position=9, heading="x", kind="text", mark="B"
        ),
    )


# --- Who sees which row ---------------------------------------------------------------------------


def seen(rows: Any, user: User) -> bool:
    return bool(rows.visible_to(user).exists())


@pytest.mark.parametrize("state", ["draft", "submitted", "returned", "accepted"])
def test_who_sees_a_dossier(story: Story, state: str) -> None:
    story.dossier(state=state)
    p, rows = story.people, Dossier.objects
    later = state != "draft"
    for user, expected in (
        (p.head, True),
        (p.office, later),
        (p.director, later),
        (p.council, later),
        (p.outsider, False),
        (p.stranger, False),
        (p.staff, False),
        (p.colleague, False),
        (p.admin, False),
    ):
        assert seen(rows, user) is expected, user
        writes = user == p.head and state in ("draft", "returned")
        assert rows.editable_by(user).exists() is writes, user
    Campaign.objects.update(state="closed")
    assert not rows.editable_by(p.head).exists()


def test_who_sees_and_writes_a_report(story: Story) -> None:
    report = make_report(story.mine)
    p, rows = story.people, Report.objects
    for user, sees, writes in (
        (p.head, True, True),
        (p.staff, True, True),
        (p.colleague, False, False),
        (p.office, False, False),
        (p.council, False, False),
        (p.director, False, False),
        (p.outsider, False, False),
        (p.stranger, False, False),
        (p.admin, False, False),
    ):
        assert seen(rows, user) is sees, user
        assert rows.editable_by(user).exists() is writes, user
    Nomination.objects.update(submitted_at=NOW)
    Report.objects.filter(pk=report.pk).update(locked_at=NOW)
    for user in (p.office, p.council, p.director):
        assert seen(rows, user)
        assert not rows.editable_by(user).exists()
    for user in (p.head, p.staff):
        assert not rows.editable_by(user).exists()
    Report.objects.filter(pk=report.pk).update(locked_at=None)
    Nomination.objects.update(state="not_chosen")
    assert not rows.editable_by(p.head).exists()


def test_a_user_without_a_role_sees_nothing(story: Story) -> None:
    story.dossier()
    make_report(story.mine)
    user = User.objects.create(username="khong.vai.tro", agency=story.people.agency)
    for rows in (Dossier.objects, Report.objects):
        assert not rows.visible_to(user).exists()
        assert not rows.editable_by(user).exists()


# --- What the data say ----------------------------------------------------------------------------


def test_sections_by_subject_and_day(story: Story) -> None:
    report = make_report(story.mine)
    codes = [s.code for s in sections_for(report)]
    assert "personal" in codes
    assert "profile" not in codes
    assert "profile" in [s.code for s in sections_for(make_report(story.unit))]
    FormSection.objects.filter(code="measures").update(valid_to="2020-01-01")
    assert "measures" not in [s.code for s in sections_for(report)]


def test_facts_of_the_subject(story: Story) -> None:
    person = dict(subject_facts(story.mine))
    assert person["Họ và tên"] == "Hoàng Thị Én"
    assert person["Ngày, tháng, năm sinh"] == "12/03/1985"
    unit = dict(subject_facts(story.unit))
    assert unit["Tên tập thể"] == story.people.unit.name
    assert unit["Trụ sở"] == ""


def test_registered_lines_prefer_the_title(story: Story) -> None:
    [line] = registered_lines(story.mine)
    assert line.offer == story.offer
    make_line(line.registration, story.person, story.higher)
    assert registered_lines(story.mine) == [line]
    line.delete()
    assert [found.offer for found in registered_lines(story.mine)] == [story.higher]
    assert registered_lines(story.other) == []
    story.campaign.registrations.update(state="submitted")
    assert registered_lines(story.mine) == []


def test_rating_year(story: Story) -> None:
    statement = story.campaign.statements.get(key="rating")
    assert rating_year(statement, story.campaign) == 2024
    statement.year = None
    assert rating_year(statement, story.campaign) == 2024
    story.campaign.start_date = None
    assert rating_year(statement, story.campaign) is None


def test_readiness_names_what_is_missing(story: Story) -> None:
    assert readiness_of([story.mine])[story.mine.pk].report is None
    story.report()
    ready = readiness_of([story.mine])[story.mine.pk]
    assert not ready.is_ready
    assert len(ready.missing) == 4
    assert "Quyết định đánh giá, xếp loại năm 2024" not in ready.missing
    story.write(story.mine)
    assert readiness_of([story.mine])[story.mine.pk].is_ready


# --- Constant queries -----------------------------------------------------------------------------


def queries(run: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as found:
        run()
    return len(found)


def _another_unit(story: Story) -> Unit:
    unit = make_unit(story.people.agency)
    subject = make_individual(unit)
    by = story.people.head
    nomination = make_nomination(unit, subject, story.offer, by=by, state="chosen")
    make_report(nomination)
    make_dossier(story.campaign, unit, by=by)
    make_registration(story.campaign, unit, by=by)
    return unit


def test_facts_and_cases_of_many(story: Story) -> None:
    story.complete()
    dossiers = list(Dossier.objects.all())
    pairs = [(story.campaign, story.people.unit)]
    one = queries(lambda: facts_of(dossiers)), queries(lambda: cases_of(pairs))
    pairs += [(story.campaign, _another_unit(story)) for _ in range(5)]
    dossiers = list(Dossier.objects.all())
    assert len(dossiers) == 6
    many = queries(lambda: facts_of(dossiers)), queries(lambda: cases_of(pairs))
    assert many == one
    other = make_campaign(story.people.agency)
    make_offer(other)
    assert queries(lambda: cases_of([*pairs, (other, story.people.unit)])) == one[1]
