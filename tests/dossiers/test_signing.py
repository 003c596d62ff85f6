"""Signing an issued paper: one after another, none spoils another, a failure leaves nothing."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage
from PIL import Image

from dossiers import actions
from dossiers.documents.signatures import CHANGED, GONE
from dossiers.models import Document, Signature
from emulation.models import Step, User
from emulation.workflow import Refused
from tests.dossiers.conftest import Story
from tests.dossiers.poppler import all_fonts_are_embedded, fonts_of, picture_of, run, sheets_of
from tests.dossiers.signed import content, found, sign, stored
from tests.dossiers.test_archival import tags
from tests.factories import NOW
from tests.signing import CA, Keys, authority

pytestmark = pytest.mark.django_db

MM = 72 / 25.4
BLUE, RED = (20, 40, 160), (200, 20, 30)


def both(story: Story, keys: Keys, letter: Document) -> list[Signature]:
    """Signed by the head, then sealed by the office."""
    head, agency = story.people.head, story.people.agency
    keys.person("truong-phong", head.username, head.get_full_name(),
                image=keys.picture("hand.png", (400, 150), BLUE))  # fmt: skip
    keys.seal("con-dau", agency.code, agency.name,
              image=keys.picture("seal.png", (400, 400), RED), image_mm=36)  # fmt: skip
    return [
        sign(letter, "truong-phong", head),
        sign(letter, "con-dau", story.people.office, at=NOW + timedelta(hours=1)),
    ]


# --- Signatures -----------------------------------------------------------------------------------


def test_two_sign_in_turn_and_both_are_valid(story: Story, keys: Keys, letter: Document) -> None:
    first, second = both(story, keys, letter)
    assert content(first).startswith(content(letter))
    assert content(second).startswith(content(first))
    for row in (first, second):
        assert hashlib.sha256(content(row)).hexdigest() == row.sha256
    one, two = found(letter)
    assert (one.is_valid, one.is_trusted, two.is_valid, two.is_trusted) == (True,) * 4
    assert one.seen
    assert two.seen
    assert not one.seen.whole
    assert one.seen.later_allowed
    assert two.seen.whole
    assert (one.seen.signer, one.seen.at) == (story.people.head.get_full_name(), NOW)
    assert (one.seen.issuer, one.seen.stamped_at) == (CA, None)
    steps = Step.objects.about(letter).filter(act="sign").order_by("pk")
    assert [step.by for step in steps] == [story.people.head, story.people.office]
    letter.refresh_from_db()
    assert hashlib.sha256(content(letter)).hexdigest() == letter.sha256, "the original stays"


def test_poppler_agrees(story: Story, keys: Keys, letter: Document, tmp_path: Path) -> None:
    both(story, keys, letter)
    store = tmp_path / "nss"
    store.mkdir()
    (tmp_path / "ca.pem").write_bytes(authority(CA).pem)
    base = ["certutil", "-d", f"sql:{store}"]
    subprocess.run([*base, "-N", "--empty-password"], check=True, capture_output=True)
    trust = [*base, "-A", "-n", "CA", "-t", "C,C,C", "-i", str(tmp_path / "ca.pem")]
    subprocess.run(trust, check=True, capture_output=True)
    pdf = content(letter.signatures.order_by("position")[1])
    said = run(pdf, "pdfsig", "-nssdir", f"sql:{store}", "FILE")
    assert said.count("Signature is Valid.") == 2
    assert said.count("Certificate is Trusted.") == 2
    assert said.count("ETSI.CAdES.detached") == 2
    assert "Total document signed" in said.split("Signature #2")[1]

    changed = bytearray(pdf)
    changed[len(pdf) // 3] ^= 1
    said = subprocess_text(bytes(changed), tmp_path)
    assert "Signature is Valid." not in said.split("Signature #2")[-1]


def subprocess_text(pdf: bytes, folder: Path) -> str:
    """What pdfsig says of a file that may be broken."""
    path = folder / "changed.pdf"
    path.write_bytes(pdf)
    return subprocess.run(
        ["pdfsig", "-nocert", str(path)], capture_output=True, text=True, check=False
    ).stdout


def test_the_archival_format_survives(story: Story, keys: Keys, letter: Document) -> None:
    agency = story.people.agency
    both(story, keys, letter)
    keys.seal("con-dau-khac", agency.code, "Dấu thứ hai")
    pdf = content(sign(letter, "con-dau-khac", story.people.office, place="corner"))
    assert all_fonts_are_embedded(pdf)
    with pikepdf.open(BytesIO(content(letter))) as before, pikepdf.open(BytesIO(pdf)) as after:
        assert {k: str(v) for k, v in before.docinfo.items()} == {
            k: str(v) for k, v in after.docinfo.items()
        }
        assert before.Root.Metadata.read_bytes() == after.Root.Metadata.read_bytes()
        with after.open_metadata() as metadata:
            assert metadata.pdfa_status == "2A"
        assert before.trailer.ID[0] == after.trailer.ID[0]
        assert "/Encrypt" not in after.trailer
        [intent] = after.Root.OutputIntents
        assert intent.DestOutputProfile.N == 3
        # What a screen reader finds is what it found before.
        assert tags(before) == tags(after)
        assert after.Root.MarkInfo.Marked
        assert str(after.Root.Lang) == "vi"
        assert set(after.Root.AcroForm.keys()) == {"/Fields", "/SigFlags"}
        for image in after.objects:
            if isinstance(image, pikepdf.Stream) and image.get("/Subtype") == "/Image":
                assert image.ColorSpace in ("/DeviceRGB", "/DeviceGray")
                assert not image.get("/Interpolate", False)
        for page in after.pages:
            for widget in page.get("/Annots", []):
                # Printed, neither hidden nor out of view, with an appearance: ISO 19005-2, 6.3.
                assert int(widget.F) & 0b100111 == 0b100
                assert widget.AP.N.read_bytes()
                assert str(widget.TU).startswith("Khóa ")


def test_a_bound_dossier_is_signed_at_the_upper_right(
    story: Story, keys: Keys, letter: Document
) -> None:
    assert letter.dossier
    rows = list(Document.objects.filter(dossier=letter.dossier).order_by("pk"))
    for paper in rows:
        actions.make_document(pk=paper.pk, clock=lambda: NOW)
    bound = Document.objects.get(dossier=letter.dossier, kind="dossier")
    assert bound.signing_places == []
    keys.seal("con-dau", story.people.agency.code, "Sở", image=keys.picture("s.png", (9, 9), RED))
    row = sign(bound, "con-dau", story.people.office)
    assert [one.is_valid for one in found(bound)] == [True]
    text = sheets_of(content(row))[0].text
    assert "Thời gian ký: 2026-11-20T09:00:00+07:00 Ký bởi: Sở" in text


# --- Marks ----------------------------------------------------------------------------------------


def marks(pdf: bytes) -> list[tuple[int, list[float]]]:
    """Page and box (in mm from the upper left corner) of each signature, by its field's name."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        rows = []
        for number, page in enumerate(opened.pages, 1):
            height = float(page.mediabox[3])
            for widget in page.get("/Annots", []):
                left, bottom, right, top = (float(edge) for edge in widget.Rect)
                box = [left, height - top, right, height - bottom]
                rows.append((str(widget.T), (number, [edge / MM for edge in box])))
        return [mark for _, mark in sorted(rows)]


