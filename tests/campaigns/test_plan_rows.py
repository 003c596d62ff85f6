"""The rows of a plan by address: each subject has a page, wrong rows say why."""

from __future__ import annotations

import re
from typing import Any

import pytest

from campaigns.forms.rows import SECTIONS
from campaigns.models import Campaign, Criterion, Milestone, Target
from tests.campaigns.pages import shown, url, visible
from tests.conftest import ClientFor, People
from tests.factories import make_campaign, make_offer

ROWS: dict[str, dict[str, Any]] = {
    "chu-de": {"origin": "province", "text": "Chủ đề"},
    "can-cu": {"kind": "parent", "text": "Kế hoạch 3989/KH-BNV", "issued_date": "10/07/2024"},
    "ngay-le": {"text": "95 năm Ngày thành lập Đảng"},
    "noi-dung": {"number": "a", "title": "Cải cách hành chính", "registrable": "on"},
    "chi-tieu": {"metric": "Tỷ lệ", "operator": "gte", "value": "98,5", "unit": "%"},
    "khen-thuong": {"for_collective": "on", "for_individual": "on", "label": "Giấy khen",
                    "report_kind": "merit"},
    "tieu-chuan": {"applies": "both", "text": "Tốt", "rule": "rating_at_least", "year": "2024",
                   "level": "good"},
    "ho-so": {"kind": "letter", "name": "Tờ trình", "applies": "both", "required": "on"},
    "bao-cao": {"key": "rating", "heading": "Xếp loại", "text": "Xếp loại", "year": "2024"},
    "moc-thoi-gian": {"kind": "registration", "name": "Đăng ký", "date": "17/02/2025",
                      "date_precision": "day", "hard": "on"},
    "nhiem-vu": {"who": "Văn phòng Sở", "text": "Đôn đốc"},
    "noi-nhan": {"text": "Lưu: VT, VP"},
    "luu-y": {"place": "I.1", "text": "⚠ Chưa thống nhất"},
}  # fmt: skip


def test_every_subject_of_a_plan_has_a_page() -> None:
    assert ROWS.keys() == SECTIONS.keys()


@pytest.mark.parametrize("section", SECTIONS)
def test_rows_are_added_changed_moved_and_taken_away(
    section: str, people: People, client_for: ClientFor
) -> None:
    campaign = make_campaign(people.agency, state="draft")
    client, page = client_for(people.office), url(campaign, "sua", section)
    data = dict(ROWS[section])
    if section == "khen-thuong":
        data["title"] = make_offer(make_campaign(people.agency)).title_id
    assert "Chưa có dòng nào" in shown(client.get(page))
    answer = client.post(page, data)
    assert answer.status_code == 302, answer.context["form"].errors
    row = SECTIONS[section].rows(campaign).get()
    one = url(campaign, "sua", section, row.pk)
    seen = {"seen": client.get(page).context["rows"][0]["seen"]}
    assert client.get(one).status_code == 200
    # What the form shows is what it takes: saving without a change leaves the row as it is.
    before = {f.name: getattr(row, f.attname) for f in row._meta.concrete_fields}
    assert client.post(one, data).status_code == 302
    row.refresh_from_db()
    assert {f.name: getattr(row, f.attname) for f in row._meta.concrete_fields} == before
    assert client.post(f"{one}chuyen/", {"huong": "len"}).status_code == 302
    assert client.get(f"{one}xoa/").status_code == 405
    assert SECTIONS[section].rows(campaign).exists()
    assert client.post(f"{one}xoa/", seen).status_code == 302
    assert not SECTIONS[section].rows(campaign).exists()


@pytest.mark.parametrize("section", SECTIONS)
def test_an_empty_row_is_refused_beside_its_fields(
    section: str, people: People, client_for: ClientFor
) -> None:
    campaign = make_campaign(people.agency, state="draft")
    page = client_for(people.office).post(url(campaign, "sua", section), {"place": "Giữ lại"})
    assert page.status_code == 200
    assert page.context["form"].errors
    assert re.search("Trường này là bắt buộc|Hãy ghi tiêu đề", visible(page.content.decode()))


@pytest.mark.parametrize(("kind", "usual"), [("thematic", "theme"), ("regular", "merit")])
def test_the_kind_of_report_is_asked_for_and_shown(
    kind: str, usual: str, people: People, client_for: ClientFor
) -> None:
    campaign = make_campaign(people.agency, state="draft", kind=kind)
    client, page = client_for(people.office), url(campaign, "sua", "khen-thuong")
    form = client.get(page).context["form"]
    assert form["report_kind"].value() == usual
    offer = make_offer(campaign, report_kind="merit", for_collective=False)
    assert "Cá nhân · báo cáo công trạng (thành tích nhiệm vụ)" in shown(client.get(page))
    one = url(campaign, "sua", "khen-thuong", offer.pk)
    assert client.get(one).context["form"]["report_kind"].value() == "merit"
    data = {"title": offer.title_id, "for_individual": "on", "report_kind": "theme", "version": 0}
    assert client.post(one, data).status_code == 302
    offer.refresh_from_db()
    assert offer.report_kind == "theme"
    bad = client.post(one, data | {"report_kind": "khac"}).context["form"].errors
    assert bad.keys() == {"report_kind"}
    Campaign.objects.update(state="launched")
    assert "Báo cáo: thi đua theo đợt, chuyên đề" in shown(
        client_for(people.head).get(url(campaign))
    )


def test_wrong_rows_say_why(people: People, client_for: ClientFor) -> None:
    campaign = make_campaign(people.agency, state="draft")
    offer = make_offer(campaign)
    client = client_for(people.office)

    def errors(section: str, **data: Any) -> dict[str, list[str]]:
        page = client.post(url(campaign, "sua", section), data)
        assert page.status_code == 200
        found: dict[str, list[str]] = page.context["form"].errors
        return found

    twice = errors("khen-thuong", title=offer.title_id, for_collective="on", report_kind="theme")
    assert "đã có trong phong trào" in twice["title"][0]
    for_nobody = errors("khen-thuong", title=make_offer(make_campaign(people.agency)).title_id)
    assert "ít nhất một đối tượng" in for_nobody["__all__"][0]
    assert "phải có giá trị" in errors("chi-tieu", metric="A", operator="gte")["__all__"][0]
    rating = errors("tieu-chuan", applies="both", text="A", rule="rating_at_least")
    assert rating.keys() == {"year", "level"}
    far = errors("moc-thoi-gian", kind="other", name="A", date="01/01/0202", date_precision="day")
    assert "không hợp lý" in far["date"][0]
    assert not Target.objects.exists()
    assert not Criterion.objects.exists()
    assert not Milestone.objects.exists()
