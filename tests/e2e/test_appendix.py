"""The appendix of tasks in a real browser: typed, out of Excel, printed; on a desk and a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.dossiers.poppler import text_of
from tests.dossiers.task_rows import sheet
from tests.e2e.conftest import assert_accessible

pytestmark = [pytest.mark.e2e, pytest.mark.worker, pytest.mark.xdist_group("e2e")]

Visit = Callable[..., Page]
HEAD = ["TT", "Nội dung công việc", "Hạn", "Kết quả"]


def open_appendix(page: Page, which: int) -> None:
    page.goto("/ho-so/")
    page.locator("main td a").first.click()
    page.locator("main a[href*='/bao-cao/']").nth(which).click()
    page.get_by_role("link", name="Lập phụ lục").click()


def choose(page: Page, *lines: list[Any], button: str = "Xem trước") -> None:
    content = sheet(HEAD, *lines).read()
    chosen: FilePayload = {"name": "bảng.xlsx", "mimeType": "", "buffer": content}
    page.get_by_label("Tệp Excel").set_input_files(chosen)
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("heading", name="Xem trước khi nhập")).to_be_visible()


def fits(page: Page) -> None:
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) <= 0
    assert_accessible(page)


def test_tasks_are_typed_taken_in_and_printed(visit: Visit) -> None:
    page = visit("truongphong.pckt")
    open_appendix(page, 0)
    report = page.url.split("/phu-luc/")[0]
    assert_accessible(page)
    page.get_by_label("Nội dung công việc").fill("Việc gõ bằng tay")
    page.get_by_role("button", name="Thêm", exact=True).click()
    expect(page.locator("main")).to_contain_text("Đã thêm vào phụ lục")

    choose(page, [1, None, "31/12/2024", "Đạt"])
    expect(page.locator("main")).to_contain_text("1 chỗ cần sửa")
    assert_accessible(page)
    rows: list[list[Any]] = [["I", "Nhóm từ Excel"], [1, "Việc **từ** Excel", "31/12/2024", "Đạt"]]
    choose(page, *rows, button="Tải lại tệp đã sửa")
    assert_accessible(page)
    page.get_by_role("button", name="Thêm vào cuối").dblclick()
    expect(page.locator("main")).to_contain_text("1–3 trên 3")
    page.get_by_role("button", name="Chuyển lên: Việc **từ** Excel").click()
    expect(page.locator(".task-table tbody tr").nth(1)).to_contain_text("Việc **từ** Excel")
    assert_accessible(page)

    page.goto(f"{report}/phien-ban/")
    changed = page.locator("#phu-luc")
    expect(changed).to_contain_text("thêm 2")
    expect(changed.locator("ins").first).to_be_visible()
    fits(page)
    page.get_by_role("button", name="Khôi phục").click()
    expect(page.locator("main")).to_contain_text("Khôi phục bản lúc")
    page.goto(f"{report}/phu-luc/")
    expect(page.locator("main")).to_contain_text("1–1 trên 1")
    page.goto(f"{report}/phien-ban/")
    page.get_by_role("button", name="Khôi phục").click()

    page.goto(f"{report}/")
    expect(page.locator("main")).to_contain_text("3 dòng, in sau báo cáo")
    page.get_by_role("button", name="Xem trước").click()
    expect(page.locator("[data-preview-status]")).to_contain_text("Bản đã lưu", timeout=30_000)
    state = page.request.get(f"{report}/xem-truoc/").json()
    text = " ".join(text_of(page.request.get(state["url"]).body()).split())
    assert "Phụ lục kèm theo: Danh mục công việc" in text
    assert "Việc **từ** Excel" in text


def test_the_appendix_fits_a_phone(visit: Visit) -> None:
    page = visit("truongphong.pckt", width=390, height=844)
    open_appendix(page, -1)
    rows: list[list[Any]] = [
        [n, f"Việc thứ {n} " + "dài" * 60, "31/12/2024", "Đạt"] for n in range(1, 9)
    ]
    choose(page, *rows[:7], [8, None, "h" * 70, "Đạt"])
    expect(page.locator("main")).to_contain_text("2 chỗ cần sửa")
    fits(page)
    boxes = page.locator(".task-faults textarea")
    boxes.nth(0).fill("Việc thứ 8")
    boxes.nth(1).fill("31/12/2024")
    page.get_by_role("button", name="Kiểm tra lại").click()
    expect(page.get_by_role("heading", name="Các dòng sẽ nhập")).to_be_visible()
    fits(page)
    page.locator("form button[name=cach]").last.click()
    expect(page.locator("main")).to_contain_text("Đã nhập 8 dòng")
    fits(page)
    page.get_by_role("link", name="Sửa: Việc thứ 8").click()
    expect(page.get_by_role("heading", name="Sửa dòng thứ 8")).to_be_visible()
    fits(page)
    page.get_by_label("Kết quả, sản phẩm").fill("Đã xong")
    page.get_by_role("button", name="Lưu").click()
    expect(page.locator("main")).to_contain_text("Đã xong")
    page.locator("summary[aria-label^='Xóa: Việc thứ 8']").click()
    page.get_by_role("button", name="Xác nhận xóa").last.click()
    expect(page.locator("main")).to_contain_text("Đã xóa một dòng")
    page.goto(page.url.split("/phu-luc/")[0] + "/phien-ban/")
    expect(page.locator("#phu-luc")).to_contain_text("Phụ lục công việc")
    fits(page)
