"""Lists of dossiers and of units: filtered, sorted, and of constant cost."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.models import Participant
from dossiers.models import Dossier
from tests.conftest import ClientFor, SafeClient
from tests.dossiers.conftest import Story
from tests.dossiers.pages import case_of, page, url_of
from tests.factories import (
    make_campaign,
    make_dossier,
    make_individual,
    make_meeting,
    make_nomination,
    make_offer,
    make_registration,
    make_report,
    make_unit,
)


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


def test_a_dossier_is_as_large_as_what_it_proposes(story: Story) -> None:
    """Those chosen by the unit, in the campaign, for the level; also once they are received."""
    people, by = story.people, story.people.head
    dossier, higher = story.dossier(), story.dossier(decider="minister")

    def sizes() -> list[int]:
        rows = Dossier.objects.with_size().in_bulk([dossier.pk, higher.pk])
        return [getattr(rows[row.pk], "size") for row in (dossier, higher)]  # noqa: B009

    assert sizes() == [3, 0]
    elsewhere = make_offer(make_campaign(people.agency), title=story.offer.title)
    person = make_individual(people.unit)
    make_nomination(people.unit, person, elsewhere, by=by, state="chosen")
    also = make_offer(elsewhere.campaign, title=story.higher.title)
    make_nomination(people.unit, person, also, by=by, state="chosen")
    other = make_individual(people.other_unit)
    make_nomination(people.other_unit, other, story.offer, by=by, state="chosen")
    make_nomination(people.unit, person, story.offer, by=by, state="not_chosen")
    assert sizes() == [3, 0]
    make_nomination(people.unit, person, story.higher, by=by, state="received")
    assert sizes() == [3, 1]
