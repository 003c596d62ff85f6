"""The rows of the appendix in the history of a report: kept, brought back, never wiped."""

from __future__ import annotations

import zlib
from datetime import timedelta
from time import process_time
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from dossiers import actions
from dossiers.actions import history
from dossiers.actions.reports import Outdated
from dossiers.models import Report, ReportTask, ReportVersion, TaskRow
from dossiers.models.tasks import TEXTS, canonical, digest, packed, unpacked
from emulation.workflow import Refused
from tests.dossiers.conftest import Story
from tests.dossiers.task_rows import FULL, row
from tests.factories import NOW

TEN = timedelta(minutes=10)
MANY = [FULL._replace(name=f"Công việc thứ {n}", result=f"Kết quả {n * 7}") for n in range(2000)]


def add(story: Story, report: Report, name: str, *, after: timedelta = timedelta(0)) -> ReportTask:
    return actions.add_task(report=report, row=row(name), by=story.people.head, at=NOW + after)


def take_in(story: Story, report: Report, rows: list[TaskRow], **more: Any) -> bool:
    values: dict[str, Any] = {"keep": False, "by": story.people.head, "at": NOW} | more
    seen = digest(history.rows_of(report))
    return actions.import_tasks(report=report, rows=rows, seen=seen, **values)


def names(rows: list[TaskRow] | None) -> list[str] | None:
    return None if rows is None else [one.name for one in rows]


def kept(report: Report) -> list[list[str] | None]:
    """The rows of each version, the last one first."""
    return [names(version.rows) for version in report.versions.all()]


def restore(story: Story, version: ReportVersion, **more: Any) -> Report:
    over = Report.objects.get(pk=version.report_id).history
    values: dict[str, Any] = {"over": over, "by": story.people.head, "at": NOW + TEN * 3} | more
    return actions.restore_version(version=version, **values)


TASK_ROWS = st.lists(
    st.builds(
        TaskRow,
        st.booleans(),
        *(st.text(alphabet="aạđ \n\"'[],\\\x7f\u200b☃", max_size=8) for _ in TEXTS),
    )
)


@given(TASK_ROWS)
def test_what_is_packed_is_unpacked(rows: list[TaskRow]) -> None:
    assert unpacked(packed(rows)) == rows
    assert canonical(unpacked(packed(rows))) == canonical(rows)


def test_the_same_rows_are_the_same_bytes_in_plain_letters() -> None:
    content = zlib.decompress(packed([FULL]))
    assert content == canonical([TaskRow(*FULL)])
    assert "Tham mưu ban hành".encode() in content
    assert b", " not in content
    assert digest([FULL]) != digest([FULL._replace(is_heading=True)])


@pytest.mark.django_db
def test_every_change_of_a_row_is_in_the_version_of_its_sitting(story: Story) -> None:
    report = story.write(story.mine)
    one, two = add(story, report, "một"), add(story, report, "hai")
    assert kept(report) == [["một", "hai"]]
    who: dict[str, Any] = {"by": story.people.head, "at": NOW + TEN}
    actions.move_task(task=two, place=1, **who)
    assert kept(report) == [["hai", "một"], ["một", "hai"]]
    actions.edit_task(task=one, row=row("một sửa"), seen=digest([one.row]), **who)
    actions.remove_task(task=two, **who)
    assert kept(report) == [["một sửa"], ["một", "hai"]]
    report.refresh_from_db()
    assert report.history == 6
    assert [version.version for version in report.versions.all()] == [6, 3]
    assert report.version == 1


@pytest.mark.django_db
def test_what_changes_nothing_is_no_version(story: Story) -> None:
    report = story.report()
    task = add(story, report, "một")
    before = Report.objects.get(pk=report.pk).history
    add(story, report, "một")
    actions.move_task(task=task, place=1, **story.as_head())
    actions.edit_task(task=task, row=task.row, seen="", place=1, **story.as_head())
    assert Report.objects.get(pk=report.pk).history == before


@pytest.mark.django_db
def test_texts_take_the_rows_along_without_reading_them(story: Story) -> None:
    report = story.report()
    add(story, report, "một")
    with CaptureQueriesContext(connection) as queries:
        actions.save_report(
            report=report,
            version=0,
            entries=story.texts(report),
            by=story.people.head,
            at=NOW + TEN * 2,
        )
    assert not [q["sql"] for q in queries if 'FROM "dossiers_reporttask"' in q["sql"]]
    assert kept(report) == [["một"], ["một"]]
    new, old = report.versions.all()
    assert new.texts
    assert not old.texts


@pytest.mark.django_db
@pytest.mark.parametrize("keep", [True, False])
def test_an_import_keeps_what_was_there_as_one_version(story: Story, keep: bool) -> None:
    report = story.write(story.mine)
    add(story, report, "cũ")
    assert take_in(story, report, [row("mới")], keep=keep)
    assert kept(report) == [["cũ", "mới"] if keep else ["mới"], ["cũ"]]
    assert [version.note for version in report.versions.all()] == ["Nhập 1 dòng từ Excel", ""]
    # Nothing was kept of these rows, which were there before versions had rows.
    report.versions.update(tasks=None, task_count=None, tasks_digest="")
    assert take_in(story, report, [row("mới nữa")], keep=False)
    assert kept(report)[:2] == [["mới nữa"], ["cũ", "mới"] if keep else ["mới"]]
    assert report.versions.all()[1].note == "Trước khi nhập từ Excel"
    assert report.versions.count() == 4


