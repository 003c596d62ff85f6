"""The appendix of tasks: rows by hand and from spreadsheets, who may, and what must not be lost."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dossiers import actions, sheets
from dossiers.actions import tasks as acts
from dossiers.documents.appendices import tasks_sheet
from dossiers.forms.tasks import read_tasks, unpack
from dossiers.models import Report, ReportTask, TaskRow
from dossiers.models.tasks import digest
from emulation.middleware import keep_token
from emulation.models import User
from emulation.workflow import Refused
from tests.conftest import SafeClient, Sent
from tests.dossiers.conftest import Story
from tests.dossiers.task_rows import FULL, row, sheet
from tests.factories import NOW

ClientFor = Callable[[User], SafeClient]


def add(story: Story, report: Report, *found: TaskRow | str) -> list[ReportTask]:
    made = [one if isinstance(one, TaskRow) else row(one) for one in found]
    return [actions.add_task(report=report, row=one, **story.as_head()) for one in made]


def names(report: Report) -> list[str]:
    """In order; the places are always counted through."""
    found = list(report.tasks.all())
    assert [task.position for task in found] == list(range(1, len(found) + 1))
    return [task.name for task in found]


def url(report: Report, route: str = "report_tasks", **more: int) -> str:
    return reverse(f"dossiers:{route}", kwargs={"pk": report.pk, **more})


def page(response: Any) -> str:
    return " ".join(response.content.decode().split())


# --- Actions --------------------------------------------------------------------------------------


def test_rows_are_stored_tidily(story: Story) -> None:
    report = story.report()
    odd = FULL._replace(name="  Hoa\u0300n   tha\u0300nh \r\n- một ", is_heading=False)
    [task] = add(story, report, odd)
    task.refresh_from_db()
    assert task.row == FULL._replace(name="Hoàn thành\n- một")
    [heading] = add(story, report, FULL._replace(is_heading=True))
    assert heading.row == TaskRow(True, FULL.name)


def test_a_row_must_say_something_and_not_too_much(story: Story) -> None:
    report = story.report()
    for field, text in (("name", "  "), ("name", "a" * 501), ("due", "a" * 61)):
        with pytest.raises(ValidationError) as caught:
            add(story, report, row(**{"name": "Việc", field: text}))
        assert set(caught.value.message_dict) == {field}
    assert names(report) == []


def test_a_second_click_adds_nothing(story: Story) -> None:
    report = story.report()
    add(story, report, FULL, FULL)
    assert names(report) == [FULL.name]
    add(story, report, "Việc khác", FULL)
    assert len(names(report)) == 3


def test_rows_move_and_go(story: Story) -> None:
    report = story.report()
    a, b, _, d = add(story, report, "a", "b", "c", "d")
    for task, place, expected in (
        (d, 1, "dabc"),
        (d, 1, "dabc"),
        (a, 4, "dbca"),
        (b, 99, "dcab"),
        (b, -5, "bdca"),
    ):
        actions.move_task(task=task, place=place, **story.as_head())
        assert "".join(names(report)) == expected
    actions.remove_task(task=d, **story.as_head())
    assert "".join(names(report)) == "bca"
    with pytest.raises(Refused, match="không còn"):
        actions.remove_task(task=d, **story.as_head())


def test_an_edit_over_somebody_else_s_is_refused(story: Story) -> None:
    report = story.report()
    [task] = add(story, report, FULL)
    seen = digest([task.row])
    theirs = FULL._replace(note="của họ")
    actions.edit_task(task=task, row=theirs, seen=seen, **story.as_head())
    with pytest.raises(actions.Outdated):
        actions.edit_task(
            task=task, row=FULL._replace(note="của tôi"), seen=seen, **story.as_head()
        )
    # A second click writes what is there already.
    actions.edit_task(task=task, row=theirs, seen=seen, **story.as_head())
    task.refresh_from_db()
    assert task.note == "của họ"


def imported(story: Story, report: Report, *found: str, keep: bool, seen: str) -> bool:
    return actions.import_tasks(
        report=report, rows=[row(name) for name in found], keep=keep, seen=seen, **story.as_head()
    )


def seen_of(report: Report) -> str:
    return digest(task.row for task in report.tasks.all())


@pytest.mark.parametrize("keep", [True, False])
def test_an_import_happens_once(story: Story, keep: bool) -> None:
    report = story.report()
    add(story, report, "cũ")
    seen = seen_of(report)
    assert imported(story, report, "một", "hai", keep=keep, seen=seen)
    assert not imported(story, report, "một", "hai", keep=keep, seen=seen)
    assert names(report) == (["cũ"] if keep else []) + ["một", "hai"]


@pytest.mark.parametrize("keep", [True, False])
def test_an_import_over_rows_that_nobody_saw_is_refused(story: Story, keep: bool) -> None:
    report = story.report()
    add(story, report, "cũ")
    seen = seen_of(report)
    add(story, report, "của người khác")
    with pytest.raises(actions.Outdated):
        imported(story, report, "một", keep=keep, seen=seen)
    assert names(report) == ["cũ", "của người khác"]


def test_a_bad_row_leaves_all_as_it_was(story: Story) -> None:
    report = story.report()
    add(story, report, "cũ")
    with pytest.raises(ValidationError):
        imported(story, report, "một", "a" * 501, keep=False, seen=seen_of(report))
    with pytest.raises(Refused):
        imported(story, report, keep=False, seen=seen_of(report))
    assert names(report) == ["cũ"]


def test_there_is_a_most(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acts, "MAX_TASKS", 2)
    report = story.report()
    add(story, report, "một", "hai")
    with pytest.raises(Refused, match="tối đa 2 dòng"):
        add(story, report, "ba")
    with pytest.raises(Refused, match="thành 3"):
        imported(story, report, "ba", keep=True, seen=seen_of(report))
    assert imported(story, report, "ba", "bốn", keep=False, seen=seen_of(report))


def test_a_report_that_was_handed_in_is_not_touched(story: Story) -> None:
    report = story.report()
    [task] = add(story, report, FULL)
    Report.objects.filter(pk=report.pk).update(locked_at=NOW)
    attempts: list[Callable[[], Any]] = [
        lambda: add(story, report, "mới"),
        lambda: actions.edit_task(task=task, row=row("x"), seen="", **story.as_head()),
        lambda: actions.move_task(task=task, place=1, **story.as_head()),
        lambda: actions.remove_task(task=task, **story.as_head()),
        lambda: imported(story, report, "mới", keep=False, seen=seen_of(report)),
    ]
    for attempt in attempts:
        with pytest.raises(Refused, match="đã trình"):
            attempt()
    assert [task.row for task in report.tasks.all()] == [FULL]


def test_whoever_writes_the_texts_is_not_interrupted(story: Story) -> None:
    report = story.write(story.mine)
    version, kept = report.version, report.versions.count()
    add(story, report, FULL)
    report.refresh_from_db()
    assert (report.version, report.versions.count()) == (version, kept)
    actions.save_report(
        report=report, version=version, entries=story.texts(report, "Sửa."), **story.as_head()
    )


# --- Pages ----------------------------------------------------------------------------------------


def typed(one: TaskRow, **more: str) -> dict[str, str]:
    sent = {field: getattr(one, field) for field in TaskRow._fields[1:]}
    return sent | ({"is_heading": "on"} if one.is_heading else {}) | more


def test_rows_are_written_on_the_page(story: Story, client_for: ClientFor) -> None:
    report = story.report()
    client = client_for(story.people.staff)
    assert "Chưa có công việc nào" in page(client.get(url(report)))
    answer = client.post(url(report), typed(FULL))
    assert answer.status_code == 302
    text = page(client.get(url(report)))
    assert all(part in text for part in FULL[1:])
    task = report.tasks.get()
    edit = url(report, "report_task", task_pk=task.pk)
    seen = digest([task.row])
    client.post(edit, typed(FULL._replace(note="Đúng hạn"), seen=seen, place="1"))
    task.refresh_from_db()
    assert task.note == "Đúng hạn"
    stale = client.post(edit, typed(FULL._replace(note="Của tôi"), seen=seen, place="1"))
    assert stale.status_code == 409
    assert "Đúng hạn" in page(stale) and "Của tôi" in page(stale)
    again = client.post(edit, typed(row("Của tôi"), seen=digest([task.row]), place=""))
    assert again.status_code == 302
    remove = url(report, "report_task_remove", task_pk=task.pk)
    assert client.post(remove).status_code == 302
    assert "đã được xóa trước đó" in page(client.post(remove, follow=True))
    assert names(report) == []


def test_wrong_input_stays_on_the_page(story: Story, client_for: ClientFor) -> None:
    report = story.report()
    client = client_for(story.people.head)
    answer = client.post(url(report), typed(FULL._replace(name=" ", due="d" * 61)))
    assert answer.status_code == 422
    assert "Hãy ghi nội dung công việc." in page(answer) and FULL.result in page(answer)
    Report.objects.filter(pk=report.pk).update(locked_at=NOW)
    late = client.post(url(report), typed(FULL))
    assert "đã trình cùng hồ sơ" in page(late) and FULL.result in page(late)
    assert client.get(url(report, "report_tasks_import"), follow=True).status_code == 200
    assert names(report) == []


def test_rows_change_places_by_buttons(story: Story, client_for: ClientFor) -> None:
    report = story.report()
    _, b = add(story, report, "a", "b")
    client = client_for(story.people.head)
    for sent in ({"den": "1"}, {"den": "1"}, {"den": "x"}, {"den": "9" * 30}, {}):
        client.post(url(report, "report_task_move", task_pk=b.pk), sent)
        assert names(report) == ["b", "a"]


def test_a_row_of_another_report_is_not_reached(story: Story, client_for: ClientFor) -> None:
    mine, other = story.report(), story.report(story.other)
    [task] = add(story, other, "của người khác")
    client = client_for(story.people.staff)
    assert client.get(url(other)).status_code == 404
    assert client.get(url(mine, "report_task", task_pk=task.pk)).status_code == 404
    client.post(url(mine, "report_task_remove", task_pk=task.pk))
    assert names(other) == ["của người khác"]


def test_readers_see_the_list_and_leave_a_trace(
    story: Story, client_for: ClientFor, sent: Sent, django_capture_on_commit_callbacks: Any
) -> None:
    report = story.report()
    add(story, report, FULL)
    story.submitted()
    client = client_for(story.people.office)
    with django_capture_on_commit_callbacks(execute=True):
        text = page(client.get(url(report)))
        assert client.get(url(report, "report_tasks_export")).status_code == 200
    assert FULL.name in text
    assert "Xác nhận xóa" not in text and "Nhập từ Excel" not in text
    assert sent.names() == ["emulation.record_look"] * 2
    assert client.post(url(report), typed(FULL)).status_code == 404
    assert "Xem phụ lục" in page(client.get(reverse("dossiers:report", args=(report.pk,))))


def test_a_long_list_is_paged_and_numbered_on(story: Story, client_for: ClientFor) -> None:
    report = story.report()
    add(story, report, TaskRow(True, "Nhóm một"), *(f"việc {n}" for n in range(1, 56)))
    client = client_for(story.people.head)
    with CaptureQueriesContext(connection) as first:
        client.get(url(report))
    with CaptureQueriesContext(connection) as second:
        text = page(client.get(url(report), {"trang": "2"}))
    assert len(second) == len(first) + 1
    assert (
        '<td class="task-order" data-label="STT">50</td> <td class="task-name">việc 50</td>' in text
    )
    ReportTask.objects.filter(position__gt=2).delete()
    with CaptureQueriesContext(connection) as few:
        client.get(url(report))
    assert len(few) == len(first)
    answer = client.post(url(report), typed(row("mới")))
    assert answer["Location"].endswith("/phu-luc/#them")


def upload(client: SafeClient, report: Report, *lines: list[Any]) -> Any:
    return client.post(url(report, "report_tasks_import"), {"file": sheet(*lines)})


def packed(answer: Any) -> str:
    text = page(answer)
    return text.split('name="bang" value="')[1].split('"')[0]


TABLE = (["STT", "Nội dung công việc", "Kết quả"], [1, "Việc một", "Đạt"], [2, "Việc hai", "Tốt"])


def test_a_file_is_seen_before_it_is_taken_in(story: Story, client_for: ClientFor) -> None:
    report = story.report()
    add(story, report, "cũ")
    client = client_for(story.people.staff)
    answer = upload(client, report, *TABLE)
    text = page(answer)
    for part in ("2 công việc", "Việc hai", "“Kết quả” → Kết quả, sản phẩm", "thành 3 dòng"):
        assert part in text, part
    assert names(report) == ["cũ"]
    there = url(report, "report_tasks_import")
    sent = {"bang": packed(answer), "cach": "them"}
    for _ in range(2):
        assert client.post(there, sent).status_code == 302
        assert names(report) == ["cũ", "Việc một", "Việc hai"]
    late = client.post(there, sent | {"cach": "thay"})
    assert late.status_code == 409
    assert "Phụ lục đã thay đổi" in page(late)
    client.post(there, {"bang": packed(late), "cach": "thay"})
    assert names(report) == ["Việc một", "Việc hai"]


def test_errors_of_a_file_are_shown_and_nothing_can_be_confirmed(
    story: Story, client_for: ClientFor
) -> None:
    report = story.report()
    client = client_for(story.people.head)
    text = page(upload(client, report, *TABLE, [3, None, "Đạt"]))
    assert "1 chỗ cần sửa" in text and "Dòng 4" in text
    assert 'name="bang"' not in text
    broken = client.post(
        url(report, "report_tasks_import"), {"file": SimpleUploadedFile("a.xlsx", b"PK\x03\x04x")}
    )
    assert broken.status_code == 422
    assert "bị hỏng" in page(broken)
    assert client.post(url(report, "report_tasks_import")).status_code == 422


def test_rows_of_another_report_or_of_one_s_own_making_are_not_taken(
    story: Story, client_for: ClientFor
) -> None:
    mine, other = story.report(), story.report(story.other)
    client = client_for(story.people.head)
    bang = packed(upload(client, mine, *TABLE))
    assert len(unpack(mine, bang)[0]) == 2
    for value in (bang, "", "x:y", bang[:-1], "\x00", "ă" * 3_000):
        answer = client.post(url(other, "report_tasks_import"), {"bang": value, "cach": "thay"})
        assert answer.status_code in (302, 422)
    assert names(other) == []


def test_rows_come_back_after_the_session_has_ended(story: Story, client_for: ClientFor) -> None:
    report = story.report()
    user = story.people.head
    client = client_for(user)
    there = url(report, "report_tasks_import")
    sent = {"bang": packed(upload(client, report, *TABLE)), "cach": "them"}
    client.logout()
    answer = client.post(there, sent | {"_keep": keep_token(user.pk)})
    assert answer.status_code == 302
    assert names(report) == []
    client.force_login(user)
    shown = client.get(there)
    assert "Việc hai" in page(shown)
    client.post(there, {"bang": packed(shown), "cach": "them"})
    assert names(report) == ["Việc một", "Việc hai"]


def test_the_export_is_a_spreadsheet_of_all_rows(story: Story, client_for: ClientFor) -> None:
    report = story.report()
    add(story, report, FULL, "=cmd")
    answer = client_for(story.people.head).get(url(report, "report_tasks_export"))
    assert answer["Content-Type"] == sheets.XLSX
    assert (
        answer["Content-Disposition"]
        == 'attachment; filename="phu-luc-cong-viec-hoang-thi-en.xlsx"'
    )
    made = SimpleUploadedFile("a.xlsx", answer.content)
    assert read_tasks(made).rows == [FULL, row("=cmd")]


def test_the_report_leads_to_its_appendix(story: Story, client_for: ClientFor) -> None:
    report = story.report()
    add(story, report, "a", "b")
    text = page(client_for(story.people.head).get(reverse("dossiers:report", args=(report.pk,))))
    assert f'href="{url(report)}"' in text
    assert "2 dòng, in sau báo cáo" in text


def test_two_thousand_rows_are_taken_in_at_once(story: Story, client_for: ClientFor) -> None:
    report = story.report()
    client = client_for(story.people.head)
    rows = [FULL._replace(name=f"Việc {n}") for n in range(1, 2001)]
    made = SimpleUploadedFile("a.xlsx", tasks_sheet(rows, title="Danh mục"))
    began = process_time()
    shown = client.post(url(report, "report_tasks_import"), {"file": made})
    text = page(shown)
    assert "2.000 công việc" in text and "… và 1.977 dòng nữa …" in text and "Việc 2000" in text
    sent = {"bang": packed(shown), "cach": "them"}
    with CaptureQueriesContext(connection) as queries:
        client.post(url(report, "report_tasks_import"), sent)
    assert process_time() - began < 10
    assert len(queries) < 50
    assert [task.row for task in report.tasks.all()] == rows
    back = client.get(url(report, "report_tasks_export"))
    assert read_tasks(SimpleUploadedFile("a.xlsx", back.content)).rows == rows
