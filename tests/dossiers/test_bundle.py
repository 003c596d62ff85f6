"""The dossier as one ZIP: complete, checkable, the same each time."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import tracemalloc
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.core.files.base import ContentFile
from django.http import StreamingHttpResponse
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from dossiers import actions
from dossiers.codes import grouped
from dossiers.documents.bundle import bundle_of, bundled
from dossiers.documents.editions import Altered
from dossiers.documents.metadata import Entry, metadata
from dossiers.models import Attachment, Document, Dossier, Signature
from emulation.models import Unit, User
from tests.conftest import SafeClient, Sent
from tests.dossiers.conftest import Story, upload
from tests.factories import NOW

db = pytest.mark.django_db
Login = Callable[..., SafeClient]

# --- What Phụ lục VI of NĐ 30/2020 asks for: name → type and length -------------------------------

CODE = [("OrganId", "String", 13), ("FileCatalog", "Number", 4), ("FileNotation", "String", 20)]
FILE = [
    ("FileCode", CODE, 0), ("Title", "String", 500), ("Maintenance", "String", 30),
    ("Rights", "String", 30), ("Creator", "String", 30), ("Language", "String", 50),
    ("StartDate", "Date", 10), ("EndDate", "Date", 10), ("DocTotal", "Number", 4),
    ("PageTotal", "Number", 4), ("Description", "String", 500),
]  # fmt: skip
DOCUMENT = [
    ("FileCode", CODE, 0), ("DocOrdinal", "Number", 3), ("TypeName", "String", 100),
    ("CodeNumber", "String", 11), ("CodeNotation", "String", 30), ("IssuedDate", "Date", 10),
    ("OrganName", "String", 200), ("Subject", "String", 500), ("Language", "String", 30),
    ("PageAmount", "Number", 3), ("Description", "String", 500),
    ("SignerInfo", [("Position", "String", 100), ("FullName", "String", 50)], 0),
]  # fmt: skip
SHAPES = {"Number": r"\d+", "Date": r"\d{2}/\d{2}/\d{4}", "String": r".+"}


def faults(node: ET.Element, fields: list[tuple[str, Any, int]]) -> list[str]:
    """What is wrong with an element: names and their order, types, lengths."""
    names = [child.tag for child in node]
    if names != [name for name, _, _ in fields]:
        return [f"{node.tag}: {names}"]
    found = []
    for child, (name, kind, length) in zip(node, fields, strict=True):
        text = child.text or ""
        if isinstance(kind, list):
            found += faults(child, kind)
        elif len(text) > length:
            found.append(f"{name}: {len(text)} > {length}")
        elif text and not re.fullmatch(SHAPES[kind], text, re.DOTALL):
            found.append(f"{name}: {text}")
    return found


def check(xml: bytes) -> ET.Element:
    """The XML, which has nothing wrong."""
    root = ET.fromstring(xml)
    documents = root.find("Documents")
    assert documents is not None
    root.remove(documents)
    assert faults(root, FILE) == []
    for ordinal, node in enumerate(documents, 1):
        assert faults(node, DOCUMENT) == []
        assert node.findtext("DocOrdinal") == str(ordinal)
    assert root.findtext("DocTotal") == str(len(documents))
    root.append(documents)
    return root


# --- The ZIP --------------------------------------------------------------------------------------


@pytest.fixture
def dossier(story: Story, pdf: Callable[..., bytes]) -> Dossier:
    """Submitted, with an attached file, and all papers made."""
    draft = story.complete()
    actions.add_attachment(
        dossier=draft, file=upload("Quyết định 412.pdf", pdf(2)), **story.as_head()
    )
    dossier = actions.act_on_dossier(dossier=draft, act="submit", **story.as_head())
    for row in actions.order_dossier(dossier=dossier, **story.as_office()):
        content = f"%PDF-1.7 {row.kind} {row.report_id}".encode()
        row.file.save("x.pdf", ContentFile(content), save=False)
        row.sha256 = hashlib.sha256(content).hexdigest()
        row.state, row.pages, row.rendered_at = "ready", 3, NOW
        row.save()
    return Dossier.objects.with_context().get(pk=dossier.pk)


def archive(dossier: Dossier) -> zipfile.ZipFile:
    made = bundle_of(dossier)
    assert made is not None
    return zipfile.ZipFile(BytesIO(b"".join(bundled(made))))


@db
def test_everything_is_there_in_the_order_of_time(dossier: Dossier) -> None:
    found = archive(dossier)
    assert found.testzip() is None
    names = found.namelist()
    assert [name for name in names if name.startswith("van-ban/")] == [
        "van-ban/01-bien-ban.pdf",
        "van-ban/02-to-trinh.pdf",
        "van-ban/03-danh-sach.pdf",
        "van-ban/04-bao-cao-mau-08-nd-98--phong-cai-cach-hanh-chinh.pdf",
        "van-ban/05-bao-cao-mau-08-nd-98--ly-thi-anh.pdf",
        "van-ban/06-bao-cao-mau-08-nd-98--hoang-thi-en.pdf",
    ]
    assert [n.replace("word", "van-ban").replace("docx", "pdf") for n in names if "word/" in n] == [
        name for name in names if name.startswith("van-ban/")
    ]
    others = [name for name in names if "van-ban/" not in name and "word/" not in name]
    assert others == [
        "ho-so.pdf", "dinh-kem/01-quyet-dinh-412.pdf", "metadata.xml", "DOC-TRUOC.txt",
        "manifest.json",
    ]  # fmt: skip
    word = zipfile.ZipFile(BytesIO(found.read("word/02-to-trinh.docx")))
    assert "word/document.xml" in word.namelist()
    assert dossier.pk


@db
def test_the_manifest_says_what_each_file_is(dossier: Dossier) -> None:
    found = archive(dossier)
    content = found.read("manifest.json")
    manifest = json.loads(content)
    again = json.dumps(manifest, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert content == f"{again}\n".encode()
    lines = {line["file"]: line for line in manifest["files"]}
    assert set(lines) == set(found.namelist()) - {"manifest.json"}
    for name, line in lines.items():
        body = found.read(name)
        assert (line["sha256"], line["size"]) == (hashlib.sha256(body).hexdigest(), len(body))
    letter, row = lines["van-ban/02-to-trinh.pdf"], Document.objects.get(kind="letter")
    assert (letter["number"], letter["date"]) == (row.number, "2026-11-20")
    assert (letter["code"], letter["pages"], letter["status"]) == (row.code, 3, "in_force")
    assert lines["dinh-kem/01-quyet-dinh-412.pdf"]["title"] == "Quyết định 412.pdf"


@db
def test_it_says_how_to_check(dossier: Dossier) -> None:
    text = archive(dossier).read("DOC-TRUOC.txt").decode("utf-8-sig")
    assert "/xac-thuc/" in text
    assert "certutil -hashfile" in text
    assert text.count("\n") == text.count("\r\n"), "as Windows writes it"
    for row in Document.objects.order_by("pk"):
        assert grouped(row.code or "") in text
    assert "Báo cáo thành tích: Hoàng Thị Én" in text
    assert "dinh-kem/" in text
    assert "-da-ky" not in text


@db
def test_the_same_dossier_gives_the_same_bytes(dossier: Dossier) -> None:
    made = bundle_of(dossier)
    assert made is not None
    first, second = b"".join(bundled(made)), b"".join(bundled(made))
    assert first == second


@db
def test_a_signed_edition_goes_out_instead(dossier: Dossier, story: Story) -> None:
    row, bound = Document.objects.get(kind="letter"), Document.objects.get(kind="dossier")
    for paper, position, content in (
        (row, 1, b"signed once"), (row, 2, b"signed twice"), (bound, 1, b"sealed"),
    ):  # fmt: skip
        signature = Signature(
            document=paper, position=position, kind="personal", key="k", signer="A", issuer="CA",
            serial="1", fingerprint=str(position), sha256=hashlib.sha256(content).hexdigest(),
            signed_by=story.people.head, signed_at=NOW,
        )  # fmt: skip
        signature.file.save("s.pdf", ContentFile(content), save=False)
        signature.save()
    found = archive(dossier)
    assert found.read("van-ban/02-to-trinh-da-ky.pdf") == b"signed twice"
    [line] = [
        line
        for line in json.loads(found.read("manifest.json"))["files"]
        if line.get("code") == row.code
    ]
    assert (line["signatures"], line["issued_sha256"]) == (2, row.sha256)
    assert "2 chữ ký số" in found.read("metadata.xml").decode()
    assert found.read("ho-so-da-ky.pdf") == b"sealed"
    assert "certutil -hashfile ho-so-da-ky.pdf" in found.read("DOC-TRUOC.txt").decode("utf-8-sig")
    assert "5. Chữ ký số: mở bản “-da-ky”" in found.read("DOC-TRUOC.txt").decode("utf-8-sig")


@db
def test_other_programs_open_it(dossier: Dossier, tmp_path: Path) -> None:
    """Names that need no code page, whatever they were called when they were attached."""
    made = bundle_of(dossier)
    assert made is not None
    path = tmp_path / "ho-so.zip"
    path.write_bytes(b"".join(bundled(made)))
    said = subprocess.run(["unzip", "-t", path], capture_output=True, text=True, check=True).stdout
    assert "No errors detected" in said
    with zipfile.ZipFile(path) as found:
        for name in found.namelist():
            assert re.fullmatch(r"([a-z]+(-[a-z]+)*/)?[0-9A-Za-z-]+\.[a-z]+", name), name
    assert re.fullmatch(r"[a-z-]+", made.name)


@db
def test_half_a_gigabyte_is_never_held(dossier: Dossier) -> None:
    """A scan that large is read, counted and sent piece by piece."""
    size, digest = 500 * 1024 * 1024, hashlib.sha256()
    for _ in range(500):
        digest.update(bytes(1024 * 1024))
    file = Attachment.objects.get()
    with Path(file.file.path).open("wb") as target:
        target.truncate(size)
    Attachment.objects.update(sha256=digest.hexdigest(), size=size)
    made = bundle_of(dossier)
    assert made is not None
    sent = longest = 0
    tracemalloc.start()
    for piece in bundled(made):
        sent += len(piece)
        longest = max(longest, len(piece))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert sent > size
    assert longest <= 256 * 1024
    assert peak < 24 * 1024 * 1024, "what one Word file takes"


@db
def test_an_annulled_paper_is_marked(dossier: Dossier, story: Story) -> None:
    row = Document.objects.get(kind="letter")
    actions.annul(document=row, note="Sai số liệu", **story.as_office())
    found = archive(dossier)
    assert "đã bị hủy" in found.read("DOC-TRUOC.txt").decode("utf-8-sig")
    assert '"status":"annulled"' in found.read("manifest.json").decode()
    assert "Sai số liệu" not in found.read("metadata.xml").decode()


@db
def test_a_file_that_was_altered_is_not_handed_on(dossier: Dossier) -> None:
    row = Document.objects.get(kind="letter")
    with row.file.storage.open(row.file.name or "", "wb") as file:
        file.write(b"%PDF-1.7 letter Nonf")
    with pytest.raises(Altered):
        archive(dossier)


@db
def test_only_what_was_submitted_and_made(dossier: Dossier, story: Story) -> None:
    Document.objects.filter(kind="list").update(state="pending", file="", sha256="")
    assert bundle_of(dossier) is None
    Document.objects.filter(kind="list").update(
        state="ready", file="documents/x.pdf", sha256="a" * 64
    )
    assert bundle_of(dossier) is not None
    actions.act_on_dossier(dossier=dossier, act="return", note="Sửa", **story.as_office())
    dossier.refresh_from_db()
    assert bundle_of(dossier) is None
    # Submitted again: the papers of last time are not those of this time.
    actions.act_on_dossier(dossier=dossier, act="submit", **story.as_head())
    dossier.refresh_from_db()
    assert bundle_of(dossier) is None


@db
def test_by_address(
    dossier: Dossier, story: Story, client_for: Login, sent: Sent,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    url = reverse("dossiers:bundle", args=(dossier.pk,))
    for who in ("head", "office"):
        with django_capture_on_commit_callbacks(execute=True):
            answer = client_for(getattr(story.people, who)).get(url)
        assert isinstance(answer, StreamingHttpResponse)
        assert zipfile.ZipFile(BytesIO(answer.getvalue())).testzip() is None
        answer.close()
    assert sent.names() == ["emulation.record_look"]
    for who in ("council", "director", "staff", "outsider", "admin"):
        assert client_for(getattr(story.people, who)).get(url).status_code == 404
    Document.objects.filter(kind="list").update(state="pending", file="", sha256="")
    text = client_for(story.people.head).get(url, follow=True).content.decode()
    assert "Chưa tải được trọn bộ" in text


# --- The metadata ---------------------------------------------------------------------------------


@db
def test_the_metadata_are_those_of_the_decree(dossier: Dossier, story: Story) -> None:
    root = check(archive(dossier).read("metadata.xml"))
    assert root.findtext("FileCode/FileCatalog") == "2026"
    documents = root.find("Documents")
    assert documents is not None
    letter = documents[1]
    symbol = story.people.unit.symbol
    assert letter.get("file") == "van-ban/02-to-trinh.pdf"
    assert letter.findtext("CodeNumber") == "02"
    assert letter.findtext("CodeNotation") == f"TTr-{symbol}"
    assert letter.findtext("IssuedDate") == "20/11/2026"
    assert letter.findtext("SignerInfo/FullName") == story.people.head.get_full_name()
    assert documents[-1].findtext("Subject") == "Quyết định 412.pdf"


def unsaved(**values: Any) -> Dossier:
    from campaigns.models import Campaign

    unit = Unit(name=values.get("unit", "Phòng"), symbol=values.get("symbol", "P"))
    return Dossier(
        pk=values.get("pk", 1), unit=unit, decider="agency", created_at=NOW, submitted_at=NOW,
        campaign=Campaign(name=values.get("campaign", "Phong trào")),
        created_by=User(username=values.get("by", "an")),
    )  # fmt: skip


text = st.text(max_size=700)


@given(text, text, text, text, st.one_of(st.none(), st.integers(0, 10**6)), text)
def test_nothing_overflows_a_field(
    subject: str, organ: str, signer: str, symbol: str, pages: int | None, number: str
) -> None:
    entry = Entry("a.pdf", organ, subject, organ, pages, number, date(2026, 1, 2), signer, signer)
    dossier = unsaved(unit=organ, symbol=symbol, campaign=subject, by=signer)
    check(metadata(dossier, [entry, replace(entry, issued=None)]))


def test_what_was_cut_is_named() -> None:
    name = "Nguyễn Hoàng " * 5
    entry = Entry("a.pdf", "Tờ trình", "x", "Phòng", 1500, signer=name, note="Mã xác thực A")
    node = check(metadata(unsaved(), [entry]))[-1][0]
    assert node.findtext("SignerInfo/FullName") == "Nguyễn Hoàng Nguyễn Hoàng Nguyễn Hoàng Nguyễn…"
    assert node.findtext("PageAmount") in ("", None)
    said = "Mã xác thực A; Rút gọn do quá độ dài: FullName, PageAmount"
    assert node.findtext("Description") == said
