"""`manage.py check` says what is wrong with the keys before anybody tries to sign."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error

from dossiers.signing.keys import keyring
from dossiers.signing.trust import TrustError, certificates, revocation_lists


def check_keys(**kwargs: Any) -> list[CheckMessage]:
    ring = keyring()
    problems = list(ring.problems)
    for folder in (ring.trust, ring.intermediates):
        try:
            found = certificates(folder)
        except TrustError as wrong:
            problems.append(str(wrong))
        else:
            if folder and not found:
                problems.append(f"{folder} holds no certificate")
    try:
        revocation_lists(ring.revocation)
    except TrustError as wrong:
        problems.append(str(wrong))
    return [Error(f"SIGNING_KEYS: {text}", id="signing.E001") for text in problems]
