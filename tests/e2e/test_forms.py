"""Correcting the wording of a report form in a browser: tried in print, compared, saved."""

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
