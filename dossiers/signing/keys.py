"""
The keys that may sign here, as the file named by SIGNING_KEYS lists them.

See deploy/signing.example.toml. A key that is described wrongly is left out and said so: one bad
line must not take the others along.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

PERSONAL, ORGANISATION = "personal", "organisation"
KINDS = {PERSONAL: "Chữ ký số cá nhân", ORGANISATION: "Chữ ký số cơ quan"}
# Who may use the seal of an organisation unless its key says otherwise.
SEAL_ROLES = ("OFFICE", "DIRECTOR")
ROLES = {*SEAL_ROLES, "UNIT_HEAD"}
TEXTS = (
    "slug", "kind", "label", "owner", "unit", "pkcs12", "passphrase_env", "module", "token",
    "certificate", "image",
)  # fmt: skip
FIELDS = {*TEXTS, "roles", "slot", "image_mm", "trial"}
GLOBALS = {"trust", "intermediates", "revocation", "timestamps", "keys"}


class Misconfigured(Exception):
    """What is wrong with the file or with one key in it."""


@dataclass(frozen=True)
class Key:
    """A certificate with its private key, in a PKCS#12 file or on a PKCS#11 token."""

    slug: str
    kind: str
    label: str
    # Of a personal key: the account that it belongs to.
    owner: str = ""
    # Of an organisation: the code of the unit whose seal it is, and who may use it.
    unit: str = ""
    roles: tuple[str, ...] = SEAL_ROLES
    pkcs12: Path | None = None
    passphrase_env: str = ""
    module: Path | None = None
    token: str = ""
    slot: int | None = None
    certificate: str = ""
    image: Path | None = None
    image_mm: float | None = None
    # Made by the demo for itself.
    trial: bool = False

    @property
    def is_personal(self) -> bool:
        return self.kind == PERSONAL

    @property
    def asks_secret(self) -> bool:
        return not self.passphrase_env


@dataclass(frozen=True)
class Keyring:
    keys: tuple[Key, ...] = ()
    # Folders of certificates: those that are trusted, and those that lead up to them.
    trust: Path | None = None
    intermediates: Path | None = None
    revocation: Path | None = None
    # The address of a time stamping authority; "" and nothing leaves the installation.
    timestamps: str = ""
    problems: tuple[str, ...] = ()

    def find(self, slug: str) -> Key | None:
        return next((key for key in self.keys if key.slug == slug), None)


def keyring() -> Keyring:
    """What the file says now; without a file nobody signs."""
    if not settings.SIGNING_KEYS:
        return Keyring()
    path = Path(settings.SIGNING_KEYS)
    try:
        return _read(path.parent, tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, Misconfigured) as wrong:
        return Keyring(problems=(f"{path}: {wrong}",))


def _read(home: Path, data: dict[str, Any]) -> Keyring:
    if unknown := data.keys() - GLOBALS:
        raise Misconfigured(f"unknown: {', '.join(sorted(unknown))}")
    entries = data.get("keys", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise Misconfigured("keys must be tables: [[keys]]")
    keys: list[Key] = []
    problems: list[str] = []
    for number, entry in enumerate(entries, 1):
        try:
            key = _key(home, entry)
            if any(key.slug == other.slug for other in keys):
                raise Misconfigured("this slug is used twice")
        except Misconfigured as wrong:
            problems.append(f"key {entry.get('slug') or number}: {wrong}")
        else:
            keys.append(key)
    stamps = data.get("timestamps", "")
    if not isinstance(stamps, str) or (stamps and urlsplit(stamps).scheme not in ("http", "https")):
        raise Misconfigured("timestamps must be an address that begins with https:// or http://")
    return Keyring(
        keys=tuple(keys),
        trust=_folder(home, data, "trust"),
        intermediates=_folder(home, data, "intermediates"),
        revocation=_folder(home, data, "revocation"),
        timestamps=stamps,
        problems=tuple(problems),
    )


def _key(home: Path, entry: dict[str, Any]) -> Key:
    if unknown := entry.keys() - FIELDS:
        raise Misconfigured(f"unknown: {', '.join(sorted(unknown))}")
    text = {name: entry.get(name, "") for name in TEXTS}
    if wrong := [name for name, value in text.items() if not isinstance(value, str)]:
        raise Misconfigured(f"must be text: {', '.join(wrong)}")
    if missing := [name for name in ("slug", "kind", "label") if not text[name]]:
        raise Misconfigured(f"missing: {', '.join(missing)}")
    if text["kind"] not in KINDS:
        raise Misconfigured(f"kind must be one of {', '.join(KINDS)}")
    owns = "owner" if text["kind"] == PERSONAL else "unit"
    if not text[owns]:
        raise Misconfigured(f"a key of kind {text['kind']} needs {owns}")
    if bool(text["pkcs12"]) == bool(text["module"]):
        raise Misconfigured("either pkcs12 or module is needed")
    if text["module"] and not text["certificate"]:
        raise Misconfigured("a token needs the label of its certificate")
    if text["passphrase_env"] and text["kind"] == PERSONAL:
        raise Misconfigured("a personal key asks its owner; passphrase_env is for seals only")
    if text["passphrase_env"] and text["passphrase_env"] not in os.environ:
        raise Misconfigured(f"{text['passphrase_env']} is not set in the environment")
    roles = entry.get("roles", list(SEAL_ROLES))
    if not isinstance(roles, list) or not roles or not set(map(str, roles)) <= ROLES:
        raise Misconfigured(f"roles must be some of {', '.join(sorted(ROLES))}")
    slot, width = entry.get("slot"), entry.get("image_mm")
    if slot is not None and (type(slot) is not int or slot < 0):
        raise Misconfigured("slot must be a number")
    if width is not None and (type(width) not in (int, float) or not 5 <= width <= 120):
        raise Misconfigured("image_mm must be a number from 5 to 120")
    return Key(
        slug=text["slug"],
        kind=text["kind"],
        label=text["label"],
        owner=text["owner"],
        unit=text["unit"],
        roles=tuple(roles),
        pkcs12=_file(home, text["pkcs12"]),
        passphrase_env=text["passphrase_env"],
        module=_file(home, text["module"]),
        token=text["token"],
        slot=slot,
        certificate=text["certificate"],
        image=_file(home, text["image"]),
        image_mm=width,
        trial=entry.get("trial") is True,
    )


def _file(home: Path, name: str) -> Path | None:
    if not name:
        return None
    path = home / name
    if not path.is_file() or not os.access(path, os.R_OK):
        raise Misconfigured(f"{path} is not a file that can be read")
    return path


def _folder(home: Path, data: dict[str, Any], name: str) -> Path | None:
    value = data.get(name, "")
    if not value:
        return None
    path = home / str(value)
    if not path.is_dir():
        raise Misconfigured(f"{name}: {path} is not a folder")
    return path
