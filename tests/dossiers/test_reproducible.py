"""An issued paper can be made again, byte by byte; what did not change is not made again at all."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from dossiers import actions
from dossiers.models import Batch, Document
from tests.dossiers.conftest import LATER, Story, returned, work_off
from tests.dossiers.signed import sign
from tests.factories import make_nomination
from tests.signing import Keys

MAKE_ALL = """
import django, os, tempfile
from pathlib import Path
django.setup()
from dossiers.documents.making import make
from dossiers.models import Document
from tests.dossiers.samples import SAMPLES
kinds = sorted(set(SAMPLES) - {"dossier"}, reverse="BACKWARDS" in os.environ)
for kind in kinds * 2:
    row = Document(pk=1, kind=kind, code="ABCDEFGHJKM4", snapshot=SAMPLES[kind])
    row.address = os.environ.get("PRINTED", "https://a.example.vn/xac-thuc/ABCDEFGHJKM4/")
    with tempfile.TemporaryDirectory() as folder:
        print(kind, make(row, Path(folder)).sha256)
"""


def made_elsewhere(**environment: str) -> set[tuple[str, ...]]:
    """Kind and digest of each paper, made twice in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", MAKE_ALL],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"} | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return {tuple(line.split()) for line in done.stdout.splitlines()}


def test_issued_papers_are_the_same_in_every_process_and_time_zone() -> None:
    """With their code and QR, and whatever was made before them."""
    first = made_elsewhere(TZ="Asia/Ho_Chi_Minh", PYTHONHASHSEED="1", LANG="C")
    second = made_elsewhere(
        TZ="America/New_York", PYTHONHASHSEED="7", LANG="vi_VN.UTF-8", BACKWARDS="1"
    )
    assert first == second
    assert len({kind for kind, _ in first}) == len(first) > 3
    # A site that has moved makes its old papers as they were, with the address that they bear.
    assert first == made_elsewhere(SITE_URL="https://thi-dua.example.vn")
    assert not first & made_elsewhere(PRINTED="https://b.example.vn/xac-thuc/ABCDEFGHJKM4/")


def test_other_fonts_and_settings_of_the_user_change_nothing(tmp_path: Path) -> None:
    """As where "Times New Roman" itself was installed, or somebody prefers another font."""
    settings = tmp_path / "fontconfig" / "fonts.conf"
    settings.parent.mkdir()
    settings.write_text(
        "<fontconfig><match target='pattern'><test name='family'><string>Times New Roman</string>"
        "</test><edit name='family' mode='assign' binding='strong'><string>DejaVu Sans</string>"
        "</edit></match></fontconfig>"
    )
    assert made_elsewhere(XDG_CONFIG_HOME=str(tmp_path)) == made_elsewhere()


def verified() -> list[str]:
    said = StringIO()
    call_command("verify_documents", stdout=said)
    return said.getvalue().splitlines()


@pytest.mark.django_db
def test_every_issued_paper_can_be_made_again(story: Story) -> None:
    actions.order_dossier(dossier=story.submitted(), **story.as_office())
    work_off()
    assert verified() == ["7 văn bản: giống từng byte"]
    letter = Document.objects.get(kind="letter")
    Document.objects.filter(pk=letter.pk).update(template_version="0" * 16)
    assert verified() == ["7 văn bản: giống từng byte"], "other templates that print the same"
    # As by templates that print something else.
    Document.objects.filter(pk=letter.pk).update(snapshot=letter.snapshot | {"title": "THƯ"})
    line, *counts = verified()
    assert line.endswith("làm bằng phiên bản mẫu khác, nay làm lại thì khác")
    assert counts[0] == "6 văn bản: giống từng byte"
    # A snapshot that is not what was printed.
    report = Document.objects.filter(kind="report").order_by("pk")[0]
    Document.objects.filter(pk=report.pk).update(
        snapshot=report.snapshot | {"title": "BÁO CÁO KHÁC"}
    )
    with pytest.raises(CommandError, match="không còn nguyên vẹn"):
        verified()


