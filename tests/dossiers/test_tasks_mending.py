"""What is wrong in a file of tasks is all told, and mended on the page or in the file."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dossiers import actions
from dossiers.forms import tasks as forms
from dossiers.models import Report
from emulation.models import User
from tests.conftest import ClientFor, SafeClient
from tests.dossiers.conftest import Story
from tests.dossiers.task_rows import FULL, sheet
from tests.dossiers.test_tasks import names, packed, page, upload, url

pytestmark = pytest.mark.django_db
HEAD = ["STT", "Nội dung", "Hạn hoàn thành", "Kết quả"]
FAULTY: tuple[list[Any], ...] = (
    HEAD,
    [1, "Việc một", "b" * 61, "Đạt"],
    [],
    [2, None, "15/02/2025", "Có kết quả"],
    [3, "Việc ba", None, "Tốt"],
    [4, "a" * 501, "c" * 70, None],
)


def told(text: str) -> list[tuple[str, str, str]]:
    heads = ('class="fw-medium"', 'data-label="Cột"', 'data-label="Lỗi"')
    return re.findall(r"\s*".join(rf"<td {head}>(.*?)</td>" for head in heads), text)


def kept(text: str) -> dict[str, str]:
    found = re.search(r'name="loi" value="([^"]+)"', text)
    assert found
    return {"loi": found[1]}


def boxes(text: str) -> dict[str, str]:
    return dict(re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', text))


def begin(story: Story, client_for: ClientFor) -> tuple[Report, SafeClient, str]:
    report = story.report()
    client = client_for(story.people.head)
    return report, client, page(upload(client, report, *FAULTY))


def test_every_fault_is_told_with_row_and_column(story: Story, client_for: ClientFor) -> None:
    _, _, text = begin(story, client_for)
    assert "4 chỗ cần sửa, chưa dòng nào được nhập" in text
    assert told(text) == [
        ("Dòng 2", "Hạn hoàn thành", "Thời hạn dài 61 ký tự, tối đa 60."),
        ("Dòng 4", "Nội dung", "Chưa có nội dung công việc."),
        ("Dòng 6", "Nội dung", "Công việc, nhiệm vụ dài 501 ký tự, tối đa 500."),
        ("Dòng 6", "Hạn hoàn thành", "Thời hạn dài 70 ký tự, tối đa 60."),
    ]
    assert list(boxes(text).values()) == ["b" * 61, "", "a" * 501, "c" * 70]
    assert text.count("không nhập</span>") == 3
    assert 'name="bang"' not in text


def test_faults_are_mended_on_the_page(story: Story, client_for: ClientFor) -> None:
    report, client, text = begin(story, client_for)
    first, second, third, fourth = boxes(text)
    place = url(report, "report_tasks_import")
    sent = kept(text) | {first: "15/02/2025", second: "", third: "Việc bốn", fourth: "d" * 61}
    again = client.post(place, sent)
    assert again.status_code == 422
    left = page(again)
    assert [(line, column) for line, column, _ in told(left)] == [
        ("Dòng 4", "Nội dung"),
        ("Dòng 6", "Hạn hoàn thành"),
    ]
    # What was right stays right, what is wrong still has its text.
    assert list(boxes(left).values()) == ["", "d" * 61]
    name, due = boxes(left)
    shown = client.post(place, kept(left) | {name: " Việc  hai ", due: "20/02/2025"})
    assert shown.status_code == 200
    assert not report.tasks.exists()
    client.post(place, {"bang": packed(shown), "cach": "them"})
    assert names(report) == ["Việc một", "Việc hai", "Việc ba", "Việc bốn"]
    terms = [task.due for task in report.tasks.all()]
    assert terms == ["15/02/2025", "15/02/2025", "", "20/02/2025"]


def test_rows_can_be_left_out(story: Story, client_for: ClientFor) -> None:
    report, client, text = begin(story, client_for)
    place = url(report, "report_tasks_import")
    first, *_ = boxes(text)
    leave = re.findall(r'type="checkbox" name="(bo-\d+)"', text)
    assert len(leave) == 3
    ticked = dict.fromkeys(leave[1:], "on")
    shown = client.post(place, kept(text) | {first: "hết tháng 2"} | ticked)
    client.post(place, {"bang": packed(shown), "cach": "them"})
    assert names(report) == ["Việc một", "Việc ba"]
    only = page(upload(client, report, HEAD, [1, None, "15/02/2025", None]))
    nothing = client.post(place, kept(only) | {"bo-0": "on"}, follow=True)
    assert "Đã bỏ hết các dòng" in page(nothing)


def test_a_mended_file_goes_on_from_the_same_page(story: Story, client_for: ClientFor) -> None:
    report, client, text = begin(story, client_for)
    form = re.search(r'<div class="card-footer" id="tai-lai">(.*?)</form>', text)
    assert form
    assert f'action="{url(report, "report_tasks_import")}"' in form[1]
    assert 'type="file"' in form[1]
    assert "multipart/form-data" in form[1]
    shown = upload(client, report, HEAD, [1, "Việc một", None, "Đạt"])
    client.post(url(report, "report_tasks_import"), {"bang": packed(shown), "cach": "them"})
    assert names(report) == ["Việc một"]


def test_hundreds_of_faults_are_all_told(
    story: Story, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    report, client = story.report(), client_for(story.people.head)
    lines = [[n, f"Việc {n}", "x" * 61, None] for n in range(1, forms.MOST_MENDED + 101)]
    text = page(upload(client, report, HEAD, *lines))
    assert len(told(text)) == forms.MOST_MENDED + 100
    assert told(text)[-1][0] == f"Dòng {forms.MOST_MENDED + 101}"
    assert "hãy sửa trong tệp Excel" in text
    assert 'name="loi"' not in text
    few = page(upload(client, report, HEAD, *lines[: forms.MOST_MENDED]))
    assert len(boxes(few)) == forms.MOST_MENDED
    # Long cells, of which a browser would send more than is taken in.
    monkeypatch.setattr(forms, "MAX_PACKED", 5000)
    long = page(upload(client, report, HEAD, [1, "ệ" * 2000, None, None]))
    assert 'name="loi"' not in long
    assert "dài 2.000 ký tự" in long


def test_what_was_not_found_here_is_not_taken(story: Story, client_for: ClientFor) -> None:
    report, client, text = begin(story, client_for)
    place, sent = url(report, "report_tasks_import"), kept(text)
    other = url(story.report(story.other), "report_tasks_import")
    for address, wrong in ((place, {"loi": sent["loi"][:-2]}), (place, {"loi": ""}), (other, sent)):
        assert "Không đọc lại được" in page(client.post(address, wrong, follow=True))
    # Rows with faults are not confirmed as they are, and a box that was not offered fills nothing.
    client.post(place, {"bang": sent["loi"], "cach": "them"})
    assert not report.tasks.exists()
    again = page(client.post(place, sent | {"o-2-name": "Chen vào"}))
    assert "Chen vào" not in again
    assert len(told(again)) == 4


def test_what_was_mended_survives_an_expired_session(story: Story, client_for: ClientFor) -> None:
    report, _, text = begin(story, client_for)
    token = re.search(r'name="_keep" value="([^"]+)"', text)
    assert token
    user: User = story.people.head
    fresh = Client()
    first, *_ = boxes(text)
    place = url(report, "report_tasks_import")
    sent = kept(text) | {first: "15/02/2025", "_keep": token[1]}
    assert "/dang-nhap/" in fresh.post(place, sent).headers["Location"]
    fresh.force_login(user)
    again = page(fresh.get(place))
    assert [line for line, _, _ in told(again)] == ["Dòng 4", "Dòng 6", "Dòng 6"]
    assert not report.tasks.exists()


def test_a_row_taken_away_meanwhile_leaves_what_was_typed(
    story: Story, client_for: ClientFor
) -> None:
    """As when somebody takes in a file, or brings a version back, while a row is changed."""
    report, client = story.report(), client_for(story.people.head)
    task = actions.add_task(report=report, row=FULL, **story.as_head())
    place = url(report, "report_task", task_pk=task.pk)
    report.tasks.all().delete()
    answer = client.post(place, {"name": "Gõ dở dang", "result": "Đạt", "place": "1", "seen": "x"})
    assert answer.status_code == 409
    text = page(answer)
    assert "không còn trong phụ lục" in text
    assert "Gõ dở dang" in text
    assert client.get(place).status_code == 404
    assert not report.tasks.exists()


def test_a_file_that_is_no_table_says_so_where_it_was_chosen(
    story: Story, client_for: ClientFor
) -> None:
    report, client = story.report(), client_for(story.people.head)
    wrong = SimpleUploadedFile("a.xlsx", b"PK\x03\x04x")
    answer = client.post(url(report, "report_tasks_import"), {"file": wrong})
    assert answer.status_code == 422
    assert "bị hỏng" in page(answer)
    none = client.post(url(report, "report_tasks_import"), {"file": sheet(["a", "b"], ["c", "d"])})
    assert "Không tìm thấy dòng tiêu đề" in page(none)
