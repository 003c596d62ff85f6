"""Where the time stamp of a signature comes from, if the installation names an authority."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dossiers.signing.keys import Keyring

if TYPE_CHECKING:
    from pyhanko.sign.timestamps import TimeStamper

SECONDS = 10


def time_stamper(ring: Keyring) -> TimeStamper | None:
    """None, and no request leaves the installation."""
    if not ring.timestamps:
        return None
    from pyhanko.sign.timestamps.aiohttp_client import HTTPTimeStamper
    from pyhanko.sign.timestamps.common_utils import TimestampRequestError

    class Stamper(HTTPTimeStamper):
        async def async_timestamp(self, message_digest: Any, md_algorithm: Any) -> Any:
            try:
                return await super().async_timestamp(message_digest, md_algorithm)
            except (ValueError, TypeError, KeyError) as error:  # an answer that is none
                raise TimestampRequestError(str(error)) from None

    return Stamper(ring.timestamps, timeout=SECONDS)
