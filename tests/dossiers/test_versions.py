"""What a report said before: kept in sittings, compared word by word, brought back as a save."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from dossiers import actions
from dossiers.comparing import changes, words_changed
from dossiers.models import Report
from tests.conftest import SafeClient
from tests.dossiers.conftest import Story
from tests.factories import NOW

Login = Callable[..., SafeClient]
TEN = timedelta(minutes=10)


def write(story: Story, report: Report, text: str, *, after: timedelta = timedelta(0)) -> Report:
    return actions.save_report(
        report=report,
        version=report.version,
        entries=story.texts(report, text),
        by=story.people.head,
        at=NOW + after,
    )


def test_changes_are_told_word_by_word() -> None:
    pieces = changes("Đạt 80% kế hoạch năm.", "Đạt 95% kế hoạch cả năm.")
    assert [(p.kind, p.text) for p in pieces] == [
        ("same", "Đạt "),
        ("old", "80"),
        ("new", "95"),
        ("same", "% kế hoạch "),
        ("new", "cả "),
        ("same", "năm."),
    ]
    assert words_changed("Đạt 80% kế hoạch", "Đạt 95% kế hoạch năm") == 2


@given(st.text(alphabet="ab \nđ.|"), st.text(alphabet="ab \nđ.|"))
def test_both_texts_can_be_read_out_of_the_changes(old: str, new: str) -> None:
    pieces = changes(old, new)
    assert "".join(p.text for p in pieces if p.kind != "new") == old
    assert "".join(p.text for p in pieces if p.kind != "old") == new


def test_one_word_of_a_long_text_is_told() -> None:
    old = "\n".join(f"Dòng {n}" for n in range(3000))
    new = old.replace("Dòng 7\n", "Dòng bảy\n")
    assert [p.text for p in changes(old, new) if p.kind != "same"] == ["7", "bảy"]


def test_what_is_nearly_all_new_is_compared_by_line_or_as_a_whole() -> None:
    old = "\n".join([*(f"cũ {n} cũ" for n in range(400)), "Còn lại."])
    new = "\n".join([*(f"mới {n * 7} mới" for n in range(400)), "Còn lại."])
    assert [p.kind for p in changes(old, new)] == ["old", "new", "same"]
    assert [p.kind for p in changes(old * 3, new.replace("Còn", "Hết") * 3)] == ["old", "new"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a\n" * 15_000, "a\nb\n" * 7_500),
        ("a b " * 7_500, "b a " * 7_500),
        ("a" * 30_000, "b\n" * 9),
    ],
)
def test_text_that_repeats_itself_keeps_nobody_waiting(old: str, new: str) -> None:
    began = time.process_time()
    pieces = changes(old, new)
    assert time.process_time() - began < 5
    assert "".join(p.text for p in pieces if p.kind != "new") == old


@pytest.mark.django_db
def test_saves_of_one_sitting_are_one_version(story: Story) -> None:
    report = write(story, story.report(), "Một.")
    report = write(story, report, "Hai.", after=TEN / 2)
    assert report.versions.count() == 1
    report = write(story, report, "Ba.", after=TEN)
    assert [row.version for row in report.versions.all()] == [3, 2]
    assert all("Ba." in text for text in report.versions.first().texts.values())  # type: ignore[union-attr]


@pytest.mark.django_db
def test_another_author_begins_a_version_of_the_own(story: Story) -> None:
    report = write(story, story.report(), "Một.")
    actions.save_report(
        report=report,
        version=report.version,
        entries=story.texts(report, "Hai."),
        by=story.people.colleague,
        at=NOW,
    )
    assert report.versions.count() == 2


@pytest.mark.django_db
def test_an_earlier_version_comes_back_as_a_new_one(story: Story, client_for: Login) -> None:
    report = write(story, story.report(), "Bản đầu.")
    report = write(story, report, "Bản hai.", after=TEN * 2)
    client = client_for(story.people.head)
    page = reverse("dossiers:report_versions", args=(report.pk,))
    shown = client.get(page).content.decode()
    assert "<del>đầu</del><ins>hai</ins>" in shown
    response = client.post(
        reverse("dossiers:report_restore", args=(report.pk, 1)), {"over": report.version}
    )
    assert response.status_code == 302
    report.refresh_from_db()
    assert report.version == 3
    assert all("Bản đầu." in entry.text for entry in report.entries.all())
    assert report.versions.count() == 3


@pytest.mark.django_db
def test_one_version_alone_is_compared_with_nothing(story: Story, client_for: Login) -> None:
    report = write(story, story.report(), "Bản đầu.")
    client = client_for(story.people.head)
    page = reverse("dossiers:report_versions", args=(report.pk,))
    assert "So sánh" not in client.get(page).content.decode()
    write(story, report, "Bản hai.", after=TEN * 2)
    assert "So sánh" in client.get(page).content.decode()


@pytest.mark.django_db
def test_what_was_just_written_can_be_brought_back_too(story: Story) -> None:
    write(story, story.report(), "Bản đầu.")
    report = write(story, story.report(), "Vừa viết.", after=TEN * 2)
    by, at = story.people.head, NOW + TEN * 2
    first = report.versions.get(version=1)
    actions.restore_version(version=first, over=report.version, by=by, at=at)
    written = ["".join(row.texts.values()) for row in report.versions.all()]
    assert [("Vừa viết." in text, "Bản đầu." in text) for text in written] == [
        (False, True),
        (True, False),
        (False, True),
    ]


@pytest.mark.django_db
def test_nobody_s_later_save_is_lost_by_bringing_a_version_back(
    story: Story, client_for: Login
) -> None:
    report = write(story, story.report(), "Bản đầu.")
    seen = report.version
    report = write(story, report, "Bản hai.", after=TEN * 2)
    client_for(story.people.head).post(
        reverse("dossiers:report_restore", args=(report.pk, 1)), {"over": seen}
    )
    assert all("Bản hai." in entry.text for entry in report.entries.all())


@pytest.mark.django_db
def test_readers_of_the_dossier_do_not_see_drafts(story: Story, client_for: Login) -> None:
    story.submitted()
    report = Report.objects.earliest("pk")
    page = reverse("dossiers:report_versions", args=(report.pk,))
    assert client_for(story.people.office).get(page).status_code == 404
    assert client_for(story.people.head).get(page).status_code == 200


@pytest.mark.django_db
def test_many_versions_cost_no_more_queries(story: Story, client_for: Login) -> None:
    report = write(story, story.report(), "Một.")
    report = write(story, report, "Hai.", after=TEN)
    client = client_for(story.people.head)
    page = reverse("dossiers:report_versions", args=(report.pk,))
    with CaptureQueriesContext(connection) as few:
        client.get(page)
    for n in range(6):
        report = write(story, report, f"Lần {n}.", after=TEN * (n + 2))
    with CaptureQueriesContext(connection) as many:
        client.get(page)
    assert len(many) <= len(few)
