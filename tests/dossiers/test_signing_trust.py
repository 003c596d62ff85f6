"""Whose signature it is worth: certificates that ended, were revoked, are unknown; time stamps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from dossiers.models import Document, Signature
from dossiers.signing import opening
from dossiers.signing.checks import check_keys
from dossiers.signing.stamping import LARGEST
from dossiers.signing.validation import REVOKED
from tests.conftest import SafeClient
from tests.dossiers.conftest import Story
from tests.dossiers.signed import found, sign, stored
from tests.factories import NOW
from tests.signing import CA, YEAR, Keys, Pair, authority, below, pair

pytestmark = pytest.mark.django_db

Login = Callable[..., SafeClient]


def test_an_expired_certificate_signs_nothing(story: Story, keys: Keys, letter: Document) -> None:
    head = story.people.head
    old = pair("Hết hạn", start=NOW - 2 * YEAR, end=NOW - timedelta(days=1))
    young = pair("Chưa đến hạn", start=NOW + YEAR, end=NOW + 2 * YEAR)
    keys.add("cu", old, kind="personal", owner=head.username)
    keys.add("moi", young, kind="personal", owner=head.username)
    with pytest.raises(ValidationError, match="đã hết hạn ngày 19/11/2026"):
        sign(letter, "cu", head)
    with pytest.raises(ValidationError, match="chỉ có hiệu lực từ ngày 20/11/2027"):
        sign(letter, "moi", head)
    assert not letter.signatures.exists()


def test_what_expires_later_was_valid_when_it_signed(
    story: Story, keys: Keys, letter: Document
) -> None:
    """NOW lies before today as little as after it: the certificate ends a minute later."""
    head = story.people.head
    brief = pair("Sắp hết hạn", start=NOW - YEAR, end=NOW + timedelta(minutes=1))
    keys.add("sap-het", brief, kind="personal", owner=head.username)
    sign(letter, "sap-het", head)
    [one] = found(letter)
    assert one.is_valid
    assert one.is_trusted


def test_an_unknown_authority_is_said_to_be_unknown(
    story: Story, keys: Keys, letter: Document
) -> None:
    head = story.people.head
    keys.add("la", pair("Người lạ", by="CA lạ"), kind="personal", owner=head.username)
    sign(letter, "la", head)
    [one] = found(letter)
    assert one.is_valid
    assert not one.is_trusted
    keys.trust(authority(CA), authority("CA lạ"))
    [one] = found(letter)
    assert one.is_trusted, "the answer is not kept when the trusted certificates change"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"key": "rsa-1024"}, "Khóa của chứng thư số quá yếu"),
        ({"key": "ec-192"}, "Khóa của chứng thư số quá yếu"),
        ({"key": "dsa-2048"}, "Khóa của chứng thư số quá yếu"),
        ({"use": "encipher"}, "Chứng thư số không cấp để ký"),
        ({"use": "ca"}, "Chứng thư số không cấp để ký"),
    ],
)
def test_what_nobody_would_trust_signs_nothing(
    fields: dict[str, Any], said: str, story: Story, keys: Keys, letter: Document
) -> None:
    """A signature stays in the paper, so that it is too late to find this out afterwards."""
    head = story.people.head
    keys.add("k", pair("Khóa", **fields), kind="personal", owner=head.username)
    before = stored()
    with pytest.raises(ValidationError, match=said):
        sign(letter, "k", head)
    assert not letter.signatures.exists()
    assert stored() == before


@pytest.mark.parametrize("key", ["ec-256", "ed25519"])
def test_keys_of_other_kinds_sign(key: str, story: Story, keys: Keys, letter: Document) -> None:
    head = story.people.head
    keys.add("k", pair("Khóa", key=key), kind="personal", owner=head.username)
    sign(letter, "k", head)
    [one] = found(letter)
    assert (one.is_valid, one.is_trusted) == (True, True)


@pytest.mark.parametrize(("use", "trusted"), [("digital", True), ("encipher", False)])
def test_a_certificate_is_trusted_for_what_it_is_for(
    use: str,
    trusted: bool,
    story: Story,
    keys: Keys,
    letter: Document,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Also where one has signed that would be refused today."""
    monkeypatch.setattr(opening, "_unfit", lambda _: "")
    head = story.people.head
    keys.add("khoa", pair(f"Khóa {use}", use=use), kind="personal", owner=head.username)
    sign(letter, "khoa", head)
    [one] = found(letter)
    assert one.is_trusted is trusted


# --- An authority between -------------------------------------------------------------------------


