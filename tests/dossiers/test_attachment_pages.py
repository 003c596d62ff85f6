"""Files of a dossier by address: they come in, say why not, and go out as downloads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from campaigns.models import DossierPart
from dossiers import actions
from dossiers.models import Attachment, Dossier
from tests.conftest import ClientFor
from tests.dossiers.conftest import Story, upload
from tests.dossiers.pages import page, status, url_of
from tests.factories import NOW, make_dossier


def test_a_file_of_another_dossier_is_not_found(
    story: Story, client_for: ClientFor, pdf: Callable[..., bytes]
) -> None:
    mine = story.dossier()
    other = make_dossier(story.campaign, story.people.other_unit, by=story.people.outsider)
    added = actions.add_attachment(
        dossier=other, file=upload("a.pdf", pdf()), by=story.people.outsider, at=NOW
    )
    client = client_for(story.people.head)
    assert status(client, url_of(mine, "attachment", added.pk)) == 404
    assert client.post(url_of(mine, "attachment_remove", added.pk)).status_code == 404
    client = client_for(story.people.outsider)
    assert status(client, url_of(other, "attachment", added.pk)) == 200
    Attachment.objects.update(removed_at=NOW)
    assert status(client, url_of(other, "attachment", added.pk)) == 404


def test_a_file_is_only_handed_out_as_a_download(
    story: Story, client_for: ClientFor, pdf: Callable[..., bytes]
) -> None:
    dossier, content = story.dossier(), pdf(2)
    client = client_for(story.people.head)
    part = DossierPart.objects.create(campaign=story.campaign, kind="appendix", name="Phụ lục")
    data = {"file": upload("Quyết định.pdf", content), "part": part.pk, "nomination": story.mine.pk}
    response = client.post(url_of(dossier, "attachment_add"), data, follow=True)
    assert "Đã đính kèm “Quyết định.pdf”." in page(response)
    added = Attachment.objects.get()
    assert (added.part, added.nomination) == (part, story.mine)
    response = client.get(url_of(dossier, "attachment", added.pk))
    assert response.getvalue() == content
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment;")
    assert "Quy%E1%BA%BFt%20%C4%91%E1%BB%8Bnh.pdf" in response["Content-Disposition"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "no-store" in response["Cache-Control"]
    response = client.post(url_of(dossier, "attachment_remove", added.pk), follow=True)
    assert "Đã gỡ “Quyết định.pdf” khỏi hồ sơ." in page(response)


def test_what_is_refused_says_why(
    story: Story, client_for: ClientFor, settings: Any, pdf: Callable[..., bytes]
) -> None:
    dossier = story.dossier()
    client = client_for(story.people.head)
    url = url_of(dossier, "attachment_add")

    def message(**data: Any) -> str:
        response = client.post(url, data)
        assert response.status_code == 422
        return page(response)

    assert "Hãy chọn tệp." in message()
    assert "không phải PDF" in message(file=upload("virus.pdf", b"MZ" + b"0" * 500))
    assert "chưa tải đủ" in message(file=upload("cut.pdf", pdf(3)[:300]))
    assert "Tệp rỗng" in message(file=upload("rong.pdf", b""))
    large = upload("lon.pdf", b"%PDF-1.7" + bytes(60 * 1024 * 1024))
    assert "Tệp nặng 60 MB, quá mức cho phép 50 MB" in message(file=large)
    client.post(url, {"file": upload("a.pdf", pdf())})
    assert "Tệp này đã có trong hồ sơ" in message(file=upload("b.pdf", pdf()))
    assert Attachment.objects.count() == 1
    Dossier.objects.update(state="submitted", submitted_at=NOW, snapshot={})
    response = client.post(url, {"file": upload("c.pdf", pdf(2))}, follow=True)
    assert "không sửa được" in page(response)


def test_the_link_of_a_missing_part_chooses_it(story: Story, client_for: ClientFor) -> None:
    part = DossierPart.objects.create(campaign=story.campaign, kind="consultation", name="Hiệp y")
    dossier = story.dossier()
    client = client_for(story.people.head)
    assert f"?thanh-phan={part.pk}#dinh-kem" in page(client.get(url_of(dossier)))
    text = page(client.get(url_of(dossier) + f"?thanh-phan={part.pk}"))
    assert f'<option value="{part.pk}" selected>' in text
    assert client.get(url_of(dossier) + "?thanh-phan=x").status_code == 200
