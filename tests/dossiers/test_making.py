"""Papers are ordered as rows and made once, whatever happens to those who make them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import OperationalError

from dossiers import actions
from dossiers.actions import making
from dossiers.documents.making import Made, make
from dossiers.models import Attachment, Batch, Document, Dossier, ReportForm
from dossiers.schedule import resume_documents
from dossiers.tasks import render_document
from dossiers.telling import Tell
from emulation.models import Unit
from emulation.workflow import Refused
from tests.conftest import Sent
from tests.dossiers.conftest import Story
from tests.factories import NOW, make_attachment, make_batch, make_document

pytestmark = pytest.mark.django_db

State = Document.State
LEASE = timedelta(seconds=settings.DOCUMENT_LEASE)
SECOND = timedelta(seconds=1)


def clock() -> datetime:
    return NOW


def _same(at: datetime) -> datetime:
    return at


def work_off() -> int:
    """What one worker does that is woken once."""
    first = Document.objects.order_by("pk").values_list("pk", flat=True)[0]
    return actions.make_documents(first=first, clock=clock)


@pytest.fixture
def batch(story: Story) -> Batch:
    story.submitted()
    return actions.order_batch(campaign=story.campaign, **story.as_office())


@pytest.fixture
def document(batch: Batch) -> Document:
    return batch.documents.filter(kind="report").order_by("pk")[0]


# --- Ordering -------------------------------------------------------------------------------------


def test_rows_come_first_and_work_goes_out_after_the_commit(
    story: Story, sent: Sent, django_capture_on_commit_callbacks: Any
) -> None:
    story.submitted()
    with django_capture_on_commit_callbacks(execute=True):
        batch = actions.order_batch(campaign=story.campaign, **story.as_office())
        assert sent.tasks == []
    kinds = list(batch.documents.order_by("pk").values_list("kind", "state"))
    assert [kind for kind, _ in kinds] == [
        "letter", "minutes", "list", "report", "report", "report", "dossier",
    ]  # fmt: skip
    assert {state for _, state in kinds} == {State.PENDING}
    # The bound dossier waits for its parts, so nobody is woken for it.
    assert sent.names() == ["dossiers.render_document"] * 6


def test_a_few_messages_do_for_any_number_of_documents(
    story: Story, sent: Sent, django_capture_on_commit_callbacks: Any
) -> None:
    dossier = story.dossier()
    for _ in range(40):
        make_document(dossier, by=story.people.head)
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.resume_documents(at=NOW) == 40
    assert len(sent.tasks) == 16


def test_what_did_not_change_is_not_made_again(story: Story, batch: Batch) -> None:
    assert work_off() == 7
    before = list(batch.documents.order_by("pk").values_list("pk", "sha256", "attempts"))
    assert actions.order_batch(campaign=story.campaign, **story.as_office()) == batch
    assert work_off() == 0
    assert list(batch.documents.order_by("pk").values_list("pk", "sha256", "attempts")) == before


def test_a_change_makes_one_paper_and_the_whole_anew_and_keeps_the_old(story: Story) -> None:
    dossier = story.complete()
    first = actions.order_dossier(dossier=dossier, **story.as_head())
    work_off()
    report = story.report(story.mine)
    texts = story.texts(report, "Đã có kết quả mới.")
    actions.save_report(report=report, version=report.version, entries=texts, **story.as_head())
    second = actions.order_dossier(dossier=dossier, **story.as_head())
    new = {row.pk for row in second} - {row.pk for row in first}
    assert sorted(Document.objects.filter(pk__in=new).values_list("kind", flat=True)) == [
        "dossier", "report",
    ]  # fmt: skip
    assert work_off() == 2
    for row in Document.objects.filter(pk__in=new):
        assert row.supersedes is not None
        assert row.supersedes.state == State.READY
        assert row.supersedes.sha256 != row.sha256


def test_a_paper_not_yet_made_takes_over_the_new_text(story: Story) -> None:
    report = story.report(story.mine)
    first = actions.order_report(report=report, **story.as_head())
    texts = story.texts(report, "Mới.")
    report = actions.save_report(
        report=report, version=report.version, entries=texts, **story.as_head()
    )
    again = actions.order_report(report=report, **story.as_head())
    assert again == first
    assert "Mới." in str(again.snapshot)
    assert Document.objects.count() == 1


def test_submitted_dossiers_say_what_was_submitted(story: Story) -> None:
    dossier = story.submitted()
    story.person.full_name = "Tên Khác"
    story.person.save()
    rows = actions.order_dossier(dossier=dossier, **story.as_office())
    assert "Tên Khác" not in str([row.snapshot for row in rows])
    assert "Hoàng Thị Én" in str([row.snapshot for row in rows])


def test_only_the_office_orders_a_batch_and_only_of_submitted_dossiers(story: Story) -> None:
    with pytest.raises(Refused, match="Chỉ Văn phòng Sở"):
        actions.order_batch(campaign=story.campaign, **story.as_head())
    story.complete()
    with pytest.raises(Refused, match="Chưa có đơn vị nào trình hồ sơ"):
        actions.order_batch(campaign=story.campaign, **story.as_office())


@pytest.mark.parametrize("who", ["colleague", "outsider", "stranger", "council", "director"])
def test_papers_of_a_dossier_are_ordered_by_its_head_and_the_office(story: Story, who: str) -> None:
    with pytest.raises(Refused, match="Chỉ trưởng đơn vị và Văn phòng"):
        actions.order_dossier(dossier=story.complete(), by=getattr(story.people, who), at=NOW)


def test_the_longest_names_fit_their_columns(story: Story) -> None:
    ReportForm.objects.update(heading="Báo cáo " * 15, number="Mẫu số 08 Phụ lục")
    Unit.objects.filter(pk=story.people.unit.pk).update(name="Phòng tổng hợp " * 13)
    bound = actions.order_dossier(dossier=story.complete(), **story.as_head())[-1]
    assert max(len(part.title) for part in bound.parts.order_by("pk")) == 300
    titles = [line["title"] for line in bound.snapshot["contents"]]
    assert max(map(len, titles)) > 300


def test_a_dossier_without_reports_has_nothing_to_make(story: Story) -> None:
    with pytest.raises(Refused, match="chưa có báo cáo"):
        actions.order_dossier(dossier=story.dossier(), **story.as_head())


# --- Making ---------------------------------------------------------------------------------------


def test_a_worker_that_wakes_makes_everything_and_the_whole_last(batch: Batch) -> None:
    assert work_off() == 7
    for row in batch.documents.order_by("pk"):
        assert row.state == State.READY
        assert row.attempts == 1
        assert row.rendered_at == NOW
        with row.file.open("rb") as file:
            content = file.read()
        assert hashlib.sha256(content).hexdigest() == row.sha256
        with pikepdf.open(BytesIO(content)) as pdf:
            assert len(pdf.pages) == row.pages


def test_the_whole_holds_every_part_from_the_page_it_names(batch: Batch) -> None:
    work_off()
    bound = batch.documents.get(kind="dossier")
    parts = list(bound.parts.select_related("document"))
    assert bound.pages is not None
    first = parts[0].first_page
    assert first is not None
    for part in parts:
        assert part.first_page == first
        assert part.document is not None
        assert part.document.pages is not None
        first += part.document.pages
    assert bound.pages == first - 1


def test_attachments_are_bound_behind_the_papers(story: Story, pdf: Callable[..., bytes]) -> None:
    dossier = story.complete()
    scan = make_attachment(
        dossier,
        by=story.people.head,
        name="Quyết định.pdf",
        sha256="1" * 64,
        pages=3,
    )
    scan.file.save("scan", ContentFile(pdf(3)))
    make_attachment(
        dossier,
        by=story.people.head,
        name="Sáng kiến.docx",
        content_type=Attachment.Type.DOCX,
        position=1,
        sha256="2" * 64,
    )
    *_, bound = actions.order_dossier(dossier=dossier, **story.as_head())
    work_off()
    bound.refresh_from_db()
    own = sum(row.pages or 0 for row in Document.objects.exclude(pk=bound.pk))
    assert bound.state == State.READY, bound.error
    assert bound.pages == 2 + own + 3 + 1


def test_making_twice_makes_once(document: Document) -> None:
    assert actions.make_document(pk=document.pk, clock=clock)
    assert not actions.make_document(pk=document.pk, clock=clock)
    document.refresh_from_db()
    assert document.attempts == 1


def test_two_workers_cannot_hold_one_document(document: Document) -> None:
    assert making.claim(pk=document.pk, at=NOW) is not None
    assert making.claim(pk=document.pk, at=NOW + LEASE) is None
    assert making.claim(pk=document.pk, at=NOW + LEASE + SECOND) is not None


def test_the_whole_cannot_be_claimed_before_its_parts(batch: Batch) -> None:
    bound = batch.documents.get(kind="dossier")
    assert making.claim(pk=bound.pk, at=NOW) is None
    batch.documents.exclude(pk=bound.pk).update(
        state=State.READY, file="x", sha256="0" * 64, pages=1, rendered_at=NOW
    )
    assert making.claim(pk=bound.pk, at=NOW) is not None


def test_a_worker_that_lost_its_lease_does_not_overwrite(
    document: Document, tmp_path: Path
) -> None:
    slow = making.claim(pk=document.pk, at=NOW)
    quick = making.claim(pk=document.pk, at=NOW + LEASE + SECOND)
    assert slow is not None
    assert quick is not None
    made = make(quick, tmp_path)
    assert making.hand_in(document=quick, made=made, at=NOW + LEASE + 2 * SECOND)
    assert not making.hand_in(document=slow, made=made, at=NOW + LEASE + 3 * SECOND)
    making.give_up(document=slow, reason="Quá muộn.", at=NOW)
    making.postpone(document=slow, reason="Quá muộn.", at=NOW)
    document.refresh_from_db()
    assert document.state == State.READY
    assert document.error == ""
    assert document.rendered_at == NOW + LEASE + 2 * SECOND
    folder = Path(default_storage.path(document.file.name or "")).parent
    assert [path.name for path in folder.iterdir()] == [Path(document.file.name or "").name]


def test_what_a_lost_worker_held_is_taken_up_again(
    batch: Batch, sent: Sent, django_capture_on_commit_callbacks: Any
) -> None:
    work_off()
    lost = batch.documents.filter(kind="report")[0]
    Document.objects.filter(pk=lost.pk).update(
        state=State.RENDERING, claimed_until=NOW - SECOND, attempts=1
    )
    with django_capture_on_commit_callbacks(execute=True):
        resume_documents()
    assert sent.tasks == [("dossiers.render_document", (lost.pk,))]
    render_document(lost.pk)
    lost.refresh_from_db()
    assert (lost.state, lost.attempts) == (State.READY, 2)


def test_a_worker_looks_into_the_queue_after_a_while(
    batch: Batch, sent: Sent, django_capture_on_commit_callbacks: Any
) -> None:
    times = iter(NOW + n * making.TURN / 4 for n in range(1000))
    first = batch.documents.order_by("pk").values_list("pk", flat=True)[0]
    with django_capture_on_commit_callbacks(execute=True):
        made = actions.make_documents(first=first, clock=lambda: next(times))
    assert 0 < made < 7
    [(name, (pk,))] = sent.tasks
    assert name == "dossiers.render_document"
    assert Document.objects.get(pk=pk).state == State.PENDING


# --- Trouble --------------------------------------------------------------------------------------


def broken_attachment(story: Story) -> tuple[Dossier, Document]:
    dossier = story.complete()
    scan = make_attachment(dossier, by=story.people.head, name="Quét.pdf")
    scan.file.save("scan", ContentFile(b"%PDF-1.7 nothing"))
    *_, bound = actions.order_dossier(dossier=dossier, **story.as_head())
    work_off()
    bound.refresh_from_db()
    return dossier, bound


def test_what_cannot_be_bound_says_why_and_can_be_tried_again(
    story: Story, pdf: Callable[..., bytes]
) -> None:
    dossier, bound = broken_attachment(story)
    assert bound.state == State.FAILED
    assert bound.error == "Tệp “Quét.pdf” bị hỏng nên không ghép được vào hồ sơ."
    scan = dossier.attachments.get()
    default_storage.delete(scan.file.name or "")
    default_storage.save(scan.file.name or "", ContentFile(pdf(1)))
    actions.retry(document=bound, **story.as_head())
    assert work_off() == 1
    bound.refresh_from_db()
    assert (bound.state, bound.error) == (State.READY, "")


def test_the_whole_fails_with_its_part_and_is_tried_again_with_it(
    story: Story, batch: Batch, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(row: Document, folder: Path, tell: Tell) -> Made:
        if row.pk == document.pk:
            raise ValueError("a mistake of ours")
        return make(row, folder)

    with monkeypatch.context() as patched:
        patched.setattr(making, "make", fail)
        assert work_off() == 5
    document.refresh_from_db()
    bound = batch.documents.get(kind="dossier")
    assert document.state == bound.state == State.FAILED
    assert document.error.startswith(f"Lỗi hệ thống khi tạo văn bản số {document.pk}")
    assert "không tạo được văn bản “Báo cáo thành tích: Phòng Cải cách hành chính”" in bound.error
    assert actions.retry_failed(batch=batch, **story.as_office()) == 2
    assert work_off() == 2
    assert batch.documents.exclude(state=State.READY).count() == 0


def test_ordering_again_tries_what_failed(story: Story, batch: Batch, document: Document) -> None:
    work_off()
    batch.documents.filter(pk=document.pk).update(state=State.FAILED, error="Lỗi.")
    assert actions.order_batch(campaign=story.campaign, **story.as_office()) == batch
    document.refresh_from_db()
    assert (document.state, document.error) == (State.PENDING, "")


def test_what_did_not_fail_is_not_tried_again(story: Story, document: Document) -> None:
    with pytest.raises(Refused, match="không bị lỗi"):
        actions.retry(document=document, **story.as_head())


def test_storage_in_trouble_is_given_time_and_then_named(
    document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: Any, **kwargs: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(default_storage, "save", full)
        at = NOW
        for attempt in range(1, making.MAX_ATTEMPTS + 1):
            assert not actions.make_document(pk=document.pk, clock=partial(_same, at))
            document.refresh_from_db()
            assert document.attempts == attempt
            if attempt < making.MAX_ATTEMPTS:
                assert document.state == State.PENDING
                assert document.error == "Máy chủ hết chỗ lưu tệp. Hệ thống sẽ tự tạo lại."
                assert not Document.objects.filter(pk=document.pk).claimable(at).exists()
                at += making.PAUSE
    assert document.state == State.FAILED
    assert document.error == "Máy chủ hết chỗ lưu tệp."


def test_a_disk_full_for_a_moment_costs_a_moment(
    document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: Any, **kwargs: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(default_storage, "save", full)
        actions.make_document(pk=document.pk, clock=clock)
    assert actions.make_document(pk=document.pk, clock=lambda: NOW + making.PAUSE)
    document.refresh_from_db()
    assert (document.state, document.error) == (State.READY, "")


def test_a_database_away_for_a_moment_is_no_failure(
    document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(**values: Any) -> None:
        raise OperationalError("the database is restarting")

    with monkeypatch.context() as patched:
        patched.setattr(making, "hand_in", away)
        assert not actions.make_document(pk=document.pk, clock=clock)
    document.refresh_from_db()
    assert (document.state, document.error) == (State.RENDERING, "")
    assert actions.make_document(pk=document.pk, clock=lambda: NOW + LEASE + SECOND)


def test_a_worker_that_ended_between_file_and_row_leaves_no_file(
    document: Document, tmp_path: Path
) -> None:
    lost = making.claim(pk=document.pk, at=NOW)
    assert lost is not None
    name = lost.file.field.generate_filename(lost, "")
    default_storage.save(name, ContentFile(b"%PDF"))
    assert actions.make_document(pk=document.pk, clock=lambda: NOW + LEASE + SECOND)
    document.refresh_from_db()
    assert document.state == State.READY
    assert not default_storage.exists(name)
    assert default_storage.exists(document.file.name or "")


def test_what_takes_its_worker_down_is_not_tried_for_ever(document: Document) -> None:
    at = NOW
    for _ in range(making.MAX_ATTEMPTS):
        assert making.claim(pk=document.pk, at=at) is not None
        at += LEASE + SECOND
    assert making.claim(pk=document.pk, at=at) is None
    document.refresh_from_db()
    assert document.state == State.FAILED
    assert "dừng giữa chừng nhiều lần" in document.error


# --- Progress -------------------------------------------------------------------------------------


def test_progress_is_counted_from_the_documents(story: Story) -> None:
    dossier = story.dossier()
    made = [
        make_document(
            dossier, by=story.people.head, state=state, error="Lỗi." if state == "failed" else ""
        )
        for state in ("pending", "pending", "ready", "ready", "ready", "failed")
    ]
    batch = make_batch(story.campaign, *made, by=story.people.office)
    for n, row in enumerate(made[2:5]):
        Document.objects.filter(pk=row.pk).update(rendered_at=NOW + n * 2 * SECOND)
    found = Batch.objects.with_progress().get(pk=batch.pk)
    assert (found.total, found.done, found.failed, found.made) == (6, 3, 1, 3)
    assert found.remaining == 4 * SECOND


def test_time_left_is_not_guessed_from_papers_made_before(story: Story) -> None:
    dossier = story.dossier()
    made = [
        make_document(
            dossier,
            by=story.people.head,
            state=state,
            **({"rendered_at": NOW - LEASE} if state == "ready" else {}),
        )
        for state in ("ready", "ready", "pending")
    ]
    batch = make_batch(story.campaign, *made, by=story.people.office)
    assert Batch.objects.with_progress().get(pk=batch.pk).remaining is None
