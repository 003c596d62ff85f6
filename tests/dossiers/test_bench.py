"""What is measured is there to be measured, and gone afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from campaigns.models import Campaign
from dossiers import actions
from dossiers.documents import html
from dossiers.management.bench import alone, content, rivals
from dossiers.models import Batch, Document, Dossier
from emulation.models import Unit
from tests.dossiers import samples
from tests.dossiers.conftest import Story
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_copies_differ_from_one_another_and_leave_nothing_behind(
    story: Story, tmp_path: Path
) -> None:
    story.submitted()
    before = [table.objects.count() for table in (Campaign, Dossier, Unit)]
    with content.copies(story.campaign, 15) as copy:
        batch = actions.order_batch(campaign=copy, **story.as_office())
        rows = batch.documents.order_by("pk")
        assert rows.count() == 21
        assert rows.values("subject").filter(kind="dossier").distinct().count() == 3
        pair = alone.measure(list(rows.filter(kind="letter")), tmp_path)
        assert len(pair.whole) == len(pair.alone) == 3
        first = rows.exclude(state="ready")[0]
        actions.make_documents(first=first.pk, clock=lambda: NOW)
        assert actions.order_batch(campaign=copy, **story.as_office()) == batch
        content.change(copy, 2)
        again = actions.order_batch(campaign=copy, **story.as_office())
        waiting = again.documents.filter(state="pending").order_by("kind")
        kinds = list(waiting.values_list("kind", flat=True))
        assert kinds == ["dossier", "dossier", "report", "report"]
    assert [table.objects.count() for table in (Campaign, Dossier, Unit)] == before
    assert not Document.objects.exists()
    assert not Batch.objects.exists()
    assert not list((Path(settings.MEDIA_ROOT) / "documents").glob("*"))


def test_programs_that_are_not_installed_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    pages = [html("letter", samples.letter())]
    word, office = rivals.libreoffice(pages)
    assert len(word.seconds) == 1
    assert (office.seconds, office.note) == ([], "chưa cài LibreOffice")
    browser = rivals.chromium(pages)
    assert (browser.seconds, browser.note) == ([], "chưa cài Chromium")


def test_only_long_texts_are_turned_and_stay_as_long() -> None:
    text = " ".join(str(n) for n in range(25))
    found = content.distinct({"a": [text, "ngắn"], "b": 3}, 2)
    assert found["b"] == 3
    assert found["a"][1] == "ngắn"
    assert found["a"][0].startswith("2 3 ")
    assert len(found["a"][0]) == len(text)
