"""The batch from the command line: files, manifest, and clear words when something is wrong."""

from __future__ import annotations

import hashlib
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from campaigns.models import Campaign
from dossiers import actions
from dossiers.management.commands.make_dossiers import Command
from dossiers.models import Document
from emulation.models import RoleGrant
from tests.dossiers.conftest import Story
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def run(campaign: str, out: Path, **options: Any) -> tuple[str, str]:
    said, bar = StringIO(), StringIO()
    call_command(
        "make_dossiers", campaign, out=out, no_worker=True, stdout=said, stderr=bar, **options
    )
    return said.getvalue(), bar.getvalue()


@pytest.fixture
def campaign(story: Story) -> Campaign:
    """Submitted, and its papers made by a worker already."""
    story.submitted()
    actions.order_batch(campaign=story.campaign, **story.as_office())
    for pk in Document.objects.order_by("pk").values_list("pk", flat=True):
        actions.make_document(pk=pk, clock=lambda: NOW)
    return story.campaign


def test_a_file_for_each_dossier_and_report_and_a_manifest(
    campaign: Campaign, tmp_path: Path
) -> None:
    out = tmp_path / "new" / "out"
    said, bar = run(campaign.slug, out)
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert [(row["kind"], row["subject"]) for row in manifest] == [
        ("dossier", "Phòng Cải cách hành chính – Giám đốc Sở"),
        ("report", "Phòng Cải cách hành chính"),
        ("report", "Lý Thị Ánh"),
        ("report", "Hoàng Thị Én"),
    ]
    assert {path.name for path in out.iterdir()} == {
        "manifest.json",
        *(row["file"] for row in manifest),
    }
    for row in manifest:
        content = (out / row["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == row["sha256"]
        assert row["pages"] > 0
    assert said == f"Đã ghi 1 hồ sơ và 3 báo cáo vào {out}.\n"
    assert "7/7" in bar


def test_running_it_again_makes_nothing_again(campaign: Campaign, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(campaign.slug, out)
    first = {path.name: path.read_bytes() for path in out.iterdir()}
    run(campaign.slug, out)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == first
    assert Document.objects.count() == 7
    assert set(Document.objects.values_list("attempts", flat=True)) == {1}


def test_an_unknown_campaign_names_those_there_are(campaign: Campaign, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Không có phong trào mang mã “khong-co”") as caught:
        run("khong-co", tmp_path)
    assert campaign.slug in str(caught.value)


def test_a_campaign_without_submitted_dossiers_is_refused(story: Story, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Chưa có đơn vị nào trình hồ sơ"):
        run(story.campaign.slug, tmp_path)


def test_a_folder_that_cannot_be_made_is_named(campaign: Campaign, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError, match="Không tạo được thư mục"):
        run(campaign.slug, tmp_path / "file" / "out")


def test_somebody_of_the_office_makes_it(campaign: Campaign, story: Story, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Không có tài khoản “ai-do”"):
        run(campaign.slug, tmp_path, by="ai-do")
    with pytest.raises(CommandError, match="Chỉ Văn phòng Sở"):
        run(campaign.slug, tmp_path, by=story.people.head.username)
    RoleGrant.objects.filter(role="OFFICE").delete()
    with pytest.raises(CommandError, match="chưa có tài khoản nào giữ vai trò Văn phòng"):
        run(campaign.slug, tmp_path)


def test_what_failed_is_named_and_the_rest_is_there(
    campaign: Campaign, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = Document.objects.filter(kind="report").order_by("pk")[0]

    def fail_again(*args: Any) -> None:
        Document.objects.filter(pk=row.pk).update(state="failed", error="Hết chỗ trên đĩa.")

    monkeypatch.setattr(Command, "_wait", fail_again)
    with pytest.raises(CommandError, match=r"1 văn bản không tạo được:\n- .*Hết chỗ trên đĩa"):
        run(campaign.slug, tmp_path)
    assert len(json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))) == 3


def test_a_file_changed_on_the_server_is_noticed(campaign: Campaign, tmp_path: Path) -> None:
    row = Document.objects.get(kind="dossier")
    with Path(default_storage.path(row.file.name or "")).open("ab") as file:
        file.write(b"x")
    with pytest.raises(CommandError, match="không còn nguyên vẹn"):
        run(campaign.slug, tmp_path)


def test_without_any_worker_it_does_not_wait_for_ever(
    story: Story, tmp_path: Path, settings: Any
) -> None:
    story.submitted()
    settings.DOCUMENT_LEASE = 0
    with pytest.raises(CommandError, match="Không có tiến trình nào đang tạo văn bản"):
        run(story.campaign.slug, tmp_path)