def test_pictures_stand_where_the_decree_wants_them(
    story: Story, keys: Keys, letter: Document
) -> None:
    _, second = both(story, keys, letter)
    (page, hand), (seal_page, seal) = marks(content(second))
    assert page == seal_page == letter.signing_page
    sheet = sheets_of(content(second))[page - 1]
    name = story.people.head.get_full_name().split()
    [below] = [w for w in sheet.words if w.text == name[-1] and w.top > 60][-1:]
    # Centred in the column of the signer, above the name, in the proportions of the picture.
    assert hand[3] < below.top + 1
    assert (hand[2] - hand[0]) / (hand[3] - hand[1]) == pytest.approx(400 / 150, rel=0.02)
    left, _, right, _ = letter.signing_places[0]["box"]
    assert (hand[0] + hand[2]) / 2 == pytest.approx((left + right) / 2 / MM, abs=0.1)
    # The seal in its real size, over the left third of the signature, level with it.
    assert seal[2] - seal[0] == pytest.approx(36, abs=0.1)
    assert seal[3] - seal[1] == pytest.approx(36, abs=0.1)
    assert seal[2] - hand[0] == pytest.approx((hand[2] - hand[0]) / 3, abs=0.2)
    assert (seal[1] + seal[3]) / 2 == pytest.approx((hand[1] + hand[3]) / 2, abs=0.2)


