"""Two people at one row of a plan in browsers: both texts are seen, none is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import assert_accessible

pytestmark = pytest.mark.e2e


def begin(page: Page, name: str) -> str:
    """The themes of a new draft, in which one has just been written."""
    page.goto("/phong-trao/moi/")
    page.get_by_label("Trích yếu").fill(f"Kế hoạch thử {name}")
    page.get_by_label("Hình thức thi đua").select_option("thematic")
    page.locator("form.stacked-form button[type=submit]").click()
    page.wait_for_url("**/sua/")
    page.goto(f"{page.url}chu-de/")
    page.get_by_label("Nội dung").fill("Chủ đề gốc")
    page.get_by_role("button", name="Thêm", exact=True).click()
    expect(page.get_by_text("Đã thêm vào mục chủ đề.")).to_be_visible()
    return page.url


def open_row(page: Page, list_url: str, text: str) -> Page:
    page.goto(list_url)
    page.get_by_role("link", name=text, exact=True).click()
    page.wait_for_url("**/chu-de/*/")
    return page


def save(page: Page, text: str) -> None:
    page.get_by_label("Nội dung").fill(text)
    page.get_by_role("button", name="Lưu", exact=True).click()


@pytest.mark.parametrize("width", [1366, 390])
def test_the_second_to_save_sees_both_texts(visit: Callable[..., Page], width: int) -> None:
    mine = visit("vanphong", width=width)
    rows, origin = begin(mine, str(width)), "Chủ đề gốc"
    theirs = open_row(visit("vanphong", width=width), rows, origin)
    open_row(mine, rows, origin)
    save(theirs, "Chủ đề của đồng nghiệp")
    expect(theirs.get_by_text("Đã lưu.")).to_be_visible()
    save(mine, "Chủ đề của tôi")
    expect(mine.get_by_text("Dòng này vừa được người khác lưu")).to_be_visible()
    table = mine.locator("#doi-chieu")
    expect(table).to_contain_text("Chủ đề của đồng nghiệp")
    expect(table).to_contain_text("Chủ đề của tôi")
    expect(mine.get_by_label("Nội dung")).to_have_value("Chủ đề của tôi")
    assert mine.evaluate("document.documentElement.scrollWidth") <= width
    assert_accessible(mine)
    mine.get_by_role("button", name="Lưu", exact=True).click()
    expect(mine.get_by_role("link", name="Chủ đề của tôi", exact=True)).to_be_visible()

    # A text that was typed but not sent comes back, and is set against what was saved since.
    open_row(mine, rows, "Chủ đề của tôi")
    mine.get_by_label("Nội dung").fill("Gõ dở")
    mine.on("dialog", lambda dialog: dialog.accept())
    mine.goto(rows)
    open_row(theirs, rows, "Chủ đề của tôi")
    save(theirs, "Sửa trong lúc đó")
    expect(theirs.get_by_text("Đã lưu.")).to_be_visible()
    open_row(mine, rows, "Sửa trong lúc đó")
    expect(mine.get_by_text("đã có người lưu bản khác")).to_be_visible()
    expect(mine.get_by_label("Nội dung")).to_have_value("Gõ dở")
    mine.get_by_role("button", name="Lưu", exact=True).click()
    expect(mine.locator("#doi-chieu")).to_contain_text("Sửa trong lúc đó")
    expect(mine.get_by_label("Nội dung")).to_have_value("Gõ dở")

    # What the colleague changed is not taken away from an older list.
    theirs.goto(rows)
    mine.get_by_role("button", name="Lưu", exact=True).click()
    expect(mine.get_by_role("link", name="Gõ dở", exact=True)).to_be_visible()
    theirs.get_by_label("Xóa: Sửa trong lúc đó").click()
    theirs.get_by_role("button", name="Xác nhận xóa").locator("visible=true").click()
    expect(theirs.get_by_text("vừa được người khác sửa nên chưa xóa")).to_be_visible()
    expect(theirs.get_by_role("link", name="Gõ dở", exact=True)).to_be_visible()
    assert theirs.evaluate("document.documentElement.scrollWidth") <= width


def test_a_double_click_adds_one_row(visit: Callable[..., Page]) -> None:
    page = visit("vanphong")
    begin(page, "bấm hai lần")
    page.get_by_label("Nội dung").fill("Bấm hai lần")
    page.get_by_role("button", name="Thêm", exact=True).dblclick()
    expect(page.get_by_role("link", name="Bấm hai lần", exact=True)).to_have_count(1)


def test_a_row_typed_when_the_session_ended_comes_back(visit: Callable[..., Page]) -> None:
    page = visit("vanphong")
    rows = begin(page, "hết phiên")
    open_row(page, rows, "Chủ đề gốc")
    page.get_by_label("Nội dung").fill("Gõ lúc phiên đã hết")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Lưu", exact=True).click()
    page.get_by_label("Tên đăng nhập").fill("vanphong")
    page.get_by_label("Mật khẩu").fill("ThiDua@2025")
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_label("Nội dung")).to_have_value("Gõ lúc phiên đã hết")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.get_by_role("link", name="Gõ lúc phiên đã hết", exact=True)).to_be_visible()
