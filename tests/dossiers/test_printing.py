"""Files to be printed: the pages of a batch that are signed by hand, in one go."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from django.urls import reverse

from dossiers import actions
from dossiers.documents.prints import SIGNED
from dossiers.models import Batch, Document
from dossiers.models.documents import Lane
from emulation.workflow import Refused
from tests.conftest import SafeClient
from tests.dossiers import poppler
from tests.dossiers.conftest import Story
from tests.factories import NOW

pytestmark = pytest.mark.django_db

State = Document.State
Login = Callable[..., SafeClient]


def work_off(document: Document) -> None:
    actions.make_documents(first=document.pk, clock=lambda: NOW)


@pytest.fixture
def batch(story: Story) -> Batch:
    story.submitted()
    return actions.order_batch(campaign=story.campaign, **story.as_office())


def ordered(story: Story, batch: Batch, kind: str = "signing", sort: str = "") -> Document:
    return actions.order_print(batch=batch, kind=kind, sort=sort, **story.as_office())


def made(document: Document) -> tuple[bytes, pikepdf.Pdf]:
    document.refresh_from_db()
    assert document.state == State.READY, document.error
    with document.file.open("rb") as file:
        content = file.read()
    return content, pikepdf.open(BytesIO(content))


def test_the_file_waits_for_the_papers_and_holds_their_signing_pages(
    story: Story, batch: Batch
) -> None:
    document = ordered(story, batch)
    assert document.lane == Lane.DOCUMENTS
    assert not actions.make_document(pk=document.pk, clock=lambda: NOW)
    work_off(document)
    content, pdf = made(document)
    parts = list(document.parts.select_related("document"))
    papers = [part.document for part in parts if part.document]
    assert {paper.kind for paper in papers} == set(SIGNED)
    pages = [sorted({place["page"] for place in paper.signing_places}) for paper in papers]
    assert all(pages)
    assert len(pdf.pages) == document.pages == 1 + sum(map(len, pages))
    starts = [2 + sum(map(len, pages[:i])) for i in range(len(pages))]
    assert [part.first_page for part in parts] == starts
    words = [page.text for page in poppler.sheets_of(content)]
    assert "DANH MỤC TRANG KÝ" in words[0]
    for paper, start in zip(papers, starts, strict=True):
        first = paper.signing_places[0]
        assert first["name"] in words[start - 1]
        assert paper.subject in " ".join(words[0].split())


def test_an_annulled_paper_is_not_printed_to_be_signed(story: Story, batch: Batch) -> None:
    work_off(ordered(story, batch))
    letter = Document.objects.with_standing().get(kind="letter")
    actions.annul(document=letter, note="Sai", **story.as_office())
    parts = ordered(story, batch).parts.order_by("position")
    assert letter.pk not in parts.values_list("document", flat=True)
    with pytest.raises(Refused, match="chưa có văn bản nào"):
        ordered(story, batch, sort="letter")


def test_one_kind_of_paper_can_be_chosen(story: Story, batch: Batch) -> None:
    document = ordered(story, batch, sort="letter")
    work_off(document)
    _, pdf = made(document)
    assert document.parts.count() == 1
    assert len(pdf.pages) == 2


def test_printed_on_both_sides_each_paper_begins_a_sheet(story: Story, batch: Batch) -> None:
    document = ordered(story, batch, kind="print")
    work_off(document)
    _, pdf = made(document)
    parts = list(document.parts.select_related("document"))
    assert len(pdf.pages) % 2 == 0
    position = 3
    for part in parts:
        assert part.first_page == position
        assert part.document is not None
        assert part.document.pages is not None
        position += part.document.pages + part.document.pages % 2
    assert len(pdf.pages) == position - 1


def test_the_same_order_is_the_same_file_and_a_change_makes_a_new_one(
    story: Story, batch: Batch
) -> None:
    first = ordered(story, batch)
    assert ordered(story, batch) == first
    work_off(first)
    assert ordered(story, batch) == first
    batch.documents.filter(kind="letter").update(state=State.FAILED, error="Lỗi.")
    second = ordered(story, batch)
    assert second.supersedes == first
    assert second.parts.count() == first.parts.count() - 1


def test_the_same_pages_give_the_same_bytes(story: Story, batch: Batch) -> None:
    first = ordered(story, batch)
    work_off(first)
    before, _ = made(first)
    Document.objects.filter(pk=first.pk).update(state=State.PENDING, attempts=0)
    later = NOW + timedelta(days=400)
    assert actions.make_document(pk=first.pk, clock=lambda: later)
    assert made(first)[0] == before


def test_a_paper_that_cannot_be_made_fails_the_file_that_waits_for_it(
    story: Story, batch: Batch
) -> None:
    document = ordered(story, batch, sort="list")
    row = batch.documents.get(kind="list")
    Document.objects.filter(pk=row.pk).update(snapshot={})
    work_off(row)
    document.refresh_from_db()
    assert document.state == State.FAILED
    assert "không tạo được văn bản" in document.error


@pytest.mark.parametrize(("kind", "sort"), [("report", ""), ("signing", "dossier"), ("", "")])
def test_only_what_can_be_printed_is_ordered(
    story: Story, batch: Batch, kind: str, sort: str
) -> None:
    with pytest.raises(Refused, match="chọn loại"):
        ordered(story, batch, kind, sort)


@pytest.mark.parametrize(
    "who", ["head", "colleague", "outsider", "stranger", "council", "director"]
)
def test_it_is_the_office_that_prints_and_sees(
    story: Story, batch: Batch, client_for: Login, who: str
) -> None:
    user = getattr(story.people, who)
    with pytest.raises(Refused, match="Chỉ Văn phòng"):
        actions.order_print(batch=batch, kind="signing", sort="", by=user, at=NOW)
    document = ordered(story, batch)
    work_off(document)
    assert not Document.objects.visible_to(user).filter(pk=document.pk).exists()
    response = client_for(user).get(reverse("dossiers:document", args=(document.pk,)))
    assert response.status_code == 404


def test_the_office_orders_watches_and_downloads(
    story: Story, batch: Batch, client_for: Login
) -> None:
    client = client_for(story.people.office)
    page = reverse("dossiers:batch", args=(batch.pk,))
    response: Any = client.post(f"{page}in/", {"kind": "signing", "sort": ""}, follow=True)
    assert "Đang tạo tệp để in" in response.content.decode()
    document = Document.objects.get(kind="signing")
    work_off(document)
    shown = client.get(page).content.decode()
    assert "Tập trang ký" in shown
    assert "hx-trigger" not in shown
    address = reverse("dossiers:document", args=(document.pk,))
    assert address in shown
    response = client.get(address)
    assert response["Content-Type"] == "application/pdf"
    response.close()
    response = client.post(f"{page}in/", {"kind": "signing", "sort": "x"}, follow=True)
    assert "Hãy chọn loại văn bản cần in" in response.content.decode()


def test_a_failed_file_is_tried_again_by_the_office_alone(story: Story, batch: Batch) -> None:
    document = ordered(story, batch)
    Document.objects.filter(pk=document.pk).update(state=State.FAILED, error="Lỗi.")
    with pytest.raises(Refused):
        actions.retry(document=document, **story.as_head())
    actions.retry(document=document, **story.as_office())
    document.refresh_from_db()
    assert document.state == State.PENDING
