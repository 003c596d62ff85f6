"""What is taken in is what its content says; everything else is refused in plain words."""

from __future__ import annotations

import hashlib
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import TemporaryUploadedFile
from PIL import Image, ImageFile
from pytest_django import Settings

from dossiers import uploads
from dossiers.uploads import DOCX, JPEG, PDF, PNG, display_name, inspect

CONTENT_TYPES = "[Content_Types].xml"


def check(content: bytes) -> uploads.Inspected:
    return inspect(ContentFile(content, name="tep"))


def refused(content: bytes) -> str:
    with pytest.raises(ValidationError) as error:
        check(content)
    return str(error.value.messages[0])


def image(kind: str, size: tuple[int, int] = (60, 40), mode: str = "RGB") -> bytes:
    stream = BytesIO()
    noise = Image.effect_noise(size, 80).convert(mode)
    noise.save(stream, kind)
    return stream.getvalue()


def docx(*, members: dict[str, bytes] | None = None, **options: Any) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (
            members
            if members is not None
            else {CONTENT_TYPES: b"<Types/>", "word/document.xml": b"<w:document/>" * 500}
        ).items():
            archive.writestr(name, content)
    return stream.getvalue()


def test_pdf(pdf: Callable[..., bytes]) -> None:
    content = pdf(3)
    found = check(content)
    assert (found.content_type, found.pages, found.size) == (PDF, 3, len(content))
    assert found.sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(("kind", "content_type"), [("JPEG", JPEG), ("PNG", PNG)])
def test_images(kind: str, content_type: str) -> None:
    found = check(image(kind))
    assert (found.content_type, found.pages) == (content_type, 1)


def test_docx() -> None:
    found = check(docx())
    assert (found.content_type, found.pages) == (DOCX, None)


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\x00" + b"\x00" * 3000,
        b"<html><script>alert(1)</script></html>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600,
        b"GIF89a" + b"\x00" * 100,
    ],
    ids=["exe", "html", "svg", "old-word", "gif"],
)
def test_other_types(content: bytes) -> None:
    assert "không phải PDF, JPEG, PNG hoặc Word" in refused(content)


def test_truncated_pdf(pdf: Callable[..., bytes]) -> None:
    content = pdf(3)
    for part in (0.3, 0.6, 0.95):
        assert "bị hỏng hoặc chưa tải đủ" in refused(content[: int(len(content) * part)])


def test_encrypted_pdf(pdf: Callable[..., bytes]) -> None:

    for user in ("", "mat-khau"):
        locked = pdf(encryption=pikepdf.Encryption(owner="chu", user=user))
        assert "đặt mật khẩu" in refused(locked)


def test_pdf_without_pages(pdf: Callable[..., bytes]) -> None:
    assert "không có trang nào" in refused(pdf(0))


def test_more_pages_than_anybody_binds(pdf: Callable[..., bytes]) -> None:
    assert "quá mức cho phép 5.000 trang" in refused(pdf(uploads.MAX_PAGES + 1))


@pytest.mark.parametrize("lenient", [False, True])
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_truncated_image(kind: str, lenient: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also after WeasyPrint has told Pillow to accept such images."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", lenient)
    content = image(kind, (300, 300))
    assert "Tệp ảnh bị hỏng" in refused(content[: len(content) // 2])


def bomb(side: int) -> bytes:
    """A small PNG that says it is `side` × `side`."""
    header = side.to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data).to_bytes(4, "big")
        return len(data).to_bytes(4, "big") + kind + data + check

    data = zlib.compress(b"\x00" * 5000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("side", [7_000, 12_000, 60_000])
def test_image_that_unpacks_to_a_flood(side: int) -> None:
    assert "Ảnh quá lớn: tối đa 40 triệu điểm ảnh" in refused(bomb(side))


def test_zip_that_is_no_word_file() -> None:
    assert "không phải văn bản Word" in refused(docx(members={"a.txt": b"a"}))


def test_word_with_macros() -> None:
    members = {
        CONTENT_TYPES: b"<Types/>",
        "word/document.xml": b"<w/>",
        "word/vbaProject.bin": b"x",
    }
    assert "macro" in refused(docx(members=members))


RELS = "word/_rels/settings.xml.rels"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def related(kind: str, target: str, mode: str = ' TargetMode="External"') -> bytes:
    body = f'<Relationship Id="r1" Type="{OFFICE}/{kind}" Target="{target}"{mode}/>'
    rels = f'<?xml version="1.0"?><Relationships xmlns="x"><!-- a -->{body}</Relationships>'
    return docx(
        members={CONTENT_TYPES: b"<Types/>", "word/document.xml": b"<w/>", RELS: rels.encode()}
    )


@pytest.mark.parametrize("name", ["customXml/VBAPROJECT.BIN", "word/activeX/activeX1.bin"])
def test_word_with_programs_elsewhere(name: str) -> None:
    members = {CONTENT_TYPES: b"<Types/>", "word/document.xml": b"<w/>", name: b"x"}
    assert "macro hoặc điều khiển ActiveX" in refused(docx(members=members))


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("attachedTemplate", "https://evil.example/a.dotm"),
        ("attachedTemplate", "file:///\\\\10.0.0.1\\share\\a.dotm"),
        ("oleObject", "\\\\10.0.0.1\\a.xlsx"),
        ("image", "//10.0.0.1/a.png"),
        ("frame", " HTTP://evil.example/"),
    ],
)
def test_word_that_fetches_from_elsewhere(kind: str, target: str) -> None:
    assert "từ địa chỉ khác khi mở" in refused(related(kind, target))


