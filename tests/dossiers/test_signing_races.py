"""Two who sign at the same moment, on a database that lets them."""

from __future__ import annotations

import pytest
from django.db import connection

from dossiers.models import Document
from tests.dossiers.conftest import Story
from tests.dossiers.signed import content, found, sign
from tests.races import together
from tests.signing import Keys

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor == 'sqlite'", reason="needs several connections"),
]


def test_two_people_sign_at_once(story: Story, keys: Keys, letter: Document) -> None:
    """The second signs what the first has signed: neither signature is lost, both hold."""
    head, office = story.people.head, story.people.office
    keys.person("truong-phong", head.username, head.get_full_name())
    keys.seal("con-dau", story.people.agency.code, "Sở Nội vụ")
    # Roles are read once for each request; here both threads share the same people.
    assert head.grants_today
    assert office.grants_today
    said = together(
        lambda: sign(letter, "truong-phong", head),
        lambda: sign(letter, "con-dau", office),
        lambda: sign(letter, "con-dau", office),
    )
    assert sorted(said)[:2] == ["", ""]
    assert "đã ký văn bản" in sorted(said)[2]
    verdicts = found(letter)
    assert [one.signature.position for one in verdicts] == [1, 2]
    assert all(one.is_valid and one.is_trusted for one in verdicts)
    assert content(verdicts[1].signature).startswith(content(verdicts[0].signature))
    assert connection.get_autocommit()
