"""Who looked leaves a trace, and who may see the traces."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from dossiers import actions
from dossiers.models import Report
from dossiers.views.traces import looks_at, onlookers
from emulation.actions import record_look
from emulation.models import User
from tests.conftest import ClientFor, Sent
from tests.dossiers.conftest import Story, upload
from tests.dossiers.pages import page, read, status, url_of
from tests.factories import NOW, make_document, make_dossier


def test_every_look_from_outside_leaves_a_trace(
    story: Story,
    client_for: ClientFor,
    sent: Sent,
    pdf: Callable[..., bytes],
    django_capture_on_commit_callbacks: Any,
) -> None:
    dossier = story.complete()
    added = actions.add_attachment(dossier=dossier, file=upload("a.pdf", pdf()), **story.as_head())
    actions.act_on_dossier(dossier=dossier, act="submit", **story.as_head())
    urls = (url_of(dossier), url_of(dossier, "attachment", added.pk))

    def look(user: User) -> list[Any]:
        sent.tasks.clear()
        for url in urls:
            with django_capture_on_commit_callbacks(execute=True):
                status(client_for(user), url)
                read(client_for(user).head(url))
        return [(name, args[:4]) for name, args in sent.tasks]

    assert look(story.people.head) == []
    for who in ("office", "council", "director"):
        user = getattr(story.people, who)
        assert look(user) == [
            ("emulation.record_look", ("dossiers.dossier", dossier.pk, user.pk, "Hồ sơ")),
            ("emulation.record_look", ("dossiers.dossier", dossier.pk, user.pk, "Tài liệu: a.pdf")),
        ]
    assert look(story.people.outsider) == []


def test_who_sees_the_traces(story: Story, client_for: ClientFor) -> None:
    dossier = story.submitted()
    document = make_document(dossier, by=story.people.head)
    report = Report.objects.get(nomination=story.mine)
    for subject, what in ((dossier, "Hồ sơ"), (document, "Tải về"), (report, "Báo cáo")):
        record_look(subject=subject, by=story.people.council, what=what, at=NOW)
    record_look(subject=story.campaign, by=story.people.council, what="Việc khác", at=NOW)
    for who, shown in (("head", True), ("office", True), ("council", False), ("director", False)):
        text = page(client_for(getattr(story.people, who)).get(url_of(dossier)))
        assert ("Ai đã xem" in text) is shown
        assert ("3 lần, gần nhất 09:00" in text) is shown
        for what in ("Hồ sơ", "Tải về", "Báo cáo"):
            assert (f"<li> {what} <span" in text) is shown
        assert "Việc khác" not in text


def test_who_took_many_dossiers_at_once_is_told_at_each(story: Story) -> None:
    dossier, office = story.submitted(), story.people.office
    batch = actions.order_batch(campaign=story.campaign, **story.as_office())
    printed = actions.order_print(batch=batch, kind="print", sort="", **story.as_office())
    for subject, what in ((batch, "Cả đợt"), (printed, "Tệp để in")):
        record_look(subject=subject, by=office, what=what, at=NOW)
    [seen] = onlookers(dossier)
    assert {thing.what for thing in seen.things} == {"Cả đợt", "Tệp để in"}
    other = make_dossier(story.campaign, story.people.other_unit, by=office)
    assert onlookers(other) == []


def test_repeated_looks_are_told_once_by_person(story: Story, client_for: ClientFor) -> None:
    dossier = story.submitted()
    council, director = story.people.council, story.people.director

    def look(user: User, what: str, hour: int) -> None:
        record_look(subject=dossier, by=user, what=what, at=NOW + timedelta(hours=hour))

    for hour in range(4):
        look(council, "Hồ sơ", hour)
    look(council, "Tài liệu: a.pdf", 1)
    look(director, "Hồ sơ", 2)
    first, second = onlookers(dossier)
    assert (first.user, first.times, first.last) == (council, 5, NOW + timedelta(hours=3))
    assert [(seen.what, seen.times, seen.last) for seen in first.things] == [
        ("Hồ sơ", 4, NOW + timedelta(hours=3)),
        ("Tài liệu: a.pdf", 1, NOW + timedelta(hours=1)),
    ]
    assert (second.user, second.times) == (director, 1)
    assert looks_at(dossier).count() == 6, "every look stays a row of its own"
    text = page(client_for(story.people.office).get(url_of(dossier)))
    assert "5 lần, gần nhất 12:00" in text
    assert text.count(council.get_full_name()) == 1


def test_traces_cost_no_queries_each(story: Story, client_for: ClientFor) -> None:
    dossier = story.submitted()
    client = client_for(story.people.office)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(url_of(dossier))
        return len(queries)

    record_look(subject=dossier, by=story.people.council, what="Hồ sơ", at=NOW)
    cost()
    few = cost()
    for user in (story.people.council, story.people.director, story.people.office):
        for what in ("Hồ sơ", "Tài liệu: a.pdf", "Tài liệu: b.pdf"):
            record_look(subject=dossier, by=user, what=what, at=NOW)
    assert cost() == few
