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
from functools import cache
from pathlib import PurePosixPath
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any, BinaryIO, cast

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File

from emulation.vietnamese import number

if TYPE_CHECKING:
    from pikepdf import Object, Pdf

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SUFFIXES = {PDF: ".pdf", JPEG: ".jpg", PNG: ".png", DOCX: ".docx"}
ACCEPT = ".pdf,.jpg,.jpeg,.png,.docx"

# An A3 page scanned at 400 dpi has 31 million; each takes up to four bytes while it is looked at.
MAX_PIXELS = 40_000_000
MAX_UNPACKED = 200 * 1024 * 1024
MAX_MEMBERS = 5000
# Pages that share all they show need no room in a file, but each is bound and numbered.
MAX_PAGES = 5000
MAX_NAME = 120

CHUNK = 256 * 1024
# What is no dictionary where one belongs shows as a type, a key or an attribute.
ODD = (ValueError, RuntimeError, TypeError, KeyError, AttributeError)
# What a PDF does by itself, encloses, or asks to be filled in.
ACTING = ("/OpenAction", "/AA", "/AcroForm", "/AF", "/Outlines", "/Perms", "/Legal", "/URI")
ENCLOSED = ("/JavaScript", "/EmbeddedFiles", "/Renditions")
PLAYED = ("/FileAttachment", "/Screen", "/Movie", "/Sound", "/RichMedia", "/3D")
TOO_LARGE = "Hãy nén hoặc tách tệp rồi tải lại."
LOCKED = "Tệp PDF đang đặt mật khẩu hoặc mã hóa: hãy bỏ mật khẩu rồi tải lại."
BROKEN = "Tệp {} bị hỏng hoặc chưa tải đủ: hãy mở thử trên máy, lưu lại rồi tải lên lần nữa."
PROGRAM = "Tệp Word có macro hoặc điều khiển ActiveX: hãy lưu lại thành DOCX không có các phần này."
FETCHING = (
    "Tệp Word lấy mẫu, ảnh hoặc đối tượng từ địa chỉ khác khi mở: hãy nhúng hẳn vào tệp, hoặc lưu "
    "thành PDF rồi tải lên."
)
# On the web or on another machine.
REMOTE = re.compile(r"\s*(https?:|ftp:|file:(?!/{0,3}[a-z][:|])|[\\/]{2})", re.IGNORECASE)
PORTFOLIO = "Tệp PDF gồm nhiều tệp đóng gói (portfolio): hãy tải lên từng tệp, hoặc in ra một PDF."
DYNAMIC = "Tệp PDF là biểu mẫu động (XFA), không có trang để in: hãy in ra PDF rồi tải lên."


@dataclass(frozen=True)
class Inspected:
    content_type: str
    pages: int | None
    sha256: str
    size: int


def check_size(file: File[bytes], limit: int, advice: str) -> int:
    """How large the file is; raises `ValidationError` when it is empty or above the limit."""
    size = file.size or 0
    if size > limit:
        large, most = megabytes(size), megabytes(limit)
        raise ValidationError(f"Tệp nặng {large} MB, quá mức cho phép {most} MB. {advice}")
    if not size:
        raise ValidationError("Tệp rỗng: hãy kiểm tra lại tệp trên máy.")
    return size


def inspect(file: File[bytes]) -> Inspected:
    """Read the whole file once, in pieces; raises `ValidationError` for what is not taken in."""
    size = check_size(file, settings.ATTACHMENT_MAX_BYTES, TOO_LARGE)
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
    with _pdf(stream) as pdf:
        root = pdf.Root
        if "/Collection" in root:
            raise ValidationError(PORTFOLIO)
        if root.get("/NeedsRendering", False):
            raise ValidationError(DYNAMIC)
        pages = len(pdf.pages)
        if pages > MAX_PAGES:
            raise ValidationError(
                f"Tệp PDF có {number(pages)} trang, quá mức cho phép {number(MAX_PAGES)} trang: "
                "hãy tách thành nhiều tệp."
            )
        unpacked = 0
        for page in pdf.pages:
            for content in _contents(page.obj):
                unpacked += _unpacked(content, MAX_UNPACKED - unpacked)
    if not pages:
        raise ValidationError("Tệp PDF không có trang nào.")
    return pages


@contextmanager
def _pdf(stream: BinaryIO) -> Iterator[Pdf]:
    """The PDF opened; what it turns out not to be while it is read is said kindly."""
    import pikepdf

    _limit_memory()
    stream.seek(0)
    try:
        # Without recovery: a file that arrived in part must not pass for a whole one.
        with pikepdf.open(stream, attempt_recovery=False) as pdf:
            if pdf.is_encrypted:
                raise ValidationError(LOCKED)
            yield pdf
    except pikepdf.PasswordError as error:
        raise ValidationError(LOCKED) from error
    except (pikepdf.PdfError, zlib.error, *ODD) as error:
        raise ValidationError(BROKEN.format("PDF")) from error


@cache
def _limit_memory() -> None:
    """A small file may say that a part of it is gigabytes once unpacked; for all of the process."""
    from pikepdf import settings as limits

    most = MAX_UNPACKED // 2
    limits.set_qpdf_limits(
        flate_max_memory=most, run_length_max_memory=most, png_max_memory=most, tiff_max_memory=most
    )


