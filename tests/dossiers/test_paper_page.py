"""The page of one paper: what it says, how one signs on it, and what it never tells."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.mail import EmailMessage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.log import AdminEmailHandler
from pytest_django import Settings

from dossiers import actions
from dossiers.models import Document
from emulation.models import User
from emulation.vietnamese import short_date
from tests.conftest import SafeClient
from tests.dossiers.conftest import Story
from tests.dossiers.signed import content, sign
from tests.signing import PASSPHRASE, Keys

pytestmark = pytest.mark.django_db

Login = Callable[..., SafeClient]
SECRET = "Bí mật 998877"


def page_of(row: Document) -> str:
    return reverse("dossiers:paper", args=(row.pk,))


def read(client: SafeClient, row: Document) -> str:
    return client.get(page_of(row)).content.decode()


def send(client: SafeClient, row: Document, **data: str) -> Any:
    url = reverse("dossiers:document_sign", args=(row.pk,))
    return client.post(url, {"place": "auto", "secret": PASSPHRASE} | data)


def give_keys(story: Story, keys: Keys) -> None:
    head = story.people.head
    keys.person("truong-phong", head.username, head.get_full_name())
    keys.seal("con-dau", story.people.agency.code, "Sở Nội vụ")


def test_what_an_office_asks_stands_before_what_a_machine_asks(
    letter: Document, story: Story, client_for: Login
) -> None:
    text = read(client_for(story.people.office), letter)
    main, folded = text.split('<details class="technical">')
    folded, after = folded.split("</details>", 1)
    for fact in (letter.number, short_date(letter.issued_date), letter.issuer, "Người ký"):
        assert fact in main
    assert letter.signing_places[0]["label"] in main
    for fact in (letter.sha256, letter.template_version, letter.address):
        assert fact in folded
        assert fact not in main + after


def test_what_cannot_be_signed_invites_nobody_to_sign(
    letter: Document, story: Story, client_for: Login
) -> None:
    client = client_for(story.people.office)
    assert "Chưa có chữ ký số" in read(client, letter)
    assert "Hủy văn bản…" in read(client, letter)
    actions.annul(document=letter, note="Sai tên", **story.as_office())
    text = read(client, letter)
    assert "Không có chữ ký số." in text
    for no in ("ký ở ô", "nên không thể hủy"):
        assert no not in text
    assert text.count("Sai tên") == 2, "among the facts and in the history"


def steps(client: SafeClient, row: Document) -> list[tuple[str, str]]:
    return list(client.get(page_of(row)).context["trail"])


def test_the_way_to_a_paper_names_its_unit_and_level(
    letter: Document, story: Story, client_for: Login
) -> None:
    dossier = letter.dossier
    assert dossier is not None
    labels, urls = zip(*steps(client_for(story.people.office), letter), strict=True)
    assert labels == (
        "Hồ sơ",
        dossier.unit.name,
        dossier.get_decider_display(),
        "Văn bản",
        "Tờ trình",
    )
    assert urls[2] == reverse("dossiers:dossier", args=(dossier.pk,))
    assert urls[3] == reverse("dossiers:papers", args=(dossier.pk,))


def test_the_way_to_a_draft_leads_only_where_one_may_go(story: Story, client_for: Login) -> None:
    """A member of staff writes the own report; the page of the unit is not open to staff."""
    report = story.report(story.mine)
    draft = actions.order_report(report=report, **story.as_head())
    for who, shown in ((story.people.head, True), (story.people.staff, False)):
        client = client_for(who)
        way = steps(client, draft)
        assert (story.people.unit.name in dict(way)) is shown
        assert all(client.get(url).status_code == 200 for _, url in way[:-1])


def test_a_file_to_be_printed_is_neither_signed_nor_annulled(
    letter: Document, story: Story, client_for: Login
) -> None:
    batch = actions.order_batch(campaign=story.campaign, **story.as_office())
    row = actions.order_print(batch=batch, kind="signing", sort="", **story.as_office())
    client = client_for(story.people.office)
    text = read(client, row)
    assert "Tệp để in" in text
    for no in ("Bản nháp", "Hủy văn bản", 'id="ky-so"', 'id="chu-ky-so"'):
        assert no not in text
    labels = [label for label, _ in steps(client, row)]
    assert labels[-3:] == ["Tạo toàn bộ hồ sơ", f"Đợt {batch.pk}", "Tập trang ký"]


def test_signing_by_address(story: Story, keys: Keys, letter: Document, client_for: Login) -> None:
    give_keys(story, keys)
    head, office = client_for(story.people.head), client_for(story.people.office)
    assert "Chưa có chữ ký số" in read(head, letter)
    answer = send(head, letter, key="truong-phong", secret="sai")
    assert answer.status_code == 422
    assert "Mật khẩu của khóa ký số không đúng." in answer.content.decode()
    assert not letter.signatures.exists()
    answer = send(head, letter, key="truong-phong")
    assert answer.headers["Location"] == page_of(letter)
    assert send(office, letter, key="con-dau").status_code == 302
    text = read(office, letter)
    assert letter.signatures.get(position=2).sha256 in text
    assert text.count("Hợp lệ") == 2
    assert "Không hợp lệ" not in text
    assert "Toàn bộ nội dung; sau đó chỉ có thêm chữ ký số khác, được phép" in text


def test_who_may_not_use_a_key_is_not_offered_it(
    story: Story, keys: Keys, letter: Document, client_for: Login
) -> None:
    give_keys(story, keys)
    office = client_for(story.people.office)
    assert "truong-phong" not in read(office, letter)
    answer = send(office, letter, key="truong-phong")
    assert answer.status_code == 422
    assert "Hãy chọn" in answer.content.decode()
    council = client_for(story.people.council)
    assert "Bạn chưa được cấp khóa ký số nào" in read(council, letter)
    assert send(council, letter, key="con-dau").status_code == 422
    assert not letter.signatures.exists()


def test_a_key_that_has_signed_is_offered_no_more(
    story: Story, keys: Keys, letter: Document, client_for: Login
) -> None:
    give_keys(story, keys)
    sign(letter, "con-dau", story.people.office)
    for who in (story.people.office, story.people.director):
        text = read(client_for(who), letter)
        assert "đã có chữ ký số của mọi khóa mà bạn được dùng" in text
        assert 'name="secret"' not in text
    assert 'name="secret"' in read(client_for(story.people.head), letter)


def test_a_key_described_wrongly_is_said(
    story: Story, keys: Keys, letter: Document, client_for: Login
) -> None:
    keys.add("hong", None, kind="personal", owner=story.people.head.username)
    assert "Có khóa ký số cấu hình chưa đúng" in read(client_for(story.people.head), letter)


@pytest.mark.parametrize("right", [True, False])
def test_the_secret_is_kept_nowhere(
    right: bool, story: Story, keys: Keys, letter: Document, client_for: Login,
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Neither in a row, a session, a log, a file, nor in what the page sends back."""
    head = story.people.head
    keys.person("truong-phong", head.username, head.get_full_name())
    if right:
        monkeypatch.setattr("tests.signing.PASSPHRASE", SECRET)
        (keys.folder / "truong-phong.p12").write_bytes(_packed(head, SECRET))
    client = client_for(head)
    with caplog.at_level(logging.DEBUG), CaptureQueriesContext(connection) as queries:
        answer = send(client, letter, key="truong-phong", secret=SECRET)
    assert answer.status_code == (302 if right else 422)
    assert letter.signatures.exists() is right
    assert SECRET not in caplog.text
    assert SECRET not in answer.content.decode()
    assert not [query for query in queries.captured_queries if SECRET in query["sql"]]
    assert not [row for row in Session.objects.order_by("pk") if SECRET in str(row.get_decoded())]
    for model in apps.get_models():
        assert SECRET not in str(list(model._default_manager.order_by("pk").values()))
    for path in Path(letter.file.path).parent.rglob("*"):
        assert SECRET.encode() not in path.read_bytes()


