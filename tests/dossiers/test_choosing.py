"""Which form a report is written in: what fits, what goes before what, and why there is none."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from campaigns.models import Campaign
from dossiers.models import Forms, FormSection, Report, ReportForm, unexpected, uses_of
from emulation.models import Instrument
from tests.conftest import People
from tests.dossiers.conftest import Story
from tests.factories import NOW, make_document, make_instrument

pytestmark = pytest.mark.django_db

TODAY = NOW.date()
DAY = timedelta(days=1)


@pytest.fixture
def story(story: Story) -> Story:
    """No form of the catalogue is there; each test brings its own."""
    FormSection.objects.all().delete()
    ReportForm.objects.all().delete()
    return story


def form(code: str, **values: Any) -> ReportForm:
    if "instrument" not in values:
        values["instrument"] = make_instrument()
    defaults = {"number": "Mẫu số 1", "name": f"Báo cáo {code}", "mark": "B"}
    return ReportForm.objects.create(code=code, **defaults | values)


def chosen(story: Story, on: date = TODAY, *, of_unit: bool = False) -> str:
    nomination = story.unit if of_unit else story.mine
    nomination.campaign.refresh_from_db()
    found = Forms(on).choose(nomination).form
    return found.code if found else ""


def plan(story: Story, **values: Any) -> None:
    Campaign.objects.filter(pk=story.campaign.pk).update(**values)
    story.mine.campaign.refresh_from_db()


@pytest.mark.parametrize(
    ("values", "person", "unit"),
    [
        ({}, True, True),
        ({"kind": "merit"}, False, False),
        ({"applies": "individual"}, True, False),
        ({"applies": "collective"}, False, True),
        ({"title_code": "khac"}, False, False),
        ({"valid_to": TODAY}, True, True),
        ({"valid_to": TODAY - DAY}, False, False),
        ({"valid_from": TODAY}, True, True),
        ({"valid_from": TODAY + DAY}, False, False),
    ],
)
def test_what_fits(story: Story, values: dict[str, Any], person: bool, unit: bool) -> None:
    plan(story, form_code="")
    form("mau", **values)
    assert (chosen(story) != "", chosen(story, of_unit=True) != "") == (person, unit)


def test_what_goes_before_what(story: Story) -> None:
    """Each that is added is better for another reason than the one before."""
    decree, title = make_instrument(), story.offer.title.code
    plan(story, form_code="", instrument=decree)
    form("mau-1")
    assert chosen(story) == "mau-1"
    form("mau-2")
    assert chosen(story) == "mau-2", "the later code"
    form("mau-0", valid_from=TODAY - DAY)
    assert chosen(story) == "mau-0", "the newer"
    form("mau-00", instrument=decree)
    assert chosen(story) == "mau-00", "of the decree that the plan names"
    form("mau-000", title_code=title)
    assert chosen(story) == "mau-000", "made for this title"
    plan(story, form_code="mau-1")
    assert chosen(story) == "mau-1", "named by the plan"


def test_the_form_that_the_plan_names_is_not_used_after_its_time(story: Story) -> None:
    form("cu", valid_to=TODAY - DAY)
    form("moi", valid_from=TODAY)
    plan(story, form_code="cu")
    assert chosen(story) == "moi"
    assert chosen(story, TODAY - DAY) == "cu"


def test_why_there_is_none(story: Story) -> None:
    plan(story, form_code="khong-co")
    form("mau", valid_to=TODAY - DAY)
    found = Forms(TODAY).choose(story.mine)
    assert (found.form, found.reason) == (
        None, "Kế hoạch ghi mẫu “khong-co” nhưng danh mục mẫu báo cáo chưa có mẫu này.",
    )  # fmt: skip
    plan(story, form_code="")
    found = Forms(TODAY).choose(story.mine)
    assert found.form is None
    assert found.reason.startswith("Ngày 20/11/2026 không có mẫu báo cáo “")
    assert "cho cá nhân còn hiệu lực" in found.reason
    assert "cho tập thể còn hiệu lực" in Forms(TODAY).choose(story.unit).reason


def test_a_form_that_is_not_the_one_to_expect_is_said(story: Story) -> None:
    decree = make_instrument(number="98/2023/NĐ-CP")
    used = make_instrument(number="152/2025/NĐ-CP")
    row = form("moi", instrument=used, valid_from=date(2025, 7, 1))
    plan(story, instrument=None)
    assert unexpected(story.mine, row) == ""
    plan(story, instrument=used)
    assert unexpected(story.mine, row) == ""

    def said(**values: Any) -> str:
        Instrument.objects.filter(pk=decree.pk).update(**values)
        plan(story, instrument=decree)
        return unexpected(story.mine, row)

    plain = "Kế hoạch dẫn văn bản số 98/2023/NĐ-CP; báo cáo này dùng mẫu của văn bản số "
    assert said() == f"{plain}152/2025/NĐ-CP."
    assert said(valid_to=date(2025, 7, 1)) == f"{plain}152/2025/NĐ-CP."
    assert said(valid_to=date(2025, 6, 30)).startswith(
        "Kế hoạch dẫn văn bản số 98/2023/NĐ-CP, hết hiệu lực từ 01/07/2025; báo cáo này"
    )
    row.kind = "merit"
    assert "Hình thức khen thưởng này cần báo cáo" in unexpected(story.mine, row)


def test_what_uses_a_form(story: Story, people: People) -> None:
    row, longer = form("mau"), form("mau-2")
    assert (uses_of(row).papers, uses_of(row).reports) == (0, 0)
    story.mine.refresh_from_db()
    Report.objects.create(nomination=story.mine, form=row)
    Report.objects.create(nomination=story.other, form=row, locked_at=NOW)
    Report.objects.create(nomination=story.unit, form=longer)
    dossier = story.dossier()
    for number, (version, state) in enumerate(
        (("mau/1", "ready"), ("mau/2", "ready"), ("mau/2", "pending"), ("mau-2/1", "ready"))
    ):
        make_document(
            dossier, by=people.head, state=state, form_version=version, subject=f"Báo cáo {number}"
        )
    assert (uses_of(row).papers, uses_of(row).reports) == (2, 1)
