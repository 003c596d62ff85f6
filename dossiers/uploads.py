"""What an uploaded file really is, read from its content; its name and its sender are not asked."""

from __future__ import annotations

import hashlib
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, BinaryIO, cast

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SUFFIXES = {PDF: ".pdf", JPEG: ".jpg", PNG: ".png", DOCX: ".docx"}
ACCEPT = ".pdf,.jpg,.jpeg,.png,.docx"

# An A3 page scanned at 400 dpi has 31 million; each takes up to four bytes while it is looked at.
MAX_PIXELS = 40_000_000
MAX_UNPACKED = 200 * 1024 * 1024
MAX_MEMBERS = 5000
MAX_NAME = 120


@dataclass(frozen=True)
class Inspected:
    content_type: str
    pages: int | None
    sha256: str
    size: int


def inspect(file: File[bytes]) -> Inspected:
    """Read the whole file once, in pieces; raises `ValidationError` for what is not taken in."""
    size, limit = file.size or 0, settings.ATTACHMENT_MAX_BYTES
    if size > limit:
        raise ValidationError(
            f"Tệp nặng {megabytes(size)} MB, quá mức cho phép {megabytes(limit)} MB. "
            "Hãy nén hoặc tách tệp rồi tải lại."
        )
    if not size:
        raise ValidationError("Tệp rỗng: hãy kiểm tra lại tệp trên máy.")
    stream: IO[bytes] = file.open("rb")
    content_type = _type_of(stream.read(1024))
    pages = None
    if content_type == PDF:
        pages = _pages_of_pdf(cast(BinaryIO, stream))
    elif content_type == DOCX:
        _check_docx(stream)
    else:
        _check_image(stream, content_type)
        pages = 1
    stream.seek(0)
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    stream.seek(0)
    return Inspected(content_type, pages, digest.hexdigest(), size)


def display_name(name: str, content_type: str) -> str:
    """The name as it is shown and downloaded: no path, no control signs, a true suffix."""
    text = unicodedata.normalize("NFC", name).replace("\\", "/")
    text = PurePosixPath(text).name
    # Controls, and the marks that turn the direction of writing so that "fdp.exe" reads "exe.pdf".
    text = "".join(c for c in text if unicodedata.category(c)[0] != "C")
    text = re.sub(r'[<>:"|?*]', " ", text)
    stem, dot, suffix = text.rpartition(".")
    known = {*SUFFIXES.values(), ".jpeg"}
    if not dot or f".{suffix.lower()}" not in known:
        stem = text
    stem = " ".join(stem.split()).strip(". ")[:MAX_NAME] or "tai-lieu"
    return f"{stem}{SUFFIXES[content_type]}"


def megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.1f}".removesuffix(".0").replace(".", ",")


def _type_of(head: bytes) -> str:
    if b"%PDF-" in head:
        return PDF
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head.startswith(b"PK\x03\x04"):
        return DOCX
    raise ValidationError(
        "Nội dung tệp không phải PDF, JPEG, PNG hoặc Word (DOCX), dù tên tệp có thể ghi như vậy."
    )


def _pages_of_pdf(stream: BinaryIO) -> int:
    import pikepdf

    stream.seek(0)
    try:
        # Without recovery: a file that arrived in part must not pass for a whole one.
        with pikepdf.open(stream, attempt_recovery=False) as pdf:
            if pdf.is_encrypted:
                raise ValidationError(LOCKED)
            pages = len(list(pdf.pages))
    except pikepdf.PasswordError as error:
        raise ValidationError(LOCKED) from error
    except (pikepdf.PdfError, ValueError, RuntimeError) as error:
        raise ValidationError(BROKEN.format("PDF")) from error
    if not pages:
        raise ValidationError("Tệp PDF không có trang nào.")
    return pages


LOCKED = "Tệp PDF đang đặt mật khẩu hoặc mã hóa: hãy bỏ mật khẩu rồi tải lại."
BROKEN = "Tệp {} bị hỏng hoặc chưa tải đủ: hãy mở thử trên máy, lưu lại rồi tải lên lần nữa."


def _check_image(stream: IO[bytes], content_type: str) -> None:
    from PIL import Image

    name = "JPEG" if content_type == JPEG else "PNG"
    large = ValidationError(
        f"Ảnh quá lớn: tối đa {MAX_PIXELS // 1_000_000} triệu điểm ảnh. Hãy giảm kích thước ảnh."
    )
    try:
        stream.seek(0)
        with whole_images(), Image.open(stream, formats=(name,)) as image:
            if image.width * image.height > MAX_PIXELS:
                raise large
            # The header alone proves nothing: every row has to be there.
            image.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise large from error
    except (OSError, SyntaxError, ValueError) as error:
        raise ValidationError(BROKEN.format("ảnh")) from error


@contextmanager
def whole_images() -> Iterator[None]:
    """Refuse images that end too early, also where WeasyPrint has told Pillow to accept them."""
    from PIL import ImageFile

    before = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _check_docx(stream: IO[bytes]) -> None:
    other = ValidationError(
        "Tệp nén này không phải văn bản Word (DOCX). Hãy tải lên PDF, JPEG, PNG hoặc DOCX."
    )
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            members = archive.infolist()
            names = {member.filename for member in members}
            if not {"[Content_Types].xml", "word/document.xml"} <= names:
                raise other
            if "word/vbaProject.bin" in names:
                raise ValidationError("Tệp Word có macro: hãy lưu lại thành DOCX không có macro.")
            unpacked = sum(member.file_size for member in members)
            if unpacked > MAX_UNPACKED or len(members) > MAX_MEMBERS:
                raise ValidationError("Tệp Word quá lớn khi giải nén: hãy giảm ảnh trong tệp.")
            # Reads each member up to the size it declares and compares its checksum.
            if archive.testzip() is not None:
                raise ValidationError(BROKEN.format("Word"))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError) as error:
        raise ValidationError(BROKEN.format("Word")) from error
