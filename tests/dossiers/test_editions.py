"""Which files a paper comes as, and which of them it is now."""

from __future__ import annotations

import pytest

from dossiers.documents.editions import as_made, edition_of, editions_of
from dossiers.models import Document
from tests.dossiers.conftest import Story
from tests.dossiers.signed import content, sign
from tests.factories import NOW, make_document
from tests.signing import Keys

pytestmark = pytest.mark.django_db


def test_without_signatures_it_is_what_was_made(letter: Document) -> None:
    letter.refresh_from_db()
    assert editions_of(letter) == [edition_of(letter)] == [as_made(letter)]
    edition = edition_of(letter)
    assert (edition.sha256, edition.made_at) == (letter.sha256, letter.rendered_at)
    assert not edition.is_signed


def test_each_signature_makes_an_edition_more(story: Story, keys: Keys, letter: Document) -> None:
    head = story.people.head
    keys.person("truong-phong", head.username, head.get_full_name())
    keys.seal("con-dau", story.people.agency.code, "Sở Nội vụ")
    first = sign(letter, "truong-phong", head)
    second = sign(letter, "con-dau", story.people.office)
    letter.refresh_from_db()
    made, one, two = editions_of(letter)
    assert (made.signatures, one.signatures, two.signatures) == (0, 1, 2)
    assert one.sha256 == first.sha256
    assert edition_of(letter) == two
    assert (two.sha256, two.made_at) == (second.sha256, NOW)
    with two.file.open("rb") as file:
        assert file.read() == content(second)
    assert as_made(letter) == made


def test_a_paper_that_waits_has_no_file_yet(story: Story) -> None:
    waiting = make_document(story.dossier(), by=story.people.head)
    edition = edition_of(waiting)
    assert not edition.file
    assert edition.made_at is None
