"""Where the time stamp of a signature comes from, if the installation names an authority."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from dossiers.signing.keys import Keyring

if TYPE_CHECKING:
    from pyhanko.sign.timestamps import TimeStamper

SECONDS = 10
# A stamp with its certificates has some thousands of bytes.
LARGEST = 1_000_000


def time_stamper(ring: Keyring) -> TimeStamper | None:
    """None, and no request leaves the installation."""
    if not ring.timestamps:
        return None
    import aiohttp
    from pyhanko.sign.timestamps.aiohttp_client import HTTPTimeStamper
    from pyhanko.sign.timestamps.common_utils import TimestampRequestError

    class Short(aiohttp.ClientResponse):
        """Read only as far as an answer can go: an endless one would fill the memory."""

        async def read(self) -> bytes:
            found = bytearray()
            async for piece in self.content.iter_chunked(2**16):
                found += piece
                if len(found) > LARGEST:
                    raise aiohttp.ClientPayloadError("longer than any time stamp")
            self._body = bytes(found)
            return self._body

    class Stamper(HTTPTimeStamper):
        @asynccontextmanager
        async def _acquire_session(self) -> AsyncIterator[aiohttp.ClientSession]:
            async with aiohttp.ClientSession(response_class=Short) as session:
                yield session

        async def async_timestamp(self, message_digest: Any, md_algorithm: Any) -> Any:
            try:
                return await super().async_timestamp(message_digest, md_algorithm)
            except (ValueError, TypeError, KeyError) as error:  # an answer that is none
                raise TimestampRequestError(str(error)) from None

    return Stamper(ring.timestamps, timeout=SECONDS)
