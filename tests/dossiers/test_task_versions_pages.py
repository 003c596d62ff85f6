"""The page of versions: which rows of the appendix changed, and what cannot be told."""

from __future__ import annotations

import re
from datetime import timedelta
from time import process_time
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dossiers import actions
from dossiers.models import Report, TaskRow
from dossiers.models.tasks import digest
from tests.conftest import ClientFor
from tests.dossiers.conftest import Story
from tests.dossiers.task_rows import FULL, row
from tests.dossiers.test_task_versions import MANY, add, take_in
from tests.factories import NOW

pytestmark = pytest.mark.django_db
TEN = timedelta(minutes=10)


def page_of(report: Report) -> str:
    return reverse("dossiers:report_versions", args=(report.pk,))


def read(html: str) -> str:
    marked = re.sub(r"<(/?)(ins|del)>", r"[\1\2]", html)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", marked))


def test_rows_that_came_went_changed_and_moved_are_told(
    story: Story, client_for: ClientFor
) -> None:
    report = story.write(story.mine)
    heading, last = TaskRow(True, "I. Thường xuyên"), row("Việc cuối")
    take_in(story, report, [heading, FULL, row("Bỏ đi <b>"), row("Ở lại"), last])
    changed = FULL._replace(done="20/02/2025", note="")
    rows = [last, heading, changed, row("Ở lại"), row("Mới")]
    take_in(story, report, rows, at=NOW + TEN)
    text = read(client_for(story.people.head).get(page_of(report)).content.decode())
    assert "Từ 5 dòng đến 5 dòng: thêm 1, bỏ 1, sửa 1, chuyển chỗ 1" in text
    assert "5 → 1 Chuyển chỗ Việc cuối" in text
    assert "2 → 3 Sửa Tham mưu ban hành" in text
    assert "[del]12[/del][ins]20[/ins]/02/2025" in text
    assert "3 Bỏ [del]Bỏ đi &lt;b&gt;[/del]" in text
    assert "5 Thêm [ins]Mới[/ins]" in text
    assert "Ở lại" not in text
    assert "Lời văn của báo cáo không thay đổi; phụ lục công việc thay đổi" in text
    assert "Nhập 5 dòng từ Excel" in text
    assert "Phụ lục đổi, có 5 dòng" in text


def test_a_version_that_kept_no_rows_says_so(story: Story, client_for: ClientFor) -> None:
    report = story.write(story.mine)
    report.versions.update(tasks=None, task_count=None, tasks_digest="")
    add(story, report, "một", after=TEN * 2)
    client = client_for(story.people.head)
    text = read(client.get(page_of(report)).content.decode())
    assert "không giữ các dòng của phụ lục nên không so sánh được" in text
    assert "phụ lục giữ nguyên như hiện nay" in text
    over = Report.objects.get(pk=report.pk).history
    restore = reverse("dossiers:report_restore", args=(report.pk, 1))
    assert client.post(restore, {"over": over}).status_code == 302
    assert [task.name for task in report.tasks.all()] == ["một"]


def test_rows_are_brought_back_from_the_page(story: Story, client_for: ClientFor) -> None:
    report = story.report()
    take_in(story, report, [row("một"), row("hai")])
    take_in(story, report, [row("sai")], at=NOW + TEN * 2)
    client = client_for(story.people.head)
    page = client.get(page_of(report))
    text = read(page.content.decode())
    assert "Phụ lục công việc cũng trở lại như bản đó (2 dòng)" in text
    url, over = page.context["restore_url"], page.context["current"]
    answer = client.post(url, {"over": over}, follow=True)
    assert [task.name for task in report.tasks.all()] == ["một", "hai"]
    assert "Khôi phục bản lúc" in read(answer.content.decode())
    # From a page that is older than somebody's row it is not done.
    add(story, report, "vừa thêm", after=TEN * 6)
    client.post(reverse("dossiers:report_restore", args=(report.pk, 1)), {"over": over})
    assert report.tasks.filter(name="vừa thêm").exists()


def test_texts_alone_say_nothing_of_the_appendix(story: Story, client_for: ClientFor) -> None:
    report = story.write(story.mine)
    who: dict[str, Any] = {"by": story.people.head, "at": NOW + TEN * 2}
    texts = story.texts(report, "Bản hai.")
    actions.save_report(report=report, version=1, entries=texts, **who)
    client = client_for(story.people.head)
    assert "Phụ lục công việc</h2>" not in client.get(page_of(report)).content.decode()
    add(story, report, "một", after=TEN * 4)
    actions.save_report(
        report=report, version=2, entries=story.texts(report, "Ba."), by=who["by"], at=NOW + TEN * 6
    )
    assert "Phụ lục không thay đổi (1 dòng)" in read(client.get(page_of(report)).content.decode())


def test_two_thousand_changed_rows_are_told_at_once(story: Story, client_for: ClientFor) -> None:
    report = story.report()
    take_in(story, report, MANY[:1])
    client = client_for(story.people.head)
    with CaptureQueriesContext(connection) as few:
        client.get(page_of(report))
    take_in(story, report, MANY, at=NOW + TEN * 2)
    other = [one._replace(note=f"Sửa lần {n}", done="") for n, one in enumerate(MANY)]
    take_in(story, report, other, at=NOW + TEN * 4)
    began = process_time()
    with CaptureQueriesContext(connection) as many:
        page = client.get(page_of(report))
    assert process_time() - began < 2
    assert len(many) <= len(few)
    assert "sửa 2.000" in read(page.content.decode())
    assert len(page.content) < 200_000
    last = read(client.get(page_of(report), {"trang": "40"}).content.decode())
    assert "Công việc thứ 1999" in last
    # The list itself reads no packed rows.
    wide = [q["sql"] for q in many if '"dossiers_reportversion"."tasks",' in q["sql"]]
    assert len(wide) <= 2
    assert digest(MANY) != digest(other)
