"""Where the time stamp of a signature comes from, if the installation names an authority."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dossiers.signing.keys import Keyring

if TYPE_CHECKING:
    from pyhanko.sign.timestamps import TimeStamper

SECONDS = 10


def time_stamper(ring: Keyring) -> TimeStamper | None:
    """None, and no request leaves the installation."""
    if not ring.timestamps:
        return None
    from pyhanko.sign.timestamps.aiohttp_client import HTTPTimeStamper

    return HTTPTimeStamper(ring.timestamps, timeout=SECONDS)
