"""Throw-away keys with which the demo can sign; every certificate and picture says what it is."""

from __future__ import annotations

import contextlib
import math
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, cast

from django.db.models import Q
from django.utils.text import slugify

from dossiers.signing.keys import ORGANISATION, PERSONAL
from emulation.models import Role, RoleGrant, Unit

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.x509 import Certificate
    from PIL.Image import Image as Picture
    from PIL.ImageFont import FreeTypeFont

TRIAL = "BẢN THỬ NGHIỆM"
YEARS = 10
FILE = "signing.toml"
BLUE, RED = (20, 50, 160, 255), (200, 20, 30, 255)
# Dots in a millimetre of a picture.
DOTS = 12
FONTS = (
    "/usr/share/fonts/truetype/liberation2/LiberationSerif-Bold.ttf",
    "Tinos-Bold.ttf",
    "LiberationSerif-Bold.ttf",
)


@dataclass(frozen=True)
class Demo:
    """A key to be made: `whose` is an account, or the code of a unit."""

    slug: str
    kind: str
    label: str
    whose: str
    name: str


def wanted_keys(agency: str, *, on: date) -> list[Demo]:
    """The seal of the agency, and a key for its director and for the head of each unit."""
    unit = Unit.objects.get(code=agency)
    grants = (
        RoleGrant.objects.in_force(on)
        .filter(Q(unit=unit, role=Role.DIRECTOR) | Q(unit__agency=unit, role=Role.UNIT_HEAD))
        .filter(user__individual__isnull=False)
        .select_related("user__individual")
        .order_by("pk")
    )
    owners = {grant.user.username: grant.user.get_full_name() for grant in grants}
    return [
        Demo(slugify(username.replace(".", "-")), PERSONAL, f"Chữ ký số của {name}", username, name)
        for username, name in owners.items()
    ] + [Demo(f"con-dau-{agency}", ORGANISATION, f"Con dấu {unit.name}", agency, unit.name)]


def make_keys(folder: Path, wanted: Sequence[Demo], *, passphrase: str, at: datetime) -> bool:
    """Make authority, keys, pictures and the file that lists them, all at once; False if there."""
    if (folder / FILE).exists():
        return False
    folder.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(mkdtemp(prefix="signing-", dir=folder.parent))
    try:
        _fill(scratch, wanted, passphrase, at)
        shutil.rmtree(folder, ignore_errors=True)
        scratch.rename(folder)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return True


def _fill(folder: Path, wanted: Sequence[Demo], passphrase: str, at: datetime) -> None:
    from cryptography.hazmat.primitives.serialization import (
        BestAvailableEncryption,
        Encoding,
        pkcs12,
    )

    authority_key = _private()
    authority = _certificate(f"{TRIAL} - CA thử nghiệm", authority_key, at)
    (folder / "trust").mkdir()
    (folder / "trust" / "ca.pem").write_bytes(authority.public_bytes(Encoding.PEM))
    lines = [f"# {TRIAL}: không có giá trị pháp lý.", 'trust = "trust"', ""]
    for demo in wanted:
        private = _private()
        certificate = _certificate(
            f"{demo.name} ({TRIAL})", private, at, issuer=(authority, authority_key)
        )
        packed = pkcs12.serialize_key_and_certificates(
            demo.slug.encode(),
            private,
            certificate,
            [authority],
            BestAvailableEncryption(passphrase.encode()),
        )
        (folder / f"{demo.slug}.p12").write_bytes(packed)
        draw = _signature if demo.kind == PERSONAL else _seal
        draw(demo.name, folder / f"{demo.slug}.png")
        owner = "owner" if demo.kind == PERSONAL else "unit"
        lines += [
            "[[keys]]",
            f'slug = "{demo.slug}"',
            f'kind = "{demo.kind}"',
            f'label = "{demo.label}"',
            f'{owner} = "{demo.whose}"',
            f'pkcs12 = "{demo.slug}.p12"',
            f'image = "{demo.slug}.png"',
            f"image_mm = {45 if demo.kind == PERSONAL else 36}",
            "trial = true",
            "",
        ]
    assert {demo.kind for demo in wanted} <= {PERSONAL, ORGANISATION}
    (folder / FILE).write_text("\n".join(lines), encoding="utf-8")
    for path in folder.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)


