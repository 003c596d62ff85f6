"""What the signatures in a file say by themselves, when its digest has been made to fit."""

from __future__ import annotations

import hashlib
import itertools
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from dossiers.documents.signatures import BROKEN, MISSING
from dossiers.models import Document, Signature
from dossiers.signing import validation
from dossiers.signing.keys import keyring
from dossiers.signing.validation import BAD_STAMP, REVOKED, UNREADABLE, Seen, examine
from tests.dossiers.conftest import Story
from tests.dossiers.signed import content, found, sign
from tests.factories import NOW
from tests.signing import YEAR, Keys, pair

pytestmark = pytest.mark.django_db


def signed(story: Story, keys: Keys, letter: Document, name: str = "mot") -> Signature:
    head = story.people.head
    keys.person(name, head.username, f"Người ký {name}")
    return sign(letter, name, head)


def replace(row: Signature, pdf: bytes) -> None:
    """As somebody does who reaches the files and the database alike."""
    Path(row.file.path).write_bytes(pdf)
    Signature.objects.filter(pk=row.pk).update(sha256=hashlib.sha256(pdf).hexdigest())


def turned(pdf: bytes) -> bytes:
    """The first page on its side, written after what was there."""
    from pyhanko.pdf_utils.generic import NameObject, NumberObject
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    page = writer.root["/Pages"]["/Kids"][0]
    page[NameObject("/Rotate")] = NumberObject(90)
    writer.update_container(page)
    target = BytesIO()
    writer.write(target)
    return target.getvalue()


def test_what_was_signed_and_then_changed_is_broken(
    story: Story, keys: Keys, letter: Document
) -> None:
    row = signed(story, keys, letter)
    assert [one.problem for one in found(letter)] == [""]
    pdf = bytearray(content(row))
    # In the stream of a page, which no reader needs to find the signature.
    pdf[pdf.index(b"stream\n") + 200] ^= 1
    replace(row, bytes(pdf))
    [one] = found(letter)
    assert one.problem == BROKEN
    assert one.seen
    assert (one.seen.intact, one.seen.whole) == (False, True)


def test_what_is_added_after_a_signature_breaks_it(
    story: Story, keys: Keys, letter: Document
) -> None:
    row = signed(story, keys, letter)
    replace(row, turned(content(row)))
    [one] = found(letter)
    assert one.problem == BROKEN
    assert one.seen
    assert (one.seen.intact, one.seen.whole, one.seen.later_allowed) == (True, False, False)


def test_a_second_signature_may_be_added(story: Story, keys: Keys, letter: Document) -> None:
    signed(story, keys, letter)
    row = signed(story, keys, letter, "hai")
    with row.file.open("rb") as file:
        first, second = examine(file, keyring(), moment=lambda fingerprint: NOW)  # type: ignore[arg-type]
    assert (first.whole, first.later_allowed, first.is_valid) == (False, True, True)
    assert (second.whole, second.is_valid) == (True, True)
    assert first.fingerprint != second.fingerprint


NESTED = (
    b"%PDF-1.7\nxref\n0 1\n0000000000 65535 f \ntrailer\n<< /Root " + b"[" * 50_000
    + b"\nstartxref\n9\n%%EOF"
)  # fmt: skip


@pytest.mark.parametrize("odd", [b"", b"not a PDF", NESTED], ids=["empty", "text", "nested"])
def test_a_file_that_is_no_pdf_has_no_signatures(odd: bytes) -> None:
    def never(fingerprint: str) -> Any:
        raise AssertionError(fingerprint)

    assert examine(BytesIO(odd), keyring(), moment=never) == []


@pytest.mark.parametrize(("at", "problem"), [(0, MISSING), (800, UNREADABLE)])
def test_a_signature_that_cannot_be_read_is_no_reason_to_fail(
    at: int, problem: str, story: Story, keys: Keys, letter: Document
) -> None:
    """At its beginning, so that there is none; in its certificate, so that there is one."""
    row = signed(story, keys, letter)
    pdf = content(row)
    place = pdf.index(b"/Contents <") + len(b"/Contents <") + at
    replace(row, pdf[:place] + b"ff" * 20 + pdf[place + 40 :])
    assert [one.problem for one in found(letter)] == [problem]


