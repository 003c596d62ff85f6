"""Who looked leaves a trace, and who may see the traces."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dossiers import actions
from dossiers.models import Report
from emulation.actions import record_look
from emulation.models import User
from tests.conftest import ClientFor, Sent
from tests.dossiers.conftest import Story, upload
from tests.dossiers.pages import page, read, status, url_of
from tests.factories import NOW, make_document


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
        for what in ("Hồ sơ · 09:00", "Tải về · 09:00", "Báo cáo · 09:00"):
            assert (what in text) is shown
        assert "Việc khác" not in text
