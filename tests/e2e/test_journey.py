"""The whole way in a browser: from a launched plan to the bound dossier, by the demo accounts."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pikepdf
import pytest
from pikepdf import OutlineItem
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Site, assert_accessible
from tests.pdfs import pdf_bytes

pytestmark = [pytest.mark.e2e, pytest.mark.worker, pytest.mark.xdist_group("e2e")]
Visit = Callable[..., Page]

UNIT, PERSON, SECRETARY = "Phòng Cải cách hành chính", "Sầm Văn Tuyến", "Nguyễn Thị Thảo"
AWARD = "Giấy khen của Giám đốc Sở Nội vụ"
STATEMENTS = (
    "Kết quả thực hiện phong trào thi đua",
    "Kết quả thực hiện nhiệm vụ công tác",
    "Quyết định đánh giá, xếp loại năm 2024",
    "Kết quả thực hiện nhiệm vụ 7 tháng đầu năm 2025",
)


def says(page: Page, text: str | re.Pattern[str]) -> None:
    expect(page.locator("main [role=status], main [role=alert]").first).to_contain_text(text)


def launch_copy(visit: Visit) -> str:
    """The office copies the Lạng Sơn 2024 plan, the director launches it; its slug."""
    office = visit("vanphong")
    office.goto("/phong-trao/lang-son-2024/")
    assert_accessible(office)
    office.get_by_role("button", name="Nhân bản").click()
    says(office, "Đã nhân bản")
    slug = office.url.split("/")[-3]
    office.get_by_label("Trích yếu").fill("Thi đua đặc biệt chào mừng 80 năm ngành Nội vụ")
    office.get_by_role("button", name="Lưu kế hoạch").click()
    says(office, "Đã lưu kế hoạch")
    director = visit("giamdoc")
    expect(director.locator("main")).to_contain_text("Thi đua đặc biệt chào mừng 80 năm")
    director.goto(f"/phong-trao/{slug}/")
    director.get_by_role("button", name="Phát động").click()
    says(director, "Đã phát động")
    return slug


def register(page: Page, slug: str, unit: str) -> None:
    page.goto(f"/phong-trao/{slug}/dang-ky/{unit}/")
    page.get_by_role("button", name="Bắt đầu đăng ký").click()
    for subject in (f"Tập thể {UNIT}", PERSON):
        page.goto(f"/phong-trao/{slug}/dang-ky/{unit}/them/")
        choose(page, "Tập thể, cá nhân đăng ký", subject)
        page.get_by_label("Hình thức khen thưởng hướng tới").select_option(label=AWARD)
        page.get_by_label("Nội dung đăng ký, cam kết").fill(f"{subject}: 100% hồ sơ đúng hạn.")
        page.get_by_role("button", name="Thêm", exact=True).click()
        expect(page.locator("main")).to_contain_text("100% hồ sơ đúng hạn")
    assert_accessible(page)
    page.get_by_role("button", name="Gửi đăng ký").click()
    expect(page.locator("main")).to_contain_text("Đã gửi")


def choose(page: Page, label: str, text: str) -> None:
    box = page.get_by_label(label)
    value = box.locator("option", has_text=text).first.get_attribute("value")
    box.select_option(value)


def nominate(page: Page, slug: str, unit: str, subject: str) -> None:
    page.goto(f"/de-cu/{slug}/{unit}/them/")
    choose(page, "Tập thể, cá nhân", subject)
    page.get_by_label("Hình thức đề nghị").select_option(label=AWARD)
    expect(page.locator("main")).to_contain_text("Kế hoạch số 173/KH-SNV, mục IV.4")
    expect(page.locator("main")).to_contain_text("QĐ-SNV ngày 20/12/2024")
    page.get_by_label("Tóm tắt thành tích").fill("Chỉ số cải cách hành chính tăng 5 bậc.")
    page.get_by_role("button", name="Lưu đề cử").click()
    says(page, "Đã đề cử")


def hold_meeting(page: Page, slug: str, unit: str) -> None:
    page.goto(f"/hop-xet/{slug}/{unit}/")
    page.get_by_role("button", name="Mở biên bản họp").click()
    page.get_by_label("Ngày họp").fill("28/07/2025")
    page.get_by_label("Bắt đầu").fill("16:30")
    page.get_by_label("Kết thúc").fill("14:00")
    page.get_by_label("Địa điểm").fill("Phòng họp số 2, trụ sở Sở Nội vụ")
    choose(page, "Thư ký", SECRETARY)
    for subject in (UNIT, PERSON):
        page.get_by_label(f"Số phiếu đồng ý: {subject}").fill("7")
    page.get_by_role("button", name="Lưu biên bản").click()
    expect(page.locator("main")).to_contain_text("Giờ kết thúc phải sau giờ bắt đầu")
    expect(page.get_by_label("Địa điểm")).to_have_value("Phòng họp số 2, trụ sở Sở Nội vụ")
    page.get_by_label("Bắt đầu").fill("14:00")
    page.get_by_label("Kết thúc").fill("16:30")
    page.get_by_role("button", name="Lưu biên bản").click()
    says(page, "Đã lưu biên bản")
    assert_accessible(page)
    page.get_by_role("button", name="Kết luận cuộc họp").click()
    says(page, "Đã kết luận")


def write_report(page: Page, slug: str, unit: str, subject: str) -> None:
    page.goto(f"/phong-trao/{slug}/don-vi/{unit}/")
    page.get_by_role("button", name=f"Lập báo cáo của {subject}").click()
    assert_accessible(page)
    for box in page.locator("main .editor-text").all():
        box.fill(f"{subject} đã hoàn thành tốt nhiệm vụ được giao.")
    expect(page.locator("[data-autosave-status]")).to_contain_text("Đã lưu lúc", timeout=15_000)
    page.get_by_role("button", name="Lưu", exact=True).click()
    says(page, "Đã lưu báo cáo")
    expect(page.locator("main")).to_contain_text("100% hồ sơ đúng hạn")


def submit_dossier(page: Page, slug: str, unit: str, evidence: Path) -> str:
    page.goto(f"/phong-trao/{slug}/don-vi/{unit}/")
    page.get_by_role("button", name="Lập hồ sơ trình Giám đốc Sở").click()
    address = page.url
    renamed = evidence.with_name("chay.pdf")
    renamed.write_bytes(b"MZ\x90\x00" + b"\x00" * 2000)
    page.get_by_label("Tệp").set_input_files(renamed)
    page.get_by_role("button", name="Đính kèm").click()
    expect(page.locator("main")).to_contain_text(re.compile("không phải|không đúng|chỉ nhận", re.I))
    page.get_by_label("Tệp").set_input_files(evidence)
    page.get_by_role("button", name="Đính kèm").click()
    expect(page.locator("main")).to_contain_text(evidence.name)
    assert_accessible(page)
    page.get_by_role("button", name="Trình hồ sơ").dblclick()
    expect(page.locator("main")).to_contain_text("Kiểm tra hồ sơ, tiếp nhận", timeout=15_000)
    return address


def test_from_launch_to_bound_dossier(visit: Visit, tmp_path: Path) -> None:
    slug = launch_copy(visit)
    head = visit("truongphong.cchc")
    assert_accessible(head)
    expect(head.locator("main")).to_contain_text("Lập bản đăng ký")
    head.goto(f"/phong-trao/{slug}/")
    unit = re.search(r"/don-vi/(\d+)/", head.content()).group(1)  # type: ignore[union-attr]
    register(head, slug, unit)

    office = visit("vanphong")
    office.goto(f"/phong-trao/{slug}/dang-ky/")
    assert_accessible(office)
    office.goto(f"/phong-trao/{slug}/dang-ky/{unit}/")
    office.get_by_role("button", name="Tiếp nhận").click()
    expect(office.locator("main")).to_contain_text("Đã tiếp nhận")

    for subject in (UNIT, PERSON):
        nominate(head, slug, unit, subject)
    hold_meeting(head, slug, unit)
    for subject in (UNIT, PERSON):
        write_report(head, slug, unit, subject)
    evidence = tmp_path / "bang-diem-chi-so.pdf"
    evidence.write_bytes(pdf_bytes(pages=3))
    dossier = submit_dossier(head, slug, unit, evidence)

    outsider = visit("truongphong.ccvc")
    for address in (dossier, f"/phong-trao/{slug}/don-vi/{unit}/"):
        answer = outsider.goto(address)
        assert answer
        assert answer.status == 404
    expect(outsider.locator("main")).to_contain_text("Không có nội dung ở địa chỉ này")

    office.goto(dossier)
    office.get_by_role("button", name="Tiếp nhận").click()
    expect(office.locator("main")).to_contain_text("Đã tiếp nhận")
    office.goto(f"/ho-so/tao-toan-bo/{slug}/")
    assert_accessible(office)
    office.get_by_role("button", name="Tạo toàn bộ hồ sơ").click()
    expect(office.get_by_role("progressbar")).to_be_visible()
    download_link = office.get_by_role("link", name=re.compile("^PDF hồ sơ"))
    expect(download_link).to_be_visible(timeout=90_000)
    assert_accessible(office)
    with office.expect_download() as download:
        download_link.click()
    bound = tmp_path / "ho-so.pdf"
    download.value.save_as(bound)
    with office.expect_download() as whole:
        office.get_by_role("link", name=re.compile("ZIP")).click()
    assert whole.value.suggested_filename.endswith(".zip")

    text = subprocess.run(
        ["pdftotext", "-layout", bound, "-"], capture_output=True, text=True, check=True
    ).stdout
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
    assert "BÁO CÁO THÀNH TÍCH" in text
    for phrase in (PERSON, UNIT, *STATEMENTS):
        assert phrase in text
    with pikepdf.open(bound) as pdf, pdf.open_outline() as outline:
        titles = list(titles_of(outline.root))
        assert any(PERSON in title for title in titles)
        assert evidence.stem in titles
    head.goto(dossier)
    expect(head.locator("main")).to_contain_text("Lành Thị Tuyết")


def titles_of(items: Iterable[OutlineItem]) -> Iterator[str]:
    for item in items:
        yield item.title
        yield from titles_of(item.children)


def test_the_command_makes_every_dossier_and_says_which(site: Site, tmp_path: Path) -> None:
    site.manage("make_dossiers", "lang-son-2024", "--out", str(tmp_path))
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    rows = manifest["files"] if isinstance(manifest, dict) else manifest
    kinds = Counter(row["kind"] for row in rows)
    assert kinds["report"] >= 40
    assert kinds["dossier"] >= 10
    for row in rows:
        content = (tmp_path / row["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == row["sha256"]
        with pikepdf.open(tmp_path / row["file"]) as pdf:
            assert len(pdf.pages) == row["pages"]


def test_text_survives_an_expired_session(visit: Visit) -> None:
    head = visit("truongphong.pckt")
    head.goto("/ho-so/")
    head.locator("main td a").first.click()
    head.locator("main a[href*='/bao-cao/']").first.click()
    address = head.url
    box = head.locator("main .editor-text").first
    head.context.clear_cookies(name="sessionid")
    box.fill("Chữ này không được mất.")
    head.get_by_role("button", name="Lưu", exact=True).click()
    head.get_by_label("Tên đăng nhập").fill("truongphong.pckt")
    head.get_by_label("Mật khẩu").fill("ThiDua@2025")
    head.get_by_role("button", name="Đăng nhập").click()
    head.goto(address)
    expect(head.locator("main textarea").first).to_have_value("Chữ này không được mất.")
    expect(head.locator("main")).to_contain_text("khôi phục")
    head.get_by_role("button", name="Lưu", exact=True).click()
    says(head, "Đã lưu báo cáo")


def test_two_people_saving_at_once_lose_nothing(visit: Visit) -> None:
    first, second = visit("truongphong.kylua"), visit("chuyenvien.kylua")
    second.locator("main a[href*='/de-cu/']").first.click()
    second.get_by_role("button", name="Báo cáo thành tích").click()
    second.wait_for_url("**/bao-cao/**")
    address = second.url
    first.goto(address)
    for page, text in ((first, "Bản của trưởng phòng."), (second, "Bản của chuyên viên.")):
        page.evaluate("document.querySelector('form[data-autosave]').removeAttribute('hx-post')")
        page.locator("main .editor-text").first.fill(text)
    first.get_by_role("button", name="Lưu", exact=True).click()
    says(first, "Đã lưu báo cáo")
    second.get_by_role("button", name="Lưu", exact=True).click()
    expect(second.locator("main textarea").first).to_have_value("Bản của chuyên viên.")
    expect(second.locator("main")).to_contain_text("Bản của trưởng phòng.")
    second.get_by_role("button", name="Lưu", exact=True).click()
    says(second, "Đã lưu báo cáo")


@pytest.mark.parametrize("width", [390, 1366])
def test_pages_fit_and_are_accessible(visit: Visit, width: int) -> None:
    """Every page of the navigation and the main case pages, on the desk and on a phone."""
    pages = {
        "vanphong": (
            "/",
            "/phong-trao/",
            "/phong-trao/lang-son-2024/",
            "/phong-trao/hung-yen-2020/",
            "/phong-trao/lang-son-2024/tien-do/",
            "/ho-so/",
            "/nhan-su/",
            "/to-chuc/",
            "/danh-muc/",
        ),
        "truongphong.cchc": ("/", "/ho-so/"),
        "giamdoc": ("/",),
        "hoidong": ("/", "/ho-so/"),
        "quantri": ("/tai-khoan/",),
    }
    for account, addresses in pages.items():
        page = visit(account, width=width, height=844)
        for address in addresses:
            answer = page.goto(address)
            assert answer
            if answer.status == 404:  # another agency's plan
                continue
            assert_accessible(page)
            overflow = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert overflow <= 0, f"{account} {address} at {width}: {overflow} px too wide"
