"""Writing a report in a real browser: bold, lists and tables, and the printed page beside them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.dossiers.poppler import text_of
from tests.e2e.conftest import assert_accessible

pytestmark = [pytest.mark.e2e, pytest.mark.worker, pytest.mark.xdist_group("e2e")]

Visit = Callable[..., Page]


def open_report(page: Page) -> None:
    page.goto("/ho-so/")
    page.locator("main td a").first.click()
    page.locator("main a[href*='/bao-cao/']").last.click()
    expect(page.locator("main .editor-text").first).to_be_visible()


def say(page: Page, text: str) -> None:
    page.keyboard.type(text)


def test_what_is_typed_is_saved_and_printed(visit: Visit) -> None:
    page = visit("truongphong.pckt")
    open_report(page)
    editor = page.locator("main .editor").last
    box = editor.locator(".editor-text")
    box.fill("")
    page.keyboard.press("Control+b")
    say(page, "Kết quả nổi bật")
    expect(page.locator("[data-autosave-status]")).to_have_text("Có thay đổi chưa lưu.")
    page.keyboard.press("Control+b")
    say(page, ": vượt kế hoạch năm_2025.")
    page.keyboard.press("Enter")
    editor.get_by_role("button", name="Gạch đầu dòng").click()
    say(page, "Việc thứ nhất")
    page.keyboard.press("Enter")
    editor.get_by_role("button", name="Thụt vào một cấp").click()
    say(page, "Việc nhỏ")
    for _ in range(3):
        page.keyboard.press("Enter")
    editor.get_by_role("button", name="Chèn bảng").click()
    for n, cell in enumerate(("Việc", "Số lượng", "Ghi chú", "Kế hoạch", "12", "đúng | hạn")):
        if n:
            page.keyboard.press("Tab")
        say(page, cell)
    page.wait_for_timeout(800)  # what follows at once is undone together with what was typed
    editor.get_by_role("button", name="Xóa hàng").click()
    page.keyboard.press("Control+z")
    expect(page.locator("[data-autosave-status]")).to_contain_text("Đã lưu lúc", timeout=15_000)
    stored = page.locator("main textarea").last.input_value()
    assert stored.startswith("**Kết quả nổi bật**: vượt kế hoạch năm_2025.\n- Việc thứ nhất\n+ ")
    assert "| Việc | Số lượng | Ghi chú |\n| Kế hoạch | 12 | đúng \\| hạn |" in stored

    page.reload()
    assert page.locator("main textarea").last.input_value() == stored
    expect(page.locator("main .editor-text strong").last).to_have_text("Kết quả nổi bật")
    page.get_by_role("button", name="Xem trước").click()
    expect(page.locator("[data-preview-status]")).to_contain_text("Bản đã lưu", timeout=30_000)
    expect(page.locator(".preview-page").first).to_be_visible()
    assert_accessible(page)
    state = page.request.get(f"{page.url}xem-truoc/").json()
    text = " ".join(text_of(page.request.get(state["url"]).body()).split())
    assert "Kết quả nổi bật: vượt kế hoạch năm_2025." in text
    assert "+ Việc nhỏ" in text
    assert "đúng | hạn" in text

    # Typing on makes the page beside it anew.
    page.locator("main .editor-text").last.press("Control+Home")
    say(page, "Mới: ")
    expect(page.locator("[data-preview-status]")).to_contain_text("Đang tạo", timeout=15_000)
    expect(page.locator("[data-preview-status]")).to_contain_text("Bản đã lưu", timeout=30_000)
    assert page.request.get(f"{page.url}xem-truoc/").json()["url"] != state["url"]


def test_the_editor_fits_a_phone(visit: Visit) -> None:
    page = visit("truongphong.pckt", width=390, height=844)
    open_report(page)
    page.get_by_role("button", name="Xem trước").click()
    expect(page.locator("[data-preview-status]")).to_contain_text("Bản đã lưu", timeout=30_000)
    assert_accessible(page)
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) <= 0
    page.get_by_role("button", name="Đóng", exact=True).click()
    expect(page.locator(".preview")).to_be_hidden()


def test_without_scripts_the_boxes_are_plain(visit: Visit) -> None:
    page = visit("truongphong.pckt")
    open_report(page)
    address = page.url
    assert page.context.browser
    plain = page.context.browser.new_context(
        java_script_enabled=False, storage_state=page.context.storage_state()
    )
    try:
        page = plain.new_page()
        page.goto(address)
        page.locator("main textarea").first.fill("Viết không cần **tập lệnh**.")
        page.get_by_role("button", name="Lưu", exact=True).click()
        expect(page.locator("main")).to_contain_text("Đã lưu báo cáo")
    finally:
        plain.close()