def test_a_picture_larger_than_any_is_said_to_be_so(
    story: Story, keys: Keys, letter: Document
) -> None:
    head = story.people.head
    Image.new("1", (20_000, 10_000)).save(keys.folder / "scan.png")
    keys.person("truong-phong", head.username, head.get_full_name(), image="scan.png")
    with pytest.raises(ValidationError, match="Không đọc được ảnh chữ ký"):
        sign(letter, "truong-phong", head)


def test_without_a_picture_the_place_bears_name_and_time(
    story: Story, keys: Keys, letter: Document
) -> None:
    head = story.people.head
    keys.person("truong-phong", head.username, head.get_full_name())
    pdf = content(sign(letter, "truong-phong", head))
    [(page, box)] = marks(pdf)
    assert page == letter.signing_page
    said = " ".join(
        word.text
        for word in sheets_of(pdf)[page - 1].words
        if box[0] <= word.left and box[1] <= word.top and word.bottom <= box[3]
    )
    assert f"Ký bởi: {head.get_full_name()}" in said
    assert "Thời gian ký: 2026-11-20T09:00:00+07:00" in said
    assert any("Liberation-Serif" in row[0] or "Times" in row[0] for row in fonts_of(pdf))


def test_texts_at_the_upper_right_do_not_cover_each_other(
    story: Story, keys: Keys, letter: Document
) -> None:
    agency, office = story.people.agency, story.people.office
    for n in range(2):
        keys.seal(f"dau-{n}", agency.code, f"Dấu số {n}")
        last = sign(letter, f"dau-{n}", office, place="corner")
    (page, first), (_, second) = marks(content(last))
    assert page == 1
    assert first[1] == pytest.approx(4, abs=0.1)
    assert first[3] == pytest.approx(20, abs=0.1)
    assert first[2] == pytest.approx(210 - 15, abs=0.1)
    assert second[2] <= first[0] + 0.1
    sheet = sheets_of(content(last))[0]
    assert f"Số: {letter.number}" in " ".join(w.text for w in sheet.words if w.bottom < first[3])


def test_a_long_name_hides_nothing(story: Story, keys: Keys, letter: Document) -> None:
    """In the upper margin all of it is seen: nothing is cut off at the edge of the mark."""
    agency, office = story.people.agency, story.people.office
    # No certificate holds more than 64 bytes.
    keys.seal("dai", agency.code, "PHÒNG VĂN HÓA - XÃ HỘI XÃ ĐỒNG ĐĂNG (BẢN SỐ)")
    keys.seal("dai-2", agency.code, "PHONG VAN HOA - XA HOI, UY BAN NHAN DAN XA THANH SON, SON")
    sign(letter, "dai", office, place="corner")
    pdf = content(sign(letter, "dai-2", office, place="corner"))
    (_, first), (_, second) = marks(pdf)
    words = [word for word in sheets_of(pdf)[0].words if word.bottom <= 20.5]
    for box in (first, second):
        assert box[3] <= 20.1
        inside = [w for w in words if box[0] - 0.1 <= w.left and w.right <= box[2] + 1]
        text = " ".join(w.text for w in inside)
        for part in (f"Số: {letter.number}", "Thời gian ký: 2026-11-20T09:00:00+07:00"):
            assert part in text
        assert all(box[1] - 0.1 <= w.top and w.bottom <= box[3] + 0.1 for w in inside)
        assert len({round(w.bottom) for w in inside}) == 4
    # And what poppler reads is what it shows: something dark in each of the four lines.
    shown = picture_of(pdf, 1)
    for line in range(4):
        strip = shown.crop((110, 4 + 4 * line, 195, 8 + 4 * line))
        assert strip.point(lambda shade: 255 if shade < 160 else 0).getbbox()


# --- Tampering ------------------------------------------------------------------------------------


def places_in(pdf: bytes, first: bytes, original: bytes) -> dict[str, int]:
    """A byte in each kind of place of a file with two signatures."""
    contents = pdf.index(b"/Contents <") + len(b"/Contents <")
    end = pdf.index(b">", contents)
    return {
        "header": 6,
        "text": len(original) // 2,
        "first update": len(original) + 300,
        "inside the signature": contents + 400,
        "room left in it": end - 4,
        "second update": len(first) + 300,
        "last byte": len(pdf) - 2,
    }


