"""What an issued paper has that a draft has not, and how its force ends."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from pytest_django import Settings

from dossiers import actions
from dossiers.actions import issuing
from dossiers.codes import grouped, read_code
from dossiers.documents import verification_of
from dossiers.documents.verification import address_of, qr
from dossiers.models import Document, Dossier
from dossiers.workflow import PAPER, Issued
from emulation.models import Role, Step
from emulation.workflow import Refused
from tests.conftest import SafeClient
from tests.dossiers.conftest import LATER, Story, returned, work_off
from tests.factories import NOW, make_document

pytestmark = pytest.mark.django_db


def ready(story: Story) -> list[Document]:
    rows = actions.order_dossier(dossier=story.submitted(), **story.as_office())
    Document.objects.update(
        state="ready", file="documents/x.pdf", sha256="a" * 64, pages=1, rendered_at=NOW
    )
    return rows


def test_papers_of_a_submitted_dossier_are_issued(story: Story) -> None:
    rows = actions.order_dossier(dossier=story.submitted(), **story.as_office())
    assert len({row.code for row in rows}) == len(rows) == 7
    for row in rows:
        assert row.code is not None
        assert read_code(row.code) == row.code
        assert row.issuer == story.people.unit.name
        assert row.issued_date == NOW.date()
        found = verification_of(row)
        assert found is not None
        assert found["address"].endswith(f"/xac-thuc/{row.code}/")
        assert found["code"].replace("-", "") == row.code
        assert found["qr"].startswith("<svg")


def test_a_paper_leads_to_where_it_was_issued(story: Story, settings: Settings) -> None:
    """Also when the site has moved since: what is printed cannot follow."""
    row = ready(story)[0]
    assert row.code
    settings.SITE_URL = "https://noi-khac.vn"
    assert address_of(row.code) == f"https://noi-khac.vn/xac-thuc/{row.code}/"
    found = verification_of(row)
    assert found
    assert found["address"] == row.address != address_of(row.code)
    assert found["qr"] == qr(row.address) != qr(address_of(row.code))
    assert found["code"] == grouped(row.code) != row.code


def test_papers_are_issued_on_the_day_in_viet_nam(story: Story) -> None:
    """Half past midnight there it is still yesterday in London."""
    at = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)
    dossier = actions.act_on_dossier(
        dossier=story.complete(), act="submit", by=story.people.head, at=at
    )
    rows = actions.order_dossier(dossier=dossier, by=story.people.office, at=at)
    assert {row.issued_date for row in rows} == {date(2026, 11, 21)}


def test_the_day_of_a_record_is_that_of_its_last_number(story: Story) -> None:
    """In January the numbers begin again: 01 may be of December and of January."""
    dossier, people = story.dossier(), story.people
    for day in (date(2026, 12, 30), date(2027, 1, 4)):
        actions.give_number(
            unit=people.unit, symbol="BB-P", kind="minutes", dossier=dossier, subject="Biên bản",
            date=day, by=people.head, at=NOW,
        )  # fmt: skip
    key = (story.campaign.pk, people.unit.pk, "01/BB-P")
    assert issuing.days_of_minutes([dossier]) == {key: date(2027, 1, 4)}


def test_drafts_have_nothing_of_it(story: Story) -> None:
    rows = actions.order_dossier(dossier=story.complete(), **story.as_head())
    rows.append(actions.order_report(report=story.report(), **story.as_head()))
    for row in rows:
        assert (row.code, row.number, row.issued_date) == (None, "", None)
        assert verification_of(row) is None
    assert {r.standing for r in Document.objects.with_standing()} == {"draft"}


def test_a_draft_never_takes_the_place_of_an_issued_paper(story: Story) -> None:
    dossier = story.submitted()
    issued = actions.order_dossier(dossier=dossier, **story.as_office())
    actions.act_on_dossier(dossier=dossier, act="return", note="Bổ sung", **story.as_office())
    drafts = actions.order_dossier(dossier=dossier, **story.as_head())
    assert not {row.pk for row in drafts} & {row.pk for row in issued}
    standing = {row.pk: row.standing for row in Document.objects.with_standing()}
    assert {standing[row.pk] for row in issued} == {"in_force"}
    assert {standing[row.pk] for row in drafts} == {"draft"}


def test_only_what_is_issued_ends_the_force_of_what_was(story: Story) -> None:
    row = ready(story)[0]
    assert row.dossier
    later = make_document(row.dossier, by=story.people.head, kind=row.kind, supersedes=row)

    def standing() -> str:
        return Document.objects.with_standing().get(pk=row.pk).standing

    assert standing() == "in_force"
    issue = {"code": "ABCDEFGHJKM4", "address": "https://a.vn/", "issued_date": NOW.date()}
    Document.objects.filter(pk=later.pk).update(**issue)
    assert standing() == "superseded"
    ended = {"annulled_at": NOW, "annulled_by": story.people.office, "annul_reason": "Sai"}
    Document.objects.filter(pk=row.pk).update(**ended)
    assert standing() == "annulled"


def test_drafts_go_when_the_dossier_is_issued(
    story: Story, django_capture_on_commit_callbacks: Any
) -> None:
    dossier = story.complete()
    drafts = actions.order_dossier(dossier=dossier, **story.as_head())
    work_off()
    paths = [Path(row.file.path) for row in Document.objects.order_by("pk")]
    assert [path.exists() for path in paths] == [True] * 7
    with django_capture_on_commit_callbacks(execute=True):
        dossier = actions.act_on_dossier(dossier=dossier, act="submit", **story.as_head())
        issued = actions.order_dossier(dossier=dossier, **story.as_head())
    assert set(Document.objects.all()) == set(issued)
    assert not set(drafts) & set(issued)
    assert [path.exists() for path in paths] == [False] * 7


def test_an_annulled_paper_is_not_submitted_again(story: Story) -> None:
    ready(story)
    for kind in ("minutes", "report"):
        for row in Document.objects.with_standing().filter(kind=kind).order_by("pk"):
            actions.annul(document=row, note="Sai", **story.as_office())
    dossier = returned(story, Dossier.objects.get(), edit=False)
    rows = actions.order_dossier(dossier=dossier, **story.as_office())
    standing = {row.pk: row.standing for row in Document.objects.with_standing()}
    assert {standing[row.pk] for row in rows} == {"in_force"}
    numbers = [row.number for row in Document.objects.filter(kind="minutes").order_by("pk")]
    assert len(set(numbers)) == 2
    again = actions.order_dossier(dossier=dossier, **story.as_office())
    assert [row.pk for row in again] == [row.pk for row in rows]


def test_making_papers_again_brings_no_annulled_one_back(story: Story) -> None:
    rows = ready(story)
    actions.annul(
        document=Document.objects.with_standing().get(kind="minutes"),
        note="Sai",
        **story.as_office(),
    )
    again = actions.order_dossier(dossier=Dossier.objects.get(), **story.as_office())
    assert [row.pk for row in again] == [row.pk for row in rows]


def test_the_code_stays_with_the_row(story: Story) -> None:
    dossier = story.submitted()
    first = actions.order_dossier(dossier=dossier, **story.as_office())
    again = actions.order_dossier(dossier=dossier, **story.as_office())
    assert [row.code for row in first] == [row.code for row in again]
    Document.objects.update(state="failed", error="Lỗi.")
    again = actions.order_dossier(dossier=dossier, **story.as_office())
    assert [row.code for row in first] == [row.code for row in again]


def test_a_code_that_a_paper_has_is_given_to_no_other(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken, free = ready(story)[0].code, "ABCDEFGHJKM4"
    drawn = iter([taken, taken, free])
    monkeypatch.setattr(issuing, "new_code", lambda: next(drawn))
    assert issuing.free_code() == free


# --- Annulment ------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["office", "director"])
def test_an_issued_paper_is_annulled_with_a_reason(story: Story, who: str) -> None:
    row = ready(story)[0]
    by = getattr(story.people, who)
    actions.annul(document=row, note=" Sai số liệu ", by=by, at=LATER)
    row = Document.objects.with_standing().get(pk=row.pk)
    assert (row.standing, row.annulled_by, row.annulled_at) == ("annulled", by, LATER)
    assert row.annul_reason == "Sai số liệu"
    step = Step.objects.about(row).get()
    assert (step.act, step.from_label, step.to_label) == ("annul", "Còn giá trị", "Đã bị hủy")
    assert (step.by, step.note) == (by, "Sai số liệu")
    # It stays what it is: the same order does not bring it back.
    assert row.dossier is not None
    again = actions.order_dossier(dossier=row.dossier, **story.as_office())
    assert row.pk in {r.pk for r in again}
    assert Document.objects.with_standing().get(pk=row.pk).standing == "annulled"


def test_who_and_what_is_not_annulled(story: Story) -> None:
    row = ready(story)[0]
    annul = actions.annul
    for who in ("head", "colleague", "outsider", "stranger", "council", "admin"):
        with pytest.raises(Refused, match="không có quyền"):
            annul(document=row, note="x", by=getattr(story.people, who), at=NOW)
    with pytest.raises(Refused, match="Hãy nêu lý do"):
        annul(document=row, note=" ", **story.as_office())
    with pytest.raises(ValidationError, match="quá dài"):
        annul(document=row, note="x" * 301, **story.as_office())
    annul(document=row, note="x" * 300, **story.as_office())
    with pytest.raises(Refused, match="Đã bị hủy"):
        annul(document=row, note="Sai", **story.as_office())
    Document.objects.filter(kind="list").update(state="pending", file="", sha256="")
    with pytest.raises(Refused, match="chưa tạo xong"):
        annul(document=Document.objects.get(kind="list"), note="Sai", **story.as_office())
    assert Step.objects.filter(act="annul").count() == 1


def test_a_draft_is_not_annulled(story: Story) -> None:
    row = actions.order_dossier(dossier=story.complete(), **story.as_head())[0]
    with pytest.raises(Refused, match="Bản nháp"):
        actions.annul(document=row, note="Sai", **story.as_office())


@pytest.mark.parametrize(
    ("state", "role", "is_made"),
    list(itertools.product(Document.Standing.values, Role.values, (True, False))),
)
def test_the_table_of_annulment(state: str, role: str, is_made: bool) -> None:
    reason = PAPER.obstacle(Issued(state, is_made), "annul", roles=[role], note="Sai")
    may = state == "in_force" and role in ("OFFICE", "DIRECTOR") and is_made
    assert (reason == "") is may


def test_annulment_by_address(story: Story, client_for: Callable[..., SafeClient]) -> None:
    row = ready(story)[0]
    url = reverse("dossiers:document_annul", args=(row.pk,))
    client = client_for(story.people.office)
    page = reverse("dossiers:dossier", args=(row.dossier_id,))
    assert "văn bản đã bị hủy" not in client.get(page).content.decode()
    answer = client.post(url, {"note": ""}, follow=True)
    assert "Hãy nêu lý do" in answer.content.decode()
    back = reverse("dossiers:dossier", args=(row.dossier_id,))
    answer = client.post(url, {"note": "Sai số liệu", "back": back})
    assert answer.headers["Location"] == back
    assert Document.objects.get(pk=row.pk).annulled_at is not None
    # Whoever opens the dossier, or the list of its papers, is told.
    for who in ("head", "office", "council"):
        text = client_for(getattr(story.people, who)).get(page).content.decode()
        assert "Trong hồ sơ có văn bản đã bị hủy" in text
        assert "Sai số liệu" in text
    papers = client.get(reverse("dossiers:papers", args=(row.dossier_id,))).content.decode()
    assert "Đã bị hủy ngày" in papers
    answer = client.post(url, {"note": "Sai", "back": "https://example.com/"}, follow=True)
    assert "Đã bị hủy" in answer.content.decode()
