"""Two people at one row of a plan: the second sees both texts and loses none."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from campaigns.actions import add_row, duplicate_campaign, import_plan, move_row, remove_row
from campaigns.actions.rows import stamps
from campaigns.forms.rows import SECTIONS
from campaigns.models import Area, Campaign, Criterion, Milestone, Offer, Theme
from campaigns.models.contents import PlanRow
from emulation.workflow import Refused
from tests.campaigns.conftest import Ground, plan
from tests.campaigns.pages import fill, queries, shown, url
from tests.campaigns.test_plan_rows import ROWS
from tests.conftest import ClientFor, People
from tests.factories import (
    NOW,
    make_area,
    make_campaign,
    make_criterion,
    make_dossier_parts,
    make_milestone,
    make_offer,
)

# What somebody else wrote meanwhile, and one's own: for each subject one field of its form.
CHANGES = {
    "chu-de": ("text", "Bản của đồng nghiệp", "Bản của tôi"),
    "can-cu": ("issued_date", "01/02/2024", "31/12/2024"),
    "ngay-le": ("text", "Bản của đồng nghiệp", "Bản của tôi"),
    "noi-dung": ("text", "Bản của đồng nghiệp", "Bản của tôi"),
    "chi-tieu": ("value", "1234,5", "77,25"),
    "khen-thuong": ("note", "Bản của đồng nghiệp", "Bản của tôi"),
    "tieu-chuan": ("level", "completed", "excellent"),
    "ho-so": ("name", "Bản của đồng nghiệp", "Bản của tôi"),
    "bao-cao": ("text", "Bản của đồng nghiệp", "Bản của tôi"),
    "moc-thoi-gian": ("name", "Bản của đồng nghiệp", "Bản của tôi"),
    "nhiem-vu": ("who", "Bản của đồng nghiệp", "Bản của tôi"),
    "noi-nhan": ("text", "Bản của đồng nghiệp", "Bản của tôi"),
    "luu-y": ("text", "Bản của đồng nghiệp", "Bản của tôi"),
}
# As they are shown where that differs from what is typed.
SHOWN = {
    "1234,5": "1.234,5",
    "completed": "Hoàn thành nhiệm vụ",
    "excellent": "Hoàn thành xuất sắc nhiệm vụ",
}


def draft(people: People) -> Campaign:
    return make_campaign(people.agency, state="draft")


def begun(client: Client, campaign: Campaign, section: str) -> tuple[PlanRow, dict[str, Any], str]:
    """A row with what its open page would post, and the address of the page."""
    data = dict(ROWS[section])
    if section == "khen-thuong":
        data["title"] = make_offer(make_campaign(campaign.agency)).title_id
    client.post(url(campaign, "sua", section), data)
    row = SECTIONS[section].rows(campaign).get()
    one = url(campaign, "sua", section, row.pk)
    return row, data | {"version": client.get(one).context["version"]}, one


def said(row: PlanRow) -> dict[str, Any]:
    row = type(row)._default_manager.get(pk=row.pk)
    return {f.name: getattr(row, f.attname) for f in row._meta.concrete_fields}


def test_every_subject_is_tried() -> None:
    assert CHANGES.keys() == SECTIONS.keys()


@pytest.mark.parametrize("section", SECTIONS)
def test_the_second_to_save_sees_both_texts(
    section: str, people: People, client_for: ClientFor
) -> None:
    campaign, client = draft(people), client_for(people.office)
    row, data, one = begun(client, campaign, section)
    field, theirs, mine = CHANGES[section]
    assert client.post(one, data | {field: theirs}).status_code == 302
    stored = said(row)
    page = client.post(one, data | {field: mine})
    text = shown(page)
    assert "Dòng này vừa được người khác lưu" in text
    (difference,) = page.context["differences"]
    expected = (SHOWN.get(theirs, theirs), SHOWN.get(mine, mine))
    assert (difference.theirs, difference.mine) == expected
    assert all(part in text for part in expected)
    assert page.context["form"][field].value() == mine
    assert said(row) == stored
    # Saving again, with both in view, is a decision.
    again = data | {field: mine, "version": page.context["version"]}
    assert client.post(one, again).status_code == 302
    assert said(row) != stored
    assert said(row)["version"] == 2


@pytest.mark.parametrize("version", ["", "x", "-1", "99", "9" * 30])
def test_a_page_without_its_version_saves_nothing(
    people: People, client_for: ClientFor, version: str
) -> None:
    client = client_for(people.office)
    row, data, one = begun(client, draft(people), "chu-de")
    stored = said(row)
    assert client.post(one, data | {"text": "A", "version": version}).status_code == 200
    assert said(row) == stored


def test_chosen_rows_and_flags_are_told_in_words(people: People, client_for: ClientFor) -> None:
    campaign, client = draft(people), client_for(people.office)
    offers = [make_offer(campaign, label=name) for name in ("Giấy khen", "Bằng khen")]
    _, data, one = begun(client, campaign, "ho-so")
    client.post(one, data | {"offers": [offers[0].pk]})
    mine = {k: v for k, v in data.items() if k != "required"}
    page = client.post(one, mine | {"offers": [offers[1].pk]})
    found = {d.label: (d.theirs, d.mine) for d in page.context["differences"]}
    assert found == {
        "Bắt buộc": ("Có", "Không"),
        "Chỉ cho hình thức": ("Giấy khen", "Bằng khen"),
    }
    # Both choices of a list survive on the page.
    both = client.post(one, data | {"offers": [o.pk for o in offers]})
    assert both.context["form"]["offers"].value() == [str(o.pk) for o in offers]


def test_a_second_click_on_save_is_no_conflict(people: People, client_for: ClientFor) -> None:
    client = client_for(people.office)
    row, data, one = begun(client, draft(people), "chu-de")
    typed = data | {"text": "Hai\r\ndòng"}
    assert [client.post(one, typed).status_code for _ in range(2)] == [302, 302]
    assert said(row)["version"] == 1
    Theme.objects.update(text="Hai\ndòng")
    assert client.post(one, typed).status_code == 302
    assert said(row)["version"] == 1


@pytest.mark.parametrize("section", SECTIONS)
def test_a_second_click_on_add_adds_nothing(
    section: str, people: People, client_for: ClientFor
) -> None:
    campaign, client = draft(people), client_for(people.office)
    _, data, _ = begun(client, campaign, section)
    page = url(campaign, "sua", section)
    again = shown(client.post(page, data, follow=True))
    assert "đã có trong mục" in again
    assert SECTIONS[section].rows(campaign).count() == 1
    field, other, _ = CHANGES[section]
    if section != "khen-thuong":
        assert client.post(page, data | {field: other}).status_code == 302
        assert SECTIONS[section].rows(campaign).count() == 2


def test_rows_that_differ_in_what_they_point_to_are_two(people: People) -> None:
    campaign = draft(people)
    who: dict[str, Any] = {"by": people.office, "at": NOW}
    offer, top = make_offer(campaign), make_area(campaign)
    part = {"kind": "letter", "name": "Tờ trình", "applies": "both"}
    model = SECTIONS["ho-so"].model
    for offers, new in (([], True), ([offer], True), ([offer], False), ([], False)):
        data = {**part, "offers": offers}
        assert add_row(campaign=campaign, model=model, data=data, **who)[1] is new
    for parent, new in ((None, True), (top, True), (top, False)):
        area = {"title": "Mục", "parent": parent}
        assert add_row(campaign=campaign, model=Area, data=area, **who)[1] is new


def test_a_row_just_changed_is_not_taken_away(people: People, client_for: ClientFor) -> None:
    campaign, client = draft(people), client_for(people.office)
    row, data, one = begun(client, campaign, "chu-de")
    page = url(campaign, "sua", "chu-de")
    seen = client.get(page).context["rows"][0]["seen"]
    client.post(one, data | {"text": "Vừa sửa"})
    for stale in (seen, ""):
        text = shown(client.post(f"{one}xoa/", {"seen": stale}, follow=True))
        assert "vừa được người khác sửa nên chưa xóa" in text
        assert Theme.objects.filter(pk=row.pk).exists()
    html = client.get(page).content.decode()
    found = re.search(r'name="seen" value="(\w+)"', html)
    assert found
    assert "Đã xóa." in shown(client.post(f"{one}xoa/", {"seen": found[1]}, follow=True))
    assert not Theme.objects.exists()
    again = shown(client.post(f"{one}xoa/", {"seen": found[1]}, follow=True))
    assert "đã được xóa trước đó" in again


def test_what_stands_below_counts_as_part_of_the_row(people: People) -> None:
    """It would go as well: a child, a child of a child, the criteria of an award."""
    campaign = draft(people)
    who: dict[str, Any] = {"by": people.office, "at": NOW}
    top = make_area(campaign)
    below = make_area(campaign, parent=make_area(campaign, parent=top))
    offer = make_offer(campaign)
    criterion = make_criterion(campaign, offer=offer)
    for model, row, inner in ((Area, top, below), (Offer, offer, criterion)):
        seen = stamps(campaign, model)[row.pk]
        type(inner)._default_manager.filter(pk=inner.pk).update(version=1)
        with pytest.raises(Refused, match="thuộc dòng này"):
            remove_row(row=row, seen=seen, **who)
        remove_row(row=row, seen=stamps(campaign, model)[row.pk], **who)
    assert not Area.objects.exists()
    assert not Criterion.objects.exists()


def test_a_row_taken_away_meanwhile_leaves_the_text(people: People, client_for: ClientFor) -> None:
    campaign, client = draft(people), client_for(people.office)
    row, data, one = begun(client, campaign, "chu-de")
    Theme.objects.all().delete()
    page = client.post(one, data | {"text": "Gõ dở"})
    assert "Dòng này không còn trong kế hoạch" in shown(page)
    html = page.content.decode()
    assert "Gõ dở" in html
    assert f'action="{url(campaign, "sua", "chu-de")}"' in html
    assert client.get(one).status_code == 404
    with pytest.raises(Refused, match="không còn"):
        move_row(row=row, up=True, by=people.office, at=NOW)
    assert "không còn" in shown(client.post(f"{one}chuyen/", follow=True))
    with pytest.raises(Refused, match="không còn"):
        remove_row(row=row, seen="", by=people.office, at=NOW)


def test_what_was_chosen_may_be_gone(people: People) -> None:
    """Chosen while it was there, taken away before the save."""
    campaign = draft(people)
    top = make_area(campaign)
    Area.objects.all().delete()
    with pytest.raises(ValidationError, match="vừa được người khác xóa") as error:
        add_row(
            campaign=campaign,
            model=Area,
            data={"title": "A", "parent": top},
            by=people.office,
            at=NOW,
        )
    assert error.value.message_dict.keys() == {"parent"}


def test_text_and_version_survive_an_expired_session(people: People, client_for: ClientFor) -> None:
    """A colleague saves while one logs in again: still a conflict, not an overwriting."""
    client = client_for(people.office)
    row, data, one = begun(client, draft(people), "chu-de")
    token = re.search(r'name="_keep" value="([^"]+)"', client.get(one).content.decode())
    assert token
    client.session.flush()
    client.cookies.clear()
    typed = data | {"text": "Gõ lúc phiên đã hết", "_keep": token[1]}
    assert "/dang-nhap/" in client.post(one, typed).headers["Location"]
    Theme.objects.filter(pk=row.pk).update(text="Của đồng nghiệp", version=1)
    client.force_login(people.office)
    page = client.get(one)
    assert "đã được khôi phục" in shown(page)
    assert page.context["version"] == 0
    assert 'data-version="0"' in page.content.decode()
    found = client.post(one, data | {"text": "Gõ lúc phiên đã hết"})
    assert [d.theirs for d in found.context["differences"]] == ["Của đồng nghiệp"]
    assert "Gõ lúc phiên đã hết" in found.content.decode()


def test_the_date_of_a_milestone_has_one_writer_at_a_time(
    people: People, client_for: ClientFor
) -> None:
    campaign, client = make_campaign(people.agency), client_for(people.office)
    row = make_milestone(campaign, name="Gửi hồ sơ")
    page, data = url(campaign, "moc", row.pk), {"date_precision": "day", "inclusive": "on"}
    assert client.get(page).context["version"] == 0
    theirs, mine = data | {"date": "10/08/2025"}, data | {"date": "15/08/2025"}
    assert client.post(page, theirs | {"version": 0}).status_code == 302
    answer = client.post(page, mine | {"version": 0})
    (difference,) = answer.context["differences"]
    assert (difference.theirs, difference.mine) == ("10/08/2025", "15/08/2025")
    assert Milestone.objects.get().date == date(2025, 8, 10)
    assert client.post(page, mine | {"version": 1}).status_code == 302
    assert Milestone.objects.get().date == date(2025, 8, 15)


def test_rows_of_a_copy_and_of_a_plan_file_begin_anew(ground: Ground) -> None:
    office = ground.office["hung-yen-2020"]
    source = import_plan(data=plan("hung-yen-2020"), by=office, at=NOW)
    Area.objects.update(version=7)
    copy = duplicate_campaign(campaign=source, by=office, at=NOW)
    assert set(copy.areas.values_list("version", flat=True)) == {0}
    assert set(source.targets.values_list("version", flat=True)) == {0}


def test_a_page_costs_the_same_with_many_rows(people: People, client_for: ClientFor) -> None:
    campaign, client = draft(people), client_for(people.office)
    fill(campaign, 1)
    make_dossier_parts(campaign)

    def cost() -> dict[str, int]:
        found = {}
        for key, section in SECTIONS.items():
            row = section.rows(campaign).first()
            if row:
                found[key] = queries(client, url(campaign, "sua", key, row.pk))
                found[f"{key}s"] = queries(client, url(campaign, "sua", key))
        return found

    before = cost()
    assert len(before) > 10
    fill(campaign, 5)
    assert cost() == before
