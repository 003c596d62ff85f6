"""The next decree: a form added from another, chosen by date, its basis corrected with history."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse

from dossiers import actions, catalogue
from dossiers.documents import html, report_paper
from dossiers.models import Forms, FormSection, Report, ReportForm, uses_of
from dossiers.models.form_texts import wording_of
from dossiers.rendering import render_pdf
from dossiers.word import docx
from emulation.models import Instrument, User
from emulation.workflow import Refused
from tests.conftest import People, SafeClient
from tests.dossiers.conftest import Story
from tests.dossiers.office import text_of as word_text
from tests.dossiers.poppler import text_of as pdf_text
from tests.factories import NOW, TZ, make_document, make_form, make_instrument

Login = Callable[[User], SafeClient]
LATER = NOW + timedelta(days=1)
# No decree of this number is known: it stands for one to come, here alone.
FIRST = date(2041, 1, 1)


@pytest.fixture
def shipped(db: None) -> None:
    """The forms as they are delivered; a story asked for before leaves none of its own."""
    FormSection.objects.all().delete()
    ReportForm.objects.all().delete()
    call_command("load_catalogue", verbosity=0)
    call_command("load_forms", verbosity=0)


@pytest.fixture
def coming(db: None) -> Instrument:
    return make_instrument(code="nd-999-2040", number="999/2040/NĐ-CP", valid_from=FIRST, mark="B")


def form_of(code: str) -> ReportForm:
    return ReportForm.objects.select_related("instrument").get(code=code)


def values(instrument: Instrument, **changes: Any) -> dict[str, Any]:
    return {
        "code": "ND999-08",
        "number": "Mẫu số 08",
        "name": "Báo cáo thành tích chuyên đề",
        "instrument": instrument,
        "article": "Phụ lục II",
        "kind": "theme",
        "applies": "both",
        "title_code": "",
        "valid_from": FIRST,
        "valid_to": None,
    } | changes


def add(source: ReportForm, by: User, *, overlap: str = "end", **changes: Any) -> ReportForm:
    instrument = Instrument.objects.get(code="nd-999-2040")
    return actions.add_form(
        source=source, values=values(instrument, **changes), overlap=overlap, by=by, at=LATER
    )


def correct(form: ReportForm, by: User, **changes: Any) -> ReportForm:
    overlap, note = changes.pop("overlap", ""), changes.pop("note", "Theo văn bản mới")
    form = form_of(form.code)
    revision = changes.pop("revision", form.revision)
    kept = {name: getattr(form, name) for name in ("instrument", "article")}
    kept |= {"valid_from": form.valid_from, "valid_to": form.valid_to}
    return actions.correct_basis(
        form=form,
        revision=revision,
        values=kept | changes,
        overlap=overlap,
        note=note,
        by=by,
        at=LATER,
    )


def shown(response: Any) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(text.split())


# --- Adding ---------------------------------------------------------------------------------------


def test_a_form_of_a_coming_decree_is_chosen_and_printed_from_its_day_on(
    story: Story, shipped: None, coming: Instrument
) -> None:
    added = add(form_of("ND152-08"), story.people.office)
    wording = wording_of(added)
    wording["form"]["heading"] = "BÁO CÁO THI ĐUA"
    next(s for s in wording["sections"] if s["code"] == "measures")["heading"] = "Cách làm hay"
    actions.correct_form(
        form=added,
        revision=1,
        wording=wording,
        note="Theo văn bản mới",
        by=story.people.office,
        at=LATER,
    )
    chosen = {
        day: Forms(date.fromisoformat(day)).choose(story.mine).form
        for day in ("2040-12-31", "2041-01-01")
    }
    assert {day: form and form.code for day, form in chosen.items()} == {
        "2040-12-31": "ND152-08",
        "2041-01-01": "ND999-08",
    }
    at = datetime(2041, 1, 1, 8, 0, tzinfo=TZ)
    report = actions.start_report(nomination=story.mine, by=story.people.head, at=at)
    texts = story.texts(report)
    actions.save_report(report=report, version=0, entries=texts, by=story.people.head, at=at)
    paper = report_paper(
        Report.objects.with_subjects().get(pk=report.pk), on=FIRST, today=at.date()
    )
    assert paper.form_version == "ND999-08/2"
    page = html("report", paper.snapshot)
    for text in (pdf_text(render_pdf(page)), " ".join(word_text(docx(page)))):
        assert "BÁO CÁO THI ĐUA" in text
        assert "Cách làm hay: Đã hoàn thành tốt." in " ".join(text.split())


def test_a_form_is_added_with_the_texts_of_another_unverified(
    people: People, shipped: None, coming: Instrument
) -> None:
    source = form_of("ND152-08")
    FormSection.objects.filter(form=source, code="lessons").update(retired=True)
    added = add(source, people.office)
    assert (added.revision, added.mark, added.edited) == (1, "B", True)
    assert added.source == "Chép từ Mẫu số 08 (152/2025/NĐ-CP), chưa đối chiếu"
    assert added.scope_label == source.scope_label
    old, new = ({s["code"]: s for s in wording_of(f)["sections"]} for f in (source, added))
    assert set(old) - set(new) == {"lessons"}
    for code, section in new.items():
        same = ("heading", "hint", "kind", "applies", "numeral", "required")
        assert {k: section[k] for k in same} == {k: old[code][k] for k in same}
        assert (section["mark"], section["source"]) == ("B", added.source)
    first = added.revisions.get()
    assert (first.number, first.saved_by) == (1, people.office)
    assert first.note == "Thêm từ Mẫu số 08 (152/2025/NĐ-CP)"
    assert first.content == wording_of(added)


def test_the_form_before_ends_the_day_before_with_a_revision_of_its_own(
    people: People, shipped: None, coming: Instrument
) -> None:
    with pytest.raises(ValidationError) as refused:
        add(form_of("ND152-08"), people.office, overlap="")
    told = (
        "Mẫu số 08 (152/2025/NĐ-CP), mã ND152-08, cùng loại và cùng đối tượng, có hiệu lực "
        "từ 01/07/2025: hai mẫu sẽ cùng có hiệu lực từ 01/01/2041."
    )
    assert refused.value.message_dict == {"overlap": [told]}
    assert not ReportForm.objects.filter(code="ND999-08").exists()
    add(form_of("ND152-08"), people.office, overlap="end")
    old = form_of("ND152-08")
    assert (old.valid_to, old.revision, old.edited) == (date(2040, 12, 31), 2, True)
    last = old.revisions.first()
    assert last is not None
    assert last.note == "Hết hiệu lực khi có Mẫu số 08 (999/2040/NĐ-CP)"
    assert last.content["basis"]["valid_to"] == "2040-12-31"


def test_two_forms_may_hold_together_when_somebody_says_so(
    people: People, shipped: None, coming: Instrument
) -> None:
    add(form_of("ND152-08"), people.admin, overlap="keep")
    assert form_of("ND152-08").valid_to is None


@pytest.mark.parametrize(
    ("changes", "meets"),
    [
        ({"kind": "merit", "applies": "individual"}, ["ND152-05"]),
        ({"kind": "merit", "applies": "collective"}, ["ND152-04"]),
        ({"kind": "merit", "applies": "both"}, ["ND152-04", "ND152-05"]),
        ({"title_code": "cstd-co-so"}, []),
        ({"kind": "merit", "applies": "individual", "title_code": "cstd-toan-quoc"}, ["ND152-03"]),
        ({"valid_from": date(2023, 12, 31), "valid_to": date(2024, 1, 1)}, ["ND91-07", "ND98-08"]),
        ({"valid_from": date(2024, 1, 1), "valid_to": date(2025, 6, 30)}, ["ND98-08"]),
    ],
)
def test_only_forms_for_the_same_report_on_the_same_day_are_in_the_way(
    changes: dict[str, Any], meets: list[str], people: People, shipped: None, coming: Instrument
) -> None:
    try:
        add(form_of("ND152-08"), people.office, overlap="", **changes)
        told = []
    except ValidationError as error:
        told = error.message_dict["overlap"]
    assert [re.search(r"mã (\S+),", text)[1] for text in told] == meets  # type: ignore[index]


def test_what_starts_later_cannot_end_before(
    people: People, shipped: None, coming: Instrument
) -> None:
    with pytest.raises(ValidationError, match="không sớm hơn mẫu này"):
        add(form_of("ND152-08"), people.office, valid_from=date(2025, 7, 1))
    assert form_of("ND152-08").valid_to is None


@pytest.mark.parametrize(
    ("code", "applies", "kept"),
    [
        ("ND152-08", "individual", {"individual"}),
        ("ND152-05", "collective", {"collective"}),
        ("ND152-05", "both", {"both"}),
    ],
)
def test_sections_follow_the_subjects_of_the_new_form(
    code: str, applies: str, kept: set[str], people: People, shipped: None, coming: Instrument
) -> None:
    added = add(form_of(code), people.office, applies=applies, overlap="keep")
    assert set(added.sections.values_list("applies", flat=True)) == kept
    codes = set(added.sections.values_list("code", flat=True))
    assert "statements" in codes
    assert ("situation" in codes) is False


def test_sent_twice_it_is_added_once(people: People, shipped: None, coming: Instrument) -> None:
    source = form_of("ND152-08")
    first = add(source, people.office)
    assert add(source, people.office).pk == first.pk
    assert form_of("ND152-08").revision == 2
    for by, changes in ((people.admin, {}), (people.office, {"name": "Tên khác"})):
        with pytest.raises(ValidationError) as refused:
            add(source, by, **changes)
        assert refused.value.message_dict == {
            "code": ["Mã này đã dùng cho Mẫu số 08 (999/2040/NĐ-CP)."]
        }


def test_only_editors_of_forms_add_and_correct(
    people: People, shipped: None, coming: Instrument
) -> None:
    form = form_of("ND152-08")
    for user in (people.head, people.staff, people.council, people.director, people.stranger):
        with pytest.raises(Refused, match="Văn phòng Sở"):
            add(form, user)
        with pytest.raises(Refused, match="Văn phòng Sở"):
            correct(form, user, article="Phụ lục IX")


def test_the_loader_leaves_what_the_office_added_or_dated(
    people: People, shipped: None, coming: Instrument, monkeypatch: pytest.MonkeyPatch
) -> None:
    added = add(form_of("ND152-08"), people.office)
    correct(form_of("ND98-08"), people.office, article="Phụ lục I, mục 8")
    # A later release has the same form, as it thinks it is, with one section more.
    row = next(row for row in catalogue.FORMS if row["code"] == "ND152-08")
    mine = row | {"code": "ND999-08", "name": "Tên khác", "instrument": "nd-999-2040"}
    monkeypatch.setattr(catalogue, "FORMS", (*catalogue.FORMS, mine))
    extra = {"code": "costs", "heading": "Kinh phí", "kind": "text", "applies": "both"}
    rows = (*catalogue.SECTIONS["theme", "both"], extra)
    monkeypatch.setitem(catalogue.SECTIONS, ("theme", "both"), rows)
    before = wording_of(added)
    said = StringIO()
    call_command("load_forms", stdout=said)
    assert "ND999-08: mẫu do cơ quan thêm" in said.getvalue()
    assert wording_of(form_of("ND999-08")) == before
    assert form_of("ND152-08").valid_to == date(2040, 12, 31)
    assert form_of("ND98-08").article == "Phụ lục I, mục 8"


# --- Correcting -----------------------------------------------------------------------------------


def test_decree_article_and_dates_are_corrected_with_history(
    people: People, shipped: None, coming: Instrument
) -> None:
    form = correct(
        form_of("ND152-08"),
        people.office,
        article="Phụ lục I",
        valid_to=date(2027, 3, 1),
        instrument=coming,
    )
    assert (form.revision, form.edited) == (2, True)
    last, first = form.revisions.all()
    assert (first.content["basis"]["article"], last.content["basis"]["article"]) == (
        "Phụ lục",
        "Phụ lục I",
    )
    assert last.content["basis"]["instrument"] == "999/2040/NĐ-CP"
    assert (last.saved_by, last.note) == (people.office, "Theo văn bản mới")
    assert last.content["sections"] == first.content["sections"]
    # What is so already is no revision; and it must be said why.
    assert correct(form, people.admin, revision=1).revision == 2
    with pytest.raises(ValidationError) as refused:
        correct(form, people.office, article="Phụ lục III", note=" ")
    assert set(refused.value.message_dict) == {"note"}
    with pytest.raises(actions.Outdated):
        correct(form, people.office, article="Phụ lục III", revision=1)


def test_restoring_a_wording_leaves_decree_and_dates(people: People, shipped: None) -> None:
    form = form_of("ND152-08")
    wording = wording_of(form)
    wording["form"]["heading"] = "BẢN THÀNH TÍCH"
    values: dict[str, Any] = {"note": "Thử", "by": people.office, "at": LATER}
    actions.correct_form(form=form, revision=1, wording=wording, **values)
    correct(form, people.office, valid_to=date(2027, 3, 1))
    first = form.revisions.get(number=1)
    now = actions.restore_form(revision=first, over=3, by=people.office, at=LATER)
    assert (now.heading, now.valid_to) == ("BÁO CÁO THÀNH TÍCH", date(2027, 3, 1))
    # Where only the dates differ, there is nothing to restore.
    now = actions.restore_form(revision=first, over=4, by=people.office, at=LATER)
    assert now.revision == 4


def test_dates_that_are_reversed_or_meet_another_form_are_refused(
    people: People, shipped: None
) -> None:
    form = form_of("ND98-08")
    with pytest.raises(ValidationError) as refused:
        correct(form, people.office, valid_to=date(2023, 12, 31))
    told = (
        "Ngày hết hiệu lực (31/12/2023) trước ngày có hiệu lực (01/01/2024): hãy xem lại hai ngày."
    )
    assert refused.value.message_dict == {"valid_to": [told]}
    with pytest.raises(ValidationError, match="từ 01/07/2025 đến hết 02/07/2025"):
        correct(form, people.office, valid_to=date(2025, 7, 2))
    assert form_of("ND98-08").revision == 1
    # Where two hold together already, the rest may be corrected.
    together = correct(form, people.office, valid_to=date(2025, 7, 2), overlap="keep")
    assert correct(together, people.office, article="Phụ lục I.8").revision == 3


# --- The pages ------------------------------------------------------------------------------------


def sent(form: ReportForm | None, **changes: str) -> dict[str, str]:
    """What a browser sends from either page."""
    coming = Instrument.objects.get(code="nd-999-2040")
    found = {
        name: f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value or "")
        for name, value in (values(coming) | {"instrument": coming.pk}).items()
    }
    if form:
        found |= {"revision": str(form.revision), "note": "Theo văn bản mới"}
    return found | changes


def test_the_office_adds_the_form_of_the_next_decree(
    people: People, shipped: None, coming: Instrument, client_for: Login
) -> None:
    client = client_for(people.office)
    url = reverse("dossiers:form_add", args=("ND152-08",))
    assert url in client.get(reverse("dossiers:form", args=("ND152-08",))).content.decode()
    page = shown(client.get(url))
    assert "Thêm mẫu từ mẫu này" in page
    assert "999/2040/NĐ-CP" in page
    assert "cùng có hiệu lực" not in page
    data = sent(None, code="nd999-08")
    asked = client.post(url, data)
    assert asked.status_code == 422
    assert "hai mẫu sẽ cùng có hiệu lực từ 01/01/2041" in shown(asked)
    assert 'name="overlap"' in asked.content.decode()
    for _ in range(2):
        done = client.post(url, data | {"overlap": "end"}, follow=True)
        assert "Đã thêm mẫu" in shown(done)
        assert "Văn bản số 999/2040/NĐ-CP, Phụ lục II" in shown(done)
        assert "Chưa đến ngày có hiệu lực." in shown(done)
    assert ReportForm.objects.filter(code="ND999-08").count() == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"code": "ND152-08"}, "Mã này đã dùng cho Mẫu số 08 (152/2025/NĐ-CP)."),
        ({"code": "mẫu mới"}, "mã"),
        ({"code": "MAU"}, "có gạch ngang"),
        ({"valid_from": ""}, "bắt buộc"),
        ({"valid_from": "32/01/2041"}, "ngày"),
        ({"valid_to": "31/12/2040"}, "trước ngày có hiệu lực"),
        ({"instrument": ""}, "bắt buộc"),
        ({"number": "x" * 21}, "20"),
        ({"overlap": "x"}, "hợp lệ"),
    ],
)
def test_errors_of_a_new_form_stand_beside_what_was_typed(
    changes: dict[str, str],
    message: str,
    people: People,
    shipped: None,
    coming: Instrument,
    client_for: Login,
) -> None:
    url = reverse("dossiers:form_add", args=("ND152-08",))
    answer = client_for(people.office).post(url, sent(None, overlap="end") | changes)
    assert answer.status_code == 422
    assert message in shown(answer)
    assert "Báo cáo thành tích chuyên đề" in answer.content.decode()
    assert not ReportForm.objects.filter(code="ND999-08").exists()


def test_the_page_of_the_basis_says_what_depends_on_the_form(
    story: Story, client_for: Login
) -> None:
    dossier, form = story.complete(), make_form()
    make_document(dossier, by=story.people.head, state="ready", form_version="ND98-08/1")
    make_document(dossier, by=story.people.head, state="ready", form_version="ND98-081/1")
    make_document(dossier, by=story.people.head, form_version="ND98-08/1")
    uses = uses_of(form)
    assert (uses.papers, uses.reports) == (1, 3)
    page = client_for(story.people.office).get(reverse("dossiers:form_basis", args=(form.code,)))
    assert "Đã có 1 văn bản tạo theo mẫu này" in shown(page)
    assert "Còn 3 báo cáo đang viết theo mẫu này" in shown(page)


def test_a_paper_says_by_which_decree_it_was_made(
    story: Story, shipped: None, coming: Instrument, client_for: Login
) -> None:
    dossier = story.submitted()
    issued = actions.order_dossier(dossier=dossier, **story.as_office())
    paper = next(d for d in issued if d.kind == "report")
    assert paper.form_version == "ND152-08/1"
    correct(form_of("ND152-08"), story.people.office, instrument=coming)
    page = reverse("dossiers:paper", args=(paper.pk,))
    client = client_for(story.people.office)
    assert "Mẫu số 08, 152/2025/NĐ-CP, phiên bản 1" in shown(client.get(page))
    # Also when its report has another form by now.
    Report.objects.update(form=form_of("ND98-08"))
    assert "Mẫu số 08, 152/2025/NĐ-CP, phiên bản 1" in shown(client.get(page))
    again = actions.order_dossier(dossier=dossier, by=story.people.office, at=LATER)
    assert [(d.pk, d.form_version) for d in again] == [(d.pk, d.form_version) for d in issued]


def test_two_people_at_once_see_both_dates(
    people: People, shipped: None, coming: Instrument, client_for: Login
) -> None:
    form = form_of("ND152-08")
    url = reverse("dossiers:form_basis", args=(form.code,))
    mine = sent(form, valid_from="01/07/2025", valid_to="01/03/2027")
    theirs = mine | {"valid_to": "31/12/2026"}
    assert client_for(people.admin).post(url, theirs).status_code == 302
    client = client_for(people.office)
    answer = client.post(url, mine)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert f"{people.admin} đã sửa mẫu này lúc" in shown(answer)
    assert 'value="01/03/2027"' in page
    assert "<del>31</del>" in page
    assert '<input type="hidden" name="revision" value="2"' in page
    done = client.post(url, mine | {"revision": "2"}, follow=True)
    assert "Đã lưu căn cứ và thời hạn của mẫu thành phiên bản 3." in shown(done)
    assert form_of("ND152-08").valid_to == date(2027, 3, 1)
    again = client.post(url, mine | {"revision": "2"}, follow=True)
    assert "Không có gì thay đổi" in shown(again)
    history = client.get(reverse("dossiers:form_history", args=(form.code,)))
    assert "Hiệu lực đến" in shown(history)


def test_what_was_typed_survives_an_expired_session(
    people: People, shipped: None, coming: Instrument, client_for: Login
) -> None:
    client = client_for(people.office)
    for name in ("dossiers:form_add", "dossiers:form_basis"):
        url = reverse(name, args=("ND152-08",))
        page = client.get(url)
        data = sent(form_of("ND152-08"), article="Phụ lục vừa gõ")
        client.logout()
        assert client.post(url, data | {"_keep": page.context["keep_token"]}).status_code == 302
        client.force_login(people.office)
        again = client.get(url)
        assert "Phụ lục vừa gõ" in again.content.decode()
        assert "đã được khôi phục" in shown(again)
