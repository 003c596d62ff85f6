"""Nominating by address: offers and criteria beside the form, wrong input, where it stands."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse

from awards.models import Nomination
from campaigns.models import Campaign
from tests.awards.conftest import Story
from tests.awards.pages import address, choice, nomination_data, text
from tests.conftest import ClientFor
from tests.factories import (
    NOW,
    make_individual,
    make_line,
    make_nomination,
    make_offer,
    make_rating,
    make_registration,
    make_title,
)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"subject": ""}, "bắt buộc"),
        ({"offer": ""}, "bắt buộc"),
        ({"subject": "individual-999999"}, "chỉ được đề cử người và tập thể của đơn vị mình"),
        ({"subject": "individual-"}, "chỉ được đề cử"),
        ({"subject": "x" * 300}, "chỉ được đề cử"),
        ({"offer": "999999"}, "không xét hình thức này"),
        ({"offer": "abc"}, "không xét hình thức này"),
        ({"legal_ground": "x" * 201}, "200"),
        ({"version": "abc"}, ""),
    ],
)
def test_wrong_input_keeps_the_text(
    story: Story, client_for: ClientFor, changes: dict[str, Any], message: str
) -> None:
    person = make_individual(story.people.unit)
    data = nomination_data(story, choice(person), summary="Sáng kiến số hóa hồ sơ.") | changes
    page = client_for(story.people.head).post(address(story, "nominate"), data)
    assert page.status_code == 200
    assert message in text(page)
    assert "Sáng kiến số hóa hồ sơ." in text(page)
    assert Nomination.objects.count() == 2


def test_people_of_another_unit(story: Story, client_for: ClientFor) -> None:
    person = make_individual(story.people.other_unit)
    page = client_for(story.people.head).post(
        address(story, "nominate"), nomination_data(story, choice(person))
    )
    assert "chỉ được đề cử người và tập thể của đơn vị mình" in text(page)
    assert person.full_name not in text(page)


def test_a_duplicate_is_refused_beside_the_subject(story: Story, client_for: ClientFor) -> None:
    data = nomination_data(story, choice(story.first), summary="Lần hai.")
    page = client_for(story.people.head).post(address(story, "nominate"), data)
    assert page.context["form"].errors["subject"] == [
        "Cá nhân này đã được đề cử hình thức này trong phong trào."
    ]
    assert "Lần hai." in text(page)


def test_registration_as_a_gate(story: Story, client_for: ClientFor) -> None:
    Campaign.objects.update(registration_rule="required")
    person = make_individual(story.people.unit)
    client = client_for(story.people.head)
    page = client.get(
        address(story, "nominate"), {"subject": choice(person), "offer": str(story.offer.pk)}
    )
    assert "Chưa thể đề cử" in text(page)
    page = client.post(address(story, "nominate"), nomination_data(story, choice(person)))
    assert "chỉ xét đối tượng đã đăng ký thi đua" in page.context["form"].errors["subject"][0]
    registration = make_registration(
        story.campaign, story.people.unit, by=story.people.head, state="accepted"
    )
    make_line(registration, person, story.offer)
    page = client.post(address(story, "nominate"), nomination_data(story, choice(person)))
    assert page.status_code == 302


def test_offers_follow_the_subject(story: Story, client_for: ClientFor) -> None:
    make_offer(story.campaign, title=make_title(), label="Cờ thi đua", for_individual=False)
    make_offer(
        story.campaign,
        title=make_title(),
        label="Chỉ của Sở",
        for_individual=False,
        agency_only=True,
    )
    client = client_for(story.people.head)

    def offered(subject: str) -> set[str]:
        page = client.get(address(story, "nominate"), {"subject": subject})
        return {label for _, label in page.context["form"]["offer"].field.choices}

    unit, person = f"collective-{story.people.unit.pk}", choice(story.first)
    assert "Cờ thi đua" in offered(unit)
    assert "Cờ thi đua" in offered("")
    assert "Cờ thi đua" not in offered(person)
    assert "Chỉ của Sở" not in offered(unit) | offered(person) | offered("")


def test_criteria_beside_the_form(story: Story, client_for: ClientFor) -> None:
    """By address, after a failed save, and as the fragment that htmx asks for."""
    client = client_for(story.people.head)
    chosen: dict[str, str] = {"subject": choice(story.first), "offer": str(story.offer.pk)}
    for page in (
        client.get(address(story, "nominate"), chosen),
        client.post(address(story, "nominate"), nomination_data(story, **chosen)),
        client.get(address(story, "criteria"), chosen),
    ):
        assert page.status_code == 200
        shown = text(page)
        assert "Đạt: Được xếp loại hoàn thành tốt nhiệm vụ trở lên năm 2024." in shown
        assert "Xếp loại 2024: Hoàn thành tốt nhiệm vụ — Quyết định số 412/QĐ-SNV" in shown
        assert "Đơn vị xác nhận: Gương mẫu." in shown
        assert "mục IV.4.b" in shown
    unknown = client.get(address(story, "criteria"), chosen | {"subject": choice(story.second)})
    assert "Chưa đủ dữ liệu" in text(unknown)
    assert "Chưa có kết quả xếp loại năm 2024." in text(unknown)
    make_rating(story.second, level=2)
    refused = client.get(address(story, "criteria"), chosen | {"subject": choice(story.second)})
    assert "Chưa đạt:" in text(refused)
    nobody = text(client.get(address(story, "criteria"), {"offer": story.offer.pk}))
    assert "Tập thể" in nobody
    assert "Cá nhân" in nobody
    assert "Chưa đủ dữ liệu" not in nobody
    for odd in ({}, {"offer": "x"}, {"subject": "collective-x", "offer": "9" * 30}):
        assert client.get(address(story, "criteria"), odd).status_code == 200


def test_a_second_form_for_one_achievement(story: Story, client_for: ClientFor) -> None:
    page = client_for(story.people.head).get(
        address(story, "criteria"), {"subject": choice(story.first), "offer": str(story.higher.pk)}
    )
    assert "khoản 2 Điều 5" in text(page)
    assert "Giấy khen của Giám đốc Sở Nội vụ" in text(page)


def test_the_ground_is_suggested_but_never_overwritten(story: Story, client_for: ClientFor) -> None:
    client = client_for(story.people.head)

    def answer(**values: Any) -> str:
        return client.get(
            address(story, "criteria"), {"offer": story.higher.pk} | values
        ).content.decode()

    page = client.get(address(story, "nominate"), {"offer": story.higher.pk})
    assert 'value="Điều 74"' in page.content.decode()
    assert 'value="Điều 74"' in answer(legal_ground="")
    assert 'value="Điều 74"' in answer(legal_ground="Điều 75")
    person = answer(legal_ground="Điều 74", subject=choice(story.first))
    assert 'value="điểm a khoản 1 Điều 74"' in person
    assert "id_legal_ground" not in answer(legal_ground="điểm d khoản 1 Điều 74")


def test_two_people_edit_one_nomination(story: Story, client_for: ClientFor) -> None:
    client = client_for(story.people.head)
    nomination = story.nominations[0]
    edit = reverse("awards:nomination_edit", args=(nomination.pk,))
    data = nomination_data(story, choice(story.first))
    assert client.post(edit, data | {"summary": "Bản của người thứ nhất."}).status_code == 302
    page = client.post(edit, data | {"summary": "Bản của người thứ hai."})
    assert page.status_code == 409
    assert "Bản của người thứ hai." in text(page)
    assert "người khác sửa" in text(page)
    nomination.refresh_from_db()
    assert nomination.summary == "Bản của người thứ nhất."
    again = {"version": page.context["form"]["version"].value()}
    page = client.post(edit, data | {"summary": "Bản của người thứ hai."} | again)
    assert page.status_code == 302


def test_after_the_meeting_the_buttons_say_why(story: Story, client_for: ClientFor) -> None:
    story.meeting(state="concluded")
    Nomination.objects.update(state="chosen")
    client = client_for(story.people.head)
    address_ = reverse("awards:nomination", args=(story.nominations[0].pk,))
    page = client.get(address_)
    assert 'aria-disabled="true"' in page.content.decode()
    assert "mở lại cuộc họp" in text(page)
    assert "5 đồng ý" in text(page)
    edit = reverse("awards:nomination_edit", args=(story.nominations[0].pk,))
    assert "mở lại cuộc họp" in text(client.get(edit, follow=True))


@pytest.mark.parametrize("who", ["office", "council", "director"])
def test_the_agency_reads_only_what_was_submitted(
    story: Story, client_for: ClientFor, who: str
) -> None:
    sent, kept = story.nominations
    Nomination.objects.filter(pk=sent.pk).update(state="chosen", submitted_at=NOW)
    client = client_for(getattr(story.people, who))
    shown = text(client.get(address(story, "nominations")))
    assert sent.subject_name in shown
    assert kept.subject_name not in shown
    for nomination, status in ((sent, 200), (kept, 404)):
        page = client.get(reverse("awards:nomination", args=(nomination.pk,)))
        assert page.status_code == status


def test_votes_are_told_after_the_conclusion(story: Story, client_for: ClientFor) -> None:
    meeting = story.meeting()
    client = client_for(story.people.head)
    url = reverse("awards:nomination", args=(story.nominations[0].pk,))
    assert "Biểu quyết" not in text(client.get(url))
    client.post(address(story, "meeting_act", "conclude"))
    assert "Biểu quyết" in text(client.get(url))
    assert meeting.votes.count() == 2


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ({"state": "proposed"}, "Cuộc họp bình xét của đơn vị biểu quyết."),
        ({"state": "chosen"}, "viết báo cáo thành tích"),
        ({"state": "chosen", "submitted_at": NOW}, "Văn phòng kiểm tra"),
        ({"state": "not_chosen"}, "mở lại cuộc họp để xét lại"),
        ({"state": "received", "submitted_at": NOW}, "Hội đồng"),
    ],
)
def test_the_nominee_sees_where_it_stands(
    story: Story, client_for: ClientFor, values: dict[str, Any], shown: str
) -> None:
    assert story.people.staff.individual
    nomination = make_nomination(
        story.people.unit,
        story.people.staff.individual,
        story.offer,
        by=story.people.head,
        **values,
    )
    page = client_for(story.people.staff).get(reverse("awards:nomination", args=(nomination.pk,)))
    assert shown in text(page)
    assert "Rút đề cử" not in text(page)
    assert not re.search(r"\b[A-Z_]{4,}_[A-Z]+\b", text(page))
