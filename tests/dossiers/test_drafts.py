"""Who sees what a report said before it was handed in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from dossiers import actions
from dossiers.models import Document, Report
from emulation.models import User
from tests.conftest import SafeClient
from tests.dossiers.conftest import Story, work_off
from tests.factories import NOW

pytestmark = pytest.mark.django_db
Login = Callable[..., SafeClient]
PAGES = ("document", "paper", "document_word")
READERS = ("office", "council", "director")


def seen(story: Story, client_for: Login, who: str, draft: Document) -> set[int]:
    client = client_for(getattr(story.people, who))
    found = set()
    for name in PAGES:
        response = client.get(reverse(f"dossiers:{name}", args=(draft.pk,)))
        response.close()
        found.add(response.status_code)
    return found


def in_list(story: Story, report: Report, by: User) -> list[Document]:
    return list(Document.objects.visible_to(by).filter(report=report, dossier=None))


def test_a_draft_from_before_is_for_those_who_wrote_it(story: Story, client_for: Login) -> None:
    draft = actions.order_report(report=story.write(story.mine), **story.as_head())
    work_off()
    story.submitted()
    for who in ("head", "staff"):
        assert seen(story, client_for, who, draft) == {200}, who
    for who in READERS:
        assert seen(story, client_for, who, draft) == {404}, who
        assert in_list(story, story.report(story.mine), getattr(story.people, who)) == []


def test_what_was_handed_in_is_made_for_its_readers(story: Story, client_for: Login) -> None:
    """Also where the draft from before was never made, so that its row takes the new content."""
    before = actions.order_report(report=story.write(story.mine), **story.as_head())
    story.submitted()
    report, office = story.report(story.mine), story.people.office
    asked: dict[str, Any] = {"by": office, "at": NOW + timedelta(days=1)}
    made = actions.order_report(report=report, **asked)
    assert made.pk == before.pk
    assert (made.created_by, made.created_at) == (office, asked["at"])
    work_off()
    for who in READERS:
        assert seen(story, client_for, who, made) == {200}, who


def test_a_report_sent_back_hides_its_drafts_again(story: Story, client_for: Login) -> None:
    dossier = story.submitted()
    actions.act_on_dossier(dossier=dossier, act="return", note="Bổ sung", **story.as_office())
    draft = actions.order_report(report=story.report(story.mine), **story.as_head())
    work_off()
    later: dict[str, Any] = {"by": story.people.head, "at": NOW + timedelta(hours=1)}
    actions.act_on_dossier(dossier=dossier, act="submit", note="", **later)
    assert seen(story, client_for, "head", draft) == {200}
    for who in READERS:
        assert seen(story, client_for, who, draft) == {404}, who
