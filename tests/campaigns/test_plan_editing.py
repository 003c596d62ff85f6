"""The main form of a plan by address: versions, wrong input, nothing typed is lost."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

from campaigns.models import Campaign
from tests.campaigns.pages import shown, url
from tests.conftest import ClientFor, People
from tests.factories import make_campaign, make_instrument


def test_dates_in_the_wrong_order_and_empty_fields_keep_the_text(
    people: People, client_for: ClientFor
) -> None:
    client = client_for(people.office)
    campaign = make_campaign(people.agency, state="draft")
    data = main_form(client, campaign)
    data |= {"end_date": "01/01/2024", "purpose": "Mục đích vừa gõ", "name": ""}
    page = client.post(url(campaign, "sua"), data)
    html = page.content.decode()
    assert "Mục đích vừa gõ" in html
    assert page.context["form"].errors.keys() == {"name", "end_date"}
    page = client.post(url(campaign, "sua"), data | {"name": "Tên"})
    assert page.context["form"].errors == {
        "end_date": ["Ngày kết thúc phải từ ngày bắt đầu trở đi."]
    }
    assert "Mục đích vừa gõ" in page.content.decode()
    page = client.post(url(campaign, "sua"), data | {"start_date": "40/13/2024"})
    assert "start_date" in page.context["form"].errors
    page = client.post(url(campaign, "sua"), data | {"form_code": "Mẫu 8"})
    assert "Không biết mẫu này" in page.context["form"].errors["form_code"][0]
    page = client.post(url(campaign, "sua"), data | {"form_code": "ND999-08"})
    assert "Không biết mẫu này" in page.context["form"].errors["form_code"][0]
    campaign.refresh_from_db()
    assert campaign.purpose == ""
    # A decree that the catalogue has got since may be named too.
    make_instrument(number="999/2040/NĐ-CP")
    page = client.post(url(campaign, "sua"), data | {"form_code": "ND999-08"})
    assert "form_code" not in page.context["form"].errors


def main_form(client: Client, campaign: Campaign) -> dict[str, Any]:
    """What the browser would post from the open page."""
    page = client.get(url(campaign, "sua"))
    form = page.context["form"]
    data = {name: form[name].value() for name in form.fields}
    data = {name: "" if value is None else value for name, value in data.items()}
    for name in ("start_date", "end_date", "issued_date"):
        if data[name]:
            data[name] = data[name].strftime("%d/%m/%Y")
    return data


def test_two_people_saving_at_once_lose_nothing(people: People, client_for: ClientFor) -> None:
    campaign = make_campaign(people.agency, state="draft")
    mine, theirs = client_for(people.office), client_for(people.office)
    my_form, their_form = main_form(mine, campaign), main_form(theirs, campaign)
    theirs.post(url(campaign, "sua"), their_form | {"purpose": "Mục đích của đồng nghiệp"})
    page = mine.post(url(campaign, "sua"), my_form | {"purpose": "Mục đích của tôi"})
    text = shown(page)
    assert "vừa được người khác lưu" in text
    assert "Mục đích của đồng nghiệp" in text
    assert "Mục đích của tôi" in text
    assert Campaign.objects.get().purpose == "Mục đích của đồng nghiệp"
    # Saving again, with both in view, is a decision.
    again = my_form | {"purpose": "Cả hai", "version": page.context["form"]["version"].value()}
    assert mine.post(url(campaign, "sua"), again).status_code == 302
    assert Campaign.objects.get().purpose == "Cả hai"


def test_a_page_without_its_version_saves_nothing(people: People, client_for: ClientFor) -> None:
    campaign = make_campaign(people.agency, state="draft")
    client = client_for(people.office)
    data = main_form(client, campaign)
    for version in ("", "x", "-1", "99"):
        page = client.post(url(campaign, "sua"), data | {"version": version, "purpose": "A"})
        assert page.status_code == 200
    assert Campaign.objects.get().purpose == ""


def test_the_version_stands_in_the_page(people: People, client_for: ClientFor) -> None:
    campaign = make_campaign(people.agency, state="draft", version=1234)
    page = client_for(people.office).get(url(campaign, "sua")).content.decode()
    assert re.search(r'name="version"[^>]*value="1234"', page)


def test_the_plan_launched_meanwhile_says_so_and_keeps_the_text(
    people: People, client_for: ClientFor
) -> None:
    campaign = make_campaign(people.agency, state="draft", participants=(people.unit,))
    client = client_for(people.office)
    data = main_form(client, campaign)
    Campaign.objects.update(state="launched")
    page = client.post(url(campaign, "sua"), data | {"purpose": "Vừa gõ xong"})
    text = shown(page)
    assert "không sửa được nội dung kế hoạch" in text
    assert "Vừa gõ xong" in page.content.decode()
    page = client.post(url(campaign, "sua", "chu-de"), {"origin": "own", "text": "Vừa gõ"})
    assert "không sửa được" in shown(page)
    assert "Vừa gõ" in page.content.decode()
    assert client.get(url(campaign, "sua")).status_code == 404


def test_text_survives_an_expired_session(people: People, client_for: ClientFor) -> None:
    campaign = make_campaign(people.agency, state="draft")
    page = url(campaign, "sua", "chu-de")
    client = client_for(people.office)
    form = client.get(page).content.decode()
    token = re.search(r'name="_keep" value="([^"]+)"', form)
    assert token
    client.session.flush()
    client.cookies.clear()
    typed = {"origin": "own", "text": "Gõ lúc phiên đã hết", "_keep": token[1]}
    assert "/dang-nhap/" in client.post(page, typed).headers["Location"]
    client.force_login(people.office)
    again = client.get(page)
    assert "Gõ lúc phiên đã hết" in again.content.decode()
    assert "đã được khôi phục" in shown(again)