@pytest.mark.parametrize(
    ("kind", "target", "mode"),
    [
        ("hyperlink", "https://sonoivu.langson.gov.vn/", ' TargetMode="External"'),
        # What Word notes of the template on the machine it was written on.
        ("attachedTemplate", "file:///C:\\Users\\an\\Mau.dotx", ' TargetMode="External"'),
        ("image", "media/image1.png", ""),
    ],
)
def test_word_with_links_is_taken(kind: str, target: str, mode: str) -> None:
    assert check(related(kind, target, mode)).content_type == DOCX


def test_word_whose_parts_are_no_xml() -> None:
    members = {CONTENT_TYPES: b"<Types/>", "word/document.xml": b"<w/>", RELS: b"<a"}
    assert "Tệp Word bị hỏng" in refused(docx(members=members))


def test_word_that_unpacks_to_a_flood(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MAX_UNPACKED", 100_000)
    members = {CONTENT_TYPES: b"<Types/>", "word/document.xml": b"\x00" * 200_000}
    assert "quá lớn khi giải nén" in refused(docx(members=members))
    monkeypatch.setattr(uploads, "MAX_MEMBERS", 1)
    assert "quá lớn khi giải nén" in refused(docx())


def test_damaged_word() -> None:
    content = docx()
    assert "Tệp Word bị hỏng" in refused(content[: len(content) // 2])
    at = content.index(b"word/document.xml") + 30
    assert "Tệp Word bị hỏng" in refused(content[:at] + b"\xff" * 10 + content[at + 10 :])


def test_empty() -> None:
    assert "Tệp rỗng" in refused(b"")


def test_fifty_megabytes_are_refused_without_being_read(settings: Settings) -> None:
    """The limit is in the message; the file stays where Django streamed it."""
    file = TemporaryUploadedFile("lon.pdf", "application/pdf", 60 * 1024 * 1024, None)
    with Path(file.temporary_file_path()).open("wb") as target:
        target.truncate(60 * 1024 * 1024)
    tracemalloc.start()
    with pytest.raises(ValidationError, match="nặng 60 MB, quá mức cho phép 50 MB"):
        inspect(file)
    assert tracemalloc.get_traced_memory()[1] < 2_000_000
    tracemalloc.stop()
    file.close()
    settings.ATTACHMENT_MAX_BYTES = 1_572_864
    with pytest.raises(ValidationError, match=r"cho phép 1,5 MB"):
        check(b"%PDF-" + b"0" * 2_000_000)


@pytest.mark.parametrize(
    ("name", "content_type", "shown"),
    [
        ("Quyết định.pdf", PDF, "Quyết định.pdf"),
        ("../../etc/passwd", PDF, "passwd.pdf"),
        (r"C:\Hồ sơ\ảnh.JPEG", JPEG, "ảnh.jpg"),
        ("bao-cao.pdf.exe", PDF, "bao-cao.pdf.exe.pdf"),
        ("a\u202efdp.exe", PNG, "afdp.exe.png"),
        ('x<b>"y"|z?.png', PNG, "x b y z.png"),
        ("a\r\nSet-Cookie: x.pdf", PDF, "aSet-Cookie x.pdf"),
        ("", DOCX, "tai-lieu.docx"),
        (".pdf", PDF, "tai-lieu.pdf"),
        ("dài" * 100 + ".pdf", PDF, "dài" * 40 + ".pdf"),
        ("To\u031b\u0300 tri\u0300nh.docx", DOCX, "Tờ trình.docx"),
    ],
)
def test_display_name(name: str, content_type: str, shown: str) -> None:
    assert display_name(name, content_type) == shown
