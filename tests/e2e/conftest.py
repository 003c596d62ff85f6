"""The embedded installation, started as a newcomer starts it, and a real browser."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

ROOT = Path(__file__).resolve().parent.parent.parent
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
PASSWORD = "ThiDua@2025"
NOT_EMBEDDED = ("DATABASE_URL", "CELERY_BROKER_URL", "HTTPS", "SECRET_KEY", "EMAIL_URL")


@dataclass(frozen=True)
class Site:
    """A running installation: its address, its data, and the environment its commands need."""

    url: str
    var: Path
    environment: dict[str, str]

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
        )


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """Web and worker on SQLite and the filesystem broker, with the demo data."""
    with tempfile.TemporaryDirectory(prefix="thi-dua-e2e-") as place:
        port = _free_port()
        environment = {k: v for k, v in os.environ.items() if k not in NOT_EMBEDDED} | {
            "VAR_DIR": place,
            "PORT": str(port),
        }
        with subprocess.Popen(
            [sys.executable, "deploy/run.py"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            assert process.stdout is not None
            said = []
            for line in process.stdout:
                said.append(line)
                if line.startswith("Ready"):
                    break
            assert process.poll() is None, "".join(said)
            yield Site(f"http://127.0.0.1:{port}", Path(place), environment)
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(
        executable_path=CHROMIUM,
        args=[
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    )
    yield browser
    browser.close()


@pytest.fixture
def visit(site: Site, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open a fresh browser as one of the demo accounts; fails on any error of a script."""
    opened = []
    errors: list[str] = []

    def open_as(username: str, *, width: int = 1366, height: int = 900) -> Page:
        context = browser.new_context(
            base_url=site.url,
            locale="vi-VN",
            viewport={"width": width, "height": height},
            accept_downloads=True,
        )
        opened.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console",
            lambda message: (
                errors.append(message.text)
                if message.type == "error" and "Content Security Policy" in message.text
                else None
            ),
        )
        page.goto("/dang-nhap/")
        page.get_by_label("Tên đăng nhập").fill(username)
        page.get_by_label("Mật khẩu").fill(PASSWORD)
        page.get_by_role("button", name="Đăng nhập").click()
        page.wait_for_url("**/")
        return page

    yield open_as
    for context in opened:
        context.close()
    assert errors == []


def assert_accessible(page: Page) -> None:
    """No serious or critical finding of axe on the page as it is."""
    page.evaluate((ROOT / "node_modules/axe-core/axe.min.js").read_text())
    findings = page.evaluate(
        "async () => (await axe.run()).violations"
        ".filter(v => ['serious', 'critical'].includes(v.impact))"
        ".map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).join(' | '))"
    )
    assert findings == [], f"{page.url}: {findings}"
