"""How far a document is, told while it is made."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

# Told in percent; it may raise to end the work.
Tell = Callable[[int], None]

# The shares of the whole, as they were measured: reading, then page after page, then writing.
READ, LAID_OUT, WRITTEN = 10, 75, 95
# A page of our papers comes from about so many signs of HTML.
SIGNS_OF_A_PAGE = 2700


def nobody(percent: int) -> None:
    """For whom it does not matter how far it is."""


@contextmanager
def followed(tell: Tell, html: str) -> Iterator[None]:
    """Tell how far the document is that WeasyPrint lays out and writes inside this block."""
    pages = len(html) / SIGNS_OF_A_PAGE

    class Listener(logging.Handler):
        """Hears each page when its layout begins; how many there will be is only guessed."""

        done = 0

        def emit(self, record: logging.LogRecord) -> None:
            if "Page" in record.msg and isinstance(record.args, tuple):
                (number,) = record.args
                assert isinstance(number, int)
                share = min(number / max(pages, 1), 1)
                percent = round(READ + (LAID_OUT - READ) * share)
            else:
                percent = LAID_OUT if "Creating PDF" in record.msg else 0
            # A document may be gone through twice; it is never further away than before.
            self.done = max(self.done, percent)
            tell(self.done)

    logger = logging.getLogger("weasyprint.progress")
    listener, before = Listener(), (logger.level, logger.propagate)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.addHandler(listener)
    try:
        yield
        tell(WRITTEN)
    finally:
        logger.removeHandler(listener)
        logger.setLevel(before[0])
        logger.propagate = before[1]
