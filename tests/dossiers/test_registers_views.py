"""The register by address: whose it is, what it lists, what it gives."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dossiers import actions
from dossiers.models import Register, RegisterEntry
from tests.conftest import SafeClient
from tests.dossiers.conftest import Story

pytestmark = pytest.mark.django_db

Login = Callable[..., SafeClient]
HERE = "/so-van-ban/"


def today() -> str:
    return f"{timezone.localdate():%d/%m/%Y}"


def give(story: Story, times: int, subject: str = "Báo cáo tháng") -> None:
    for _ in range(times):
        actions.register_paper(
            unit=story.people.unit,
            series="general",
            symbol="BC-CCHC",
            subject=subject,
            date=timezone.localdate(),
            by=story.people.head,
            at=timezone.now(),
        )


def test_a_head_sees_the_own_register(story: Story, client_for: Login) -> None:
    assert reverse("dossiers:register") == HERE
    client = client_for(story.people.head)
    text = client.get(HERE).content.decode()
    assert "Sổ chưa có văn bản nào" in text
    assert "Hội đồng Thi đua" not in text
    give(story, 2)
    text = client.get(HERE).content.decode()
    assert "01/BC-CCHC" in text
    assert "02/BC-CCHC" in text
    other = client_for(story.people.outsider).get(HERE, {"unit": story.people.unit.pk})
    assert "BC-CCHC" not in other.content.decode()


def test_the_office_sees_each_of_the_agency(story: Story, client_for: Login) -> None:
    give(story, 1)
    client = client_for(story.people.office)
    assert "01/BC-CCHC" not in client.get(HERE).content.decode()
    text = client.get(HERE, {"unit": story.people.unit.pk}).content.decode()
    assert "01/BC-CCHC" in text
    council = client.get(HERE, {"series": "council"}).content.decode()
    assert "TB-HĐTĐKT" not in council
    assert 'placeholder="BC-HĐTĐKT"' in council


def test_a_dossier_is_reached_from_its_numbers(story: Story, client_for: Login) -> None:
    dossier = story.submitted()
    year = str(RegisterEntry.objects.all()[0].register.year)
    text = client_for(story.people.head).get(HERE, {"year": year}).content.decode()
    assert f"02/TTr-{story.people.unit.symbol}" in text
    assert reverse("dossiers:dossier", args=(dossier.pk,)) in text


def test_an_empty_year_leads_to_the_others(story: Story, client_for: Login) -> None:
    client = client_for(story.people.head)
    assert "Đã có sổ các năm" not in client.get(HERE).content.decode()
    Register.objects.create(unit=story.people.unit, year=2025, last=3)
    text = client.get(HERE).content.decode()
    assert "Đã có sổ các năm" in text
    assert f"?unit={story.people.unit.pk}&amp;year=2025&amp;series=general" in text


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("tháng", 2), ("02/BC", 1), ("2/", 1), ("BC-CCHC", 3), ("quý", 1), ("2/KH", 0),
        ("tháng quý", 0), ("9" * 50, 0), ("²/", 0),
    ],
)  # fmt: skip
def test_search(story: Story, client_for: Login, query: str, count: int) -> None:
    give(story, 2)
    give(story, 1, "Báo cáo quý")
    answer = client_for(story.people.head).get(HERE, {"q": query})
    assert answer.context["page"].paginator.count == count


def test_a_long_register_has_pages_and_costs_the_same(story: Story, client_for: Login) -> None:
    client = client_for(story.people.head)

    def cost() -> int:
        with CaptureQueriesContext(connection) as found:
            client.get(HERE)
        return len(found)

    give(story, 1)
    few = cost()
    give(story, 40)
    assert cost() == few
    second = client.get(HERE, {"trang": "2"}).content.decode()
    assert "01/BC-CCHC" in second
    assert "41/BC-CCHC" not in second


def test_a_number_by_hand(story: Story, client_for: Login) -> None:
    client = client_for(story.people.head)
    url = reverse("dossiers:register_number", args=(story.people.unit.pk,))
    data = {"symbol": "KH-CCHC", "subject": "Kế hoạch kiểm tra", "date": today()}
    answer = client.post(url, data, follow=True)
    assert "Đã cấp số 01/KH-CCHC" in answer.content.decode()
    answer = client.post(url, data | {"symbol": "KH CCHC"})
    assert answer.status_code == 422
    assert "Ký hiệu gồm chữ và số" in answer.content.decode()
    assert "Kế hoạch kiểm tra" in answer.content.decode()
    assert client.post(url, {}).status_code == 422
    assert RegisterEntry.objects.count() == 1


def test_going_on_from_paper(story: Story, client_for: Login) -> None:
    client = client_for(story.people.head)
    url = reverse("dossiers:register_last", args=(story.people.unit.pk,))
    year = str(timezone.localdate().year)
    text = client.post(url, {"last": "45", "year": year}, follow=True).content.decode()
    assert "Đã đặt số hiện tại" in text
    assert "Số 45" in text
    answer = client.post(url, {"last": "45", "year": year})
    assert answer.status_code == 422
    assert "Sổ đang ở số 45" in answer.content.decode()
    for junk in ({"last": "x", "year": year}, {"last": "46", "year": "x"}, {}):
        assert client.post(url, junk).status_code == 422
    assert Register.objects.get().last == 45


def test_the_spreadsheet_keeps_zeros_and_runs_no_formula(story: Story, client_for: Login) -> None:
    from openpyxl import load_workbook

    give(story, 1, '=HYPERLINK("x")')
    give(story, 1)
    answer = client_for(story.people.head).get(reverse("dossiers:register_export"))
    assert answer.headers["Content-Disposition"].endswith('.xlsx"')
    sheet = load_workbook(BytesIO(answer.content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(min_row=3, values_only=True))
    assert rows[0][:3] == ("Số", "Ký hiệu", "Ngày văn bản")
    assert [row[0] for row in rows[1:]] == ["01", "02"]
    assert rows[1][3] == '=HYPERLINK("x")'
    assert sheet["D4"].data_type == "s"


def test_the_navigation_leads_there(story: Story, client_for: Login) -> None:
    for who, sees in (("head", True), ("office", True), ("staff", False), ("director", False)):
        text = client_for(getattr(story.people, who)).get("/").content.decode()
        assert (f'href="{HERE}"' in text) is sees