def test_an_authority_between_leads_to_one_that_is_trusted(
    story: Story, keys: Keys, letter: Document
) -> None:
    """Also where the key's file does not bring it: then it is kept beside the trusted ones."""
    head, between = story.people.head, below("CA cấp dưới")
    made = pair("Người ký", by=between)
    keys.add("mot", replace(made, issuer=None), kind="personal", owner=head.username)
    sign(letter, "mot", head)
    [one] = found(letter)
    assert one.is_valid
    assert not one.is_trusted
    (keys.folder / "others").mkdir()
    (keys.folder / "others" / "between.pem").write_bytes(between.pem)
    keys.say('intermediates = "others"')
    [one] = found(letter)
    assert one.is_trusted


def test_whoever_rests_on_what_was_revoked_signs_nothing_that_holds(
    story: Story, keys: Keys, letter: Document
) -> None:
    """The earlier of two revocations counts, whichever list it stands in."""
    head, between = story.people.head, below("CA cấp dưới")
    made = pair("Người ký", by=between)
    keys.add("mot", made, kind="personal", owner=head.username)
    sign(letter, "mot", head)
    keys.revoke(made, NOW + timedelta(days=2), file="between.crl")
    [one] = found(letter)
    assert one.is_valid
    keys.revoke(between, NOW - timedelta(days=1))
    [one] = found(letter)
    assert one.problem == REVOKED
    assert not one.is_trusted


def test_a_list_that_cannot_be_read_any_more_ends_the_trust_and_not_the_page(
    story: Story, keys: Keys, letter: Document
) -> None:
    head = story.people.head
    keys.person("truong-phong", head.username, "Trưởng phòng")
    sign(letter, "truong-phong", head)
    keys.revoke(pair("Ai đó"), NOW)
    (keys.folder / "revocation" / "ca.crl").write_bytes(b"no list")
    [one] = found(letter)
    assert one.is_valid
    assert not one.is_trusted


# --- Revoked --------------------------------------------------------------------------------------


def test_a_revoked_certificate_signs_nothing(story: Story, keys: Keys, letter: Document) -> None:
    head, made = story.people.head, pair("Mất thiết bị")
    keys.add("mat", made, kind="personal", owner=head.username)
    keys.revoke(made, NOW - timedelta(days=1))
    before = stored()
    with pytest.raises(ValidationError, match="đã bị thu hồi ngày 19/11/2026"):
        sign(letter, "mat", head)
    assert stored() == before
    assert not Signature.objects.exists()
    (keys.folder / "revocation" / "ca.crl").write_bytes(b"no list")
    with pytest.raises(ValidationError, match="Không đọc được danh sách thu hồi"):
        sign(letter, "mat", head)


@pytest.mark.parametrize("listed", [NOW, NOW + timedelta(days=40)])
def test_what_is_revoked_afterwards(
    listed: datetime, story: Story, keys: Keys, letter: Document, client_for: Login
) -> None:
    """Listed later: what was signed before the revocation holds, what was signed since does not."""
    head, made = story.people.head, pair("Đổi thiết bị")
    keys.add("doi", made, kind="personal", owner=head.username)
    sign(letter, "doi", head)
    page = reverse("dossiers:paper", args=(letter.pk,))
    keys.revoke(made, NOW + timedelta(days=1), listed=listed)
    [one] = found(letter)
    assert one.is_valid
    assert one.is_trusted
    text = client_for(head).get(page).content.decode()
    assert "sau khi đã ký nên chữ ký vẫn có giá trị" in text
    keys.revoke(made, NOW - timedelta(hours=1), listed=listed + timedelta(seconds=1))
    [one] = found(letter)
    assert not one.is_valid
    assert not one.is_trusted
    text = client_for(head).get(page).content.decode()
    assert "Không hợp lệ. Chứng thư số đã bị thu hồi trước khi ký." in text


def test_the_list_of_another_authority_says_nothing(
    story: Story, keys: Keys, letter: Document
) -> None:
    head, made = story.people.head, pair("Trùng số")
    keys.add("trung", made, kind="personal", owner=head.username)
    keys.revoke(replace(made, issuer=authority("CA lạ")), NOW - timedelta(days=1))
    assert sign(letter, "trung", head).position == 1


def test_a_list_that_is_none_is_said_before_anybody_signs(keys: Keys) -> None:
    keys.revoke(pair("Ai đó"), NOW)
    assert check_keys() == []
    (keys.folder / "revocation" / "b.crl").write_bytes(b"no list")
    [said] = check_keys()
    assert "b.crl is no revocation list" in said.msg


