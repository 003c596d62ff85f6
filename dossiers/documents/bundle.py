"""A dossier for people without an account: one ZIP with everything, and how to check it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models.fields.files import FieldFile
from django.utils import timezone

from dossiers.codes import grouped
from dossiers.digests import canonical
from dossiers.documents.archives import Archive, is_lost, pieces
from dossiers.documents.editions import Altered, edition_of
from dossiers.documents.freezing import papers_in
from dossiers.documents.metadata import Entry, entry_of, entry_of_attachment, metadata
from dossiers.documents.naming import slug, stem_of
from dossiers.documents.pages import html
from dossiers.documents.verification import PATH
from dossiers.models import Attachment, Document, Dossier
from dossiers.uploads import SUFFIXES

MANIFEST, METADATA, README = "manifest.json", "metadata.xml", "DOC-TRUOC.txt"


@dataclass(frozen=True)
class Bundle:
    """What goes into the ZIP: issued papers in the order of time, files, and the bound whole."""

    dossier: Dossier
    papers: Sequence[Document]
    bound: Document
    attachments: Sequence[Attachment]

    @property
    def lost(self) -> list[str]:
        """What cannot be handed on, for its file is gone."""
        papers = [row for row in (*self.papers, self.bound) if is_lost(edition_of(row).file)]
        return [str(row) for row in (*papers, *(a for a in self.attachments if is_lost(a.file)))]

    @property
    def name(self) -> str:
        return f"{slug(self.dossier.unit.name)}--{slug(self.dossier.get_decider_display())}"


def bundle_of(dossier: Dossier) -> Bundle | None:
    """The issued papers of what was submitted, all made; None while some are not."""
    if dossier.is_open or not dossier.snapshot:
        return None
    rows = (
        Document.objects.issued()
        .filter(dossier=dossier, superseded_by=None, state=Document.State.READY)
        .with_standing()
        .select_related("dossier__unit", "report")
        .prefetch_related("signatures")
    )
    found = {(row.kind, row.report_id): row for row in rows.order_by("pk")}
    papers = []
    for paper in papers_in(dossier.snapshot):
        row = found.get((paper.kind, paper.report))
        if row is None or row.snapshot != paper.snapshot:
            return None
        papers.append(row)
    bound = found.get((Document.Kind.DOSSIER, None))
    if bound is None or not papers:
        return None
    pks = [row["pk"] for row in dossier.snapshot.get("attachments", ())]
    files = Attachment.objects.select_related("part").in_bulk(pks)
    bound_parts = set(bound.parts.exclude(document=None).values_list("document_id", flat=True))
    if bound_parts != {row.pk for row in papers}:
        return None
    return Bundle(dossier, sorted(papers, key=_time), bound, [files[pk] for pk in pks])


def _time(row: Document) -> tuple[Any, ...]:
    """By day; on one day the record of the meeting before the letter that rests on it."""
    return row.issued_date, int(row.number.partition("/")[0] or 10**6), row.pk


def bundled(bundle: Bundle) -> Iterator[bytes]:
    """The ZIP in pieces; the same dossier gives the same bytes."""
    writer = _Writer(bundle)
    yield from writer.run()


class _Writer:
    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle
        self.archive = Archive()
        self.lines: list[dict[str, Any]] = []
        self.entries: list[Entry] = []
        # Nothing in the ZIP is younger than its last paper.
        made = [row.rendered_at for row in (*bundle.papers, bundle.bound) if row.rendered_at]
        self.last = max(made)

    def run(self) -> Iterator[bytes]:
        bundle = self.bundle
        yield from self._paper(bundle.bound, "ho-so")
        for number, row in enumerate(bundle.papers, 1):
            stem = f"{number:02d}-{stem_of(row)}"
            yield from self._paper(row, f"van-ban/{stem}")
            yield from self._word(row, f"word/{stem}.docx")
        for number, attachment in enumerate(bundle.attachments, 1):
            yield from self._attachment(attachment, number)
        xml = metadata(bundle.dossier, self.entries)
        yield from self._text(METADATA, xml, "Dữ liệu đặc tả (Nghị định 30/2020, Phụ lục VI)")
        yield from self._text(README, _read_me(bundle).encode("utf-8-sig"), "Hướng dẫn")
        lines = canonical(manifest(bundle, self.lines))
        yield from self._write(MANIFEST, self.last, [f"{lines}\n".encode()])
        yield from self.archive.close()

    def _paper(self, row: Document, stem: str) -> Iterator[bytes]:
        edition = edition_of(row)
        assert edition.made_at is not None
        name = f"{stem}{'-da-ky' if edition.is_signed else ''}.pdf"
        yield from self._file(name, edition.made_at, edition.file, edition.sha256)
        self._list(
            name,
            kind=row.kind,
            title=str(row),
            number=row.number,
            date=row.issued_date.isoformat() if row.issued_date else "",
            code=row.code,
            issued_sha256=row.sha256,
            pages=row.pages,
            signatures=edition.signatures,
            status=row.standing,
        )
        if row.kind != Document.Kind.DOSSIER:
            self.entries.append(entry_of(row, name, signatures=edition.signatures))

    def _word(self, row: Document, name: str) -> Iterator[bytes]:
        """The text to work on; it is no issued paper, so it bears no code."""
        from dossiers.word import docx

        assert row.rendered_at is not None
        yield from self._write(name, row.rendered_at, [docx(html(row.kind, row.snapshot))])
        self._list(name, kind="word", title=f"{row} (bản Word để làm việc)")

    def _attachment(self, attachment: Attachment, number: int) -> Iterator[bytes]:
        stem = slug(attachment.name.rpartition(".")[0]) or "tai-lieu"
        name = f"dinh-kem/{number:02d}-{stem}{SUFFIXES[attachment.content_type]}"
        yield from self._file(name, attachment.uploaded_at, attachment.file, attachment.sha256)
        self._list(name, kind="attachment", title=attachment.name, pages=attachment.pages)
        organ = self.bundle.dossier.unit.name
        self.entries.append(entry_of_attachment(attachment, name, organ))

    def _text(self, name: str, content: bytes, title: str) -> Iterator[bytes]:
        yield from self._write(name, self.last, [content])
        self._list(name, kind="text", title=title)

    def _file(self, name: str, at: datetime, file: FieldFile, sha256: str) -> Iterator[bytes]:
        with file.open("rb") as source:
            yield from self._write(name, at, pieces(source), size=file.size)
        if self.written[0] != sha256:
            raise Altered(f"{file.name}: {self.written[0]} is not {sha256}")

    def _write(
        self, name: str, at: datetime, content: Iterable[bytes], size: int = 0
    ) -> Iterator[bytes]:
        digest, total = hashlib.sha256(), 0

        def counted() -> Iterator[bytes]:
            nonlocal total
            for piece in content:
                digest.update(piece)
                total += len(piece)
                yield piece

        yield from self.archive.add(name, at, counted(), size)
        self.written = (digest.hexdigest(), total)

    def _list(self, name: str, **facts: Any) -> None:
        sha256, size = self.written
        self.lines.append({"file": name, "sha256": sha256, "size": size, **facts})


def manifest(bundle: Bundle, lines: Sequence[dict[str, Any]]) -> dict[str, Any]:
    dossier = bundle.dossier
    assert dossier.submitted_at is not None
    return {
        "format": "thi-dua/ho-so/1",
        "address": f"{settings.SITE_URL}{PATH}",
        "dossier": {
            "unit": dossier.unit.name,
            "decider": dossier.get_decider_display(),
            "campaign": dossier.campaign.name,
            "submitted": timezone.localtime(dossier.submitted_at).isoformat(),
        },
        "files": list(lines),
    }


def _read_me(bundle: Bundle) -> str:
    dossier, rows = bundle.dossier, (*bundle.papers, bundle.bound)
    is_signed = any(edition_of(row).is_signed for row in rows)
    whole = f"ho-so{'-da-ky' if edition_of(bundle.bound).is_signed else ''}.pdf"
    lines = [
        "HỒ SƠ ĐỀ NGHỊ KHEN THƯỞNG",
        dossier.unit.name,
        f"Trình: {dossier.get_decider_display()}",
        dossier.campaign.name,
        "",
        "TRONG BỘ NÀY",
        f"{whole:16}toàn bộ hồ sơ đóng thành một tập, có mục lục",
        "van-ban/        từng văn bản (PDF), theo thứ tự thời gian",
        *_if(is_signed, "                tên có “-da-ky” là bản có chữ ký số"),
        "word/           bản Word để làm việc, không có giá trị thay văn bản",
        *_if(bundle.attachments, "dinh-kem/       tài liệu do đơn vị đính kèm, đúng như khi gửi"),
        f"{METADATA}    dữ liệu đặc tả theo Nghị định 30/2020/NĐ-CP, Phụ lục VI",
        f"{MANIFEST}   danh sách tệp, mã văn bản và dấu vân tay SHA-256 của từng tệp",
        "",
        "CÁCH XÁC THỰC",
        f"1. Mở {settings.SITE_URL}{PATH} (không cần tài khoản).",
        "2. Nhập mã in trên văn bản, hoặc quét mã QR trên văn bản bằng điện thoại.",
        "   Trang cho biết văn bản còn giá trị, đã được thay thế hay đã bị hủy.",
        "3. Trên trang đó, chọn tệp PDF trong bộ này để biết tệp có bị sửa hay không.",
        "4. Không có mạng: tính SHA-256 của tệp rồi so với manifest.json, ví dụ",
        f"   Windows:  certutil -hashfile {whole} SHA256",
        f"   Linux:    sha256sum {whole}",
        *_if(
            is_signed, "5. Chữ ký số: mở bản “-da-ky” bằng phần mềm đọc PDF có kiểm tra chữ ký số;"
        ),
        *_if(
            is_signed, "   phần mềm phải báo từng chữ ký hợp lệ và văn bản không bị sửa từ khi ký."
        ),
        "",
        "MÃ VĂN BẢN",
    ]
    for row in rows:
        number = f" số {row.number}" if row.number else ""
        status = "" if row.standing == Document.Standing.IN_FORCE else (
            f" – {Document.Standing(row.standing).label.lower()}"
        )  # fmt: skip
        whose = f": {row.subject}" if row.report_id else ""
        name = f"{row.get_kind_display()}{whose}"
        lines.append(f"{grouped(row.code or '')}  {name}{number}{status}")
    return "\r\n".join([*lines, ""])


def _if(is_so: object, line: str) -> list[str]:
    return [line] if is_so else []
