"""A dossier by address: its whole way, and who opens it in which state."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse

from dossiers import actions
from dossiers.models import Attachment, Dossier
from emulation.models import Step
from tests.conftest import ClientFor, SafeClient
from tests.dossiers.conftest import Story, upload
from tests.dossiers.pages import case_of, page, status, url_of
from tests.factories import NOW

EVERYBODY = (
    "head",
    "office",
    "council",
    "director",
    "staff",
    "colleague",
    "outsider",
    "stranger",
    "admin",
)


def test_the_way_of_a_dossier(story: Story, client_for: ClientFor) -> None:
    head, office = client_for(story.people.head), client_for(story.people.office)
    text = page(head.get(case_of(story)))
    assert "Lập hồ sơ" in text
    open_url = reverse(
        "dossiers:dossier_open", args=(story.campaign.slug, story.people.unit.pk, "agency")
    )
    opened = head.post(open_url)
    dossier = Dossier.objects.get()
    assert opened["Location"] == url_of(dossier)
    text = page(head.get(opened["Location"]))
    assert "Còn thiếu 1 thành phần" in text
    assert "Chưa lập báo cáo thành tích" in text
    assert 'aria-disabled="true"' in text
    response = head.post(url_of(dossier, "dossier_act", "submit"), follow=True)
    assert "Hồ sơ còn thiếu" in page(response)
    for nomination in story.nominations:
        story.write(nomination)
    assert "Đã đủ" in page(head.get(opened["Location"]))
    assert office.get(opened["Location"]).status_code == 404
    response = head.post(url_of(dossier, "dossier_act", "submit"), follow=True)
    assert "Đã trình hồ sơ." in page(response)
    note = {"note": "Thiếu phụ lục kèm theo"}
    response = office.post(url_of(dossier, "dossier_act", "return"), note, follow=True)
    assert "Đã trả lại hồ sơ" in page(response)
    text = page(head.get(opened["Location"]))
    assert "Lý do trả lại" in text
    assert "Thiếu phụ lục kèm theo" in text
    assert "Bổ sung và trình lại hồ sơ" in page(head.get(case_of(story)))
    head.post(url_of(dossier, "dossier_act", "submit"))
    response = office.post(url_of(dossier, "dossier_act", "accept"), follow=True)
    assert "Đã tiếp nhận hồ sơ." in page(response)
    assert "Đã tiếp nhận" in page(head.get(case_of(story)))
    assert [s.act for s in Step.objects.about(dossier)] == ["submit", "return", "submit", "accept"]


def test_a_double_click_submits_once(story: Story, client_for: ClientFor) -> None:
    dossier = story.complete()
    client = client_for(story.people.head)
    act = url_of(dossier, "dossier_act", "submit")
    client.post(act)
    response = client.post(act, follow=True)
    text = page(response)
    assert "Hồ sơ đã được trình lúc" in text
    assert 'data-message="error"' not in text
    assert Step.objects.about(dossier).count() == 1
    assert client.post(url_of(dossier, "dossier_act", "khong-co")).status_code == 404
    assert client.get(act).status_code == 405


def test_an_unknown_level_is_not_found(story: Story, client_for: ClientFor) -> None:
    args = (story.campaign.slug, story.people.unit.pk)
    client = client_for(story.people.head)
    assert client.post(reverse("dossiers:dossier_open", args=(*args, "x"))).status_code == 404
    url = reverse("dossiers:dossier_open", args=(*args, "minister"))
    assert "chưa chọn tập thể, cá nhân nào" in page(client.post(url, follow=True))


@pytest.mark.parametrize("state", ["draft", "submitted", "returned", "accepted"])
def test_who_opens_a_dossier_and_its_files(
    story: Story, client_for: ClientFor, state: str, pdf: Callable[..., bytes]
) -> None:
    dossier = story.dossier()
    added = actions.add_attachment(dossier=dossier, file=upload("a.pdf", pdf()), **story.as_head())
    decided = NOW if state in ("returned", "accepted") else None
    if state != "draft":
        Dossier.objects.update(state=state, submitted_at=NOW, decided_at=decided, snapshot={})
    readers = {"head"} if state == "draft" else {"head", "office", "council", "director"}
    for who in EVERYBODY:
        client = client_for(getattr(story.people, who))
        expected = 200 if who in readers else 404
        for url in (url_of(dossier), url_of(dossier, "attachment", added.pk)):
            assert status(client, url) == expected, (who, url)
        writes = {"head"} if state in ("draft", "returned") else set()
        response = client.post(url_of(dossier, "attachment_remove", added.pk))
        assert response.status_code == (302 if who == "head" else 404)
        added.refresh_from_db()
        assert (added.removed_at is not None) is (who in writes)
        Attachment.objects.update(removed_at=None)
        response = client.post(url_of(dossier, "attachment_add"), {"file": upload("b", pdf(2))})
        assert (response.status_code != 404) is (who == "head")
        assert (Attachment.objects.count() > 1) is (who in writes)
        Attachment.objects.exclude(pk=added.pk).delete()
        if who not in readers:
            for act in ("submit", "return", "accept"):
                url = url_of(dossier, "dossier_act", act)
                assert client.post(url, {"note": "x"}).status_code == 404
    anonymous = SafeClient()
    for url in (url_of(dossier), url_of(dossier, "attachment", added.pk), case_of(story), "/"):
        response = anonymous.get(url)
        assert (response.status_code, response["Location"].split("?")[0]) == (302, reverse("login"))


def test_who_opens_the_unit_and_the_overview(story: Story, client_for: ClientFor) -> None:
    overview = reverse("dossiers:overview", args=(story.campaign.slug,))
    for who in EVERYBODY:
        client = client_for(getattr(story.people, who))
        readers = {"head", "office", "council", "director"}
        assert client.get(case_of(story)).status_code == (200 if who in readers else 404), who
        overseers = {"office", "director"}
        assert client.get(overview).status_code == (200 if who in overseers else 404), who
