"""Signing issued papers."""

from __future__ import annotations

import contextlib
import logging
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.storage import Storage
from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from dossiers.codes import grouped
from dossiers.digests import sha256_of
from dossiers.documents.editions import Altered, copy, edition_of
from dossiers.models import Document, Signature
from dossiers.signing.keys import Key, Keyring, keyring
from dossiers.signing.marks import mark_lines
from dossiers.signing.opening import (
    Secret,
    SigningError,
    WrongSecret,
    opened,
    require_valid,
)
from dossiers.signing.signer import facts, sign_file
from dossiers.signing.trust import TrustError, certificates
from emulation.actions import record_step
from emulation.limits import Limit, give_back, take
from emulation.models import Unit, User
from emulation.vietnamese import fold
from emulation.workflow import Refused

# Fewer than the wrong PINs after which a token locks itself.
WRONG = Limit("signing", times=3, seconds=30 * 60)
# Where the mark goes: by the name of the signer, the upper right corner, or a place by its number.
BY_NAME, CORNER = "auto", "corner"
ALTERED = "Tệp của văn bản đã bị thay đổi nên không ký được; hãy báo quản trị."
STORAGE = "Không đọc hoặc ghi được tệp trên máy chủ nên chưa ký được; hãy thử lại sau."
Standing = Document.Standing
log = logging.getLogger(__name__)


def keys_for(*, document: Document, by: User) -> list[Key]:
    """The keys with which this person may sign this paper."""
    return [key for key in keyring().keys if _may_use(key, document, by)]


def unsignable(document: Document) -> str:
    """Why nobody may sign this paper, read with_standing(); "" when somebody may."""
    if document.standing != Standing.IN_FORCE:
        return {
            Standing.DRAFT: "Bản nháp chưa phát hành nên chưa ký số được.",
            Standing.ANNULLED: "Văn bản đã bị hủy nên không ký số được.",
            Standing.SUPERSEDED: "Văn bản đã được thay thế nên không ký số được.",
        }[Standing(document.standing)]
    return "" if document.state == Document.State.READY else "Văn bản chưa tạo xong."


@sensitive_variables("secret")
def sign(
    *, document: Document, key: str, secret: str, place: str, by: User, at: datetime
) -> Signature:
    """
    Put one signature more on an issued paper: a new file beside those before it.

    `secret` is used for this one try and kept nowhere; when it fails nothing is left behind.
    Raises `Refused` where the person or the paper may not, `ValidationError` for all else.
    """
    ring = keyring()
    chosen = ring.find(key)
    if chosen is None:
        raise ValidationError({"key": "Khóa ký số này không còn dùng được; hãy chọn khóa khác."})
    who = f"{by.pk} {chosen.slug}"
    wait = take(WRONG, who, at=at)
    if wait:
        raise ValidationError(
            {"secret": f"Đã nhập sai nhiều lần. Hãy thử lại sau {-(-wait // 60)} phút."}
        )
    kept: list[tuple[Storage, str]] = []
    try:
        with transaction.atomic():
            made = _sign(document, chosen, ring, Secret(secret), place, kept, by=by, at=at)
    except WrongSecret as wrong:
        raise ValidationError({"secret": str(wrong)}) from None
    except BaseException as failure:
        give_back(WRONG, who, at=at)
        for storage, name in kept:
            with contextlib.suppress(OSError):
                storage.delete(name)
        if isinstance(failure, SigningError):
            raise ValidationError(str(failure)) from None
        if isinstance(failure, OSError):
            log.exception("document %s", document.pk)
            raise ValidationError(STORAGE) from None
        raise
    give_back(WRONG, who, at=at)
    return made


