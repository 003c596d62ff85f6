"""Makes every issued paper again, from its snapshot and code, and compares the bytes."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dossiers.binding import BindingError
from dossiers.codes import grouped
from dossiers.digests import sha256_of
from dossiers.documents.editions import Edition, editions_of
from dossiers.documents.making import make
from dossiers.documents.versions import template_version
from dossiers.models import Document
from dossiers.rendering import RenderingError

SAME, OLDER = "giống từng byte", "làm bằng phiên bản mẫu khác, nay làm lại thì khác"
LOST, ALTERED, DIFFERENT = "không còn tệp", "tệp lưu đã bị sửa", "làm lại thì khác"
LOST_SIGNED, ALTERED_SIGNED = "không còn tệp có chữ ký số", "tệp có chữ ký số đã bị sửa"


class Command(BaseCommand):
    help = "Làm lại mọi văn bản đã phát hành từ nội dung đã lưu và so sánh từng byte."

    def handle(self, *args: Any, **options: Any) -> None:
        rows = Document.objects.issued().filter(state=Document.State.READY).order_by("pk")
        found: Counter[str] = Counter()
        for pk in list(rows.values_list("pk", flat=True)):
            row = Document.objects.get(pk=pk)
            said = compare(row)
            found[said] += 1
            if said != SAME:
                self.stdout.write(f"{grouped(row.code or '')}  {row}: {said}")
        for said, count in found.most_common():
            self.stdout.write(f"{count} văn bản: {said}")
        if set(found) - {SAME, OLDER}:
            raise CommandError("Có văn bản không còn nguyên vẹn hoặc không làm lại được như cũ.")


def compare(row: Document) -> str:
    """What is to be said of one paper; its stored files, signed ones too, are looked at first."""
    for edition in editions_of(row):
        if problem := _touched(edition):
            return problem
    # Most of what changes in the program changes no paper: other templates explain a difference.
    otherwise = DIFFERENT if row.template_version == template_version() else OLDER
    with TemporaryDirectory(prefix="verify-") as folder:
        try:
            made = make(row, Path(folder))
        except (RenderingError, BindingError, OSError):
            return otherwise
        return SAME if made.sha256 == row.sha256 else otherwise


def _touched(edition: Edition) -> str:
    try:
        is_same = sha256_of(edition.file) == edition.sha256
    except OSError:  # gone, or of no use where it is: the others are looked at all the same
        return LOST_SIGNED if edition.is_signed else LOST
    if is_same:
        return ""
    return ALTERED_SIGNED if edition.is_signed else ALTERED