@pytest.mark.django_db
def test_the_first_import_can_be_taken_back(story: Story) -> None:
    report = story.report()
    take_in(story, report, [row("một"), row("hai")])
    assert kept(report) == [["một", "hai"], []]
    restore(story, report.versions.all()[1])
    assert not report.tasks.exists()


@pytest.mark.django_db
def test_a_version_brings_its_rows_back_and_keeps_what_was_there(story: Story) -> None:
    report = story.write(story.mine)
    rows = [TaskRow(True, "I. Nhóm"), FULL, row("hai")]
    take_in(story, report, rows)
    old = report.versions.all()[0]
    take_in(story, report, [row("khác")], at=NOW + TEN * 2)
    restore(story, old)
    assert history.rows_of(report) == rows
    assert [task.position for task in report.tasks.all()] == [1, 2, 3]
    assert kept(report)[:2] == [names(rows), ["khác"]]
    assert report.versions.all()[0].note.startswith("Khôi phục bản lúc ")
    # Once more, as by a second click, changes nothing.
    count = report.versions.count()
    restore(story, old, over=0)
    assert report.versions.count() == count


@pytest.mark.django_db
def test_texts_and_rows_come_back_together(story: Story) -> None:
    report = story.write(story.mine)
    add(story, report, "một")
    old = report.versions.get()
    later: dict[str, Any] = {"by": story.people.head, "at": NOW + TEN * 2}
    actions.save_report(report=report, version=1, entries=story.texts(report, "Bản hai."), **later)
    add(story, report, "hai", after=TEN * 2)
    restore(story, old)
    assert names(history.rows_of(report)) == ["một"]
    assert not report.entries.filter(text__contains="Bản hai.").exists()
    assert report.versions.count() == 3
    between = report.versions.all()[1]
    assert names(between.rows) == ["một", "hai"]
    assert all("Bản hai." in text for text in between.texts.values())


@pytest.mark.django_db
def test_a_version_without_rows_leaves_the_appendix_alone(story: Story) -> None:
    report = story.write(story.mine)
    report.versions.update(tasks=None, task_count=None, tasks_digest="")
    old = report.versions.get()
    add(story, report, "một", after=TEN * 2)
    actions.save_report(
        report=report,
        version=1,
        entries=story.texts(report, "Bản hai."),
        by=story.people.head,
        at=NOW + TEN * 2,
    )
    assert old.rows is None
    restore(story, old)
    assert names(history.rows_of(report)) == ["một"]
    assert not report.entries.filter(text__contains="Bản hai.").exists()
    assert kept(report) == [["một"], ["một"], None]
    # And one that has kept that there were none takes them away.
    empty = ReportVersion.objects.create(
        report=report, version=0, texts={}, saved_by=story.people.head, began_at=NOW,
        saved_at=NOW, tasks=packed([]), task_count=0, tasks_digest=digest([]),
    )  # fmt: skip
    restore(story, empty)
    assert not report.tasks.exists()


@pytest.mark.django_db
def test_rows_changed_meanwhile_are_not_lost(story: Story) -> None:
    report = story.report()
    take_in(story, report, [row("một")])
    old = report.versions.all()[1]
    seen = Report.objects.get(pk=report.pk).history
    add(story, report, "vừa thêm")
    with pytest.raises(Outdated):
        restore(story, old, over=seen)
    assert names(history.rows_of(report)) == ["một", "vừa thêm"]
    Report.objects.filter(pk=report.pk).update(locked_at=NOW)
    with pytest.raises(Refused, match="đã trình"):
        restore(story, old)


@pytest.mark.django_db
def test_only_the_versions_that_are_listed_keep_their_rows(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "APPENDICES", 3)
    report = story.report()
    for n in range(5):
        add(story, report, f"Việc {n}", after=TEN * (n + 1))
    assert [len(rows) if rows is not None else None for rows in kept(report)] == [
        5,
        4,
        3,
        None,
        None,
    ]


@pytest.mark.django_db
def test_a_version_has_its_rows_whole_or_not_at_all(story: Story) -> None:
    report = story.report()
    add(story, report, "một")
    wrongs: list[dict[str, Any]] = [{"tasks": None}, {"task_count": None}, {"tasks_digest": ""}]
    for wrong in wrongs:
        with pytest.raises(IntegrityError), transaction.atomic():
            report.versions.update(**wrong)


@pytest.mark.django_db
def test_two_thousand_rows_are_kept_and_brought_back_at_once(story: Story) -> None:
    report = story.report()
    take_in(story, report, MANY)
    version = report.versions.all()[0]
    assert version.tasks is not None
    assert len(bytes(version.tasks)) < len(canonical(MANY)) / 5
    began = process_time()
    task = add(story, report, "thêm", after=TEN * 2)
    actions.move_task(task=task, place=1, by=story.people.head, at=NOW + TEN * 2)
    assert process_time() - began < 1
    began = process_time()
    with CaptureQueriesContext(connection) as queries:
        restore(story, version)
    assert process_time() - began < 3
    assert len(queries) < 45
    assert history.rows_of(report) == MANY
