"""A key made ready to sign with its secret, for as long as one signature takes."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from dossiers.signing.keys import Key, Keyring
from dossiers.signing.trust import TrustError, revoked_at
from emulation.vietnamese import short_date

if TYPE_CHECKING:
    from pyhanko.sign.signers import Signer

# A token knows whether this process is logged in, not who in it: one signature at a time.
_tokens = threading.Lock()
TOKEN_SECONDS = 30
TELL = "hãy báo quản trị hệ thống"
# Of RSA, and of curves; what is shorter, and what rests on these digests, is trusted by nobody.
LEAST_BITS = {"rsa": 2048, "ec": 256}
BROKEN = {"md2", "md5", "sha1"}
SIGNING = {"digital_signature", "non_repudiation"}


class Secret(str):
    """A passphrase or PIN that no report of an error spells out."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'********'"


class SigningError(Exception):
    """Why nothing was signed, in Vietnamese."""


class WrongSecret(SigningError):
    """The passphrase or PIN that was typed is not the key's."""


@contextmanager
def opened(key: Key, secret: Secret, others: list[Any]) -> Iterator[Signer]:
    """
    The key as a signer, closed again afterwards; raises `SigningError`, of which `WrongSecret`.

    `others` are the certificates that lead from the key's up to those that are trusted.
    """
    if key.pkcs12 is not None:
        yield _from_file(key, key.pkcs12, secret, others)
    else:
        with _from_token(key, secret, others) as signer:
            yield signer


def require_valid(signer: Signer, ring: Keyring, at: datetime) -> None:
    """
    Raises `SigningError` when the certificate has ended, has not begun or was revoked, or is none
    to sign papers with: nobody would trust what it signed, and a signature cannot be taken back.
    """
    certificate = signer.signing_cert
    assert certificate is not None
    if reason := _unfit(certificate):
        raise SigningError(
            f"{reason} nên không ký văn bản được; hãy liên hệ đơn vị cấp chứng thư số."
        )
    start, end = certificate.not_valid_before, certificate.not_valid_after
    if at > end:
        raise SigningError(f"Chứng thư số đã hết hạn ngày {_day(end)} nên không ký được.")
    if at < start:
        raise SigningError(f"Chứng thư số chỉ có hiệu lực từ ngày {_day(start)}.")
    try:
        revoked = revoked_at(ring, certificate)
    except TrustError:
        raise SigningError(f"Không đọc được danh sách thu hồi chứng thư số; {TELL}.") from None
    if revoked and revoked <= at:
        raise SigningError(
            f"Chứng thư số đã bị thu hồi ngày {_day(revoked)} nên không ký được; hãy liên hệ đơn "
            "vị cấp chứng thư số."
        )


def _unfit(certificate: Any) -> str:
    key = certificate.public_key
    least = LEAST_BITS.get(key.algorithm)
    if key.algorithm == "dsa" or (least and key.bit_size < least):
        return "Khóa của chứng thư số quá yếu"
    if certificate["signature_algorithm"]["algorithm"].native.partition("_")[0] in BROKEN:
        return "Chứng thư số được cấp bằng thuật toán không còn an toàn"
    usage = certificate.key_usage_value
    if certificate.ca or (usage is not None and not SIGNING & usage.native):
        return "Chứng thư số không cấp để ký"
    return ""


def _day(moment: datetime) -> str:
    return short_date(timezone.localdate(moment))


def _from_file(key: Key, path: Path, secret: Secret, others: list[Any]) -> Signer:
    from asn1crypto import keys, x509
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
        pkcs12,
    )
    from pyhanko.sign.signers import SimpleSigner
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    if key.passphrase_env:
        secret = Secret(os.environ.get(key.passphrase_env, ""))
    try:
        content = path.read_bytes()
        private, certificate, chain = pkcs12.load_key_and_certificates(content, secret.encode())
    except OSError:
        raise SigningError(f"Không đọc được tệp khóa ký số; {TELL}.") from None
    except ValueError:
        if key.passphrase_env:
            raise SigningError(f"Tệp khóa ký số cấu hình chưa đúng; {TELL}.") from None
        raise WrongSecret("Mật khẩu của khóa ký số không đúng.") from None
    except UnsupportedAlgorithm:
        raise SigningError(f"Tệp khóa ký số dùng thuật toán không hỗ trợ; {TELL}.") from None
    if private is None or certificate is None:
        raise SigningError(f"Tệp khóa ký số không có đủ khóa và chứng thư số; {TELL}.")
    store = SimpleCertificateStore()
    store.register_multiple(others)
    store.register_multiple(
        x509.Certificate.load(link.certificate.public_bytes(Encoding.DER))
        for link in pkcs12.load_pkcs12(content, secret.encode()).additional_certs
        if chain
    )
    return SimpleSigner(
        signing_cert=x509.Certificate.load(certificate.public_bytes(Encoding.DER)),
        signing_key=keys.PrivateKeyInfo.load(
            private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        ),
        cert_registry=store,
        embed_roots=False,
    )


@contextmanager
def _from_token(key: Key, pin: Secret, others: list[Any]) -> Iterator[Signer]:
    import pkcs11
    from pyhanko.config.pkcs11 import TokenCriteria
    from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session

    if not pin:  # without one, a token would be opened but not log in
        raise WrongSecret("Hãy nhập mã PIN.")
    if not _tokens.acquire(timeout=TOKEN_SECONDS):
        raise SigningError("Thiết bị ký số đang bận; hãy thử lại sau ít phút.")
    try:
        criteria = TokenCriteria(label=key.token) if key.token else None
        # One try for each request: a token locks itself after a few wrong ones.
        session = open_pkcs11_session(str(key.module), key.slot, criteria, user_pin=pin)
        with session:
            signer = PKCS11Signer(
                session, cert_label=key.certificate, ca_chain=others, embed_roots=False
            )
            assert signer.signing_cert is not None  # read now, while errors are told apart
            yield signer
    except pkcs11.exceptions.PinLocked:
        raise SigningError(
            "Thiết bị ký số đã bị khóa do nhập sai mã PIN quá nhiều lần; hãy liên hệ đơn vị cấp "
            "thiết bị để mở khóa."
        ) from None
    except (
        pkcs11.exceptions.PinIncorrect,
        pkcs11.exceptions.PinInvalid,
        pkcs11.exceptions.PinLenRange,
    ):
        raise WrongSecret("Mã PIN không đúng.") from None
    except pkcs11.PKCS11Error as error:
        raise SigningError(
            f"Không dùng được thiết bị ký số ({type(error).__name__}); hãy kiểm tra thiết bị đã "
            f"được cắm chưa, nếu vẫn lỗi {TELL}."
        ) from None
    finally:
        _tokens.release()
