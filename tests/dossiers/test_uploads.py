"""What is taken in is what its content says; everything else is refused in plain words."""

from __future__ import annotations

import hashlib
import random
import time
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
from django.urls import reverse
from PIL import Image, ImageFile
from pytest_django import Settings

from dossiers import actions, uploads
from dossiers.documents import parts_of
from dossiers.uploads import DOCX, JPEG, PDF, PNG, display_name, inspect
from tests.conftest import SafeClient
from tests.dossiers.conftest import Story

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
    import pikepdf

    for user in ("", "mat-khau"):
        locked = pdf(encryption=pikepdf.Encryption(owner="chu", user=user))
        assert "đặt mật khẩu" in refused(locked)


def test_pdf_without_pages(pdf: Callable[..., bytes]) -> None:
    assert "không có trang nào" in refused(pdf(0))


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


# --- What is bound of a PDF -----------------------------------------------------------------------


def normal(content: bytes) -> Any:
    with uploads.normalised(ContentFile(content, name="tep")) as file:
        return pikepdf.open(BytesIO(file.read()))


def lively() -> bytes:
    """A PDF that acts, encloses, and asks to be filled in."""
    from pikepdf import Array, AttachedFileSpec, Dictionary, Name, Stream, String

    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(300, 300))
    script = Dictionary(S=Name.JavaScript, JS=String("app.alert('x')"))
    look = Stream(pdf, b"0 0 1 rg 0 0 50 20 re f")
    look.Type, look.Subtype, look.BBox = Name.XObject, Name.Form, Array([0, 0, 50, 20])

    def note(**values: Any) -> Any:
        return pdf.make_indirect(
            Dictionary(Type=Name.Annot, Rect=Array([10, 10, 60, 30]), **values)
        )

    field = note(
        Subtype=Name.Widget, FT=Name.Tx, T=String("ten"), V=String("An"), F=4,
        AP=Dictionary(N=look), DA=String("/Helv 9 Tf"), AA=Dictionary(K=script),
    )  # fmt: skip
    page.Annots = Array(
        [
            field,
            note(Subtype=Name.Link, A=script),
            note(Subtype=Name.Link, A=Dictionary(S=Name.Launch, F=String("calc.exe"))),
            note(Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String("https://example.vn"))),
            note(
                Subtype=Name.Link,
                A=Dictionary(S=Name.URI, URI=String("https://example.vn"), Next=script),
            ),
            note(Subtype=Name.FileAttachment),
        ]
    )
    page.AA = Dictionary(O=script)
    root = pdf.Root
    root.OpenAction, root.AA = script, Dictionary(WC=script)
    root.AcroForm = Dictionary(Fields=Array([field]), XFA=String("<xdp/>"))
    root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), script])))
    pdf.attachments["evil.exe"] = AttachedFileSpec(
        pdf, b"MZ evil", filename="evil.exe", description="", mime_type="", creation_date="",
        mod_date="",
    )  # fmt: skip
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("x", action=script))
    stream = BytesIO()
    pdf.save(stream, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return stream.getvalue()


def test_what_is_bound_of_a_pdf_only_shows() -> None:
    content = lively()
    assert b"JavaScript" in content
    found = normal(content)
    stream = BytesIO()
    found.save(stream, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    plain = stream.getvalue()
    for bad in (
        b"JavaScript", b"/JS", b"/Launch", b"calc.exe", b"EmbeddedFile", b"evil", b"AcroForm",
        b"XFA", b"OpenAction", b"/AA", b"Widget", b"FileAttachment", b"Outlines",
    ):  # fmt: skip
        assert bad not in plain, bad
    [page] = found.pages
    assert [str(n.A.URI) for n in page.Annots] == ["https://example.vn"]
    # What was filled in is now part of the page.
    assert any("/Subtype" in x and x.Subtype == "/Form" for x in page.Resources.XObject.values())


def acts(content: bytes) -> bool:
    return uploads.acts(ContentFile(content, name="tep"))


def test_what_acts_is_told_from_what_shows(pdf: Callable[..., bytes]) -> None:
    from pikepdf import Array, Dictionary, Name, String

    script = Dictionary(S=Name.JavaScript, JS=String("app.alert('x')"))

    def with_note(**values: Any) -> bytes:
        note = Dictionary(Type=Name.Annot, Rect=Array([0, 0, 9, 9]), **values)
        return edited(pdf(), lambda found: found.pages[0].__setitem__("/Annots", Array([note])))

    def with_root(key: str, value: Any) -> bytes:
        return edited(pdf(), lambda found: found.Root.__setitem__(key, value))

    assert acts(lively())
    for content in (
        with_note(Subtype=Name.Link, A=script),
        with_note(Subtype=Name.Link, A=Dictionary(S=Name.Launch, F=String("calc.exe"))),
        with_note(Subtype=Name.Text, AA=Dictionary(E=script)),
        with_note(Subtype=Name.FileAttachment),
        with_root("/OpenAction", script),
        with_root("/AA", Dictionary(WC=script)),
        with_root("/Names", Dictionary(JavaScript=Dictionary())),
        with_root("/Names", Dictionary(EmbeddedFiles=Dictionary())),
    ):
        assert acts(content)
    for content in (
        pdf(),
        with_note(Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String("https://a.vn"))),
        with_note(Subtype=Name.Highlight),
        with_root("/OpenAction", Array([0, Name.Fit])),
        with_root("/Names", Dictionary(Dests=Dictionary())),
    ):
        assert not acts(content)
    with normal(lively()) as inert:
        stream = BytesIO()
        inert.save(stream)
    assert not acts(stream.getvalue())


def test_the_same_file_comes_out_the_same() -> None:
    content = lively()
    for _ in range(2):
        with uploads.normalised(ContentFile(content, name="tep")) as file:
            digest = hashlib.sha256(file.read()).hexdigest()
        assert digest == hashlib.sha256(_bytes(content)).hexdigest()


def _bytes(content: bytes) -> bytes:
    with uploads.normalised(ContentFile(content, name="tep")) as file:
        return file.read()


def edited(content: bytes, change: Callable[[Any], None]) -> bytes:
    with pikepdf.open(BytesIO(content)) as pdf:
        change(pdf)
        stream = BytesIO()
        pdf.save(stream)
    return stream.getvalue()


def test_portfolios_and_dynamic_forms_are_refused(pdf: Callable[..., bytes]) -> None:
    def portfolio(found: Any) -> None:
        found.Root.Collection = pikepdf.Dictionary()

    def dynamic(found: Any) -> None:
        found.Root.NeedsRendering = True

    assert "portfolio" in refused(edited(pdf(), portfolio))
    assert "biểu mẫu động" in refused(edited(pdf(), dynamic))


def test_a_page_that_does_not_unpack_is_refused(pdf: Callable[..., bytes]) -> None:
    def spoil(found: Any) -> None:
        packed = bytearray(zlib.compress(b"q Q " * 500))
        packed[20] ^= 0xFF
        found.pages[0].Contents = found.make_stream(b"")
        found.pages[0].Contents.write(bytes(packed), filter=pikepdf.Name.FlateDecode)

    assert "bị hỏng" in refused(edited(pdf(), spoil))


def test_pages_that_unpack_without_end_are_refused(pdf: Callable[..., bytes]) -> None:
    def blow_up(found: Any) -> None:
        machine = zlib.compressobj(9)
        packed = b"".join(machine.compress(bytes(1 << 20)) for _ in range(300)) + machine.flush()
        found.pages[0].Contents = found.make_stream(b"")
        found.pages[0].Contents.write(packed, filter=pikepdf.Name.FlateDecode)

    content = edited(pdf(), blow_up)
    assert len(content) < 1_000_000
    tracemalloc.start()
    assert "quá lớn khi giải nén" in refused(content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20 * 1024 * 1024


def test_objects_that_unpack_without_end_are_refused() -> None:
    """800 KB that say of themselves that they are 800 MB."""
    machine = zlib.compressobj(9)
    packed = machine.compress(b"4 0 << /Type /Catalog /Pages 2 0 R >>")
    packed += b"".join(machine.compress(b" " * (1 << 20)) for _ in range(300)) + machine.flush()
    out = bytearray(b"%PDF-1.7\n")
    places: dict[int, int] = {}

    def add(number: int, body: bytes, stream: bytes = b"") -> None:
        places[number] = len(out)
        if stream:
            body = body[:-2] + b"/Filter /FlateDecode /Length %d >>" % len(stream)
            body += b"\nstream\n" + stream + b"\nendstream"
        out.extend(b"%d 0 obj\n" % number + body + b"\nendobj\n")

    add(2, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
    add(3, b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] >>")
    add(5, b"<< /Type /ObjStm /N 1 /First 4 >>", packed)
    rows = [
        (0, 0), (0, 0), (1, places[2]), (1, places[3]), (2, 5), (1, places[5]), (1, len(out)),
    ]  # fmt: skip
    table = b"".join(bytes([kind]) + place.to_bytes(4, "big") + b"\0\0" for kind, place in rows)
    add(6, b"<< /Type /XRef /Size 7 /W [1 4 2] /Root 4 0 R >>", zlib.compress(table))
    out.extend(b"startxref\n%d\n%%%%EOF\n" % places[6])
    assert "bị hỏng" in refused(bytes(out))


def test_forty_megabytes_in_bounded_time_and_memory() -> None:
    pdf = pikepdf.new()
    for number in range(41):
        page = pdf.add_blank_page()
        picture = pdf.make_stream(random.Random(number).randbytes(1024 * 1024))
        picture.Type, picture.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=picture))
    file = TemporaryUploadedFile("lon.pdf", "application/pdf", 0, None)
    target: Any = file.file
    pdf.save(target, compress_streams=False)
    file.size = target.tell()
    assert file.size > 40 * 1024 * 1024
    pdf.close()
    tracemalloc.start()
    began = time.monotonic()
    assert inspect(file).pages == 41
    with uploads.normalised(file) as found:
        assert found.seek(0, 2) > 40 * 1024 * 1024
    assert time.monotonic() - began < 20
    assert tracemalloc.get_traced_memory()[1] < 20 * 1024 * 1024
    tracemalloc.stop()


@pytest.mark.django_db
def test_the_original_is_kept_and_the_inert_one_is_bound(story: Story) -> None:
    content, dossier = lively(), story.complete()
    added = actions.add_attachment(
        dossier=dossier, file=ContentFile(content, name="song.pdf"), **story.as_head()
    )
    with added.file.open("rb") as file:
        assert file.read() == content
    with added.normal.open("rb") as file:
        assert b"app.alert" not in file.read()
    assert added.sha256 == hashlib.sha256(content).hexdigest()
    *_, bound = actions.order_dossier(dossier=dossier, **story.as_head())
    taken: list[str] = []

    def local(file: Any) -> Path:
        taken.append(file.name)
        return Path("x.pdf")

    parts_of(bound, local)
    assert taken[-1] == added.normal.name
    word = actions.add_attachment(
        dossier=dossier, file=ContentFile(docx(), name="a.docx"), **story.as_head()
    )
    assert not word.normal


@pytest.mark.django_db
def test_who_attaches_what_acts_is_told(
    story: Story, client_for: Callable[..., SafeClient], pdf: Callable[..., bytes]
) -> None:
    url = reverse("dossiers:attachment_add", args=(story.complete().pk,))
    client = client_for(story.people.head)
    for content, is_told in ((lively(), True), (pdf(2), False)):
        file = ContentFile(content, name="a.pdf")
        text = client.post(url, {"file": file}, follow=True).content.decode()
        assert "Đã đính kèm “a.pdf”." in text
        assert ("chỉ giữ phần nhìn thấy được" in text) is is_told
