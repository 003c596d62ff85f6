"""The editor of reports: what it shows, saves, keeps and refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from awards.models import Nomination
from campaigns.models import Campaign
from dossiers import actions
from dossiers.models import Report
from emulation.middleware import keep_token
from emulation.models import Rating, User
from tests.conftest import SafeClient, Sent
from tests.dossiers.conftest import Story
from tests.factories import NOW

ClientFor = Callable[[User], SafeClient]


def url_of(report: Report, route: str = "report") -> str:
    return reverse(f"dossiers:{route}", args=(report.pk,))


def sent_texts(story: Story, report: Report, text: str = "Nội dung", **more: str) -> dict[str, str]:
    texts = {f"{kind}-{pk}": text for kind, pk in story.texts(report)}
    return texts | {"version": str(report.version)} | more


def page(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_starting_leads_to_the_editor(story: Story, client_for: ClientFor) -> None:
    client = client_for(story.people.head)
    start = reverse("dossiers:report_start", args=(story.mine.pk,))
    response = client.post(start)
    report = Report.objects.get()
    assert response["Location"] == url_of(report)
    assert client.post(start)["Location"] == url_of(report)
    assert client.get(start).status_code == 405
    assert client_for(story.people.staff).post(start)["Location"] == url_of(report)
    for user in (story.people.outsider, story.people.colleague, story.people.office):
        assert client_for(user).post(start).status_code == 404


def test_a_refused_start_says_why(story: Story, client_for: ClientFor) -> None:
    Nomination.objects.update(state="not_chosen")
    start = reverse("dossiers:report_start", args=(story.mine.pk,))
    response = client_for(story.people.head).post(start, follow=True)
    assert "Không được lựa chọn" in page(response)
    assert "Không được lựa chọn" in page(client_for(story.people.staff).post(start, follow=True))


def test_the_editor_shows_what_the_data_say(story: Story, client_for: ClientFor) -> None:
    report = story.report()
    text = page(client_for(story.people.head).get(url_of(report)))
    for part in (
        "I. THÔNG TIN CHUNG",
        "Hoàng Thị Én",
        "12/03/1985",
        "II. THÀNH TÍCH ĐẠT ĐƯỢC",
        "Hoàn thành 100% nhiệm vụ được giao đúng tiến độ.",
        "Được đánh giá, xếp loại “Hoàn thành tốt nhiệm vụ” năm 2024",
        "theo Quyết định số 412/QĐ-SNV ngày 20/12/2024 của Giám đốc Sở Nội vụ.",
        *story.campaign.statements.values_list("heading", flat=True),
    ):
        assert part in text, part
    assert "Chưa có kết quả xếp loại" not in text
    unit = page(client_for(story.people.head).get(url_of(story.report(story.unit))))
    assert "I. SƠ LƯỢC ĐẶC ĐIỂM, TÌNH HÌNH" in unit
    assert "Không có nội dung đăng ký thi đua nào được tiếp nhận" in unit


@pytest.mark.parametrize(
    ("spoil", "warning"),
    [
        (lambda: Rating.objects.all().delete(), "Chưa có kết quả xếp loại năm 2024"),
        (
            lambda: Rating.objects.update(decision_number=""),
            "Chưa có quyết định xếp loại năm 2024",
        ),
    ],
)
def test_a_rating_that_is_not_known(
    story: Story, client_for: ClientFor, spoil: Callable[[], Any], warning: str
) -> None:
    report = story.report()
    spoil()
    assert warning in page(client_for(story.people.staff).get(url_of(report)))
    Report.objects.filter(pk=report.pk).update(locked_at=NOW)
    assert warning not in page(client_for(story.people.staff).get(url_of(report))), (
        "to writers only"
    )


def test_saving(story: Story, client_for: ClientFor) -> None:
    report = story.report()
    client = client_for(story.people.staff)
    response = client.post(url_of(report), sent_texts(story, report), follow=True)
    assert response.redirect_chain == [(url_of(report), 302)]
    assert "Đã lưu báo cáo." in page(response)
    assert page(response).count("checklist-ok") == 5
    report.refresh_from_db()
    assert report.version == 1
    head = client_for(story.people.head)
    case = reverse("dossiers:unit_case", args=(story.campaign.slug, story.people.unit.pk))
    again = sent_texts(story, report, "Khác", back="1")
    assert head.post(url_of(report), again)["Location"] == case
    report.refresh_from_db()
    assert client.post(url_of(report), sent_texts(story, report, back="1"))["Location"] == reverse(
        "home"
    )


def test_a_box_that_is_not_on_the_page_is_left_alone(story: Story, client_for: ClientFor) -> None:
    report = story.write(story.mine)
    count = report.entries.count()
    [name, *_] = [n for n in sent_texts(story, report) if n != "version"]
    client_for(story.people.head).post(url_of(report), {"version": "1", name: "Mới"})
    assert report.entries.count() == count
    assert report.entries.filter(text="Mới").count() == 1


def test_two_people_at_once_lose_nothing(story: Story, client_for: ClientFor) -> None:
    report = story.report()
    mine = sent_texts(story, report, "Bản của nhân viên")
    head = client_for(story.people.head)
    head.post(url_of(report), sent_texts(story, report, "Bản của trưởng phòng"))
    staff = client_for(story.people.staff)
    response = staff.post(url_of(report), mine)
    assert response.status_code == 409
    text = page(response)
    assert "bản của bạn chưa được lưu" in text
    assert text.count("Bản của nhân viên") == len(mine) - 1
    assert text.count("Bản của trưởng phòng") == len(mine) - 1
    assert 'name="version" value="1"' in text
    assert "hx-post" not in text
    # Saved again from that page, it stands.
    response = staff.post(url_of(report), mine | {"version": "1"}, follow=True)
    assert "Đã lưu báo cáo." in page(response)
    assert set(report.entries.values_list("text", flat=True)) == {"Bản của nhân viên"}


def test_a_text_too_long_stays_on_the_page(story: Story, client_for: ClientFor) -> None:
    report = story.report()
    texts = sent_texts(story, report)
    name = next(n for n in texts if n != "version")
    response = client_for(story.people.head).post(
        url_of(report), texts | {name: "dài" * actions.MAX_CHARS}
    )
    assert response.status_code == 422
    assert "tối đa 30.000 ký tự" in page(response)
    assert "dài" * actions.MAX_CHARS in page(response)
    assert not report.entries.exists()


def test_a_table_too_wide_for_word_stays_on_the_page(story: Story, client_for: ClientFor) -> None:
    report = story.report()
    texts = sent_texts(story, report)
    name = next(n for n in texts if n != "version")
    client = client_for(story.people.head)
    row = "|" + "a|" * 64
    answer = client.post(url_of(report), texts | {name: f"Bảng:\n{row}\n{row}"})
    assert answer.status_code == 422
    assert "mỗi bảng tối đa 63 cột" in page(answer)
    assert row in page(answer)
    row = "|" + "a|" * 63
    answer = client.post(url_of(report), texts | {name: f"Bảng:\n{row}\n{row}"})
    assert answer.status_code == 302


def test_a_report_closed_meanwhile_gives_the_text_back(story: Story, client_for: ClientFor) -> None:
    report = story.report()
    texts = sent_texts(story, report, "Chưa kịp lưu")
    Report.objects.update(locked_at=NOW)
    response = client_for(story.people.staff).post(url_of(report), texts)
    assert response.status_code == 409
    text = page(response)
    assert "đã trình cùng hồ sơ nên không còn sửa được" in text
    assert "Chưa kịp lưu" in text
    assert "report-bar" not in text
    assert not report.entries.exists()


# --- Autosave -------------------------------------------------------------------------------------


def test_autosave(story: Story, client_for: ClientFor) -> None:
    report = story.report()
    client = client_for(story.people.staff)
    response = client.post(url_of(report, "report_save"), sent_texts(story, report))
    assert (response.status_code, response["X-Version"]) == (200, "1")
    assert 'hx-swap-oob="true"' in page(response)
    assert page(response).count("checklist-ok") == 5
    old = sent_texts(story, report, "Khác")
    assert client.post(url_of(report, "report_save"), old).status_code == 409
    long = old | {"version": "1", next(n for n in old if n != "version"): "x" * 40_000}
    assert client.post(url_of(report, "report_save"), long).status_code == 422
    Report.objects.update(locked_at=NOW)
    assert client.post(url_of(report, "report_save"), old).status_code == 404
    assert client.get(url_of(report, "report_save")).status_code == 405


@pytest.mark.parametrize("who", ["outsider", "stranger", "colleague", "office", "admin"])
def test_others_save_nothing(story: Story, client_for: ClientFor, who: str) -> None:
    report = story.report()
    client = client_for(getattr(story.people, who))
    for route in ("report", "report_save"):
        response = client.post(url_of(report, route), sent_texts(story, report))
        assert response.status_code == 404
    assert client.get(url_of(report)).status_code == 404
    assert not report.entries.exists()


# --- An expired session ---------------------------------------------------------------------------


def test_text_survives_a_new_login(story: Story) -> None:
    report = story.report()
    user = story.people.staff
    user.set_password("mat-khau-dai-1")
    user.save()
    client = Client()
    texts = sent_texts(story, report, "Gõ khi phiên đã hết", _keep=keep_token(user.pk))
    response = client.post(url_of(report), texts)
    assert response.status_code == 302
    assert not report.entries.exists()
    login = {"username": user.username, "password": "mat-khau-dai-1"}
    response = client.post(response["Location"], login, follow=True)
    assert response.redirect_chain[-1][0] == url_of(report)
    text = page(response)
    assert "Nội dung chưa lưu đã được khôi phục" in text
    assert text.count("Gõ khi phiên đã hết") == len(story.texts(report))
    saved = client.post(url_of(report), texts, follow=True)
    assert "Đã lưu báo cáo." in page(saved)
    assert "khôi phục" not in page(client.get(url_of(report)))


def test_text_that_comes_back_late_stands_beside_the_newer(story: Story) -> None:
    report = story.report()
    user = story.people.staff
    client = Client()
    texts = sent_texts(story, report, "Bản gõ trước", _keep=keep_token(user.pk))
    client.post(url_of(report), texts)
    actions.save_report(
        report=report, version=0, entries=story.texts(report, "Bản mới"), **story.as_head()
    )
    client.force_login(user)
    text = page(client.get(url_of(report)))
    assert "Hai bản khác nhau" in text
    assert "Bản gõ trước" in text
    assert "Bản mới" in text


# --- Reading --------------------------------------------------------------------------------------


def test_readers_leave_a_trace(
    story: Story, client_for: ClientFor, sent: Sent, django_capture_on_commit_callbacks: Any
) -> None:
    story.submitted()
    report = Report.objects.get(nomination=story.mine)
    sent.tasks.clear()
    for who in ("office", "council", "director"):
        with django_capture_on_commit_callbacks(execute=True):
            response = client_for(getattr(story.people, who)).get(url_of(report))
        text = page(response)
        assert "Đã hoàn thành tốt." in text
        assert "<textarea" not in text
    assert [task[1][2] for task in sent.tasks] == [
        story.people.office.pk,
        story.people.council.pk,
        story.people.director.pk,
    ]
    assert sent.tasks[0][:1] == ("emulation.record_look",)
    assert sent.tasks[0][1][:2] == ("dossiers.report", report.pk)
    for who in ("head", "staff"):
        with django_capture_on_commit_callbacks(execute=True):
            text = page(client_for(getattr(story.people, who)).get(url_of(report)))
        assert "đã trình cùng hồ sơ nên không sửa được nữa" in text
        assert "<textarea" not in text
    assert len(sent.tasks) == 3


def test_a_closed_campaign_is_read_only(story: Story, client_for: ClientFor) -> None:
    report = story.write(story.mine)
    Campaign.objects.update(state="closed")
    assert "<textarea" not in page(client_for(story.people.head).get(url_of(report)))