@pytest.mark.parametrize(
    "where",
    ["header", "text", "first update", "inside the signature", "room left in it",
     "second update", "last byte"],
)  # fmt: skip
def test_one_changed_byte_is_noticed(
    where: str, story: Story, keys: Keys, letter: Document
) -> None:
    first, second = both(story, keys, letter)
    assert all(one.is_valid for one in found(letter))
    pdf = bytearray(content(second))
    at = places_in(bytes(pdf), content(first), content(letter))[where]
    pdf[at] ^= 1
    Path(second.file.path).write_bytes(pdf)
    # No signature covers the room that is left in it: the digest does.
    assert [one.problem for one in found(letter)] == [CHANGED, CHANGED]


@pytest.mark.parametrize(
    ("old", "new"), [(b"/FlateDecode", b"/9lateDecode"), (b"/Type /XRef", b"/Type /X\nef")]
)
def test_a_file_that_nobody_can_read_any_more_is_said_to_be_changed(
    old: bytes, new: bytes, story: Story, keys: Keys, letter: Document
) -> None:
    _, second = both(story, keys, letter)
    Path(second.file.path).write_bytes(content(second).replace(old, new))
    assert [one.problem for one in found(letter)] == [CHANGED, CHANGED]


def test_a_file_that_is_gone(story: Story, keys: Keys, letter: Document) -> None:
    _, second = both(story, keys, letter)
    Path(second.file.path).unlink()
    assert [one.problem for one in found(letter)] == [GONE, GONE]


def test_a_signature_of_somebody_else_does_not_pass(
    story: Story, keys: Keys, letter: Document
) -> None:
    """The file of another paper in place of this one's, complete and valid in itself."""
    both(story, keys, letter)
    assert letter.dossier
    other = Document.objects.get(dossier=letter.dossier, kind="minutes")
    actions.make_document(pk=other.pk, clock=lambda: NOW)
    agency = story.people.agency
    keys.seal("khac", agency.code, "Dấu khác")
    strange = sign(other, "khac", story.people.office)
    shutil.copy(strange.file.path, letter.signatures.get(position=2).file.path)
    assert not any(one.is_valid for one in found(letter))


def test_what_was_changed_on_the_disk_is_not_signed(
    story: Story, keys: Keys, letter: Document
) -> None:
    head = story.people.head
    keys.person("truong-phong", head.username, "Trưởng phòng")
    Path(letter.file.path).write_bytes(content(letter) + b" ")
    with pytest.raises(Refused, match="đã bị thay đổi"):
        sign(letter, "truong-phong", head)
    assert not letter.signatures.exists()


# --- Who, what and when ---------------------------------------------------------------------------


def test_only_the_owner_uses_a_personal_key(story: Story, keys: Keys, letter: Document) -> None:
    head, office = story.people.head, story.people.office
    keys.person("truong-phong", head.username, "Trưởng phòng")
    assert [key.slug for key in actions.keys_for(document=letter, by=head)] == ["truong-phong"]
    assert actions.keys_for(document=letter, by=office) == []
    with pytest.raises(Refused, match="không được dùng khóa"):
        sign(letter, "truong-phong", office)
    assert not letter.signatures.exists()


def test_nobody_signs_above_the_name_of_another(story: Story, keys: Keys, letter: Document) -> None:
    head, office = story.people.head, story.people.office
    keys.person("khac", office.username, office.get_full_name())
    keys.person("truong-phong", head.username, head.get_full_name())
    with pytest.raises(ValidationError, match=f"để {head.get_full_name()} ký"):
        sign(letter, "khac", office, place="0")
    sign(letter, "truong-phong", head, place="0")
    sign(letter, "khac", office)  # in the corner
    assert [one.is_valid for one in found(letter)] == [True, True]


