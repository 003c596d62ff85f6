"""Papers by address: ordered, watched, downloaded, tried again."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.http import FileResponse, StreamingHttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dossiers import actions
from dossiers.documents import zipped
from dossiers.models import Batch, Document
from tests.conftest import SafeClient, Sent
from tests.dossiers.conftest import Story
from tests.dossiers.signed import content, sign
from tests.factories import NOW, make_batch, make_document
from tests.signing import Keys

pytestmark = pytest.mark.django_db

Login = Callable[..., SafeClient]


def work_off() -> None:
    for pk in Document.objects.order_by("pk").values_list("pk", flat=True):
        actions.make_document(pk=pk, clock=lambda: NOW)


@pytest.fixture
def batch(story: Story) -> Batch:
    story.submitted()
    return actions.order_batch(campaign=story.campaign, **story.as_office())


def body_of(response: Any) -> bytes:
    assert isinstance(response, FileResponse | StreamingHttpResponse)
    content: bytes = response.getvalue()
    response.close()
    return content


def test_the_office_makes_all_dossiers_watches_and_downloads(
    story: Story, client_for: Login, sent: Sent, django_capture_on_commit_callbacks: Any
) -> None:
    story.submitted()
    client = client_for(story.people.office)
    address = reverse("dossiers:batches", args=(story.campaign.slug,))
    assert "Chưa tạo lần nào" in client.get(address).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(address)
    batch = Batch.objects.get()
    page = reverse("dossiers:batch", args=(batch.pk,))
    assert response.status_code == 302
    assert response.headers["Location"] == page
    assert "dossiers.render_document" in sent.names()

    waiting = client.get(page).content.decode()
    assert 'hx-trigger="every 1s"' in waiting
    assert "0/7" in waiting
    work_off()
    part = client.get(page, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "hx-trigger" not in part
    assert "7/7" in part

    archive = zipfile.ZipFile(BytesIO(body_of(client.get(page + "tai-ve/"))))
    folder = "phong-cai-cach-hanh-chinh--giam-doc-so"
    assert sorted(archive.namelist()) == [
        f"{folder}/bao-cao-mau-08-nd-98--hoang-thi-en.pdf",
        f"{folder}/bao-cao-mau-08-nd-98--ly-thi-anh.pdf",
        f"{folder}/bao-cao-mau-08-nd-98--phong-cai-cach-hanh-chinh.pdf",
        f"{folder}/bien-ban.pdf",
        f"{folder}/danh-sach.pdf",
        f"{folder}/ho-so.pdf",
        f"{folder}/to-trinh.pdf",
    ]
    assert archive.testzip() is None
    assert all(archive.read(name).startswith(b"%PDF-") for name in archive.namelist())


def test_what_is_signed_goes_out_signed(
    story: Story, batch: Batch, client_for: Login, keys: Keys
) -> None:
    work_off()
    keys.seal("con-dau", story.people.agency.code, "Sở Nội vụ")
    row = sign(batch.documents.get(kind="letter"), "con-dau", story.people.office)
    page = reverse("dossiers:batch_zip", args=(batch.pk,))
    archive = zipfile.ZipFile(BytesIO(body_of(client_for(story.people.office).get(page))))
    [name] = [name for name in archive.namelist() if "to-trinh" in name]
    assert name.endswith("/to-trinh-da-ky.pdf")
    assert archive.read(name) == content(row)
    assert len(archive.namelist()) == 7


def test_a_second_click_makes_nothing_twice(story: Story, batch: Batch, client_for: Login) -> None:
    work_off()
    client = client_for(story.people.office)
    address = reverse("dossiers:batches", args=(story.campaign.slug,))
    response = client.post(address, follow=True)
    assert "Không có gì thay đổi" in response.content.decode()
    assert Batch.objects.count() == 1
    assert Document.objects.count() == 7


def test_a_file_is_sent_as_an_attachment_under_a_readable_name(
    story: Story, batch: Batch, client_for: Login, sent: Sent
) -> None:
    work_off()
    bound = batch.documents.get(kind="dossier")
    response = client_for(story.people.office).get(reverse("dossiers:document", args=(bound.pk,)))
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    disposition = response.headers["Content-Disposition"]
    assert disposition.startswith("attachment")
    assert "H%E1%BB%93%20s%C6%A1" in disposition
    assert body_of(response).startswith(b"%PDF-")


@pytest.mark.parametrize("state", ["pending", "rendering", "failed"])
def test_what_is_not_ready_cannot_be_downloaded(
    story: Story, client_for: Login, state: str
) -> None:
    row = make_document(
        story.dossier(),
        by=story.people.head,
        state=state,
        error="Lỗi." if state == "failed" else "",
        claimed_until=NOW if state == "rendering" else None,
    )
    client = client_for(story.people.head)
    assert client.get(reverse("dossiers:document", args=(row.pk,))).status_code == 404


def test_a_file_that_is_gone_is_spoken_of(story: Story, batch: Batch, client_for: Login) -> None:
    work_off()
    document = batch.documents.order_by("pk")[0]
    document.file.storage.delete(str(document.file.name))
    client = client_for(story.people.office)
    for name, pk in (
        ("document", document.pk),
        ("batch_zip", batch.pk),
        ("bundle", document.dossier_id),
    ):
        page = client.get(reverse(f"dossiers:{name}", args=(pk,)), follow=True)
        assert "Không tìm thấy tệp trên máy chủ" in page.content.decode(), name


def test_a_batch_with_nothing_ready_has_no_archive(
    story: Story, batch: Batch, client_for: Login
) -> None:
    client = client_for(story.people.office)
    assert client.get(reverse("dossiers:batch_zip", args=(batch.pk,))).status_code == 404


def test_failures_are_shown_with_reason_and_tried_again(
    story: Story, batch: Batch, client_for: Login, sent: Sent,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    row = batch.documents.filter(kind="report")[0]
    Document.objects.filter(pk=row.pk).update(state="failed", error="Hết chỗ trên đĩa.")
    client = client_for(story.people.office)
    page = reverse("dossiers:batch", args=(batch.pk,))
    html = client.get(page).content.decode()
    assert "Hết chỗ trên đĩa." in html
    assert "1 văn bản không tạo được" in html
    again = reverse("dossiers:document_retry", args=(row.pk,))
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(again, {"batch": str(batch.pk)})
    assert response.headers["Location"] == page
    assert sent.tasks == [("dossiers.render_document", (row.pk,))]
    row.refresh_from_db()
    assert (row.state, row.error) == ("pending", "")
    assert client.post(again, {"batch": "9" * 5000}).status_code == 302
    # A click that comes late is told so.
    late = client.post(again, follow=True)
    assert "không bị lỗi" in late.content.decode()


def test_all_failures_of_a_batch_are_tried_again_at_once(
    story: Story, batch: Batch, client_for: Login
) -> None:
    batch.documents.filter(kind="report").update(state="failed", error="Lỗi.")
    client = client_for(story.people.office)
    response = client.post(reverse("dossiers:batch_retry", args=(batch.pk,)), follow=True)
    assert "tạo lại" in response.content.decode()
    assert not batch.documents.filter(state="failed").exists()


def test_a_head_makes_the_papers_of_the_own_dossier(story: Story, client_for: Login) -> None:
    dossier = story.complete()
    client = client_for(story.people.head)
    address = reverse("dossiers:papers", args=(dossier.pk,))
    assert "Chưa có văn bản nào" in client.get(address).content.decode()
    assert client.post(address).status_code == 302
    assert 'hx-trigger="every 1s"' in client.get(address).content.decode()
    work_off()
    html = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert html.count("PDF<span") == 7
    assert "hx-trigger" not in html
    said = client.post(address, follow=True).content.decode()
    assert "Không có gì thay đổi so với lần tạo trước" in said
    assert "Đang tạo các văn bản" not in said


def test_an_empty_list_of_papers_says_who_makes_them(story: Story, client_for: Login) -> None:
    address = reverse("dossiers:papers", args=(story.submitted().pk,))
    for who, said in (("head", "Bấm “Tạo văn bản”"), ("council", "sau khi đơn vị hoặc Văn phòng")):
        assert said in client_for(getattr(story.people, who)).get(address).content.decode()


def test_an_incomplete_dossier_says_why_it_has_no_papers(story: Story, client_for: Login) -> None:
    address = reverse("dossiers:papers", args=(story.dossier().pk,))
    response = client_for(story.people.head).post(address, follow=True)
    assert "chưa có báo cáo thành tích nào" in response.content.decode()


def test_a_nominee_gets_the_own_report_as_a_file(story: Story, client_for: Login) -> None:
    report = story.write(story.mine)
    client = client_for(story.people.staff)
    address = reverse("dossiers:report_papers", args=(report.pk,))
    assert "Chưa có văn bản nào" in client.get(address).content.decode()
    response = client.post(reverse("dossiers:report_document", args=(report.pk,)))
    assert response.headers["Location"] == address
    work_off()
    row = Document.objects.get()
    assert reverse("dossiers:document", args=(row.pk,)) in client.get(address).content.decode()


def test_who_reads_the_own_report_leaves_no_trace_and_others_a_short_one(
    story: Story, client_for: Login, sent: Sent, django_capture_on_commit_callbacks: Any
) -> None:
    story.person.full_name = " ".join(["Nguyễn"] * 14)
    story.person.save()

    def open_all(client: SafeClient, document: Document) -> None:
        sent.tasks.clear()
        with django_capture_on_commit_callbacks(execute=True):
            for name in ("document", "paper", "document_word", "report_word"):
                pk = document.report_id if name == "report_word" else document.pk
                response = client.get(reverse(f"dossiers:{name}", args=(pk,)))
                assert response.status_code == 200
                response.close()

    draft = actions.order_report(report=story.write(story.mine), **story.as_head())
    work_off()
    open_all(client_for(story.people.staff), draft)
    assert sent.tasks == []
    actions.order_dossier(dossier=story.submitted(), **story.as_head())
    work_off()
    issued = Document.objects.get(report=draft.report, dossier__isnull=False)
    open_all(client_for(story.people.office), issued)
    assert sent.names() == ["emulation.record_look"] * 4
    assert all(len(args[3]) <= 120 for _, args in sent.tasks)


def test_drafts_of_a_returned_dossier_are_for_its_unit(story: Story, client_for: Login) -> None:
    people, dossier = story.people, story.submitted()
    actions.order_dossier(dossier=dossier, **story.as_office())
    actions.act_on_dossier(dossier=dossier, act="return", note="Bổ sung", **story.as_office())
    drafts = actions.order_dossier(dossier=dossier, **story.as_head())
    work_off()
    pages = ("document", "paper", "document_word")
    for who, status in (("head", 200), ("office", 404), ("council", 404), ("director", 404)):
        client = client_for(getattr(people, who))
        for name in pages:
            response = client.get(reverse(f"dossiers:{name}", args=(drafts[0].pk,)))
            assert response.status_code == status, (who, name)
            response.close()
        listed = client.get(reverse("dossiers:papers", args=(dossier.pk,))).content.decode()
        assert ("Bản nháp" in listed) is (status == 200)


def test_the_office_makes_no_papers_of_what_the_unit_is_working_on(
    story: Story, client_for: Login
) -> None:
    dossier = story.submitted()
    actions.act_on_dossier(dossier=dossier, act="return", note="Bổ sung", **story.as_office())
    address = reverse("dossiers:papers", args=(dossier.pk,))
    client = client_for(story.people.office)
    assert "Tạo bản mới nhất" not in client.get(address).content.decode()
    assert "khi hồ sơ đã trình" in client.post(address, follow=True).content.decode()
    assert not Document.objects.exists()


def test_the_pdf_of_a_report_that_was_handed_in_says_what_was_handed_in(story: Story) -> None:
    story.submitted()
    story.person.full_name = "Tên Khác"
    story.person.save()
    document = actions.order_report(report=story.report(), **story.as_office())
    assert document.code is None
    assert "Tên Khác" not in str(document.snapshot)
    assert "Hoàng Thị Én" in str(document.snapshot)


def test_readers_see_papers_but_no_button(story: Story, batch: Batch, client_for: Login) -> None:
    dossier = batch.documents.all()[0].dossier
    assert dossier is not None
    address = reverse("dossiers:papers", args=(dossier.pk,))
    html = client_for(story.people.council).get(address).content.decode()
    assert "Tạo bản mới nhất" not in html
    response = client_for(story.people.council).post(address, follow=True)
    assert "Chỉ trưởng đơn vị và Văn phòng Sở" in response.content.decode()


@pytest.mark.parametrize("name", ["batch", "batch_zip"])
def test_a_batch_is_the_business_of_its_office(
    story: Story, batch: Batch, client_for: Login, name: str
) -> None:
    work_off()
    address = reverse(f"dossiers:{name}", args=(batch.pk,))
    for who in ("head", "outsider", "stranger", "council", "director", "staff"):
        assert client_for(getattr(story.people, who)).get(address).status_code == 404


def test_the_time_left_is_said(story: Story, client_for: Login) -> None:
    dossier = story.dossier()
    rows = [make_document(dossier, by=story.people.head, state="ready") for _ in range(2)]
    for n, row in enumerate(rows):
        later = datetime(2026, 11, 20, 9, 0, 10 * (n + 1), tzinfo=NOW.tzinfo)
        Document.objects.filter(pk=row.pk).update(rendered_at=later)
    waiting = [make_document(dossier, by=story.people.head) for _ in range(3)]
    bound = make_document(dossier, by=story.people.head, kind="dossier")
    batch = make_batch(story.campaign, *rows, *waiting, bound, by=story.people.office)
    page = client_for(story.people.office).get(reverse("dossiers:batch", args=(batch.pk,)))
    assert "còn khoảng 40 giây" in page.content.decode()


def test_a_page_costs_the_same_for_few_and_for_many(story: Story, client_for: Login) -> None:
    dossier = story.dossier()
    client, head = client_for(story.people.office), client_for(story.people.head)

    def queries(count: int) -> int:
        rows = [make_document(dossier, by=story.people.head, state="ready") for _ in range(count)]
        for row in rows:
            row.file.save("x.pdf", ContentFile(b"x"))
        bound = make_document(dossier, by=story.people.head, kind="dossier")
        batch = make_batch(story.campaign, *rows, bound, by=story.people.office)
        with CaptureQueriesContext(connection) as found:
            client.get(reverse("dossiers:batch", args=(batch.pk,)))
            assert head.get(reverse("dossiers:papers", args=(dossier.pk,))).status_code == 200
            body_of(client.get(reverse("dossiers:batch_zip", args=(batch.pk,))))
            client.get(reverse("dossiers:batches", args=(story.campaign.slug,)))
        return len(found)

    queries(1)
    assert queries(1) == queries(6)


def test_an_archive_holds_neither_memory_nor_disk(story: Story) -> None:
    """Pieces come while files are read: a large one is not gathered first."""
    dossier = story.dossier()
    row = make_document(dossier, by=story.people.head, state="ready")
    row.file.save("big.pdf", ContentFile(b"x" * 3_000_000))
    pieces = list(zipped([row, row]))
    assert max(map(len, pieces)) <= 256 * 1024
    archive = zipfile.ZipFile(BytesIO(b"".join(pieces)))
    assert [info.file_size for info in archive.infolist()] == [3_000_000] * 2
    assert len(set(archive.namelist())) == 2
