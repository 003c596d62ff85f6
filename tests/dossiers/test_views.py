"""The story by address: dossiers, files, the unit's way, the office's overview, what waits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from awards.models import Meeting, Nomination
from campaigns.models import Campaign, DossierPart, Milestone, Participant, Registration
from dossiers import actions
from dossiers.models import Attachment, Document, Dossier, RegisterEntry, Report
from emulation.actions import record_look
from emulation.models import Step, User
from tests.conftest import SafeClient, Sent
from tests.dossiers.conftest import Story, upload
from tests.factories import (
    NOW,
    make_batch,
    make_campaign,
    make_document,
    make_dossier,
    make_individual,
    make_meeting,
    make_nomination,
    make_registration,
    make_report,
    make_unit,
)

ClientFor = Callable[[User], SafeClient]
EVERYBODY = (
    "head",
    "office",
    "council",
    "director",
    "staff",
    "colleague",
    "outsider",
    "stranger",
    "admin",
)


def page(response: Any) -> str:
    return " ".join(response.content.decode().split())


def status(client: SafeClient, url: str) -> int:
    response = client.get(url)
    read(response)
    return int(response.status_code)


def read(response: Any) -> bytes:
    """The whole answer; a file that is handed out is closed at its end, as a server does."""
    return bytes(response.getvalue())


def url_of(dossier: Dossier, route: str = "dossier", *args: Any) -> str:
    return reverse(f"dossiers:{route}", args=(dossier.pk, *args))


def case_of(story: Story) -> str:
    return reverse("dossiers:unit_case", args=(story.campaign.slug, story.people.unit.pk))


# --- The whole way --------------------------------------------------------------------------------


def test_the_way_of_a_dossier(story: Story, client_for: ClientFor) -> None:
    head, office = client_for(story.people.head), client_for(story.people.office)
    text = page(head.get(case_of(story)))
    assert "Lập hồ sơ" in text
    open_url = reverse(
        "dossiers:dossier_open", args=(story.campaign.slug, story.people.unit.pk, "agency")
    )
    opened = head.post(open_url)
    dossier = Dossier.objects.get()
    assert opened["Location"] == url_of(dossier)
    text = page(head.get(opened["Location"]))
    assert "Còn thiếu 1 thành phần" in text
    assert "Chưa lập báo cáo thành tích" in text
    assert 'aria-disabled="true"' in text
    response = head.post(url_of(dossier, "dossier_act", "submit"), follow=True)
    assert "Hồ sơ còn thiếu" in page(response)
    for nomination in story.nominations:
        story.write(nomination)
    assert "Đã đủ" in page(head.get(opened["Location"]))
    assert office.get(opened["Location"]).status_code == 404
    response = head.post(url_of(dossier, "dossier_act", "submit"), follow=True)
    assert "Đã trình hồ sơ." in page(response)
    note = {"note": "Thiếu phụ lục kèm theo"}
    response = office.post(url_of(dossier, "dossier_act", "return"), note, follow=True)
    assert "Đã trả lại hồ sơ" in page(response)
    text = page(head.get(opened["Location"]))
    assert "Lý do trả lại" in text
    assert "Thiếu phụ lục kèm theo" in text
    assert "Bổ sung và trình lại hồ sơ" in page(head.get(case_of(story)))
    head.post(url_of(dossier, "dossier_act", "submit"))
    response = office.post(url_of(dossier, "dossier_act", "accept"), follow=True)
    assert "Đã tiếp nhận hồ sơ." in page(response)
    assert "Đã tiếp nhận" in page(head.get(case_of(story)))
    assert [s.act for s in Step.objects.about(dossier)] == ["submit", "return", "submit", "accept"]


def test_a_double_click_submits_once(story: Story, client_for: ClientFor) -> None:
    dossier = story.complete()
    client = client_for(story.people.head)
    act = url_of(dossier, "dossier_act", "submit")
    client.post(act)
    response = client.post(act, follow=True)
    text = page(response)
    assert "Hồ sơ đã được trình lúc" in text
    assert 'data-message="error"' not in text
    assert Step.objects.about(dossier).count() == 1
    assert client.post(url_of(dossier, "dossier_act", "khong-co")).status_code == 404
    assert client.get(act).status_code == 405


def test_an_unknown_level_is_not_found(story: Story, client_for: ClientFor) -> None:
    args = (story.campaign.slug, story.people.unit.pk)
    client = client_for(story.people.head)
    assert client.post(reverse("dossiers:dossier_open", args=(*args, "x"))).status_code == 404
    url = reverse("dossiers:dossier_open", args=(*args, "minister"))
    assert "chưa chọn tập thể, cá nhân nào" in page(client.post(url, follow=True))


# --- Who gets in ----------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["draft", "submitted", "returned", "accepted"])
def test_who_opens_a_dossier_and_its_files(
    story: Story, client_for: ClientFor, state: str, pdf: Callable[..., bytes]
) -> None:
    dossier = story.dossier()
    added = actions.add_attachment(dossier=dossier, file=upload("a.pdf", pdf()), **story.as_head())
    decided = NOW if state in ("returned", "accepted") else None
    if state != "draft":
        Dossier.objects.update(state=state, submitted_at=NOW, decided_at=decided, snapshot={})
    readers = {"head"} if state == "draft" else {"head", "office", "council", "director"}
    for who in EVERYBODY:
        client = client_for(getattr(story.people, who))
        expected = 200 if who in readers else 404
        for url in (url_of(dossier), url_of(dossier, "attachment", added.pk)):
            assert status(client, url) == expected, (who, url)
        writes = {"head"} if state in ("draft", "returned") else set()
        response = client.post(url_of(dossier, "attachment_remove", added.pk))
        assert response.status_code == (302 if who == "head" else 404)
        added.refresh_from_db()
        assert (added.removed_at is not None) is (who in writes)
        Attachment.objects.update(removed_at=None)
        response = client.post(url_of(dossier, "attachment_add"), {"file": upload("b", pdf(2))})
        assert (response.status_code != 404) is (who == "head")
        assert (Attachment.objects.count() > 1) is (who in writes)
        Attachment.objects.exclude(pk=added.pk).delete()
        if who not in readers:
            for act in ("submit", "return", "accept"):
                url = url_of(dossier, "dossier_act", act)
                assert client.post(url, {"note": "x"}).status_code == 404
    anonymous = SafeClient()
    for url in (url_of(dossier), url_of(dossier, "attachment", added.pk), case_of(story), "/"):
        response = anonymous.get(url)
        assert (response.status_code, response["Location"].split("?")[0]) == (302, reverse("login"))


def test_who_opens_the_unit_and_the_overview(story: Story, client_for: ClientFor) -> None:
    overview = reverse("dossiers:overview", args=(story.campaign.slug,))
    for who in EVERYBODY:
        client = client_for(getattr(story.people, who))
        readers = {"head", "office", "council", "director"}
        assert client.get(case_of(story)).status_code == (200 if who in readers else 404), who
        overseers = {"office", "director"}
        assert client.get(overview).status_code == (200 if who in overseers else 404), who


def test_a_file_of_another_dossier_is_not_found(
    story: Story, client_for: ClientFor, pdf: Callable[..., bytes]
) -> None:
    mine = story.dossier()
    other = make_dossier(story.campaign, story.people.other_unit, by=story.people.outsider)
    added = actions.add_attachment(
        dossier=other, file=upload("a.pdf", pdf()), by=story.people.outsider, at=NOW
    )
    client = client_for(story.people.head)
    assert status(client, url_of(mine, "attachment", added.pk)) == 404
    assert client.post(url_of(mine, "attachment_remove", added.pk)).status_code == 404
    client = client_for(story.people.outsider)
    assert status(client, url_of(other, "attachment", added.pk)) == 200
    Attachment.objects.update(removed_at=NOW)
    assert status(client, url_of(other, "attachment", added.pk)) == 404


# --- Files ----------------------------------------------------------------------------------------


def test_a_file_is_only_handed_out_as_a_download(
    story: Story, client_for: ClientFor, pdf: Callable[..., bytes]
) -> None:
    dossier, content = story.dossier(), pdf(2)
    client = client_for(story.people.head)
    part = DossierPart.objects.create(campaign=story.campaign, kind="appendix", name="Phụ lục")
    data = {"file": upload("Quyết định.pdf", content), "part": part.pk, "nomination": story.mine.pk}
    response = client.post(url_of(dossier, "attachment_add"), data, follow=True)
    assert "Đã đính kèm “Quyết định.pdf”." in page(response)
    added = Attachment.objects.get()
    assert (added.part, added.nomination) == (part, story.mine)
    response = client.get(url_of(dossier, "attachment", added.pk))
    assert response.getvalue() == content
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment;")
    assert "Quy%E1%BA%BFt%20%C4%91%E1%BB%8Bnh.pdf" in response["Content-Disposition"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "no-store" in response["Cache-Control"]
    response = client.post(url_of(dossier, "attachment_remove", added.pk), follow=True)
    assert "Đã gỡ “Quyết định.pdf” khỏi hồ sơ." in page(response)


def test_what_is_refused_says_why(
    story: Story, client_for: ClientFor, settings: Any, pdf: Callable[..., bytes]
) -> None:
    dossier = story.dossier()
    client = client_for(story.people.head)
    url = url_of(dossier, "attachment_add")

    def message(**data: Any) -> str:
        response = client.post(url, data)
        assert response.status_code == 422
        return page(response)

    assert "Hãy chọn tệp." in message()
    assert "không phải PDF" in message(file=upload("virus.pdf", b"MZ" + b"0" * 500))
    assert "chưa tải đủ" in message(file=upload("cut.pdf", pdf(3)[:300]))
    assert "Tệp rỗng" in message(file=upload("rong.pdf", b""))
    large = upload("lon.pdf", b"%PDF-1.7" + bytes(60 * 1024 * 1024))
    assert "Tệp nặng 60 MB, quá mức cho phép 50 MB" in message(file=large)
    client.post(url, {"file": upload("a.pdf", pdf())})
    assert "Tệp này đã có trong hồ sơ" in message(file=upload("b.pdf", pdf()))
    assert Attachment.objects.count() == 1
    Dossier.objects.update(state="submitted", submitted_at=NOW, snapshot={})
    response = client.post(url, {"file": upload("c.pdf", pdf(2))}, follow=True)
    assert "không sửa được" in page(response)


def test_the_link_of_a_missing_part_chooses_it(story: Story, client_for: ClientFor) -> None:
    part = DossierPart.objects.create(campaign=story.campaign, kind="consultation", name="Hiệp y")
    dossier = story.dossier()
    client = client_for(story.people.head)
    assert f"?thanh-phan={part.pk}#dinh-kem" in page(client.get(url_of(dossier)))
    text = page(client.get(url_of(dossier) + f"?thanh-phan={part.pk}"))
    assert f'<option value="{part.pk}" selected>' in text
    assert client.get(url_of(dossier) + "?thanh-phan=x").status_code == 200


# --- Traces ---------------------------------------------------------------------------------------


def test_every_look_from_outside_leaves_a_trace(
    story: Story,
    client_for: ClientFor,
    sent: Sent,
    pdf: Callable[..., bytes],
    django_capture_on_commit_callbacks: Any,
) -> None:
    dossier = story.complete()
    added = actions.add_attachment(dossier=dossier, file=upload("a.pdf", pdf()), **story.as_head())
    actions.act_on_dossier(dossier=dossier, act="submit", **story.as_head())
    urls = (url_of(dossier), url_of(dossier, "attachment", added.pk))

    def look(user: User) -> list[Any]:
        sent.tasks.clear()
        for url in urls:
            with django_capture_on_commit_callbacks(execute=True):
                status(client_for(user), url)
                read(client_for(user).head(url))
        return [(name, args[:4]) for name, args in sent.tasks]

    assert look(story.people.head) == []
    for who in ("office", "council", "director"):
        user = getattr(story.people, who)
        assert look(user) == [
            ("emulation.record_look", ("dossiers.dossier", dossier.pk, user.pk, "Hồ sơ")),
            ("emulation.record_look", ("dossiers.dossier", dossier.pk, user.pk, "Tài liệu: a.pdf")),
        ]
    assert look(story.people.outsider) == []


def test_who_sees_the_traces(story: Story, client_for: ClientFor) -> None:
    dossier = story.submitted()
    document = make_document(dossier, by=story.people.head)
    report = Report.objects.get(nomination=story.mine)
    for subject, what in ((dossier, "Hồ sơ"), (document, "Tải về"), (report, "Báo cáo")):
        record_look(subject=subject, by=story.people.council, what=what, at=NOW)
    record_look(subject=story.campaign, by=story.people.council, what="Việc khác", at=NOW)
    for who, shown in (("head", True), ("office", True), ("council", False), ("director", False)):
        text = page(client_for(getattr(story.people, who)).get(url_of(dossier)))
        assert ("Ai đã xem" in text) is shown
        for what in ("Hồ sơ · 09:00", "Tải về · 09:00", "Báo cáo · 09:00"):
            assert (what in text) is shown
        assert "Việc khác" not in text


# --- Lists ----------------------------------------------------------------------------------------


def queries(client: SafeClient, url: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(url).status_code == 200
    return len(found)


def _more(story: Story, count: int) -> None:
    by = story.people.head
    for _ in range(count):
        unit = make_unit(story.people.agency)
        Participant.objects.create(campaign=story.campaign, unit=unit)
        person = make_individual(unit)
        nomination = make_nomination(unit, person, story.offer, by=by, state="chosen")
        make_report(nomination)
        make_meeting(story.campaign, unit, by=by, present=(person,), state="concluded")
        make_registration(story.campaign, unit, by=by, state="submitted")
        make_dossier(story.campaign, unit, by=by, state="submitted")


def test_lists_cost_the_same_for_one_and_for_six(story: Story, client_for: ClientFor) -> None:
    story.submitted()
    overview = reverse("dossiers:overview", args=(story.campaign.slug,))
    visits = [
        (client_for(getattr(story.people, who)), url)
        for who, url in (
            ("office", reverse("dossiers:list")),
            ("office", overview),
            ("office", reverse("home")),
            ("director", reverse("home")),
            ("council", reverse("home")),
            ("head", reverse("home")),
            ("head", case_of(story)),
            ("head", url_of(Dossier.objects.get())),
        )
    ]
    # A first visit warms what is kept between requests, such as the table of content types.
    for client, url in visits:
        client.get(url)
    one = [queries(client, url) for client, url in visits]
    _more(story, 5)
    assert [queries(client, url) for client, url in visits] == one


def test_a_unit_with_many_nominees_costs_the_same(story: Story, client_for: ClientFor) -> None:
    dossier = story.complete()
    client = client_for(story.people.head)
    urls = (case_of(story), url_of(dossier), reverse("home"))
    for url in urls:
        client.get(url)
    one = [queries(client, url) for url in urls]
    for _ in range(5):
        person = make_individual(story.people.unit)
        nomination = make_nomination(
            story.people.unit, person, story.offer, by=story.people.head, state="chosen"
        )
        make_report(nomination)
    assert [queries(client, url) for url in urls] == one


def test_the_list_filters_and_sorts(story: Story, client_for: ClientFor) -> None:
    dossier = story.submitted()
    other = make_dossier(
        story.campaign,
        story.people.other_unit,
        by=story.people.outsider,
        state="accepted",
        decider="minister",
    )
    client = client_for(story.people.office)
    names = {d.pk: d.unit.name for d in (dossier, other)}

    def shown(query: str) -> list[str]:
        text = page(client.get(reverse("dossiers:list") + query))
        found = [(text.find(f'/ho-so/{pk}/"'), name) for pk, name in names.items()]
        return [name for at, name in sorted(found) if at >= 0]

    both = sorted(names.values())
    assert sorted(shown("")) == both
    assert shown("?q=cai+cach") == [dossier.unit.name]
    assert shown("?state=accepted") == [other.unit.name]
    assert shown("?decider=agency") == [dossier.unit.name]
    assert sorted(shown(f"?campaign={story.campaign.pk}")) == both
    assert shown("?q=khong-co-don-vi-nay") == []
    assert shown("?xep=cap") == [dossier.unit.name, other.unit.name]
    assert shown("?xep=-cap") == [other.unit.name, dossier.unit.name]
    assert sorted(shown("?xep=mat-khau&trang=99&state=khong-co")) == both
    strange = page(client_for(story.people.stranger).get(reverse("dossiers:list")))
    assert "Chưa có hồ sơ nào" in strange


def test_the_overview_names_those_who_have_not_begun(story: Story, client_for: ClientFor) -> None:
    story.submitted()
    client = client_for(story.people.office)
    overview = reverse("dossiers:overview", args=(story.campaign.slug,))
    text = page(client.get(overview))
    assert "1/2" in text
    for unit in (story.people.unit, story.people.other_unit):
        assert unit.name in text
    waiting = page(client.get(overview + "?progress=chua-bat-dau"))
    assert story.people.other_unit.name in waiting
    assert story.people.unit.name not in waiting
    sent = page(client.get(overview + "?progress=da-trinh&q=cai+cach"))
    assert story.people.unit.name in sent
    assert "Không có đơn vị nào khớp" in page(client.get(overview + "?q=xyz"))
    for sort in ("don-vi", "-tien-do", "de-cu", "bao-cao", "-ho-so", "la"):
        assert client.get(f"{overview}?xep={sort}").status_code == 200


# --- The unit's way -------------------------------------------------------------------------------


def test_every_stage_says_who_has_it_and_what_comes_next(
    story: Story, client_for: ClientFor
) -> None:
    """Backwards from an accepted dossier to a unit that has done nothing."""
    client = client_for(story.people.head)

    def status() -> str:
        text = page(client.get(case_of(story)))
        return text[text.index('class="case-status"') : text.index('class="phases"')]

    dossier = story.submitted()
    assert "Văn phòng Sở" in status()
    assert "Kiểm tra, tiếp nhận hồ sơ." in status()
    actions.act_on_dossier(dossier=dossier, act="accept", **story.as_office())
    assert "Hội đồng Thi đua - Khen thưởng họp xét." in status()
    Dossier.objects.update(state="draft", submitted_at=None, decided_at=None)
    Nomination.objects.update(state="chosen", submitted_at=None)
    assert "Hoàn thành và trình hồ sơ." in status()
    Report.objects.get(nomination=story.mine).entries.all().delete()
    assert "Hoàn thành báo cáo." in status()
    Meeting.objects.update(state="draft", concluded_at=None)
    Nomination.objects.update(state="proposed")
    assert "Ghi biên bản và kết luận cuộc họp." in status()
    Meeting.objects.all()[0].votes.all().delete()
    Meeting.objects.all()[0].attendees.all().delete()
    Meeting.objects.all().delete()
    assert "Tổ chức họp bình xét." in status()
    for report in Report.objects.all():
        report.delete()
    Nomination.objects.all().delete()
    RegisterEntry.objects.all().delete()
    Dossier.objects.all().delete()
    assert "Đề cử tập thể, cá nhân." in status()
    Registration.objects.update(state="submitted", decided_at=None)
    assert "Tiếp nhận đăng ký." in status()
    Registration.objects.update(state="returned", decided_at=NOW)
    assert "Bổ sung và gửi lại." in status()
    for registration in Registration.objects.all():
        registration.lines.all().delete()
    Registration.objects.all().delete()
    assert "Lập bản đăng ký." in status()
    Campaign.objects.update(registration_rule="none")
    assert "Đề cử tập thể, cá nhân." in status()


def test_a_meeting_that_chose_nobody_ends_the_way(story: Story, client_for: ClientFor) -> None:
    Nomination.objects.update(state="not_chosen")
    text = page(client_for(story.people.head).get(case_of(story)))
    assert "Không đề nghị" in text
    assert "Cuộc họp bình xét không chọn" in text


# --- Việc cần làm ---------------------------------------------------------------------------------


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
