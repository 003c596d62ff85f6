"""The Word file by its address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from dossiers.models import Document
from dossiers.views.word import TYPE
from tests.conftest import SafeClient, Sent
from tests.dossiers.conftest import Story
from tests.dossiers.office import text_of

pytestmark = pytest.mark.django_db

Login = Callable[..., SafeClient]


@pytest.mark.parametrize("kind", ["letter", "minutes", "list", "report"])
def test_each_paper_is_there_as_word_before_its_pdf_is_made(
    story: Story, client_for: Login, sent: Sent, kind: str
) -> None:
    story.submitted()
    client = client_for(story.people.office)
    client.post(reverse("dossiers:batches", args=(story.campaign.slug,)))
    paper = Document.objects.filter(kind=kind).order_by("pk")[0]
    assert paper.state == "pending"
    response = client.get(reverse("dossiers:document_word", args=(paper.pk,)))
    assert response.headers["Content-Type"] == TYPE
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    disposition = response.headers["Content-Disposition"]
    assert disposition.startswith("attachment")
    assert disposition.endswith(".docx")
    assert ".pdf" not in disposition
    text = " ".join(text_of(response.content))
    assert paper.snapshot["title"] in text
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text


def test_a_bound_dossier_has_none(story: Story, client_for: Login) -> None:
    story.submitted()
    client = client_for(story.people.office)
    client.post(reverse("dossiers:batches", args=(story.campaign.slug,)))
    bound = Document.objects.get(kind="dossier")
    response = client.get(reverse("dossiers:document_word", args=(bound.pk,)))
    assert response.status_code == 404
    page = client.get(reverse("dossiers:papers", args=(bound.dossier_id,))).content.decode()
    assert page.count("/word/") == 6


def test_who_takes_a_copy_away_leaves_a_trace(
    story: Story, client_for: Login, sent: Sent, django_capture_on_commit_callbacks: Any
) -> None:
    story.submitted()
    client = client_for(story.people.office)
    client.post(reverse("dossiers:batches", args=(story.campaign.slug,)))
    paper = Document.objects.get(kind="letter")
    with django_capture_on_commit_callbacks(execute=True):
        client.get(reverse("dossiers:document_word", args=(paper.pk,)))
    [look] = [args for name, args in sent.tasks if name == "emulation.record_look"]
    assert look[3] == f"Tải về bản Word: {paper}"
