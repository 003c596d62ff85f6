"""What is bound of an attached PDF shows, and does nothing; what cannot be is refused."""

from __future__ import annotations

import hashlib
import random
import time
import tracemalloc
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.urls import reverse

from dossiers import actions, uploads
from dossiers.documents import parts_of
from dossiers.uploads import inspect
from tests.conftest import SafeClient
from tests.dossiers.conftest import Story
from tests.dossiers.test_uploads import docx, refused


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
