"""Report forms in a browser: one corrected, tried in print and compared, and one added."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import assert_accessible

pytestmark = pytest.mark.e2e
FORM = "/danh-muc/mau-bao-cao/ND91-07/"


@pytest.mark.parametrize("width", [1366, 390])
def test_a_form_is_corrected(visit: Callable[..., Page], width: int) -> None:
    page = visit("vanphong", width=width)
    page.goto("/danh-muc/")
    page.get_by_role("link", name="Mẫu báo cáo thành tích").click()
    assert_accessible(page)
    page.goto(FORM)
    assert_accessible(page)
    page.get_by_role("link", name="Sửa câu chữ").click()
    heading = f"Kinh nghiệm rút ra ({width})"
    box = page.locator("[name='lessons-heading']")
    box.fill(heading)
    # The print opens beside; the page stays as it is and can be sent again.
    button = page.get_by_role("button", name="In thử: cá nhân")
    with page.context.expect_event("response", lambda r: r.url.endswith("/in-thu/")) as answer:
        button.click()
    assert answer.value.status == 200
    assert answer.value.headers["content-type"] == "application/pdf"
    expect(page.locator("form.form-texts")).not_to_have_attribute("data-busy", "")
    expect(box).to_have_value(heading)
    page.get_by_role("button", name="Xem thay đổi").last.click()
    expect(page.get_by_text("Những chỗ sẽ thay đổi khi lưu")).to_be_visible()
    expect(page.locator(".version-diff ins").first).to_be_visible()
    expect(box).to_have_value(heading)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert_accessible(page)
    page.get_by_label("Lý do sửa").fill("Theo nguyên văn mẫu")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.get_by_text("Đã lưu câu chữ của mẫu thành phiên bản")).to_be_visible()
    expect(page.get_by_text(heading)).to_be_visible()
    page.get_by_role("link", name="Xem các phiên bản").click()
    expect(page.get_by_text("· bản hiện nay")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert_accessible(page)


@pytest.mark.parametrize("width", [1366, 390])
def test_a_form_is_added_for_a_later_day(visit: Callable[..., Page], width: int) -> None:
    page = visit("vanphong", width=width)
    page.goto(FORM)
    page.get_by_role("link", name="Thêm mẫu từ mẫu này").click()
    code = f"ND999-{width}"
    page.get_by_label("Mã", exact=False).first.fill(code)
    page.get_by_label("Văn bản ban hành mẫu").select_option(index=1)
    page.get_by_label("Hiệu lực từ").fill("01/01/2041" if width == 390 else "01/01/2042")
    page.get_by_label("Hiệu lực đến hết").fill("01/01/2040")
    page.get_by_role("button", name="Thêm mẫu").click()
    expect(page.get_by_text("trước ngày có hiệu lực")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Hiệu lực đến hết").fill("31/12/2041" if width == 390 else "")
    page.get_by_role("button", name="Thêm mẫu").click()
    expect(page.get_by_text("hai mẫu sẽ cùng có hiệu lực").first).to_be_visible()
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_label("Cả hai cùng có hiệu lực").check()
    page.get_by_role("button", name="Thêm mẫu").click()
    expect(page.get_by_text("Đã thêm mẫu.")).to_be_visible()
    page.get_by_role("link", name="Sửa căn cứ, thời hạn").click()
    page.get_by_label("Điều, phụ lục").fill("Phụ lục II")
    page.get_by_label("Lý do sửa").fill("Theo nguyên văn")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert_accessible(page)
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.get_by_text("Đã lưu căn cứ và thời hạn của mẫu thành phiên bản 2.")).to_be_visible()
