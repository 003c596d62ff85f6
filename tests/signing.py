"""Certificates, keys and pictures to sign with: made once for a process, listed by each test."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw
from pytest_django import Settings

from tests.factories import NOW

PASSPHRASE = "Đúng 1234"
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Pair:
    """A certificate with its key, and who issued it."""

    key: Any
    certificate: Any
    issuer: Pair | None = None

    @property
    def pem(self) -> bytes:
        from cryptography.hazmat.primitives.serialization import Encoding

        return self.certificate.public_bytes(Encoding.PEM)  # type: ignore[no-any-return]

    @property
    def der(self) -> bytes:
        from cryptography.hazmat.primitives.serialization import Encoding

        return self.certificate.public_bytes(Encoding.DER)  # type: ignore[no-any-return]

    def pkcs12(self, passphrase: str = PASSPHRASE) -> bytes:
        from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

        chain = [self.issuer.certificate] if self.issuer else None
        secret = BestAvailableEncryption(passphrase.encode())
        return pkcs12.serialize_key_and_certificates(
            b"key", self.key, self.certificate, chain, secret
        )


CA = "CA kiểm thử"


@cache
def authority(name: str) -> Pair:
    return _pair(name, None, NOW - 5 * YEAR, NOW + 20 * YEAR, "ca")


@cache
def below(name: str, *, by: str = CA) -> Pair:
    """An authority that rests on another."""
    return _pair(name, authority(by), NOW - 5 * YEAR, NOW + 20 * YEAR, "ca")


@cache
def pair(
    name: str,
    *,
    by: str | Pair = CA,
    start: datetime = NOW - YEAR,
    end: datetime = NOW + 10 * YEAR,
    use: str = "sign",
    key: str = "rsa-2048",
) -> Pair:
    """`use` is "sign", "digital" (without non-repudiation), "stamp", or "encipher": not to sign."""
    issuer = authority(by) if isinstance(by, str) else by
    return _pair(name, issuer, start, end, use, key)


def _key(kind: str) -> Any:
    from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa

    match kind.split("-"):
        case "rsa", bits:
            return rsa.generate_private_key(public_exponent=65537, key_size=int(bits))
        case "dsa", bits:
            return dsa.generate_private_key(int(bits))
        case "ec", bits:
            return ec.generate_private_key({"192": ec.SECP192R1(), "256": ec.SECP256R1()}[bits])
    return ed25519.Ed25519PrivateKey.generate()


def _pair(
    name: str,
    issuer: Pair | None,
    start: datetime,
    end: datetime,
    use: str,
    kind: str = "rsa-2048",
) -> Pair:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    key = _key(kind)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    is_ca = use == "ca"
    usage = x509.KeyUsage(
        digital_signature=use in ("sign", "digital", "stamp"),
        content_commitment=use in ("sign", "stamp"),
        key_cert_sign=is_ca,
        crl_sign=is_ca,
        key_encipherment=use == "encipher",
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(
                (issuer.key if issuer else key).public_key()
            ),
            critical=False,
        )
    )
    if use == "stamp":
        stamping = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(stamping, critical=True)
    signed = builder.sign(issuer.key if issuer else key, hashes.SHA256())
    return Pair(key, signed, issuer)


@dataclass
class Keys:
    """The file of keys of one test, in its own folder."""

    folder: Path
    settings: Settings

    def __post_init__(self) -> None:
        (self.folder / "trust").mkdir(parents=True)
        self.lines = ['trust = "trust"']
        self.tables: list[str] = []
        self.trust(authority(CA))

    def trust(self, *roots: Pair) -> None:
        for number, root in enumerate(roots):
            (self.folder / "trust" / f"{number}.pem").write_bytes(root.pem)
        self._write()

    def add(self, slug: str, made: Pair | None, **fields: Any) -> None:
        """A key in a PKCS#12 file, or as `fields` say; strings, numbers and lists of strings."""
        if made is not None:
            (self.folder / f"{slug}.p12").write_bytes(made.pkcs12())
            fields["pkcs12"] = f"{slug}.p12"
        rows = {"slug": slug, "label": f"Khóa {slug}"} | fields
        text = [f"{name} = {_toml(value)}" for name, value in rows.items()]
        self.tables.append("\n".join(["[[keys]]", *text]))
        self._write()

    def person(self, slug: str, owner: str, name: str, **fields: Any) -> None:
        self.add(slug, pair(name), kind="personal", owner=owner, **fields)

    def seal(self, slug: str, unit: str, name: str, **fields: Any) -> None:
        self.add(slug, pair(name), kind="organisation", unit=unit, **fields)

    def revoke(
        self, made: Pair, at: datetime, *, listed: datetime = NOW, file: str = "ca.crl"
    ) -> None:
        """A list by the issuer, of the day `listed`, which says so."""
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.serialization import Encoding

        assert made.issuer
        entry = (
            x509.RevokedCertificateBuilder()
            .serial_number(made.certificate.serial_number)
            .revocation_date(at)
            .build()
        )
        found = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(made.issuer.certificate.subject)
            .last_update(listed)
            .next_update(listed + timedelta(days=7))
            .add_revoked_certificate(entry)
            .sign(made.issuer.key, hashes.SHA256())
        )
        folder = self.folder / "revocation"
        if not folder.exists():
            folder.mkdir()
            self.say('revocation = "revocation"')
        (folder / file).write_bytes(found.public_bytes(Encoding.DER))

    def picture(self, name: str, size: tuple[int, int], colour: tuple[int, int, int]) -> str:
        """An ellipse on nothing, with empty space around it that does not count."""
        image = Image.new("RGBA", (size[0] + 40, size[1] + 40), (0, 0, 0, 0))
        pen = ImageDraw.Draw(image)
        pen.ellipse((20, 20, size[0] + 19, size[1] + 19), outline=(*colour, 255), width=8)
        image.save(self.folder / name)
        return name

    def say(self, line: str) -> None:
        """One more line for all keys, such as the address of time stamps."""
        self.lines.append(line)
        self._write()

    def _write(self) -> None:
        path = self.folder / "signing.toml"
        path.write_text("\n\n".join(["\n".join(self.lines), *self.tables]), encoding="utf-8")
        self.settings.SIGNING_KEYS = str(path)


def _toml(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else '"' + str(value) + '"'
