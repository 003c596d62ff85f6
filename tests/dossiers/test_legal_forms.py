"""Which form a report is written in, day by day, and that the print says what its row says."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.management import call_command

from awards.models import Nomination
from campaigns.actions import import_plan
from campaigns.models import Campaign, Offer
from dossiers import actions
from dossiers.models import Forms, Report, ReportForm
from emulation.models import Instrument, Title, Unit
from emulation.workflow import Refused
from tests.campaigns.conftest import SLUGS, plan
from tests.conftest import People
from tests.dossiers.conftest import Story
from tests.factories import (
    NOW,
    TZ,
    make_agency,
    make_campaign,
    make_individual,
    make_offer,
    make_unit,
    make_user,
)

# The day before, the day, and the day after each change of decree.
DAYS = {
    "2023-12-30": "ND91",
    "2023-12-31": "ND91",
    "2024-01-01": "ND98",
    "2024-01-02": "ND98",
    "2025-06-29": "ND98",
    "2025-06-30": "ND98",
    "2025-07-01": "ND152",
    "2025-07-02": "ND152",
}
NUMBERS = {
    ("ND91", "theme", "collective"): "07",
    ("ND91", "theme", "individual"): "07",
    ("ND91", "merit", "collective"): "01",
    ("ND91", "merit", "individual"): "02",
    ("ND98", "theme", "collective"): "08",
    ("ND98", "theme", "individual"): "08",
    ("ND98", "merit", "collective"): "02",
    ("ND98", "merit", "individual"): "03",
    ("ND152", "theme", "collective"): "08",
    ("ND152", "theme", "individual"): "08",
    ("ND152", "merit", "collective"): "04",
    ("ND152", "merit", "individual"): "05",
}
# What each of the five plans asks for; Quảng Ngãi has no offer yet, so it gets a usual one.
ASKED = {
    "hung-yen-2020": "merit",
    "lang-son-2024": "theme",
    "quang-ngai-2023": "merit",
    "soc-trang-2025": "merit",
    "thanh-hoa-2024": "theme",
}


@pytest.fixture
def catalogue(db: None) -> None:
    call_command("load_catalogue", verbosity=0)
    call_command("load_forms", verbosity=0)


def subject(kind: str, unit: Unit) -> dict[str, Any]:
    return {"individual": make_individual(unit)} if kind == "individual" else {"collective": unit}


def nominee(campaign: Campaign, offer: Offer, kind: str, unit: Unit) -> Nomination:
    """A nomination that is not stored: the choice needs none of its other values."""
    return Nomination(campaign=campaign, offer=offer, unit=unit, **subject(kind, unit))


def code_on(day: str, nomination: Nomination) -> str:
    choice = Forms(date.fromisoformat(day)).choose(nomination)
    assert choice.form is not None, choice.reason
    return choice.form.code


# --- The choice -----------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", SLUGS)
def test_the_form_of_each_plan_at_each_change_of_decree(slug: str, catalogue: None) -> None:
    agency = make_agency(code=plan(slug)["agency"])
    unit = make_unit(agency)
    office = make_user("OFFICE", agency, person=make_individual(unit))
    campaign = import_plan(data=plan(slug), by=office, at=NOW)
    offers = list(campaign.offers.select_related("title"))
    if not offers:
        offers = [make_offer(campaign, report_kind="merit")]
    chosen = {
        (day, offer.title.code, kind): code_on(day, nominee(campaign, offer, kind, unit))
        for day in DAYS
        for offer in offers
        for kind in ("collective", "individual")
        if offer.receives(kind)
    }
    assert chosen == {
        (day, title, kind): f"{DAYS[day]}-{NUMBERS[DAYS[day], ASKED[slug], kind]}"
        for day, title, kind in chosen
    }


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("kind", ["collective", "individual"])
@pytest.mark.parametrize("asked", ["theme", "merit"])
def test_both_kinds_of_report_of_one_plan(
    asked: str, kind: str, day: str, people: People, catalogue: None
) -> None:
    campaign = make_campaign(people.agency, form_code="")
    offer = make_offer(campaign, report_kind=asked)
    code = code_on(day, nominee(campaign, offer, kind, people.unit))
    assert code == f"{DAYS[day]}-{NUMBERS[DAYS[day], asked, kind]}"


def test_the_plan_decides_between_forms_in_force(people: People, catalogue: None) -> None:
    """Its form, then any of its decree, then the newest."""
    day = "2025-03-01"
    own = Instrument.objects.get(code="nd-91-2017")
    values = {"kind": "theme", "instrument": own, "mark": "B", "number": "Mẫu riêng"}
    for code in ("ND91-70", "ND91-71"):
        ReportForm.objects.create(code=code, name="Mẫu của tỉnh", **values)
    campaign = make_campaign(people.agency, form_code="")
    nomination = nominee(campaign, make_offer(campaign), "individual", people.unit)
    assert code_on(day, nomination) == "ND98-08"
    campaign.instrument = own
    assert code_on(day, nomination) == "ND91-71"
    campaign.form_code = "ND91-70"
    assert code_on(day, nomination) == "ND91-70"
    # What it names is not used for another kind of report, nor for another kind of subject.
    campaign.form_code = "ND98-02"
    assert code_on(day, nomination) == "ND91-71"
    nomination.offer.report_kind = "merit"
    assert code_on(day, nomination) == "ND98-03"


@pytest.mark.parametrize(
    ("title", "kind", "codes"),
    [
        ("co-thi-dua-chinh-phu", "collective", ["ND98-02", "ND152-02"]),
        ("cstd-toan-quoc", "individual", ["ND98-03", "ND152-03"]),
        ("cstd-co-so", "individual", ["ND98-03", "ND152-05"]),
    ],
)
def test_a_title_with_a_form_of_its_own(
    title: str, kind: str, codes: list[str], people: People, catalogue: None
) -> None:
    campaign = make_campaign(people.agency, form_code="")
    row = Title.objects.get(code=title)
    offer = make_offer(campaign, title=row, report_kind="merit")
    nomination = nominee(campaign, offer, kind, people.unit)
    assert [code_on(day, nomination) for day in ("2025-06-30", "2025-07-01")] == codes


def test_no_form_is_said_in_words(people: People, catalogue: None) -> None:
    campaign = make_campaign(people.agency, form_code="")
    offer = make_offer(campaign, report_kind="merit")
    nomination = nominee(campaign, offer, "individual", people.unit)
    ReportForm.objects.filter(kind="merit", applies="individual").update(valid_to="2025-12-31")
    assert code_on("2025-12-31", nomination) == "ND152-05"
    choice = Forms(date(2026, 1, 1)).choose(nomination)
    assert choice.form is None
    assert choice.reason == (
        "Ngày 01/01/2026 không có mẫu báo cáo “công trạng (thành tích nhiệm vụ)” nào cho cá nhân "
        "còn hiệu lực trong danh mục mẫu báo cáo."
    )
    campaign.form_code = "ND98-99"
    assert "Kế hoạch ghi mẫu “ND98-99”" in Forms(date(2025, 1, 1)).choose(nomination).reason


def test_every_title_of_the_catalogue_has_a_form_on_every_day(
    people: People, catalogue: None
) -> None:
    campaign = make_campaign(people.agency, form_code="")
    for day in DAYS:
        forms = Forms(date.fromisoformat(day))
        for title in Title.objects.in_force(forms.on):
            for asked in ("theme", "merit"):
                offer = Offer(campaign=campaign, title=title, report_kind=asked)
                for kind in ("collective", "individual"):
                    if getattr(title, f"for_{kind}"):
                        found = forms.choose(nominee(campaign, offer, kind, people.unit))
                        assert found.form, (day, title.code, asked, kind)


# --- Beginning a report ---------------------------------------------------------------------------


def begun(nomination: Nomination, day: str, story: Story) -> Report:
    at = datetime.fromisoformat(f"{day}T08:00").replace(tzinfo=TZ)
    return actions.start_report(nomination=nomination, by=story.people.head, at=at)


def test_a_report_takes_the_form_of_the_day_it_is_begun_and_keeps_it(
    story: Story, catalogue: None
) -> None:
    before = begun(story.mine, "2025-06-30", story)
    after = begun(story.other, "2025-07-01", story)
    assert (before.form.code, after.form.code) == ("ND98-08", "ND152-08")
    again = begun(story.mine, "2025-07-02", story)
    assert (again.pk, again.form.code) == (before.pk, "ND98-08")
    Offer.objects.update(report_kind="merit")
    assert begun(story.mine, "2025-07-02", story).form.code == "ND98-08"
    assert begun(story.unit, "2025-07-02", story).form.code == "ND152-04"


def test_the_day_begins_at_midnight_in_viet_nam(story: Story, catalogue: None) -> None:
    at = datetime(2025, 6, 30, 16, 59, tzinfo=UTC)
    first = actions.start_report(nomination=story.mine, by=story.people.head, at=at)
    at = datetime(2025, 6, 30, 17, 0, tzinfo=UTC)
    second = actions.start_report(nomination=story.other, by=story.people.head, at=at)
    assert (first.form.code, second.form.code) == ("ND98-08", "ND152-08")


def test_without_a_form_no_report_is_begun(story: Story, catalogue: None) -> None:
    ReportForm.objects.filter(kind="theme").update(valid_to=date(2025, 12, 31))
    with pytest.raises(Refused, match="Ngày 01/01/2026 không có mẫu báo cáo “thi đua theo đợt"):
        begun(story.mine, "2026-01-01", story)
    assert not Report.objects.exists()