def test_a_list_with_a_time_of_no_zone_is_said_to_be_unreadable(
    story: Story, keys: Keys, letter: Document
) -> None:
    head, made = story.people.head, pair("Ai đó")
    keys.add("ai-do", made, kind="personal", owner=head.username)
    keys.revoke(made, NOW + timedelta(days=1))
    path = keys.folder / "revocation" / "ca.crl"
    content, when = path.read_bytes(), f"{NOW + timedelta(days=1):%y%m%d}".encode()
    place = content.rindex(b"\x17\x0d" + when)
    # As long as it was: half an hour after two, nobody knows where.
    odd = b"\x18\x0d2026112102.50"
    content = content[:place] + odd + content[place + len(odd) :]
    path.write_bytes(content)
    with pytest.raises(ValidationError, match="Không đọc được danh sách thu hồi"):
        sign(letter, "ai-do", head)


# --- Time stamps ----------------------------------------------------------------------------------


@contextmanager
def stamping(answer: Callable[[bytes], bytes]) -> Iterator[str]:
    """A time stamping authority of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            return

    with serving(Handler) as address:
        yield address


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def stamper(moment: Any, made: Pair | None = None) -> Callable[[bytes], bytes]:
    import asyncio

    from asn1crypto import keys as asn1_keys
    from asn1crypto import tsp, x509
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

    made = made or pair("Máy chủ dấu thời gian", use="stamp")
    key = made.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    dummy = DummyTimeStamper(
        x509.Certificate.load(made.der), asn1_keys.PrivateKeyInfo.load(key), fixed_dt=moment
    )

    def answer(request: bytes) -> bytes:
        asked = tsp.TimeStampReq.load(request)
        reply = asyncio.run(dummy.async_request_tsa_response(asked))
        return reply.dump()  # type: ignore[no-any-return]

    return answer


def test_a_time_stamp_where_an_authority_is_named(
    story: Story, keys: Keys, letter: Document
) -> None:
    head = story.people.head
    keys.person("truong-phong", head.username, "Trưởng phòng")
    moment = NOW + timedelta(seconds=5)
    with stamping(stamper(moment)) as address:
        keys.say(f'timestamps = "{address}"')
        row = sign(letter, "truong-phong", head)
    assert row.has_timestamp
    [one] = found(letter)
    assert one.is_valid
    assert one.seen
    assert one.seen.stamped_at == moment
    assert one.seen.stamp_is_good
    assert one.seen.stamper == "Máy chủ dấu thời gian"


def test_a_stamp_outlives_the_certificate_of_its_authority(
    story: Story, keys: Keys, letter: Document
) -> None:
    head = story.people.head
    keys.person("truong-phong", head.username, "Trưởng phòng")
    brief = pair("Máy chủ sắp đổi", end=NOW + timedelta(minutes=1), use="stamp")
    with stamping(stamper(NOW, brief)) as address:
        keys.say(f'timestamps = "{address}"')
        sign(letter, "truong-phong", head)
    [one] = found(letter)
    assert one.is_valid
    assert one.seen
    assert one.seen.stamp_is_good


def test_an_answer_that_does_not_end_fills_no_memory(
    story: Story, keys: Keys, letter: Document
) -> None:
    """Refused as soon as it is longer than any stamp, not when the time is up."""
    head = story.people.head
    keys.person("truong-phong", head.username, "Trưởng phòng")
    sent: list[int] = []

    class Endless(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            with suppress(OSError):
                while len(sent) < 500:
                    self.wfile.write(b"0" * 1_000_000)
                    sent.append(1)

        def log_message(self, *args: Any) -> None:
            return

    with serving(Endless) as address:
        keys.say(f'timestamps = "{address}"')
        with pytest.raises(ValidationError, match="dấu thời gian"):
            sign(letter, "truong-phong", head)
    assert len(sent) < 50


@pytest.mark.parametrize(
    "answer", [b"", b"not a time stamp", b"0" * (2 * LARGEST)], ids=["none", "other", "long"]
)
def test_an_authority_that_gives_no_stamp(
    answer: bytes, story: Story, keys: Keys, letter: Document
) -> None:
    head = story.people.head
    keys.person("truong-phong", head.username, "Trưởng phòng")
    before = stored()
    with stamping(lambda request: answer) as address:
        keys.say(f'timestamps = "{address}"')
        with pytest.raises(ValidationError, match="dấu thời gian"):
            sign(letter, "truong-phong", head)
    with pytest.raises(ValidationError, match="dấu thời gian"):  # and when it is away
        sign(letter, "truong-phong", head)
    assert stored() == before
    assert not Signature.objects.exists()
