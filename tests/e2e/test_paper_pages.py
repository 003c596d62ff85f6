"""The pages of papers as people use them: on a phone, by keyboard, printed, after a long break."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PASSWORD, Site, assert_accessible

pytestmark = pytest.mark.e2e

Visit = Callable[..., Page]
PHONE = {"width": 390, "height": 844}
FIND = """
import json
from campaigns.models import Campaign
from dossiers.models import Batch, Document, Dossier, Report
plan = Campaign.objects.get(slug="lang-son-2024")
dossier = Dossier.objects.filter(campaign=plan, state="accepted", unit__short_name="Phòng CCHC")[0]
letter = dossier.documents.get(kind="letter", superseded_by=None)
own = Report.objects.filter(nomination__unit__name__contains="Kỳ Lừa").order_by("-pk")[0]
print(json.dumps({
    "case": f"/phong-trao/{plan.slug}/don-vi/{dossier.unit_id}/",
    "dossier": f"/ho-so/{dossier.pk}/",
    "letter": f"/ho-so/van-ban/{letter.pk}/trang/",
    "verify": f"/xac-thuc/{letter.code}/",
    "batch": f"/ho-so/dot-tao/{Batch.objects.latest('pk').pk}/",
    "own": f"/bao-cao/{own.pk}/",
    "register": f"/so-van-ban/?unit={dossier.unit_id}&year={dossier.submitted_at.year}",
}))
"""


@pytest.fixture(scope="module")
def made(site: Site, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """All papers of the demo, and where their pages are."""
    out = tmp_path_factory.mktemp("made")
    site.manage("make_dossiers", "lang-son-2024", "--out", str(out))
    found: dict[str, str] = json.loads(site.manage("shell", "-v", "0", "-c", FIND).stdout)
    return found


def assert_readable(page: Page) -> None:
    """One title, headings without gaps, and nothing to be scrolled sideways."""
    headings = page.evaluate(
        "[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')]"
        ".filter(h => h.checkVisibility()).map(h => Number(h.tagName[1]))"
    )
    assert headings.count(1) == 1, page.url
    steps = pairwise(headings)
    assert all(below <= above + 1 for above, below in steps), (page.url, headings)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


@pytest.mark.parametrize(
    ("who", "names"),
    [
        ("vanphong", "case dossier papers letter batch overview making list register forms"),
        ("truongphong.kylua", "own appendix versions own_papers own_dossiers"),
        ("chuyenvien.kylua", "own appendix own_papers"),
        ("hoidong", "dossier papers letter"),
        ("giamdoc", "overview dossier letter"),
    ],
)
def test_each_page_can_be_read_by_everybody(
    visit: Visit, made: dict[str, str], who: str, names: str
) -> None:
    address = made | {
        "papers": f"{made['dossier']}van-ban/",
        "overview": "/phong-trao/lang-son-2024/tien-do/",
        "making": "/ho-so/tao-toan-bo/lang-son-2024/",
        "list": "/ho-so/",
        "forms": "/danh-muc/mau-bao-cao/",
        "appendix": f"{made['own']}phu-luc/",
        "versions": f"{made['own']}phien-ban/",
        "own_papers": f"{made['own']}van-ban/",
        "own_dossiers": "/ho-so/",
    }
    page = visit(who)
    for size in ({"width": 1366, "height": 900}, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        for name in names.split():
            answer = page.goto(address[name])
            assert answer is not None
            assert answer.status == 200, (who, name)
            for folded in page.locator("details.technical > summary").all():
                folded.click()
            assert_accessible(page)
            assert_readable(page)


def test_the_public_page_can_be_read_by_everybody(visit: Visit, made: dict[str, str]) -> None:
    page = visit("hoidong", **PHONE)
    page.context.clear_cookies()
    page.goto(made["verify"])
    expect(page.locator("main")).to_contain_text("Còn giá trị")
    assert_accessible(page)
    assert_readable(page)


def test_what_has_the_focus_shows_it(visit: Visit, made: dict[str, str]) -> None:
    page = visit("giamdoc")
    page.goto(made["letter"])
    seen = []
    for _ in range(60):
        page.keyboard.press("Tab")
        name, ring = page.evaluate(
            "(() => { const e = document.activeElement, s = getComputedStyle(e);"
            " return [e.tagName + ' ' + (e.innerText || e.name || '').trim().slice(0, 30),"
            " s.outlineStyle !== 'none' || s.boxShadow !== 'none'] })()"
        )
        if name.startswith("BODY"):
            break
        seen.append(name)
        assert ring, name
    for label in ("Bản PDF", "Thông tin kỹ thuật", "Ký số", "Hủy văn bản…"):
        assert any(label in name for name in seen), seen


@pytest.mark.parametrize("name", ["overview", "register"])
def test_a_page_is_printed_without_what_one_presses(
    visit: Visit, made: dict[str, str], name: str
) -> None:
    page = visit("vanphong")
    page.goto(made.get(name) or "/phong-trao/lang-son-2024/tien-do/")
    page.emulate_media(media="print")
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("main table").first).to_be_visible()
    for pressed in page.locator("button, .btn, main input, main select, .navbar").all():
        expect(pressed).to_be_hidden()


def come_back(page: Page, who: str) -> None:
    expect(page.locator("main")).to_contain_text("thao tác vừa rồi chưa được thực hiện")
    page.get_by_label("Tên đăng nhập").fill(who)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url(lambda url: "dang-nhap" not in url)


def test_an_ended_session_costs_neither_the_reason_nor_the_place(
    visit: Visit, made: dict[str, str]
) -> None:
    page = visit("giamdoc")
    page.goto(made["letter"])
    page.locator(".act-details summary").click()
    page.get_by_label("Lý do hủy").fill("Sai số liệu ở mục II")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Xác nhận hủy văn bản").click()
    come_back(page, "giamdoc")
    expect(page.get_by_label("Lý do hủy")).to_be_visible()
    expect(page.get_by_label("Lý do hủy")).to_have_value("Sai số liệu ở mục II")
    page.get_by_role("button", name="Bỏ nội dung này").click()

    place = page.get_by_label("Vị trí trên văn bản")
    place.select_option(index=1)
    wanted = place.input_value()
    page.get_by_label("Mã PIN").fill(PASSWORD)
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Ký số").click()
    come_back(page, "giamdoc")
    expect(page.locator("#chu-ky-so")).to_contain_text("Chưa có chữ ký số")
    expect(page.get_by_label("Vị trí trên văn bản")).to_have_value(wanted)
    expect(page.get_by_label("Mã PIN")).to_have_value("")


def test_a_double_click_gives_one_number(visit: Visit) -> None:
    page = visit("vanphong")
    page.goto("/so-van-ban/")
    before = page.locator("main tbody tr").count()
    page.get_by_label("Ký hiệu", exact=False).last.fill("BC-SNV")
    page.get_by_label("Tên loại và trích yếu").fill("Báo cáo tổng kết")
    page.get_by_role("button", name="Cấp số").dblclick()
    expect(page.locator("main")).to_contain_text("Đã cấp số")
    page.goto("/so-van-ban/")
    expect(page.locator("main tbody tr")).to_have_count(before + 1)