def _contents(page: Object) -> list[Any]:
    from pikepdf import Array, Stream

    found = page.get("/Contents")
    parts = list(found) if isinstance(found, Array) else [found]
    return [part for part in parts if isinstance(part, Stream)]


def _unpacked(content: Any, limit: int) -> int:
    """How large a page's content is unpacked; refused when it cannot be, or goes beyond `limit`."""
    if content.get("/Filter") != "/FlateDecode":
        return 0
    packed, size = content.read_raw_bytes(), 0
    machine = zlib.decompressobj()
    while packed and not machine.eof:
        try:
            size += len(machine.decompress(packed, CHUNK))
        except zlib.error as error:
            if "incorrect data check" in str(error):  # all is there; readers do not mind
                break
            raise
        packed = machine.unconsumed_tail
        if size > limit:
            raise ValidationError("Tệp PDF quá lớn khi giải nén: hãy in lại ra PDF rồi tải lên.")
    return size


def normalised(file: File[bytes]) -> IO[bytes]:
    """
    A PDF as it is bound and handed on, in a file that is gone once closed.

    What is seen stays: forms and notes become part of the page. What acts or hides goes: scripts,
    actions, enclosed files, forms, bookmarks.
    """
    stream = cast(BinaryIO, file.open("rb"))
    target = TemporaryFile()  # noqa: SIM115 (handed on open)
    try:
        with _pdf(stream) as pdf:
            _make_inert(pdf)
            pdf.save(target, deterministic_id=True)
    except BaseException:
        target.close()
        raise
    stream.seek(0)
    target.seek(0)
    return target


def acts(file: File[bytes]) -> bool:
    """Whether a PDF does more than show: runs scripts, starts programs, encloses files."""
    from pikepdf import Dictionary

    with _pdf(cast(BinaryIO, file.open("rb"))) as pdf:
        names, opening = pdf.Root.get("/Names"), pdf.Root.get("/OpenAction")
        return (
            (isinstance(names, Dictionary) and any(key in names for key in ENCLOSED))
            or (isinstance(opening, Dictionary) and not _is_plain(opening))
            or "/AA" in pdf.Root
            or any(_acts(page) for page in pdf.pages)
        )


def _acts(page: Any) -> bool:
    from pikepdf import Dictionary

    notes = [note for note in page.get("/Annots", ()) if isinstance(note, Dictionary)]
    return "/AA" in page or any(
        note.get("/Subtype") in PLAYED or "/AA" in note or not _is_plain(note.get("/A"))
        for note in notes
    )


def _make_inert(pdf: Pdf) -> None:
    from pikepdf import Array, Dictionary

    if any("/Annots" in page for page in pdf.pages):
        pdf.generate_appearance_streams()
        pdf.flatten_annotations("screen")
    root = pdf.Root
    names = root.get("/Names")
    if isinstance(names, Dictionary):
        for key in ENCLOSED:
            if key in names:
                del names[key]
    for key in ACTING:
        if key in root:
            del root[key]
    for page in pdf.pages:
        for key in ("/AA", "/AF", "/PieceInfo", "/PresSteps"):
            if key in page:
                del page[key]
        if "/Annots" in page:
            page.Annots = Array([note for note in page.Annots if _is_plain_link(note)])


def _is_plain_link(note: Any) -> bool:
    """A jump within the file or to an address, and nothing that follows from it."""
    return note.get("/Subtype") == "/Link" and "/AA" not in note and _is_plain(note.get("/A"))


def _is_plain(action: Any) -> bool:
    from pikepdf import Dictionary

    if action is None:
        return True
    is_jump = isinstance(action, Dictionary) and action.get("/S") in ("/GoTo", "/URI")
    return is_jump and "/Next" not in action


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
            if any(_is_program(name) for name in names):
                raise ValidationError(PROGRAM)
            unpacked = sum(member.file_size for member in members)
            if unpacked > MAX_UNPACKED or len(members) > MAX_MEMBERS:
                raise ValidationError("Tệp Word quá lớn khi giải nén: hãy giảm ảnh trong tệp.")
            # Reads each member up to the size it declares and compares its checksum.
            if archive.testzip() is not None:
                raise ValidationError(BROKEN.format("Word"))
            if any(_fetches(archive, name) for name in names if name.endswith(".rels")):
                raise ValidationError(FETCHING)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError) as error:
        raise ValidationError(BROKEN.format("Word")) from error


def _is_program(name: str) -> bool:
    path = PurePosixPath(name.lower())
    return path.name == "vbaproject.bin" or "activex" in path.parts


def _fetches(archive: zipfile.ZipFile, name: str) -> bool:
    """Whether Word would get something from elsewhere on opening; links wait to be clicked."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(archive.read(name), parser)
    except etree.XMLSyntaxError:
        raise ValidationError(BROKEN.format("Word")) from None
    return any(
        node.get("TargetMode") == "External"
        and not node.get("Type", "").endswith("/hyperlink")
        and REMOTE.match(node.get("Target", ""))
        for node in root
    )