@pytest.mark.django_db
def test_papers_keep_the_address_they_were_issued_with(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    actions.order_dossier(dossier=story.submitted(), **story.as_office())
    work_off()
    monkeypatch.setattr(settings, "SITE_URL", "https://moved.example.vn")
    assert verified() == ["7 văn bản: giống từng byte"]


@pytest.mark.django_db
def test_a_signed_edition_that_was_touched_is_noticed(
    story: Story, keys: Keys, letter: Document
) -> None:
    keys.seal("con-dau", story.people.agency.code, "Sở Nội vụ")
    row = sign(letter, "con-dau", story.people.office)
    assert verified() == ["1 văn bản: giống từng byte"]
    path = Path(row.file.path)
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(CommandError, match="không còn nguyên vẹn"):
        verified()
    path.unlink()
    said = StringIO()
    with pytest.raises(CommandError, match="không còn nguyên vẹn"):
        call_command("verify_documents", stdout=said)
    assert "không còn tệp có chữ ký số" in said.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize("what", ["altered", "lost", "unreadable"])
def test_a_stored_file_that_was_touched_is_noticed(story: Story, what: str) -> None:
    actions.order_dossier(dossier=story.submitted(), **story.as_office())
    work_off()
    row = Document.objects.get(kind="letter")
    if what == "lost":
        row.file.storage.delete(row.file.name or "")
    elif what == "unreadable":
        Path(row.file.path).unlink()
        Path(row.file.path).mkdir()
    else:
        with row.file.storage.open(row.file.name or "", "r+b") as file:
            file.seek(50)
            file.write(b"\x00")
    with pytest.raises(CommandError):
        verified()


# --- What did not change --------------------------------------------------------------------------


def done(batch: Batch) -> dict[int, tuple[str, int]]:
    rows = batch.documents.order_by("pk").values_list("pk", "sha256", "attempts")
    return {pk: (sha256, attempts) for pk, sha256, attempts in rows}


@pytest.mark.django_db
def test_one_corrected_report_makes_four_papers_of_a_batch_again(story: Story) -> None:
    """
    The report; the Tờ trình, which is a new one; the list, which names it; the bound dossier.

    The record of the meeting, the other reports and everything of other dossiers stay as they are.
    """
    story.dossier(decider="minister")
    higher = make_nomination(
        story.people.unit, story.person, story.higher, by=story.people.head, state="chosen"
    )
    story.write(higher)
    mine = story.submitted()
    other = next(d for d in type(mine).objects.order_by("pk") if d != mine)
    actions.act_on_dossier(dossier=other, act="submit", **story.as_head())
    first = actions.order_batch(campaign=story.campaign, **story.as_office())
    work_off()
    before = done(first)
    assert len(before) == 12

    returned(story, mine, edit=True)
    second = actions.order_batch(campaign=story.campaign, by=story.people.office, at=LATER)
    waiting = second.documents.exclude(state="ready")
    assert sorted(row.kind for row in waiting) == ["dossier", "letter", "list", "report"]
    assert {row.dossier_id for row in waiting} == {mine.pk}
    new = {row.pk for row in waiting}
    work_off()
    after = done(second)
    assert len(after) == 12
    assert {pk: after[pk] for pk in set(after) - new} == {
        pk: before[pk] for pk in set(before) & set(after)
    }
    assert {after[pk][1] for pk in new} == {1}


@pytest.mark.django_db
def test_sending_again_without_a_change_leaves_the_reports(story: Story) -> None:
    dossier = story.submitted()
    actions.order_dossier(dossier=dossier, **story.as_office())
    work_off()
    dossier = returned(story, dossier, edit=False)
    rows = actions.order_dossier(
        dossier=dossier, by=story.people.office, at=LATER + timedelta(days=1)
    )
    waiting = sorted(row.kind for row in rows if row.state != "ready")
    assert waiting == ["dossier", "letter", "list"]
