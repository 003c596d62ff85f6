"""The pages of report forms: read by all, corrected with comparison and a sample in print."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dossiers import actions
from dossiers.models import Document, ReportForm
from dossiers.models.form_texts import wording_of
from dossiers.views import form_texts
from emulation.limits import Limit
from emulation.models import Unit, User
from tests.conftest import People, SafeClient
from tests.dossiers import poppler
from tests.dossiers.conftest import Story
from tests.dossiers.form_pages import form_data
from tests.factories import NOW, make_form, make_instrument, make_revision

Login = Callable[[User], SafeClient]
EDIT, SAMPLE = "dossiers:form_edit", "dossiers:form_sample"


def address(name: str, form: ReportForm, **more: Any) -> str:
    return reverse(name, kwargs={"code": form.code, **more})


def text_of(response: Any) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(text.split())


def order_of(form: ReportForm) -> list[str]:
    return list(form.sections.values_list("code", flat=True))


# --- Reading --------------------------------------------------------------------------------------


def test_the_list_says_what_is_sure_and_what_was_corrected(
    people: People, client_for: Login
) -> None:
    form = make_form()
    make_revision(form)
    form.revisions.create(number=2, content={}, saved_by=people.office, saved_at=NOW)
    form.sections.filter(code="measures").update(mark="V")
    client = client_for(people.staff)
    page = text_of(client.get(reverse("dossiers:forms")))
    assert "Mẫu số 08" in page
    assert "4 mục chưa đối chiếu" in page
    row = next(line["row"] for line in client.get(reverse("dossiers:forms")).context["lines"])
    assert row.corrections == 1
    catalogue = client.get(reverse("emulation:catalogue")).content.decode()
    assert reverse("dossiers:forms") in catalogue


def test_the_list_costs_the_same_for_many_forms(people: People, client_for: Login) -> None:
    client = client_for(people.office)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("dossiers:forms")).status_code == 200
        return len(queries)

    make_form()
    cost()
    one = cost()
    for n in range(5):
        make_form(code=f"ND-{n}", instrument=make_instrument())
    assert cost() == one


def test_a_form_is_read_by_all_and_corrected_by_few(people: People, client_for: Login) -> None:
    form = make_form()
    form.sections.filter(code="targets").update(retired=True)
    for user in (people.staff, people.stranger, people.director):
        page = client_for(user).get(address("dossiers:form", form))
        assert address(EDIT, form) not in page.content.decode()
        assert "Mục thôi dùng" in text_of(page)
        assert "Chưa đối chiếu" in text_of(page)
    for user in (people.office, people.admin):
        page = client_for(user).get(address("dossiers:form", form))
        assert address(EDIT, form) in page.content.decode()


def test_pages_of_a_form_cost_the_same_for_many_sections(people: People, client_for: Login) -> None:
    form = make_form()
    make_revision(form)
    client = client_for(people.office)
    names = ("dossiers:form", EDIT, "dossiers:form_history")

    def costs() -> list[int]:
        found = []
        for name in names:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address(name, form)).status_code == 200
            found.append(len(queries))
        return found

    costs()
    before = costs()
    for n in range(6):
        form.sections.create(
            code=f"them-{n}", position=10 + n, heading="Thêm", kind="text", mark="B"
        )
        form.revisions.create(number=10 + n, content=wording_of(form), saved_at=NOW)
    assert costs() == before


# --- Correcting -----------------------------------------------------------------------------------


def test_the_office_corrects_the_wording(people: People, client_for: Login) -> None:
    form = make_form()
    client = client_for(people.office)
    data = form_data(
        form,
        **{
            "head_label": "Thủ trưởng cơ quan",
            "measures-heading": "Giải pháp đã thực hiện",
            "measures-required": "on",
            "measures-mark": "V",
        },
    )
    answer = client.post(address(EDIT, form), data, follow=True)
    assert "Đã lưu câu chữ của mẫu thành phiên bản 2" in text_of(answer)
    form.refresh_from_db()
    assert form.head_label == "Thủ trưởng cơ quan"
    row = form.sections.get(code="measures")
    assert (row.heading, row.required, row.mark) == ("Giải pháp đã thực hiện", True, "V")
    again = client.post(address(EDIT, form), form_data(form), follow=True)
    assert "Không có gì thay đổi" in text_of(again)
    form.refresh_from_db()
    assert form.revision == 2


def test_a_form_that_is_sent_unchanged_changes_nothing(people: People, client_for: Login) -> None:
    form = make_form()
    form.sections.filter(code="measures").update(
        required=True, hint="Dòng một.\nDòng hai.", retired=True
    )
    client_for(people.office).post(address(EDIT, form), form_data(form))
    assert not form.revisions.exists()


def test_sections_are_moved_added_and_retired(people: People, client_for: Login) -> None:
    form = make_form()
    client = client_for(people.admin)
    data = form_data(form, **{"measures-position": "3", "targets-retired": "on"})
    data |= {"new.1-heading": "Khó khăn", "new.1-position": "3", "new.1-required": "on"}
    assert client.post(address(EDIT, form), data).status_code == 302
    codes = ["profile", "personal", "measures", "kho-khan", "achievements", "targets"]
    assert order_of(form) == codes
    assert form.sections.get(code="kho-khan").required
    assert form.sections.get(code="targets").retired
    # Down: the others move up to make the place.
    data = form_data(form, **{"profile-position": "2", "profile-numeral": "II"})
    assert client.post(address(EDIT, form), data).status_code == 302
    assert order_of(form)[:2] == ["personal", "profile"]
    data = form_data(form)
    assert "targets-retired" in data
    del data["targets-retired"]
    assert client.post(address(EDIT, form), data).status_code == 302
    assert not form.sections.get(code="targets").retired


def test_one_tick_marks_the_whole_form_as_checked(people: People, client_for: Login) -> None:
    form = make_form()
    data = form_data(form, mark="V", source="Nghị định 98/2023/NĐ-CP, Phụ lục I", for_all="on")
    client_for(people.office).post(address(EDIT, form), data)
    found = set(form.sections.values_list("mark", "source"))
    assert found == {("V", "Nghị định 98/2023/NĐ-CP, Phụ lục I")}


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("measures-heading", "", "bắt buộc"),
        ("profile-numeral", "", "Mục đứng đầu phải có số mục"),
        ("measures-position", "x", "số nguyên"),
        ("name", "", "bắt buộc"),
        ("note", "", "Hãy ghi lý do sửa"),
        ("head_label", "x" * 81, "80"),
        ("measures-mark", "Q", "hợp lệ"),
        ("new.2-hint", "Có gợi ý mà chưa có tiêu đề", "bắt buộc"),
    ],
)
def test_errors_stand_beside_fields_and_nothing_typed_is_lost(
    people: People, client_for: Login, name: str, value: str, message: str
) -> None:
    form = make_form()
    data = form_data(form, **{"targets-hint": "Gợi ý vừa gõ", "measures-source": "Nguồn vừa gõ"})
    answer = client_for(people.office).post(address(EDIT, form), data | {name: value})
    assert answer.status_code == 422
    page = answer.content.decode()
    for text in ("Gợi ý vừa gõ", "Nguồn vừa gõ", value):
        assert text in page
    place = page.index(f'name="{name.replace("new.2-hint", "new.2-heading")}"')
    near = re.search(r"invalid-feedback[^>]*>(.*?)</", page[place : place + 2500], re.DOTALL)
    assert near
    assert message in near[1]
    assert not form.revisions.exists()


def test_nobody_else_corrects(people: People, client_for: Login) -> None:
    form = make_form()
    make_revision(form)
    for user in (people.head, people.director, people.council, people.stranger):
        client = client_for(user)
        assert client.get(address(EDIT, form)).status_code == 404
        for name in (EDIT, SAMPLE):
            assert client.post(address(name, form), form_data(form)).status_code == 404
        restore = address("dossiers:form_restore", form, number=1)
        assert client.post(restore, {"over": "2"}).status_code == 404
    form.refresh_from_db()
    assert form.revision == 2


def test_what_would_change_is_shown_and_not_saved(people: People, client_for: Login) -> None:
    form = make_form()
    data = form_data(form, **{"measures-heading": "Biện pháp, cách làm", "review": "1", "note": ""})
    answer = client_for(people.office).post(address(EDIT, form), data)
    page = answer.content.decode()
    assert "Những chỗ sẽ thay đổi khi lưu" in page
    assert "<ins>cách</ins>" in page
    assert "<del>giải</del>" in page
    assert 'value="Biện pháp, cách làm"' in page
    titles = [change.title for change in answer.context["changes"]]
    assert titles == ["Mục “Biện pháp, cách làm”"]
    # Only what changes is told, and the order only when it does.
    assert "Người lập báo cáo viết" not in str(answer.context["changes"])
    data |= {"measures-position": "1", "measures-numeral": "I"}
    answer = client_for(people.office).post(address(EDIT, form), data)
    assert answer.context["changes"][-1].title == "Thứ tự các mục"
    assert not form.revisions.exists()
    assert form.sections.get(code="measures").heading == "Biện pháp, giải pháp thực hiện"


def test_two_people_at_once_see_both_texts(people: People, client_for: Login) -> None:
    form = make_form()
    mine = form_data(form, **{"measures-heading": "Cách của tôi", "new.1-heading": "Mục của tôi"})
    theirs = form_data(form, **{"measures-heading": "Cách của họ", "new.1-heading": "Mục của họ"})
    client = client_for(people.office)
    assert client_for(people.admin).post(address(EDIT, form), theirs).status_code == 302
    answer = client.post(address(EDIT, form), mine)
    assert answer.status_code == 409
    page = text_of(answer)
    assert f"{people.admin} đã sửa mẫu này lúc" in page
    assert "Theo nguyên văn Nghị định" in page
    assert "Cách của họ" in page
    assert 'value="Cách của tôi"' in answer.content.decode()
    assert 'value="Mục của tôi"' in answer.content.decode()
    assert '<input type="hidden" name="revision" value="2"' in answer.content.decode()
    assert form.sections.get(code="measures").heading == "Cách của họ"
    # Sent again over what was shown; the section that the other added stays.
    assert client.post(address(EDIT, form), mine | {"revision": "2"}).status_code == 302
    headings = set(form.sections.values_list("heading", flat=True))
    assert {"Cách của tôi", "Mục của tôi", "Mục của họ"} <= headings
    assert not form.sections.filter(retired=True).exists()


# --- A sample in print ----------------------------------------------------------------------------


@pytest.mark.parametrize("side", ["individual", "collective"])
def test_the_sample_shows_what_was_typed_and_stores_nothing(
    people: People, client_for: Login, side: str
) -> None:
    form = make_form()
    before = (wording_of(form), Unit.objects.count(), Document.objects.count())
    data = form_data(
        form,
        **{
            "heading": "BÁO CÁO THỬ",
            "measures-heading": "Cách làm mới",
            "new.1-heading": "Kiến nghị",
            "targets-retired": "on",
            "sample": side,
            "note": "",
        },
    )
    answer = client_for(people.office).post(address(SAMPLE, form), data)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    page = poppler.text_of(answer.content)
    assert "BÁO CÁO THỬ" in page
    assert "Cách làm mới" in page
    assert "Kiến nghị" in page
    assert "Nội dung đã đăng ký" not in page
    assert ("Nguyễn Văn Mẫu" in page) == (side == "individual")
    form.refresh_from_db()
    assert before == (wording_of(form), Unit.objects.count(), Document.objects.count())
    assert form.revision == 1
    assert not form.revisions.exists()


def test_a_sample_that_cannot_be_made_says_why(people: People, client_for: Login) -> None:
    form = make_form()
    client = client_for(people.office)
    wrong = client.post(address(SAMPLE, form), form_data(form, name="", sample="individual"))
    assert wrong.status_code == 422
    nobody = client.post(address(SAMPLE, form), form_data(form, sample="household"))
    assert nobody.status_code == 422
    assert "Chọn in thử" in text_of(nobody)
    ReportForm.objects.update(applies="collective")
    assert (
        client.post(address(SAMPLE, form), form_data(form, sample="individual")).status_code == 422
    )
    assert [side for side, _ in client.get(address(EDIT, form)).context["sides"]] == ["collective"]


def test_what_was_typed_survives_an_expired_session(people: People, client_for: Login) -> None:
    form = make_form()
    client = client_for(people.office)
    page = client.get(address(EDIT, form))
    data = form_data(form, **{"measures-heading": "Vừa gõ", "_keep": page.context["keep_token"]})
    client.logout()
    assert client.post(address(EDIT, form), data).status_code == 302
    client.force_login(people.office)
    again = client.get(address(EDIT, form))
    assert 'value="Vừa gõ"' in again.content.decode()
    assert "đã được khôi phục" in text_of(again)
    assert not form.revisions.exists()


def test_samples_are_not_made_without_end(
    people: People, client_for: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(form_texts, "SAMPLES", Limit("form-sample", times=1, seconds=10**9))
    form = make_form()
    data = form_data(form, sample="individual")
    assert client_for(people.office).post(address(SAMPLE, form), data).status_code == 200
    late = client_for(people.office).post(address(SAMPLE, form), data)
    assert late.status_code == 429
    assert client_for(people.admin).post(address(SAMPLE, form), data).status_code == 200


# --- History --------------------------------------------------------------------------------------


def test_revisions_are_listed_compared_and_restored(people: People, client_for: Login) -> None:
    form = make_form()
    client = client_for(people.office)
    url = address("dossiers:form_history", form)
    assert "chưa được sửa lần nào" in text_of(client.get(url))
    for heading in ("Một", "Hai"):
        form.refresh_from_db()
        data = form_data(form, **{"measures-heading": heading, "note": f"Đổi thành {heading}"})
        assert client.post(address(EDIT, form), data).status_code == 302
    page = client.get(url)
    assert [row.number for row in page.context["rows"]] == [3, 2, 1]
    assert "<del>Một</del>" in page.content.decode()
    assert "Đổi thành Hai" in text_of(page)
    assert str(people.office) in text_of(page)
    whole = client.get(url, {"tu": "3", "den": "1"})
    assert (whole.context["old"].number, whole.context["new"].number) == (1, 3)
    for junk in ({"tu": "x", "den": "99"}, {"tu": "-1"}):
        assert client.get(url, junk).status_code == 200
    # Others read, and have no button.
    restore = address("dossiers:form_restore", form, number=1)
    assert restore in client.get(url, {"tu": "1", "den": "3"}).content.decode()
    others = client_for(people.head).get(url, {"tu": "1", "den": "3"})
    assert restore not in others.content.decode()
    stale = client.post(restore, {"over": "2"}, follow=True)
    assert "Người khác vừa sửa" in text_of(stale)
    for over in ("", "x", "9" * 30):
        client.post(restore, {"over": over})
    form.refresh_from_db()
    assert form.revision == 3
    done = client.post(restore, {"over": "3"}, follow=True)
    assert "Đã khôi phục câu chữ của phiên bản 1 thành phiên bản mới" in text_of(done)
    assert form.sections.get(code="measures").heading == "Biện pháp, giải pháp thực hiện"
    assert client.post(address("dossiers:form_restore", form, number=77)).status_code == 404


# --- Papers ---------------------------------------------------------------------------------------


def test_a_paper_says_which_wording_it_has(story: Story, client_for: Login) -> None:
    dossier = story.submitted()
    issued = actions.order_dossier(dossier=dossier, **story.as_office())
    paper = next(d for d in issued if d.kind == Document.Kind.REPORT)
    letter = next(d for d in issued if d.kind == Document.Kind.LETTER)
    form = make_form()
    client = client_for(story.people.office)
    data = form_data(form, **{"achievements-heading": "KẾT QUẢ"})
    assert client.post(address(EDIT, form), data).status_code == 302
    page = client.get(reverse("dossiers:paper", args=(paper.pk,)))
    assert f"Mẫu số 08, {form.instrument.number}, phiên bản 1" in text_of(page)
    assert f"{address('dossiers:form_history', form)}?tu=1" in page.content.decode()
    other = client.get(reverse("dossiers:paper", args=(letter.pk,)))
    assert "phiên bản 1" not in text_of(other)


def test_an_author_loses_nothing_when_a_section_is_retired(story: Story, client_for: Login) -> None:
    report = story.report(story.mine)
    section = report.form.sections.get(code="measures")
    name = f"section-{section.pk}"
    page = reverse("dossiers:report", args=(report.pk,))
    head = client_for(story.people.head)
    assert name in head.get(page).content.decode()
    data = form_data(report.form, **{"measures-retired": "on", "measures-required": ""})
    del data["measures-required"]
    assert client_for(story.people.office).post(address(EDIT, report.form), data).status_code == 302
    assert name not in head.get(page).content.decode()
    # Somebody else saved meanwhile: what was typed stands on the page that says so.
    late = {"version": "7", name: "Viết khi mục còn dùng"}
    shown = head.post(page, late)
    assert shown.status_code == 409
    assert "Viết khi mục còn dùng" in shown.content.decode()
    assert head.post(page, late | {"version": "0"}).status_code == 302
    assert report.entries.get().text == "Viết khi mục còn dùng"
    assert "Viết khi mục còn dùng" in head.get(page).content.decode()
    for junk in ("section-x", "section-", "section-99999999999999999999", "section-²"):
        assert head.post(page, {"version": "1", junk: "x"}).status_code in (302, 409, 422)