def _packed(user: User, secret: str) -> bytes:
    from tests.signing import pair

    return pair(user.get_full_name()).pkcs12(secret)


@pytest.mark.parametrize(
    "where",
    ["dossiers.actions.signing.sign_file", "pyhanko.sign.signers.SimpleSigner.__init__"],
)
def test_a_report_of_an_error_tells_no_secret(
    where: str, story: Story, keys: Keys, letter: Document, client_for: Login,
    monkeypatch: pytest.MonkeyPatch, settings: Settings, mailoutbox: list[EmailMessage],
) -> None:  # fmt: skip
    """Nor do the variables that Django lists in it."""
    give_keys(story, keys)
    settings.ADMINS = [("Quản trị", "quan-tri@example.vn")]
    client = client_for(story.people.head)
    client.raise_request_exception = False

    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr(where, broken)
    handler, log = AdminEmailHandler(include_html=True), logging.getLogger("django.request")
    log.addHandler(handler)
    try:
        assert send(client, letter, key="truong-phong").status_code == 500
    finally:
        log.removeHandler(handler)
    text = str([(mail.body, mail.alternatives) for mail in mailoutbox])  # type: ignore[attr-defined]
    assert "RuntimeError" in text
    assert "actions/signing.py" in text
    assert PASSPHRASE not in text
    assert not letter.signatures.exists()


