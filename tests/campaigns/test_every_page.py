"""What holds for all pages of plans: who finds them, what they cost, no code is shown."""

from __future__ import annotations

import re

from django.db import models
from django.test import Client

from campaigns import models as plan_models
from campaigns.forms.rows import SECTIONS
from campaigns.models import Campaign, Registration, RegistrationLine
from emulation.models import Role
from tests.campaigns.conftest import Case
from tests.campaigns.pages import LIST, fill, queries, shown, url
from tests.conftest import ClientFor, People
from tests.factories import (
    make_campaign,
    make_individual,
    make_line,
    make_milestone,
    make_offer,
    make_registration,
)


def enum_codes() -> set[str]:
    """The stored values of every choice of campaigns: none of them is for readers."""
    found = {code for code in Role.values if code != "ADMIN"}
    for name in dir(plan_models):
        model = getattr(plan_models, name)
        if isinstance(model, type) and issubclass(model, models.Model):
            for field in model._meta.get_fields():
                found |= {str(value) for value, _ in getattr(field, "choices", None) or ()}
    return {code for code in found if len(code) > 3}


def test_outsiders_find_nothing(case: Case, client_for: ClientFor) -> None:
    people, campaign = case.people, case.campaign
    make_line(case.registration, people.unit, case.offer)
    row = make_milestone(campaign)
    unit = url(campaign, "dang-ky", people.unit.pk)
    own = [unit, f"{unit}them/", f"{unit}{RegistrationLine.objects.get().pk}/"]
    everything = [url(campaign), *own]
    for page in everything:
        assert client_for(people.stranger).get(page).status_code == 404, page
        assert client_for(people.head).get(page).status_code == 200, page
        answer = Client().get(page)
        assert answer.status_code == 302
        assert "/dang-nhap/" in answer.headers["Location"]
    for page in own:
        for user in (people.outsider, people.colleague, people.office, people.council):
            assert client_for(user).get(page).status_code == 404, (page, user)
            assert client_for(user).post(page).status_code in (404, 405), (page, user)
    posts = [f"{unit}bat-dau/", f"{unit}thao-tac/submit/"]
    for user in (people.outsider, people.stranger):
        for page in posts:
            assert client_for(user).post(page).status_code == 404
    for_office = [
        url(campaign, "don-vi"),
        url(campaign, "moc", row.pk),
        url(campaign, "nhan-ban"),
        url(campaign, "sua"),
        url(campaign, "sua", "chu-de"),
    ]
    for user in (people.head, people.director, people.council, people.admin, people.stranger):
        for page in for_office:
            assert client_for(user).post(page).status_code == 404, (page, user)
    assert client_for(people.head).get(f"{LIST}moi/").status_code == 403
    text = shown(client_for(people.head).post(url(campaign, "thao-tac", "close"), follow=True))
    assert "không có quyền" in text
    assert Campaign.objects.get().state == "launched"
    assert Registration.objects.get().state == "draft"


def test_pages_cost_the_same_for_one_row_and_for_six(people: People, client_for: ClientFor) -> None:
    campaign, other = (make_campaign(people.agency) for _ in range(2))
    office = client_for(people.office)
    pages = [url(campaign), url(campaign, "dang-ky"), LIST]
    fill(campaign, 1)
    before = [queries(office, page) for page in pages]
    fill(campaign, 5)
    for _ in range(5):
        fill(make_campaign(people.agency), 1)
    assert [queries(office, page) for page in pages] == before
    fill(other, 6)
    assert queries(office, url(other)) == before[0]


def test_editing_pages_and_a_registration_cost_the_same_for_one_row_and_for_six(
    case: Case, client_for: ClientFor
) -> None:
    draft = make_campaign(case.people.agency, state="draft")
    office, head = client_for(case.people.office), client_for(case.people.head)
    page = url(case.campaign, "dang-ky", case.people.unit.pk)
    editing = [url(draft, "sua", section) for section in SECTIONS]
    fill(draft, 1)
    make_line(case.registration, case.people.unit, case.offer)
    before = (
        [queries(office, one) for one in editing],
        queries(head, page),
        queries(head, f"{page}them/"),
    )
    fill(draft, 5)
    for _ in range(5):
        offer = make_offer(case.campaign)
        make_line(case.registration, make_individual(case.people.unit), offer, area=case.area)
    after = (
        [queries(office, one) for one in editing],
        queries(head, page),
        queries(head, f"{page}them/"),
    )
    assert after == before


def test_no_stored_code_is_shown(people: People, client_for: ClientFor) -> None:
    codes = re.compile(r"\b(" + "|".join(sorted(map(re.escape, enum_codes()))) + r")\b")
    campaign = make_campaign(people.agency, participants=(people.unit,))
    draft = make_campaign(people.agency, state="draft")
    fill(campaign, 2)
    fill(draft, 1)
    registration = make_registration(campaign, people.unit, by=people.head)
    make_line(registration, people.unit, campaign.offers.all()[0])
    unit = url(campaign, "dang-ky", people.unit.pk)
    visits = [
        (people.head, [LIST, url(campaign), unit, f"{unit}them/"]),
        (
            people.office,
            [
                LIST,
                url(campaign),
                url(campaign, "dang-ky"),
                url(draft, "sua"),
                *(url(draft, "sua", section) for section in SECTIONS),
            ],
        ),
    ]
    for user, pages in visits:
        for page in pages:
            text = shown(client_for(user).get(page))
            assert not codes.search(text), (page, codes.findall(text))
