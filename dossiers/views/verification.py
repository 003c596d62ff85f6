"""The public page: what a paper is, whether it still counts, and whether a file is that paper.

It names no person and shows no subject: whoever holds a paper knows them, nobody else needs to.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopFutureHandlers
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from dossiers.codes import grouped, read_code
from dossiers.documents.editions import edition_of, editions_of
from dossiers.documents.verification import PATH
from dossiers.models import Document
from dossiers.uploads import megabytes
from emulation.limits import Limit, take
from emulation.views.clients import client_address
from emulation.views.errors import too_many

LOOKUPS = Limit("verify-lookup", times=120, seconds=10 * 60)
UPLOADS = Limit("verify-upload", times=30, seconds=10 * 60)
Standing = Document.Standing
TONES = {
    Standing.IN_FORCE: "success",
    Standing.SUPERSEDED: "warning",
    Standing.ANNULLED: "danger",
}


class HashedUpload(UploadedFile[bytes]):
    """What is left of a file that was sent to be compared: its digest."""

    def __init__(self, size: int, sha256: str) -> None:
        # Its own name is not asked for; without any it would pass for no file at all.
        super().__init__(file=None, name="tep.pdf", size=size)
        self.sha256 = sha256


class HashOnly(FileUploadHandler):
    """Takes files sent to the public page as they come in, and keeps none of them."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.is_public = bool(self.request and self.request.path.startswith(PATH))
        if self.is_public:
            self.digest, self.size = hashlib.sha256(), 0
            raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if not self.is_public:
            return raw_data
        self.size += len(raw_data)
        if self.size <= settings.VERIFIED_MAX_BYTES:
            self.digest.update(raw_data)
        return None

    def file_complete(self, file_size: int) -> UploadedFile[bytes] | None:
        if not self.is_public:
            return None
        return HashedUpload(self.size, self.digest.hexdigest())


@dataclass(frozen=True)
class Answer:
    """What the page says of a file: parameters of alert.html."""

    tone: str
    title: str
    text: str


@login_not_required
@require_safe
def verify_start(request: HttpRequest) -> HttpResponse:
    """Where a code is typed in."""
    typed = request.GET.get("ma", "")
    if not typed:
        return _page(request, "verification/start.html", {"typed": "", "is_unknown": False})
    # Some paste the whole address that the QR leads to.
    code = read_code(typed.strip().rstrip("/").rpartition("/")[2])
    return redirect("verify", code=code) if code else _unknown(request, typed)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """One paper; POST compares a file with it."""
    now, address = timezone.now(), client_address(request)
    seconds = take(LOOKUPS, address, at=now)
    if seconds:
        return _private(too_many(request, seconds, "Địa chỉ của bạn đã tra cứu quá nhiều lần."))
    if request.method == "POST":
        seconds = take(UPLOADS, address, at=now)
        if seconds:
            what = "Địa chỉ của bạn đã gửi tệp để so sánh quá nhiều lần."
            return _private(too_many(request, seconds, what))
    found = _issued(read_code(code))
    if found is None:
        return _unknown(request, code)
    answer = _compared(request, found) if request.method == "POST" else None
    context = _facts(found) | {"answer": answer}
    is_wrong = answer is not None and answer.tone == "warning"
    return _page(request, "verification/paper.html", context, 422 if is_wrong else 200)


def _issued(code: str) -> Document | None:
    rows = Document.objects.issued().filter(code=code, state=Document.State.READY)
    return rows.with_standing().select_related("superseded_by").defer("snapshot").first()


def _facts(found: Document) -> dict[str, Any]:
    later = getattr(found, "superseded_by", None)
    standing = Standing(found.standing)
    annulled_parts = 0
    if standing is Standing.IN_FORCE and found.kind == Document.Kind.DOSSIER:
        annulled_parts = found.parts.filter(document__annulled_at__isnull=False).count()
    edition = edition_of(found)
    return {
        "code": grouped(found.code or ""),
        "paper": found,
        "standing": standing.label,
        "tone": TONES[standing],
        "later": later if later and later.state == Document.State.READY else None,
        "later_code": grouped(later.code) if later and later.code else "",
        "annulled_parts": annulled_parts,
        "signatures": edition.signatures,
        "signed_digest": edition.sha256 if edition.is_signed else "",
        "limit": megabytes(settings.VERIFIED_MAX_BYTES),
        "max_bytes": settings.VERIFIED_MAX_BYTES,
    }


def _compared(request: HttpRequest, found: Document) -> Answer:
    sent = request.FILES.get("file")
    if not isinstance(sent, HashedUpload) or not sent.size:
        return Answer("warning", "Chưa có tệp", "Hãy chọn tệp PDF cần so sánh.")
    if sent.size > settings.VERIFIED_MAX_BYTES:
        limit = megabytes(settings.VERIFIED_MAX_BYTES)
        return Answer("warning", "Tệp quá lớn", f"Chỉ so sánh được tệp đến {limit} MB.")
    same = next((row for row in editions_of(found) if row.sha256 == sent.sha256), None)
    if same is None:
        return Answer(
            "danger",
            "Không trùng khớp",
            "Tệp đã bị sửa hoặc không phải tệp này. Bản in ra rồi quét lại, bản lưu lại từ phần "
            "mềm khác cũng không trùng khớp.",
        )
    if same.is_signed:
        text = f"Tệp này giống hệt bản có {same.signatures} chữ ký số của văn bản đã phát hành."
    else:
        text = "Tệp này giống hệt văn bản đã phát hành (bản chưa có chữ ký số)."
    return Answer("success", "Trùng khớp", text)


def _unknown(request: HttpRequest, typed: str) -> HttpResponse:
    """One answer, whether a code is wrong, not given, or of a paper that is not there yet."""
    context = {"typed": typed[:40], "is_unknown": True}
    return _page(request, "verification/start.html", context, 404)


def _page(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    return _private(render(request, template, context, status=status))


def _private(response: HttpResponse) -> HttpResponse:
    """Neither search engines nor proxies keep what is said of a paper."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-store"
    return response
