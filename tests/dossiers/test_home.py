"""What waits for each person on the home page."""

from __future__ import annotations

from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone

from campaigns.models import Campaign, Milestone, Registration
from dossiers import actions
from dossiers.models import Document
from emulation.models import User
from tests.conftest import ClientFor
from tests.dossiers.conftest import Story
from tests.dossiers.pages import case_of, page
from tests.factories import make_batch, make_campaign, make_document


def tasks(client_for: ClientFor, user: User) -> str:
    text = page(client_for(user).get(reverse("home")))
    return text[text.index("<main") : text.index("</main>")]


def test_what_waits_for_a_unit_head(story: Story, client_for: ClientFor) -> None:
    head = story.people.head
    text = tasks(client_for, head)
    assert "Hoàn thành báo cáo" in text
    assert "Hoàng Thị Én" in text
    assert case_of(story) in text
    dossier = story.submitted()
    text = tasks(client_for, head)
    assert "Không còn việc nào đang chờ" in text
    assert "Tiếp nhận: chờ Văn phòng Sở từ 20/11/2026" in text
    actions.act_on_dossier(dossier=dossier, act="return", note="Thiếu", **story.as_office())
    text = tasks(client_for, head)
    assert "Bổ sung và trình lại hồ sơ" in text
    assert "Bị trả lại" in text
    assert "Lập bản đăng ký" in tasks(client_for, story.people.outsider)
    Campaign.objects.update(state="closed")
    assert "Không còn việc nào đang chờ" in tasks(client_for, head)


def test_what_is_due_first_stands_first(story: Story, client_for: ClientFor) -> None:
    soon = make_campaign(story.people.agency, participants=(story.people.unit,), name="Gấp")
    late = make_campaign(story.people.agency, participants=(story.people.unit,), name="Đã muộn")
    today = timezone.localdate()
    for campaign, day in ((soon, today + timedelta(days=3)), (late, today - timedelta(days=3))):
        Milestone.objects.create(
            campaign=campaign, kind="registration", name="Đăng ký", date=day, inclusive=True
        )
    text = tasks(client_for, story.people.head)
    places = [
        text.index(f'<p class="task-campaign">{c.name}') for c in (late, soon, story.campaign)
    ]
    assert places == sorted(places)
    assert "deadline-danger" in text
    assert "deadline-warning" in text
    assert "(đã quá)" in text


def test_what_waits_for_the_nominee(story: Story, client_for: ClientFor) -> None:
    staff = story.people.staff
    text = tasks(client_for, staff)
    assert "Viết báo cáo thành tích của tôi" in text
    assert reverse("dossiers:report_start", args=(story.mine.pk,)) in text
    report = story.report()
    text = tasks(client_for, staff)
    assert reverse("dossiers:report", args=(report.pk,)) in text
    assert "Còn thiếu" in text
    story.write(story.mine)
    text = tasks(client_for, staff)
    assert "Viết báo cáo" not in text
    assert "Được đơn vị lựa chọn" in text
    assert "Không còn việc nào đang chờ" in tasks(client_for, story.people.colleague)


def test_what_waits_for_the_office(story: Story, client_for: ClientFor) -> None:
    office = story.people.office
    text = tasks(client_for, office)
    assert "Đôn đốc 2 đơn vị chưa trình hồ sơ" in text
    assert "Ấn định ngày: Gửi hồ sơ về Sở" in text
    dossier = story.submitted()
    Registration.objects.update(state="submitted", decided_at=None)
    failed = make_document(dossier, by=office, state="failed", error="Hỏng ảnh")
    batch = make_batch(story.campaign, failed, by=office)
    Milestone.objects.update(date=date(2025, 8, 8))
    text = tasks(client_for, office)
    for part in (
        "Đôn đốc 1 đơn vị chưa trình hồ sơ",
        "Tiếp nhận 1 bản đăng ký",
        "Kiểm tra, tiếp nhận 1 hồ sơ",
        "1 văn bản không tạo được",
        reverse("dossiers:batch", args=(batch.pk,)),
        "1/2 đơn vị đã trình hồ sơ",
        "08/08/2025 (đã quá)",
    ):
        assert part in text, part
    assert "Ấn định ngày" not in text
    assert make_batch(story.campaign, by=office)
    assert "không tạo được" not in tasks(client_for, office)
    assert Document.objects.count() == 1


def test_what_waits_for_director_and_council(story: Story, client_for: ClientFor) -> None:
    draft = make_campaign(story.people.agency, state="draft", name="Kế hoạch mới")
    text = tasks(client_for, story.people.director)
    assert "Xem và phát động kế hoạch" in text
    assert draft.name in text
    assert "Không còn việc nào đang chờ" in tasks(client_for, story.people.council)
    dossier = story.submitted()
    assert "Đọc 1 hồ sơ trước phiên họp" in tasks(client_for, story.people.council)
    assert "hồ sơ đã tiếp nhận" not in tasks(client_for, story.people.director)
    actions.act_on_dossier(dossier=dossier, act="accept", **story.as_office())
    assert "Xem 1 hồ sơ đã tiếp nhận" in tasks(client_for, story.people.director)
    assert "1 hồ sơ" not in tasks(client_for, story.people.stranger)


def test_nothing_waits(story: Story, client_for: ClientFor) -> None:
    assert "Tới trang tài khoản" in tasks(client_for, story.people.admin)
    nobody = User.objects.create(username="moi", agency=story.people.agency)
    assert "chưa được giao vai trò" in tasks(client_for, nobody)
