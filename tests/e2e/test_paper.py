"""The life of a paper: made, signed by two, handed on, checked by anybody, altered, replaced."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import PASSWORD, Site, assert_accessible

pytestmark = [pytest.mark.e2e, pytest.mark.worker, pytest.mark.xdist_group("e2e")]
Visit = Callable[..., Page]

UNIT, HEAD, NAME = "Phòng Văn hóa - Xã hội xã Đồng Đăng", "truongphong.dongdang", "Lăng Văn Kế"
VALID = "Signature is Valid."


@pytest.fixture
def anybody(site: Site, browser: Browser) -> Iterator[Page]:
    """A phone whose owner has no account here."""
    context = browser.new_context(
        base_url=site.url, locale="vi-VN", viewport={"width": 390, "height": 844}
    )
    yield context.new_page()
    context.close()


def says(page: Page, text: str | re.Pattern[str]) -> None:
    expect(page.locator("main [role=status], main [role=alert]").first).to_contain_text(text)


def open_dossier(page: Page) -> str:
    page.goto("/ho-so/")
    page.locator("main tr", has_text="Giám đốc Sở").get_by_role("link", name=UNIT).click()
    expect(page.locator("h1")).to_contain_text(UNIT)
    return page.url


def make_papers(page: Page, dossier: str) -> None:
    page.goto(f"{dossier}van-ban/")
    page.get_by_role("button", name=re.compile("^Tạo (văn bản|bản mới nhất)$")).click()
    running = page.locator("main [role=progressbar]")
    expect(running).to_have_count(0, timeout=90_000)


def open_letter(page: Page, dossier: str) -> str:
    page.goto(f"{dossier}van-ban/")
    page.get_by_role("link", name="Tờ trình", exact=True).click()
    expect(page.locator("h1")).to_contain_text("Tờ trình")
    return page.url


def fits(page: Page) -> None:
    """Also on a phone nothing hangs over the edge."""
    page.set_viewport_size({"width": 390, "height": 844})
    width = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(width) <= 0, page.url
    assert_accessible(page)


def sign(page: Page, *, secret: str = PASSWORD) -> None:
    page.get_by_label("Mã PIN hoặc mật khẩu của khóa").fill(secret)
    page.get_by_role("button", name="Ký số").click()


def download(page: Page, link: str, target: Path) -> bytes:
    with page.expect_download() as found:
        page.get_by_role("link", name=link, exact=True).click()
    found.value.save_as(target)
    return target.read_bytes()


def address_in_qr(pdf: Path) -> str:
    """What a phone reads off the first page as it is printed."""
    shown = pdf.with_suffix("")
    subprocess.run(["pdftoppm", "-r", "200", "-l", "1", "-png", "-singlefile", pdf, shown],
                   check=True)  # fmt: skip
    command = ["zbarimg", "--quiet", "--raw", f"{shown}.png"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert len(said) == 1
    return said[0]


def pdfsig(pdf: Path, site: Site) -> str:
    """What poppler finds, told whom to trust."""
    store = pdf.parent / "nss"
    if not store.exists():
        store.mkdir()
        base = ["certutil", "-d", f"sql:{store}"]
        authority = site.var / "signing" / "trust" / "ca.pem"
        subprocess.run([*base, "-N", "--empty-password"], check=True, capture_output=True)
        trust = [*base, "-A", "-n", "CA", "-t", "C,C,C", "-i", str(authority)]
        subprocess.run(trust, check=True, capture_output=True)
    command = ["pdfsig", "-nssdir", f"sql:{store}", str(pdf)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def altered(content: bytes, place: int) -> bytes:
    changed = bytearray(content)
    changed[place] ^= 1
    return bytes(changed)


def compare(page: Page, address: str, file: Path) -> None:
    page.goto(address)
    page.get_by_label("Tệp PDF").set_input_files(file)
    page.get_by_role("button", name="So sánh").click()


def check_archive(path: Path, letter: bytes) -> str:
    """Complete, sound, with names that every system writes alike; what it says of itself."""
    subprocess.run(["unzip", "-tqq", path], check=True)
    with zipfile.ZipFile(path) as archive:
        assert all(name.isascii() for name in archive.namelist())
        files = json.loads(archive.read("manifest.json"))["files"]
        assert {row["file"] for row in files} == set(archive.namelist()) - {"manifest.json"}
        for row in files:
            assert hashlib.sha256(archive.read(row["file"])).hexdigest() == row["sha256"]
        [name] = [name for name in archive.namelist() if name.endswith("to-trinh-da-ky.pdf")]
        assert archive.read(name) == letter
        return archive.read("DOC-TRUOC.txt").decode("utf-8-sig")


def test_made_signed_handed_on_checked_altered(
    visit: Visit, site: Site, anybody: Page, tmp_path: Path
) -> None:
    head, office = visit(HEAD), visit("vanphong")
    dossier = open_dossier(head)
    make_papers(head, dossier)
    fits(head)
    letter = open_letter(head, dossier)
    fits(head)
    number = head.locator("main dd").first.inner_text()
    bare = download(head, "Bản PDF", tmp_path / "bare.pdf")
    assert "does not contain any signatures" in pdfsig(tmp_path / "bare.pdf", site)

    # Signed by the person, sealed for the agency.
    sign(head, secret="sai")
    expect(head.locator("main")).to_contain_text("Mật khẩu của khóa ký số không đúng.")
    sign(head)
    says(head, "Đã ký số văn bản")
    office.goto(letter)
    sign(office)
    says(office, "Đã ký số văn bản")
    expect(office.locator(".signatures .badge", has_text=re.compile("^Hợp lệ$"))).to_have_count(2)
    fits(office)
    file = tmp_path / "signed.pdf"
    signed = download(office, "Bản có chữ ký số", file)
    assert signed.startswith(bare)
    said = pdfsig(file, site)
    assert said.count(VALID) == said.count("Certificate is Trusted.") == 2

    # Handed on as one ZIP.
    office.goto(dossier)
    download(office, "Tải trọn bộ", tmp_path / "all.zip")
    text = check_archive(tmp_path / "all.zip", signed)

    # Found by the printed QR, and compared, without an account.
    found = urlsplit(address_in_qr(file))
    code = found.path.split("/")[-2]
    assert "-".join(re.findall("....", code)) in text
    anybody.goto(found.path)
    main = anybody.locator("main")
    expect(main).to_contain_text("Còn giá trị")
    expect(main).to_contain_text(number)
    expect(main).not_to_contain_text(NAME)
    fits(anybody)
    compare(anybody, found.path, file)
    expect(main).to_contain_text("bản có 2 chữ ký số")
    compare(anybody, found.path, tmp_path / "bare.pdf")
    expect(main).to_contain_text("bản chưa có chữ ký số")
    assert_accessible(anybody)

    # One byte in the text of the page is another.
    changed = tmp_path / "changed.pdf"
    changed.write_bytes(altered(signed, len(bare) // 2))
    compare(anybody, found.path, changed)
    expect(main).to_contain_text("Không trùng khớp")
    said = pdfsig(changed, site)
    assert said.count("Signature #") == 2
    assert VALID not in said
    [stored] = [p for p in (site.var / "media").rglob("*.pdf") if p.read_bytes() == signed]
    stored.write_bytes(changed.read_bytes())
    office.goto(letter)
    expect(office.locator(".signatures .badge", has_text="Không hợp lệ")).to_have_count(2)
    stored.write_bytes(signed)
    office.goto(letter)
    expect(office.locator(".signatures .badge", has_text=re.compile("^Hợp lệ$"))).to_have_count(2)

    # Sent back and submitted again: a new letter takes its place, until that is annulled.
    office.goto(dossier)
    office.locator("summary", has_text="Trả lại").click()
    office.get_by_label("Lý do").fill("Bổ sung số liệu")
    office.get_by_role("button", name="Xác nhận trả lại").click()
    head.goto(dossier)
    head.get_by_role("button", name="Trình hồ sơ").click()
    make_papers(head, dossier)
    anybody.goto(found.path)
    expect(main).to_contain_text("Đã được thay thế")
    main.locator("a", has_text=re.compile("^[2-9A-Z]{4}-")).click()
    expect(main).to_contain_text("Còn giá trị")
    later = urlsplit(anybody.url).path
    open_letter(office, dossier)
    office.get_by_text("Hủy văn bản…").click()
    office.get_by_label("Lý do hủy").fill("Sai số liệu của cá nhân")
    office.get_by_role("button", name="Xác nhận hủy văn bản").click()
    says(office, "Đã hủy văn bản")
    anybody.goto(later)
    expect(main).to_contain_text("Đã bị hủy")
    expect(main).not_to_contain_text("Sai số liệu")
