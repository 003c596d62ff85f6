"""Signing with a PKCS#11 token: a real one, in software."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from dossiers import actions
from dossiers.documents.signatures import findings
from dossiers.models import Document, Signature
from dossiers.signing.keys import keyring
from tests.dossiers.conftest import Story
from tests.factories import NOW
from tests.signing import CA, Keys, pair

pytestmark = pytest.mark.django_db

MODULES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
)
TOKEN, LABEL, PIN = "TRUONG PHONG", "chung thu", "246810"


def module() -> str:
    found = next((path for path in MODULES if Path(path).is_file()), None)
    assert found, "install the package softhsm2"
    return found


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A token with a key and its certificate; the module reads its settings once for a process."""
    home = tmp_path_factory.mktemp("softhsm")
    (home / "tokens").mkdir()
    (home / "softhsm2.conf").write_text(
        f"directories.tokendir = {home / 'tokens'}\nobjectstore.backend = file\nlog.level = ERROR\n"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(home / "softhsm2.conf"))
        pins = ["--pin", PIN, "--so-pin", "87654321"]
        command = ["softhsm2-util", "--init-token", "--free", "--label", TOKEN, *pins]
        subprocess.run(command, check=True, capture_output=True)
        _fill(module())
        yield module()


def _fill(path: str) -> None:
    import pkcs11
    from pkcs11.util.rsa import decode_rsa_private_key
    from pkcs11.util.x509 import decode_x509_certificate

    made = pair("Trưởng phòng dùng thiết bị")
    with pkcs11.lib(path).get_token(token_label=TOKEN).open(rw=True, user_pin=PIN) as session:
        kept = {pkcs11.Attribute.TOKEN: True, pkcs11.Attribute.LABEL: LABEL}
        usage = {pkcs11.Attribute.SIGN: True, pkcs11.Attribute.PRIVATE: True}
        session.create_object(decode_rsa_private_key(_der(made.key)) | kept | usage)
        session.create_object(decode_x509_certificate(made.der) | kept)


def _der(key: Any) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    return key.private_bytes(  # type: ignore[no-any-return]
        Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption()
    )


def add(keys: Keys, story: Story, path: str, **fields: Any) -> None:
    owner = {"kind": "personal", "owner": story.people.head.username}
    fields = {"token": TOKEN, "certificate": LABEL} | fields
    keys.add("thiet-bi", None, module=path, **owner, **fields)


def sign(story: Story, letter: Document, pin: str = PIN) -> Signature:
    return actions.sign(
        document=letter, key="thiet-bi", secret=pin, place="auto", by=story.people.head, at=NOW
    )


def test_a_token_signs(token: str, story: Story, letter: Document, keys: Keys) -> None:
    add(keys, story, token)
    row = sign(story, letter)
    assert row.signer == "Trưởng phòng dùng thiết bị"
    assert row.issuer == CA
    [found] = findings([row], keyring())
    assert found.is_valid
    assert found.is_trusted


def test_the_first_slot_is_a_place_too(
    token: str, story: Story, letter: Document, keys: Keys
) -> None:
    add(keys, story, token, token="", slot=0)
    assert sign(story, letter).position == 1


def test_a_wrong_pin_is_tried_once_and_leaves_nothing(
    token: str, story: Story, letter: Document, keys: Keys
) -> None:
    add(keys, story, token)
    with pytest.raises(ValidationError) as error:
        sign(story, letter, pin="135791")
    assert error.value.message_dict == {"secret": ["Mã PIN không đúng."]}
    with pytest.raises(ValidationError, match="Hãy nhập mã PIN"):
        sign(story, letter, pin="")
    assert not Signature.objects.exists()
    assert sign(story, letter).position == 1, "and the token is not left logged in or locked"
    # Had the session stayed open, a wrong PIN would pass from now on.
    with pytest.raises(ValidationError, match="Mã PIN không đúng"):
        sign(story, letter, pin="135791")


@pytest.mark.parametrize(
    "wrong", [{"token": "KHONG CO"}, {"certificate": "khong co"}, {"token": "", "slot": 99}]
)
def test_a_token_that_is_not_there(
    wrong: dict[str, Any], token: str, story: Story, letter: Document, keys: Keys
) -> None:
    add(keys, story, token, **wrong)
    with pytest.raises(ValidationError, match="Không dùng được thiết bị ký số"):
        sign(story, letter)
    assert not Signature.objects.exists()


def test_a_module_that_is_none(story: Story, letter: Document, keys: Keys) -> None:
    path = keys.folder / "module.so"
    path.write_bytes(b"no library")
    add(keys, story, str(path))
    with pytest.raises(ValidationError, match="Không dùng được thiết bị ký số"):
        sign(story, letter)
