"""The file that lists the keys: what is wrong in it is said, and takes no other key along."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pytest_django import Settings

from dossiers.demo import keys as demo
from dossiers.models import Document
from dossiers.signing.checks import check_keys
from dossiers.signing.keys import keyring
from tests.conftest import People, SafeClient
from tests.dossiers.conftest import Story
from tests.dossiers.signed import found, sign
from tests.factories import NOW
from tests.signing import PASSPHRASE, Keys, pair

PERSON = {"kind": "personal", "owner": "an"}
SEAL = {"kind": "organisation", "unit": "so"}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (PERSON | {"colour": "red"}, "unknown: colour"),
        (PERSON | {"label": ""}, "missing: label"),
        (PERSON | {"label": 5}, "must be text: label"),
        (PERSON | {"kind": "robot"}, "kind must be one of"),
        ({"kind": "personal", "unit": "so"}, "needs owner"),
        ({"kind": "organisation", "owner": "an"}, "needs unit"),
        (PERSON | {"pkcs12": ""}, "either pkcs12 or module"),
        (PERSON | {"module": "x.so", "certificate": "c"}, "either pkcs12 or module"),
        (PERSON | {"pkcs12": "", "module": "x.so"}, "needs the label of its certificate"),
        (PERSON | {"pkcs12": "gone.p12"}, "gone.p12 is not a file that can be read"),
        (PERSON | {"image": "gone.png"}, "gone.png is not a file that can be read"),
        (PERSON | {"passphrase_env": "HOME"}, "passphrase_env is for seals only"),
        (SEAL | {"passphrase_env": "NOT_SET_ANYWHERE"}, "NOT_SET_ANYWHERE is not set"),
        (SEAL | {"roles": ["KING"]}, "roles must be some of"),
        (SEAL | {"roles": []}, "roles must be some of"),
        (SEAL | {"slot": -1}, "slot must be a number"),
        (SEAL | {"image_mm": 500}, "image_mm must be a number"),
        (SEAL | {"slug": "dung"}, "this slug is used twice"),
    ],
)
def test_a_wrong_key_is_left_out_and_named(fields: dict[str, Any], said: str, keys: Keys) -> None:
    keys.person("dung", "an", "Người ký")
    (keys.folder / "sai.p12").write_bytes(pair("Người ký").pkcs12())
    values = {"slug": "sai", "pkcs12": "sai.p12"} | fields
    keys.add(values.pop("slug"), None, **values)
    ring = keyring()
    assert [key.slug for key in ring.keys] == ["dung"]
    [problem] = ring.problems
    assert said in problem
    assert PASSPHRASE not in problem
    [check] = check_keys()
    assert problem in check.msg


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("= =", "signing.toml"),
        ("keys = 5", "keys"),
        ('colour = "red"', "unknown: colour"),
        ('timestamps = "ftp://a"', "must be an address"),
        ("timestamps = 5", "must be an address"),
        ('revocation = "gone"', "is not a folder"),
    ],
)
def test_a_wrong_file_has_no_keys(line: str, said: str, keys: Keys) -> None:
    if line != "keys = 5":
        keys.person("dung", "an", "Người ký")
    keys.say(line)
    ring = keyring()
    assert ring.keys == ()
    [check] = check_keys()
    assert said in check.msg


def test_without_a_file_nobody_signs(settings: Settings) -> None:
    settings.SIGNING_KEYS = ""
    assert (keyring().keys, check_keys()) == ((), [])
    settings.SIGNING_KEYS = "/nowhere/signing.toml"
    assert keyring().keys == ()
    assert "/nowhere/signing.toml" in check_keys()[0].msg


def test_certificates_that_are_none_are_said(keys: Keys) -> None:
    (keys.folder / "trust" / "x.pem").write_text("no certificate")
    [check] = check_keys()
    assert "x.pem" in check.msg
    for path in (keys.folder / "trust").iterdir():
        path.unlink()
    [check] = check_keys()
    assert "holds no certificate" in check.msg


@pytest.mark.django_db
def test_a_seal_whose_passphrase_the_service_knows(
    story: Story, keys: Keys, letter: Document, monkeypatch: pytest.MonkeyPatch,
    client_for: Callable[..., SafeClient],
) -> None:  # fmt: skip
    monkeypatch.setenv("SEAL", "sai")
    keys.seal("con-dau", story.people.agency.code, "Sở Nội vụ", passphrase_env="SEAL")
    page = reverse("dossiers:paper", args=(letter.pk,))
    text = client_for(story.people.office).get(page).content.decode()
    assert "Khóa con-dau" in text
    assert 'name="secret"' not in text
    with pytest.raises(ValidationError, match="cấu hình chưa đúng"):
        sign(letter, "con-dau", story.people.office, secret="")
    monkeypatch.setenv("SEAL", PASSPHRASE)
    later = NOW + timedelta(hours=1)
    sign(letter, "con-dau", story.people.office, secret="", at=later)
    assert [one.is_valid for one in found(letter)] == [True]


# --- The keys of the demo -------------------------------------------------------------------------


@pytest.fixture
def made(people: People, settings: Settings, tmp_path: Path) -> Path:
    settings.VAR_DIR, settings.DEMO, settings.EMBEDDED = tmp_path, True, True
    settings.DEMO_AGENCY = people.agency.code
    call_command("make_demo_keys", stdout=StringIO())
    settings.SIGNING_KEYS = str(tmp_path / "signing" / demo.FILE)
    return tmp_path / "signing"


@pytest.mark.django_db
def test_the_demo_has_keys_for_its_signers(people: People, made: Path) -> None:
    assert check_keys() == []
    ring = keyring()
    owners = {key.owner for key in ring.keys if key.is_personal}
    assert owners == {user.username for user in (people.director, people.head, people.outsider)}
    [seal] = [key for key in ring.keys if not key.is_personal]
    assert seal.unit == people.agency.code
    assert all(key.trial for key in ring.keys)
    for path in made.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path
    for key in ring.keys:
        assert key.image
        with Image.open(key.image) as image:
            colours = image.getcolors(100_000)
        assert colours
        shown = {pixel[:3] for _, pixel in colours if isinstance(pixel, tuple) and pixel[3] == 255}
        assert (demo.BLUE if key.is_personal else demo.RED)[:3] in shown
        assert any(isinstance(pixel, tuple) and pixel[3] == 0 for _, pixel in colours)


@pytest.mark.django_db
def test_keys_that_are_there_stay(made: Path, settings: Settings) -> None:
    before = {path: path.read_bytes() for path in made.rglob("*") if path.is_file()}
    call_command("make_demo_keys", stdout=StringIO())
    assert {path: path.read_bytes() for path in made.rglob("*") if path.is_file()} == before
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO"):
        call_command("make_demo_keys", stdout=StringIO())


@pytest.mark.django_db
def test_a_demo_key_says_what_it_is(
    story: Story, made: Path, letter: Document, settings: Settings
) -> None:
    [key] = [key for key in keyring().keys if key.owner == story.people.head.username]
    row = sign(
        letter, key.slug, story.people.head, secret=settings.DEMO_PASSWORD, at=timezone.now()
    )
    assert demo.TRIAL in row.signer
    assert demo.TRIAL in row.issuer
    [one] = found(letter)
    assert one.is_valid
    assert one.is_trusted
