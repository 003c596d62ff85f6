"""What anybody learns of a paper, and what nobody does."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from dossiers import actions
from dossiers.codes import grouped, new_code
from dossiers.documents.verification import PATH, address_of
from dossiers.models import Document, Signature
from dossiers.views.verification import LOOKUPS, UPLOADS
from tests.conftest import SafeClient
from tests.dossiers.conftest import LATER, Story, returned
from tests.factories import NOW

pytestmark = pytest.mark.django_db

CONTENT = b"%PDF-1.7 the letter"


@pytest.fixture
def letter(story: Story) -> Document:
    rows = actions.order_dossier(dossier=story.submitted(), **story.as_office())
    for row in rows:
        content = CONTENT if row.kind == "letter" else f"%PDF-1.7 {row.pk}".encode()
        row.file.save("x.pdf", ContentFile(content), save=False)
        row.sha256 = hashlib.sha256(content).hexdigest()
        row.state, row.pages, row.rendered_at = "ready", 3, NOW
        row.save()
    return next(row for row in rows if row.kind == "letter")


def page_of(row: Document) -> str:
    return reverse("verify", args=(row.code,))


def sign(row: Document, content: bytes, position: int, story: Story) -> None:
    Signature.objects.create(
        document=row, position=position, kind="personal", key="k", signer="Hoàng Văn Kín",
        issuer="CA", serial=str(position), fingerprint=str(position), file="documents/s.pdf",
        sha256=hashlib.sha256(content).hexdigest(), signed_by=story.people.head, signed_at=NOW,
    )  # fmt: skip


def compare(client: Client, row: Document, content: bytes, name: str = "x.pdf") -> str:
    answer = client.post(page_of(row), {"file": SimpleUploadedFile(name, content)})
    return answer.content.decode()


def test_the_printed_address_is_that_of_the_page(letter: Document) -> None:
    assert letter.code is not None
    assert address_of(letter.code).endswith(page_of(letter))
    assert reverse("verify_start") == PATH


def test_who_has_no_account_finds_the_page(client: SafeClient, db: None) -> None:
    assert f'href="{PATH}"' in client.get(reverse("login")).content.decode()


def test_anybody_sees_what_a_paper_is(client: SafeClient, letter: Document, story: Story) -> None:
    answer = client.get(page_of(letter))
    text = answer.content.decode()
    for shown in (
        "Còn giá trị", "Tờ trình", letter.number, "20/11/2026", story.people.unit.name,
        letter.sha256, grouped(letter.code or ""),
    ):  # fmt: skip
        assert shown in text
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Cache-Control"] == "no-store"


def test_no_person_and_no_subject_is_named(
    client: SafeClient, letter: Document, story: Story
) -> None:
    """Also not that of the nominee whose report it is, of a signer, or of who annulled it."""
    sign(letter, b"s", 1, story)
    report = Document.objects.get(kind="report", report__nomination=story.mine)
    actions.annul(document=report, note="Lý do bí mật của Kín", **story.as_office())
    names = [
        report.subject, story.person.full_name, "Hoàng Văn Kín", "bí mật",
        story.people.office.get_full_name(), story.people.head.get_full_name(),
        story.campaign.name, "Giấy khen",
    ]  # fmt: skip
    for row in Document.objects.order_by("pk"):
        text = client.get(page_of(row)).content.decode()
        assert not [name for name in names if name in text], row.kind


def test_a_code_is_found_as_it_was_typed(client: SafeClient, letter: Document) -> None:
    start = reverse("verify_start")
    assert "Mã văn bản" in client.get(start).content.decode()
    code = letter.code or ""
    for typed in (code, grouped(code).lower(), f" {code} ", address_of(code)):
        answer = client.get(start, {"ma": typed})
        assert answer.headers["Location"] == page_of(letter)
    assert client.get(f"{PATH}{grouped(letter.code or '').lower()}/").status_code == 200


@pytest.mark.parametrize("typed", ["ABCD", "x" * 400, "\x00", "ABCDEFGHJKM5", "0", "<script>"])
def test_what_is_no_code_is_answered_kindly(
    client: SafeClient, letter: Document, typed: str
) -> None:
    answer = client.get(reverse("verify_start"), {"ma": typed})
    assert answer.status_code == 404
    assert "Không tìm thấy văn bản" in answer.content.decode()
    assert "<script>" not in answer.content.decode()


def said(answer: Any, code: str) -> str:
    """The page but for the code that was asked for and the token of the form."""
    return re.sub(r'"X-CSRFToken": "\w+"', "", answer.content.decode()).replace(code, "")


def test_unknown_drafts_and_papers_not_made_yet_are_answered_alike(
    client: SafeClient, letter: Document
) -> None:
    code = new_code()
    unknown = client.get(reverse("verify", args=(code,)))
    Document.objects.filter(kind="list").update(state="pending", file="", sha256="")
    waiting = Document.objects.get(kind="list")
    pending = client.get(page_of(waiting))
    assert unknown.status_code == pending.status_code == 404
    assert said(unknown, code) == said(pending, waiting.code or "")


def test_what_took_its_place(client: SafeClient, letter: Document, story: Story) -> None:
    assert letter.dossier is not None
    dossier = returned(story, letter.dossier, edit=True)
    actions.order_dossier(dossier=dossier, by=story.people.office, at=LATER)
    text = client.get(page_of(letter)).content.decode()
    assert "Đã được thay thế" in text
    # Nothing is said of the new one before it is there.
    later = Document.objects.get(kind="letter", supersedes=letter)
    assert later.number not in text
    Document.objects.filter(pk=later.pk).update(
        state="ready", file="documents/y.pdf", sha256="b" * 64, pages=3, rendered_at=NOW
    )
    text = client.get(page_of(letter)).content.decode()
    assert later.number in text
    assert page_of(later) in text
    assert "Còn giá trị" in client.get(page_of(later)).content.decode()
    # A report that says the same was not sent anew.
    other = Document.objects.issued().get(report__nomination=story.other)
    assert "Còn giá trị" in client.get(page_of(other)).content.decode()


def test_what_was_annulled(client: SafeClient, letter: Document, story: Story) -> None:
    actions.annul(document=letter, note="Sai số liệu", by=story.people.director, at=LATER)
    text = client.get(page_of(letter)).content.decode()
    assert "Đã bị hủy" in text
    assert f"{LATER:%d/%m/%Y}" in text
    assert "Sai số liệu" not in text
    bound = Document.objects.get(kind="dossier")
    assert "Trong hồ sơ này có văn bản đã bị hủy" in client.get(page_of(bound)).content.decode()


def test_a_file_is_compared_byte_by_byte(
    client: SafeClient, letter: Document, story: Story
) -> None:
    assert "bản chưa có chữ ký số" in compare(client, letter, CONTENT)
    assert "Không trùng khớp" in compare(client, letter, CONTENT + b" ")
    sign(letter, b"one", 1, story)
    sign(letter, b"two", 2, story)
    assert "bản có 1 chữ ký số" in compare(client, letter, b"one")
    assert "giống hệt bản có 2 chữ ký số" in compare(client, letter, b"two")
    text = client.get(page_of(letter)).content.decode()
    assert "Dấu vân tay bản có 2 chữ ký số" in text.split('<details class="technical">')[1]
    assert hashlib.sha256(b"two").hexdigest() in text
    assert hashlib.sha256(b"one").hexdigest() not in text
    assert "bản chưa có chữ ký số" in compare(client, letter, CONTENT)
    altered = bytearray(CONTENT)
    altered[3] ^= 1
    assert "Không trùng khớp" in compare(client, letter, bytes(altered))
    for sent in ({}, {"file": SimpleUploadedFile("x.pdf", b"")}):
        answer = client.post(page_of(letter), sent)
        assert answer.status_code == 422
        assert "Hãy chọn tệp PDF" in answer.content.decode()


def test_a_file_is_never_stored(
    client: SafeClient, letter: Document, monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
    settings: Settings,
) -> None:  # fmt: skip
    """Not even for a moment, however large; the other uploads go on as before."""
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "gone")
    before = sorted(Path(settings.MEDIA_ROOT).rglob("*"))
    text = compare(client, letter, bytes(8 * 1024 * 1024))
    assert "Không trùng khớp" in text
    assert sorted(Path(settings.MEDIA_ROOT).rglob("*")) == before


def test_a_file_that_is_too_large(client: SafeClient, letter: Document, settings: Settings) -> None:
    settings.VERIFIED_MAX_BYTES = 1024 * 1024
    assert "Tệp quá lớn" in compare(client, letter, bytes(3 * 1024 * 1024))


@pytest.mark.parametrize("name", ["a" * 300 + ".pdf", "../../x.pdf", "..", "<b>.pdf", "\x00"])
def test_odd_file_names_are_answered(client: SafeClient, letter: Document, name: str) -> None:
    body = (
        f'--B\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        "Content-Type: application/pdf\r\n\r\n"
    ).encode() + CONTENT
    body += b"\r\n--B--\r\n"
    answer = client.post(page_of(letter), body, content_type="multipart/form-data; boundary=B")
    assert answer.status_code in (200, 422)


def test_looking_up_too_often(client: SafeClient, letter: Document) -> None:
    for _ in range(LOOKUPS.times):
        assert client.get(reverse("verify", args=(new_code(),))).status_code == 404
    answer = client.get(page_of(letter))
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= LOOKUPS.seconds
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "tra cứu quá nhiều lần" in answer.content.decode()
    assert client.get(page_of(letter), REMOTE_ADDR="203.0.113.7").status_code == 200


def test_uploading_too_often(client: SafeClient, letter: Document) -> None:
    for _ in range(UPLOADS.times):
        assert "Không trùng khớp" in compare(client, letter, b"x")
    assert "so sánh quá nhiều lần" in compare(client, letter, b"x")
    assert client.get(page_of(letter)).status_code == 200


def test_a_page_costs_few_queries(client: SafeClient, letter: Document, story: Story) -> None:
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            client.get(page_of(letter))
        return len(found)

    few = cost()
    for position in range(1, 5):
        sign(letter, bytes([position]), position, story)
    assert cost() == few <= 3


def test_a_form_with_its_token_is_needed(letter: Document) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(page_of(letter), {"file": SimpleUploadedFile("x.pdf", CONTENT)})
    assert answer.status_code == 403


def test_who_is_logged_in_sees_the_same(
    letter: Document, story: Story, client_for: Callable[..., SafeClient]
) -> None:
    answer: Any = client_for(story.people.head).get(page_of(letter))
    assert "Còn giá trị" in answer.content.decode()
    assert story.people.head.get_full_name() not in answer.content.decode()
