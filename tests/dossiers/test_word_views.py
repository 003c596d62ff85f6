"""The Word file by its address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pytest
from django.urls import reverse

from dossiers import actions
from dossiers.models import Document
from dossiers.uploads import DOCX
from tests.conftest import SafeClient, Sent
from tests.dossiers.conftest import Story
from tests.dossiers.office import text_of

pytestmark = pytest.mark.django_db

Login = Callable[..., SafeClient]


def name_of(response: Any) -> str:
    """Under which a browser saves the file."""
    kind, _, name = response.headers["Content-Disposition"].partition("; ")
    assert kind == "attachment"
    assert name.startswith("filename*=utf-8''"), "letters with marks cannot stand there as they are"
    return unquote(name.removeprefix("filename*=utf-8''"))


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("letter", "Tờ trình"),
        ("minutes", "Biên bản họp bình xét"),
        ("list", "Danh sách trích ngang"),
        ("report", "Báo cáo thành tích"),
    ],
)
def test_each_paper_is_there_as_word_before_its_pdf_is_made(
    story: Story, client_for: Login, sent: Sent, kind: str, name: str
) -> None:
    story.submitted()
    client = client_for(story.people.office)
    client.post(reverse("dossiers:batches", args=(story.campaign.slug,)))
    paper = Document.objects.filter(kind=kind).order_by("pk")[0]
    assert paper.state == "pending"
    response = client.get(reverse("dossiers:document_word", args=(paper.pk,)))
    assert response.headers["Content-Type"] == DOCX
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert name_of(response).startswith(name)
    assert name_of(response).endswith(f" - {paper.subject}.docx")
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
    report = story.report(story.mine)
    with django_capture_on_commit_callbacks(execute=True):
        client.get(reverse("dossiers:document_word", args=(paper.pk,)))
        client.get(reverse("dossiers:report_word", args=(report.pk,)))
        client.head(reverse("dossiers:report_word", args=(report.pk,)))
    looks = [args for name, args in sent.tasks if name == "emulation.record_look"]
    assert [look[3] for look in looks] == [
        f"Tải về bản Word: {paper}",
        f"Tải về bản Word: Báo cáo thành tích: {story.mine.subject_name}",
    ]


def test_the_writer_of_a_report_leaves_none(
    story: Story, client_for: Login, sent: Sent, django_capture_on_commit_callbacks: Any
) -> None:
    report = story.report()
    with django_capture_on_commit_callbacks(execute=True):
        response = client_for(story.people.head).get(
            reverse("dossiers:report_word", args=(report.pk,))
        )
    assert response.status_code == 200
    assert "emulation.record_look" not in [name for name, _ in sent.tasks]


def test_a_report_is_there_as_it_was_saved_last(story: Story, client_for: Login) -> None:
    """Without any paper having been ordered, by a button on its page."""
    report = story.report()
    client = client_for(story.people.head)
    url = reverse("dossiers:report_word", args=(report.pk,))
    assert (
        f'href="{url}"'
        in client.get(reverse("dossiers:report", args=(report.pk,))).content.decode()
    )
    entries = story.texts(
        report, "Đã số hóa **48.500** hồ sơ.\n| Chỉ tiêu | Đạt |\n| Hồ sơ | 97% |"
    )
    actions.save_report(report=report, version=report.version, entries=entries, **story.as_head())
    response = client.get(url)
    assert name_of(response).startswith("Báo cáo thành tích")
    assert name_of(response).endswith(f" - {story.mine.subject_name}.docx")
    text = text_of(response.content)
    assert any(line.endswith("Đã số hóa 48.500 hồ sơ.") for line in text)
    assert "Chỉ tiêu" in text
    assert not Document.objects.exists()


def test_a_report_that_was_handed_in_is_there_as_it_was(story: Story, client_for: Login) -> None:
    """Whatever has become of the person since; before its papers are made, and afterwards."""
    story.submitted()
    story.person.position = "Chức vụ mới"
    story.person.save()
    client = client_for(story.people.office)
    report = story.report(story.mine)
    first = client.get(reverse("dossiers:report_word", args=(report.pk,)))
    client.post(reverse("dossiers:batches", args=(story.campaign.slug,)))
    paper = Document.objects.get(report=report, dossier__isnull=False)
    theirs = client.get(reverse("dossiers:document_word", args=(paper.pk,)))
    assert first.content == theirs.content
    assert "Chức vụ mới" not in " ".join(text_of(first.content))
    assert name_of(first) == name_of(theirs)