def _private() -> RSAPrivateKey:
    from cryptography.hazmat.primitives.asymmetric import rsa

    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _certificate(
    name: str,
    private: RSAPrivateKey,
    at: datetime,
    issuer: tuple[Certificate, RSAPrivateKey] | None = None,
) -> Certificate:
    """Signed by `issuer`, or an authority of its own."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.x509.oid import NameOID

    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.COMMON_NAME, name[:64]),
        ]
    )
    by_name, by_key = (issuer[0].subject, issuer[1]) if issuer else (subject, private)
    usage = x509.KeyUsage(
        digital_signature=issuer is not None,
        content_commitment=issuer is not None,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=issuer is None,
        crl_sign=issuer is None,
        encipher_only=False,
        decipher_only=False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by_name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + timedelta(days=365 * YEARS))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(
            x509.SubjectKeyIdentifier.from_public_key(private.public_key()), critical=False
        )
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(by_key.public_key()), critical=False
        )
        .sign(by_key, hashes.SHA256())
    )


def _font(size_mm: float) -> FreeTypeFont:
    """The font of the papers; the first of those with the letters of Vietnamese that is there."""
    from PIL import ImageFont

    for path in FONTS:
        with contextlib.suppress(OSError):
            return ImageFont.truetype(path, round(size_mm * DOTS))
    return cast("FreeTypeFont", ImageFont.load_default(size_mm * DOTS))


def _signature(name: str, path: Path) -> None:
    """A flourish as from a pen, in blue, on nothing."""
    from PIL import Image, ImageDraw

    width, height = 45 * DOTS, 16 * DOTS
    image = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    # The same name always signs alike.
    wave = 3 + len(name) % 4
    line = []
    for step in range(241):
        t = step / 240
        x = width * (0.06 + 0.86 * t + 0.05 * math.sin(2 * math.pi * wave * t))
        y = height * (0.42 - 0.34 * math.sin(2 * math.pi * wave * t + 1) * (1 - 0.75 * t))
        line.append((x, y))
    pen.line(line, fill=BLUE, width=DOTS * 2 // 3, joint="curve")
    pen.line(
        [(width * 0.1, height * 0.72), (width * 0.93, height * 0.6)], fill=BLUE, width=DOTS // 2
    )
    pen.text((width / 2, height), TRIAL, fill=BLUE, font=_font(2.6), anchor="md")
    image.save(path, dpi=(DOTS * 25.4, DOTS * 25.4))


def _seal(name: str, path: Path) -> None:
    """A round seal of 36 mm in red, the name along its edge, on nothing."""
    from PIL import Image, ImageDraw

    size = 36 * DOTS
    image = Image.new("RGBA", (size, size), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    for inset, width in ((0, 1.0), (1.6, 0.35), (9.0, 0.35)):
        edge = round(inset * DOTS)
        pen.ellipse(
            (edge, edge, size - 1 - edge, size - 1 - edge),
            outline=RED,
            width=max(1, round(width * DOTS)),
        )
    _around(image, name.upper(), 12.6, top=True)
    _around(image, f"• {TRIAL} •", 12.6, top=False)
    middle = size / 2
    star = [
        (
            middle + radius * DOTS * math.sin(math.pi * k / 5),
            middle - radius * DOTS * math.cos(math.pi * k / 5),
        )
        for k in range(10)
        for radius in ((6.5, 2.6)[k % 2],)
    ]
    pen.polygon(star, fill=RED)
    image.save(path, dpi=(DOTS * 25.4, DOTS * 25.4))


def _around(image: Picture, text: str, radius_mm: float, *, top: bool) -> None:
    """Letters along a circle about the middle, on the upper or the lower half."""
    from PIL import Image, ImageDraw

    size = 3.2 if len(text) < 28 else 2.7
    font = _font(size)
    widths = [font.getlength(letter) for letter in text]
    step = sum(widths) / (radius_mm * DOTS)
    angle = -step / 2
    for letter, width in zip(text, widths, strict=True):
        turn = angle + width / (radius_mm * DOTS) / 2
        angle += width / (radius_mm * DOTS)
        tile = Image.new("RGBA", (round(8 * DOTS), round(8 * DOTS)), (0, 0, 0, 0))
        ImageDraw.Draw(tile).text(
            (tile.width / 2, tile.height / 2), letter, fill=RED, font=font, anchor="mm"
        )
        direction = 1 if top else -1
        turned = tile.rotate(-math.degrees(turn) * direction, Image.Resampling.BICUBIC)
        x = image.width / 2 + radius_mm * DOTS * math.sin(turn)
        y = image.height / 2 - direction * radius_mm * DOTS * math.cos(turn)
        image.alpha_composite(turned, (round(x - tile.width / 2), round(y - tile.height / 2)))