def test_the_time_of_signing_is_what_a_certificate_is_judged_by(
    story: Story, keys: Keys, letter: Document
) -> None:
    row = signed(story, keys, letter)
    for moment, trusted in ((NOW, True), (NOW - 2 * YEAR, False), (NOW + 11 * YEAR, False)):
        with row.file.open("rb") as file:
            [one] = examine(file, keyring(), moment=lambda _, at=moment: at)  # type: ignore[arg-type,misc]
        assert one.is_valid
        assert one.trusted is trusted, moment
        assert one.not_after == pair("Người ký mot").certificate.not_valid_after_utc


def test_revoked_in_the_moment_of_signing_is_revoked_before(
    story: Story, keys: Keys, letter: Document
) -> None:
    row = signed(story, keys, letter)
    keys.revoke(pair("Người ký mot"), row.signed_at)
    [one] = found(letter)
    assert one.problem == REVOKED
    assert not one.is_trusted
    keys.revoke(pair("Người ký mot"), row.signed_at + timedelta(seconds=1))
    assert found(letter)[0].problem == "", "a list that replaces the first"


@pytest.mark.parametrize(
    ("intact", "whole", "later_allowed", "problem"),
    list(itertools.product((True, False), (True, False), (True, False), ("", BAD_STAMP))),
)
def test_what_makes_a_signature_hold(
    intact: bool, whole: bool, later_allowed: bool, problem: str
) -> None:
    seen = Seen(intact=intact, whole=whole, later_allowed=later_allowed, problem=problem)
    assert seen.is_valid is (intact and (whole or later_allowed) and problem == "")


def status(**values: Any) -> Any:
    """What the library answers of a signature that holds and whose file ends with it."""
    from asn1crypto import x509
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    return SimpleNamespace(
        **{
            "signing_cert": x509.Certificate.load(pair("Người ký mot").der),
            "timestamp_validity": None,
            "signer_reported_dt": None,
            "intact": True,
            "valid": True,
            "trusted": True,
            "coverage": SignatureCoverageLevel.ENTIRE_FILE,
            "docmdp_ok": True,
        }
        | values
    )


@pytest.mark.parametrize("name", ["intact", "valid"])
def test_a_signature_is_by_its_certificate_and_of_what_stands_there(name: str) -> None:
    assert validation._seen(status(), NOW, None).is_valid
    assert not validation._seen(status(**{name: False}), NOW, None).is_valid


@pytest.mark.parametrize(
    ("level", "allowed", "holds"),
    [
        ("ENTIRE_FILE", True, True),
        ("ENTIRE_FILE", None, True),
        ("ENTIRE_REVISION", True, True),
        ("ENTIRE_REVISION", False, False),
        ("ENTIRE_REVISION", None, False),
        ("CONTIGUOUS_BLOCK_FROM_START", True, False),
        ("UNCLEAR", True, False),
    ],
)
def test_how_much_of_the_file_a_signature_covers(
    level: str, allowed: bool | None, holds: bool
) -> None:
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    seen = validation._seen(
        status(coverage=SignatureCoverageLevel[level], docmdp_ok=allowed), NOW, None
    )
    assert seen.is_valid is holds


@pytest.mark.parametrize(
    ("valid", "intact", "trusted", "problem", "good"),
    [
        (True, True, True, "", True),
        (True, True, False, "", False),
        (True, False, True, BAD_STAMP, False),
        (False, True, True, BAD_STAMP, False),
    ],
)
def test_what_a_time_stamp_is_worth(
    valid: bool, intact: bool, trusted: bool, problem: str, good: bool
) -> None:
    stamp = SimpleNamespace(
        valid=valid,
        intact=intact,
        trusted=trusted,
        timestamp=NOW,
        signing_cert=status().signing_cert,
    )
    seen = validation._seen(status(timestamp_validity=stamp), NOW, None)
    assert (seen.problem, seen.stamp_is_good, seen.stamped_at) == (problem, good, NOW)
    assert seen.stamper == "Người ký mot"


def test_the_day_that_the_signer_reports_goes_before() -> None:
    earlier = NOW - timedelta(minutes=3)
    assert validation._seen(status(signer_reported_dt=earlier), NOW, None).at == earlier
    assert validation._seen(status(), NOW, None).at == NOW