def test_the_address_is_the_one_in_the_qr(
    story: Story, letter: Document, client_for: Login, settings: Settings
) -> None:
    """Also when the site has moved; the link leads to where it is now."""
    settings.SITE_URL = "https://moved.example.vn"
    text = read(client_for(story.people.head), letter)
    assert letter.address in text
    assert "moved.example.vn" not in text
    assert f'href="{reverse("verify", args=(letter.code,))}"' in text


def test_both_editions_are_handed_out(
    story: Story, keys: Keys, letter: Document, client_for: Login
) -> None:
    give_keys(story, keys)
    row = sign(letter, "truong-phong", story.people.head)
    client = client_for(story.people.office)
    url = reverse("dossiers:document", args=(letter.pk,))
    for address, expected in ((url, row), (f"{url}?ban=goc", letter)):
        answer: Any = client.get(address)
        assert answer.getvalue() == content(expected)
        answer.close()


def test_a_file_altered_on_the_disk_is_said(
    story: Story, keys: Keys, letter: Document, client_for: Login
) -> None:
    give_keys(story, keys)
    row = sign(letter, "truong-phong", story.people.head)
    changed = bytearray(content(row))
    changed[len(changed) // 2] ^= 1
    Path(row.file.path).write_bytes(changed)
    client = client_for(story.people.office)
    text = read(client, letter)
    assert "Không hợp lệ." in text
    assert "Tệp trên máy chủ" not in text, "the unsigned edition is as it was"
    answer = send(client, letter, key="con-dau")
    assert "đã bị thay đổi nên không ký được" in answer.content.decode()
    Path(letter.file.path).write_bytes(content(letter) + b" ")
    assert "Tệp trên máy chủ" in read(client, letter)


def test_the_list_of_papers_says_how_many_have_signed(
    story: Story, keys: Keys, letter: Document, client_for: Login
) -> None:
    give_keys(story, keys)
    client = client_for(story.people.head)
    address = reverse("dossiers:papers", args=(letter.dossier_id,))

    def cost() -> tuple[str, int]:
        with CaptureQueriesContext(connection) as queries:
            text = client.get(address).content.decode()
        return text, len(queries)

    text, before = cost()
    assert "chữ ký số" not in text
    sign(letter, "truong-phong", story.people.head)
    sign(letter, "con-dau", story.people.office)
    text, after = cost()
    assert text.count("chữ ký số") == 1
    assert f'{page_of(letter)}#chu-ky-so">2 chữ ký số' in text
    assert before == after


def test_signatures_cost_no_queries_each(
    story: Story, keys: Keys, letter: Document, client_for: Login
) -> None:
    give_keys(story, keys)
    keys.seal("con-dau-2", story.people.agency.code, "Sở Nội vụ 2")
    client = client_for(story.people.council)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(page_of(letter))
        return len(queries)

    sign(letter, "truong-phong", story.people.head)
    read(client, letter)
    few = cost()
    sign(letter, "con-dau", story.people.office)
    sign(letter, "con-dau-2", story.people.office)
    assert cost() == few
