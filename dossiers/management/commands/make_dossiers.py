"""All dossiers and reports of a campaign as PDF files in a folder, through the usual batch."""

from __future__ import annotations

import json
import os
import time
from argparse import ArgumentParser
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils import timezone

from campaigns.models import Campaign
from dossiers import actions
from dossiers.documents import flat_name, free_name
from dossiers.documents.editions import Altered, as_made, copy
from dossiers.management.temporary_worker import TemporaryWorker, temporary_worker
from dossiers.models import Batch, Document
from emulation.models import Role, RoleGrant, User
from emulation.workflow import Refused

LOOK_SECONDS = 0.2
RESUME_SECONDS = 5.0
BAR = 30
KINDS = (Document.Kind.DOSSIER, Document.Kind.REPORT)


class Command(BaseCommand):
    help = "Tạo toàn bộ hồ sơ của một phong trào ra thư mục: PDF từng hồ sơ, báo cáo và manifest."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("campaign", help="mã phong trào, ví dụ lang-son-2024")
        parser.add_argument("--out", required=True, type=Path, help="thư mục nhận tệp")
        parser.add_argument(
            "--by", default="", help="tên đăng nhập của người tạo (mặc định: Văn phòng của cơ quan)"
        )
        parser.add_argument(
            "--no-worker",
            action="store_true",
            help="không tự chạy tiến trình tạo văn bản, dùng tiến trình đang có",
        )
        parser.add_argument(
            "--processes",
            type=int,
            default=max(1, (os.cpu_count() or 1) - 1),
            help="số tiến trình tạo văn bản tự chạy",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        campaign = find_campaign(options["campaign"])
        out = _folder(options["out"])
        by = find_office_user(campaign, options["by"])
        try:
            batch = actions.order_batch(campaign=campaign, by=by, at=timezone.now())
            if _progress(batch).failed:
                actions.retry_failed(batch=batch, by=by, at=timezone.now())
        except Refused as refused:
            raise CommandError(str(refused)) from None
        with ExitStack() as stack:
            worker = None
            if not options["no_worker"] and _is_running(_progress(batch)):
                worker = stack.enter_context(temporary_worker(max(1, options["processes"])))
            self._wait(batch, worker)
        self._collect(batch, out)

    def _wait(self, batch: Batch, worker: TemporaryWorker | None) -> None:
        """Show the bar until every document is there or has failed."""
        seen, changed = -1, time.monotonic()
        resumed = time.monotonic()
        while True:
            progress = _progress(batch)
            finished = progress.done + progress.failed
            if finished != seen:
                seen, changed = finished, time.monotonic()
            self._show(progress)
            if not _is_running(progress):
                self.stderr.write("")
                return
            if worker and worker.is_dead:
                raise CommandError(f"Tiến trình tạo văn bản đã dừng:\n{worker.last_words()}")
            now = time.monotonic()
            if now - changed > 2 * settings.DOCUMENT_LEASE:
                raise CommandError(
                    "Không có tiến trình nào đang tạo văn bản; hãy chạy Celery worker hoặc bỏ "
                    "tùy chọn --no-worker."
                )
            if now - resumed > RESUME_SECONDS:
                resumed = now
                actions.resume_documents(at=timezone.now())
            time.sleep(LOOK_SECONDS)

    def _show(self, progress: Batch) -> None:
        share = (progress.done + progress.failed) / (progress.total or 1)
        bar = "█" * round(share * BAR) + "░" * (BAR - round(share * BAR))
        text = f"{bar} {progress.done}/{progress.total}"
        if progress.failed:
            text += f", {progress.failed} lỗi"
        if progress.remaining is not None:
            text += f", còn {max(1, round(progress.remaining.total_seconds()))} giây"
        if self.stderr.isatty():
            self.stderr.write(f"\r\x1b[K{text}", ending="")
        elif not _is_running(progress):
            self.stderr.write(text)

    def _collect(self, batch: Batch, out: Path) -> None:
        """Copy the files and write the manifest, last of all."""
        rows = batch.documents.filter(kind__in=KINDS).select_related("dossier__unit")
        rows = rows.order_by(
            "dossier__unit__position", "dossier__unit__name", "dossier", "kind", "pk"
        )
        taken: set[str] = set()
        manifest = []
        for document in rows.filter(state=Document.State.READY):
            assert document.dossier is not None
            name = free_name(flat_name(document), taken)
            _copy(document, out / name)
            manifest.append(
                {
                    "file": name,
                    "kind": document.kind,
                    "subject": document.subject,
                    "unit": document.dossier.unit.name,
                    "decider": document.dossier.get_decider_display(),
                    "pages": document.pages,
                    "sha256": document.sha256,
                }
            )
        text = json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
        (out / "manifest.json").write_text(text, encoding="utf-8")
        dossiers = sum(row["kind"] == Document.Kind.DOSSIER for row in manifest)
        self.stdout.write(
            f"Đã ghi {dossiers} hồ sơ và {len(manifest) - dossiers} báo cáo vào {out}."
        )
        failed = batch.documents.filter(state=Document.State.FAILED).order_by("pk")
        if failed:
            reasons = "\n".join(f"- {document}: {document.error}" for document in failed)
            raise CommandError(f"{len(failed)} văn bản không tạo được:\n{reasons}")


def find_campaign(slug: str) -> Campaign:
    campaign = Campaign.objects.filter(slug=slug).select_related("agency").first()
    if campaign is None:
        known = ", ".join(Campaign.objects.order_by("slug").values_list("slug", flat=True))
        hint = f"Các phong trào đang có: {known}." if known else "Chưa có phong trào nào."
        raise CommandError(f"Không có phong trào mang mã “{slug}”. {hint}")
    return campaign


def find_office_user(campaign: Campaign, username: str) -> User:
    """Who the batch is made by: the one named, else somebody of the agency's office."""
    if username:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"Không có tài khoản “{username}”.")
        return user
    grant = (
        RoleGrant.objects.in_force(timezone.localdate())
        .filter(Q(unit=campaign.agency) | Q(unit__agency=campaign.agency))
        .filter(role=Role.OFFICE, user__is_active=True)
        .select_related("user")
        .order_by("pk")
        .first()
    )
    if grant is None:
        raise CommandError(f"{campaign.agency} chưa có tài khoản nào giữ vai trò Văn phòng Sở.")
    return grant.user


def _folder(path: Path) -> Path:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CommandError(f"Không tạo được thư mục {path}: {error.strerror}.") from None
    if not os.access(path, os.W_OK):
        raise CommandError(f"Không có quyền ghi vào thư mục {path}.")
    return path


def _progress(batch: Batch) -> Batch:
    return Batch.objects.with_progress().get(pk=batch.pk)


def _is_running(progress: Batch) -> bool:
    return progress.done + progress.failed < progress.total


def _copy(document: Document, path: Path) -> None:
    try:
        copy(as_made(document), path)
    except OSError as error:
        raise CommandError(f"Không ghi được {path}: {error.strerror}.") from None
    except Altered:
        raise CommandError(
            f"Tệp của văn bản “{document}” không còn nguyên vẹn trên máy chủ."
        ) from None