def _sign(
    document: Document,
    key: Key,
    ring: Keyring,
    secret: Secret,
    place: str,
    kept: list[tuple[Storage, str]],
    *,
    by: User,
    at: datetime,
) -> Signature:
    rows = Document.objects.select_for_update(of=("self",)).with_standing()
    locked = rows.select_related("campaign__agency", "dossier__unit").get(pk=document.pk)
    if not _may_use(key, locked, by):
        raise Refused("Bạn không được dùng khóa ký số này cho văn bản này.")
    if reason := unsignable(locked):
        raise Refused(reason)
    earlier = list(locked.signatures.all())
    links = _links(ring)
    with TemporaryDirectory(prefix="signing-") as folder, opened(key, secret, links) as ready:
        require_valid(ready, ring, at)
        said = facts(ready, has_timestamp=bool(ring.timestamps))
        if any(row.fingerprint == said.fingerprint for row in earlier):
            raise Refused("Chứng thư số này đã ký văn bản.")
        source, target = Path(folder) / "source.pdf", Path(folder) / "signed.pdf"
        try:
            copy(edition_of(locked), source)
        except Altered:
            raise Refused(ALTERED) from None
        lines = mark_lines(
            number=locked.number, code=grouped(locked.code or ""), signer=said.signer, at=at
        )
        sign_file(
            source,
            target,
            key=key,
            ring=ring,
            signer=ready,
            place=_place(locked, key, place, earlier, by),
            lines=lines,
            at=at,
        )
        made = Signature(
            document=locked,
            position=len(earlier) + 1,
            kind=key.kind,
            key=key.slug,
            signer=said.signer,
            issuer=said.issuer,
            serial=said.serial,
            fingerprint=said.fingerprint,
            has_timestamp=said.has_timestamp,
            sha256=sha256_of(target),
            signed_by=by,
            signed_at=at,
        )
        _store(made, target, kept)
    made.save()
    standing = Standing(locked.standing)
    record_step(
        subject=locked,
        act="sign",
        label="Ký số",
        after=(standing, standing.label),
        by=by,
        at=at,
        note=f"{made.get_kind_display()}: {made.signer}",
    )
    return made


def _store(made: Signature, signed: Path, kept: list[tuple[Storage, str]]) -> None:
    """Give the signature its file; `kept` names what to delete if anything fails from here on."""
    storage, name = made.file.storage, made.file.field.generate_filename(made, "")
    name = storage.get_available_name(name, max_length=200)
    kept.append((storage, name))
    with signed.open("rb") as content:
        made.file.name = storage.save(name, File(content), max_length=200)
    kept.append((storage, made.file.name))


def _may_use(key: Key, document: Document, by: User) -> bool:
    """A person's key is used by that person alone; a seal by those who keep it, on own papers."""
    if key.is_personal:
        return key.owner == by.username and bool(by.grants_today)
    dossier = document.dossier
    owners: list[Unit] = [document.campaign.agency, *([dossier.unit] if dossier else [])]
    unit = next((owner for owner in owners if owner.code == key.unit), None)
    if unit is None:
        return False
    held = by.roles_for(agency_id=unit.agency_id or unit.pk, unit_id=unit.pk)
    return bool(held & set(key.roles))


def _place(
    document: Document, key: Key, wanted: str, earlier: list[Signature], by: User
) -> dict[str, Any] | None:
    """Where this signature goes; None is the upper right corner of the first page."""
    places = document.signing_places
    if wanted == CORNER or not places:
        return None
    if wanted.isdecimal() and int(wanted) < len(places):
        chosen = places[int(wanted)]
        if key.is_personal and chosen["name"] and not _is_of(chosen, by.get_full_name()):
            raise ValidationError({"place": f"Chỗ này để {chosen['name']} ký; hãy chọn chỗ khác."})
        return chosen
    if key.is_personal:
        return _place_of(places, by.get_full_name())
    # A seal goes over the signature of the person who signed last.
    persons = [row for row in reversed(earlier) if row.kind == Signature.Kind.PERSONAL]
    found = [_place_of(places, row.signed_by.get_full_name()) for row in persons]
    return next((place for place in found if place), places[-1])


def _place_of(places: list[dict[str, Any]], name: str) -> dict[str, Any] | None:
    return next((place for place in places if _is_of(place, name)), None)


def _is_of(place: dict[str, Any], name: str) -> bool:
    return fold(place["name"]) == fold(name)


def _links(ring: Keyring) -> list[Any]:
    try:
        return certificates(ring.intermediates)
    except TrustError:
        return []