def test_a_seal_is_used_by_its_roles_on_papers_of_its_agency(
    story: Story, keys: Keys, letter: Document
) -> None:
    people = story.people
    keys.seal("con-dau", people.agency.code, "Sở")
    keys.seal("dau-phong", people.unit.code, "Phòng", roles=["UNIT_HEAD"])
    assert people.stranger.agency
    keys.seal("dau-tinh-khac", people.stranger.agency.code, "Sở khác")

    def usable(by: User) -> list[str]:
        return [key.slug for key in actions.keys_for(document=letter, by=by)]

    assert usable(people.office) == usable(people.director) == ["con-dau"]
    assert usable(people.head) == ["dau-phong"]
    for user in (people.council, people.admin, people.staff, people.outsider, people.stranger):
        assert usable(user) == []


def test_only_what_is_issued_and_in_force_is_signed(
    story: Story, keys: Keys, letter: Document
) -> None:
    office = story.people.office
    keys.seal("con-dau", story.people.agency.code, "Sở")
    assert letter.dossier
    waiting = Document.objects.get(dossier=letter.dossier, kind="minutes")
    with pytest.raises(Refused, match="chưa tạo xong"):
        sign(waiting, "con-dau", office)
    actions.annul(document=letter, note="Sai số", **story.as_office())
    with pytest.raises(Refused, match="đã bị hủy"):
        sign(letter, "con-dau", office)
    Document.objects.filter(pk=letter.pk).update(
        annulled_at=None,
        annulled_by=None,
        annul_reason="",
        code=None,
        address="",
        issued_date=None,
    )
    with pytest.raises(Refused, match="Bản nháp"):
        sign(letter, "con-dau", office)
    assert not Signature.objects.exists()


def test_signatures_outlive_the_paper(story: Story, keys: Keys, letter: Document) -> None:
    both(story, keys, letter)
    actions.annul(document=letter, note="Sai số", **story.as_office())
    assert [one.is_valid for one in found(letter)] == [True, True]


def test_a_certificate_signs_once(story: Story, keys: Keys, letter: Document) -> None:
    both(story, keys, letter)
    before = stored()
    with pytest.raises(Refused, match="đã ký văn bản"):
        sign(letter, "con-dau", story.people.director)
    assert letter.signatures.count() == 2
    assert stored() == before


# --- Failures leave nothing -----------------------------------------------------------------------


def test_a_wrong_passphrase(story: Story, keys: Keys, letter: Document) -> None:
    head = story.people.head
    keys.person("truong-phong", head.username, "Trưởng phòng")
    before = stored()
    for _ in range(3):
        with pytest.raises(ValidationError) as error:
            sign(letter, "truong-phong", head, secret="sai")
        assert error.value.message_dict == {"secret": ["Mật khẩu của khóa ký số không đúng."]}
    with pytest.raises(ValidationError, match="nhiều lần"):
        sign(letter, "truong-phong", head)
    assert not Signature.objects.exists()
    assert stored() == before
    assert not Step.objects.about(letter).exists()
    later = NOW + timedelta(hours=1)
    assert sign(letter, "truong-phong", head, at=later).position == 1


def test_a_right_passphrase_does_not_count_as_a_try(
    story: Story, keys: Keys, letter: Document
) -> None:
    both(story, keys, letter)
    for _ in range(4):
        with pytest.raises(Refused):
            sign(letter, "con-dau", story.people.office)


def test_a_full_disk_leaves_nothing(
    story: Story, keys: Keys, letter: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = story.people.head
    keys.person("truong-phong", head.username, "Trưởng phòng")
    before = stored()
    real = cast(Any, FileSystemStorage)._save

    def full(self: FileSystemStorage, name: str, data: Any) -> str:
        real(self, name, data)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    with pytest.raises(ValidationError, match="Không đọc hoặc ghi được tệp"):
        sign(letter, "truong-phong", head)
    assert stored() == before
    assert not Signature.objects.exists()


def test_a_row_that_cannot_be_written_takes_its_file_along(
    story: Story, keys: Keys, letter: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = story.people.head
    keys.person("truong-phong", head.username, "Trưởng phòng")
    before = stored()

    def broken(**values: Any) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr(Step.objects, "create", broken)
    with pytest.raises(RuntimeError):
        sign(letter, "truong-phong", head)
    assert stored() == before
    assert not Signature.objects.exists()


def test_an_unknown_key(story: Story, keys: Keys, letter: Document) -> None:
    with pytest.raises(ValidationError, match="không còn dùng được"):
        sign(letter, "khong-co", story.people.head)
