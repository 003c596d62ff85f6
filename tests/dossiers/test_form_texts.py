"""The wording of report forms: corrected over a revision, kept, restored, never in an old paper."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from dossiers import actions, catalogue
from dossiers.documents import report_paper
from dossiers.documents.making import make
from dossiers.models import Document, FormSection, Report, ReportForm, readiness_of, sections_for
from dossiers.models.form_texts import (
    BASIS_COLUMNS,
    FORM_COLUMNS,
    Wording,
    faults,
    order_of,
    spoken,
    tidy,
    wording_of,
)
from emulation.models import User
from emulation.workflow import Refused
from tests.conftest import People
from tests.dossiers.conftest import Story
from tests.factories import NOW, make_form

LATER = NOW + timedelta(days=1)


def correct(form: ReportForm, by: User, **changes: Any) -> ReportForm:
    """Correct columns of the form, or of the section named by `code`."""
    form.refresh_from_db()
    wording = wording_of(form)
    code = changes.pop("code", None)
    (section_of(wording, code) if code else wording["form"]).update(changes)
    return actions.correct_form(
        form=form,
        revision=form.revision,
        wording=wording,
        note="Theo nguyên văn Nghị định",
        by=by,
        at=LATER,
    )


def section_of(wording: Wording, code: str) -> dict[str, Any]:
    found: dict[str, Any] = next(s for s in wording["sections"] if s["code"] == code)
    return found


def new_section(heading: str, **values: Any) -> dict[str, Any]:
    return {
        "code": "", "since": None, "kind": "text", "applies": "both", "numeral": "", "hint": "",
        "required": False, "retired": False, "mark": "B", "source": "", "heading": heading,
    } | values  # fmt: skip


# --- Correcting -----------------------------------------------------------------------------------


def test_a_correction_is_the_next_revision(people: People) -> None:
    form = make_form()
    before = wording_of(form)
    correct(form, people.office, code="measures", heading="Giải pháp", mark="V", source="Phụ lục I")
    form.refresh_from_db()
    assert form.revision == 2
    assert not form.edited
    row = form.sections.get(code="measures")
    assert (row.heading, row.mark, row.source, row.edited) == ("Giải pháp", "V", "Phụ lục I", True)
    assert not form.sections.exclude(code="measures").filter(edited=True).exists()
    last, first = form.revisions.all()
    assert (first.number, first.content, first.saved_by) == (1, before, None)
    assert (last.number, last.content) == (2, wording_of(form))
    assert (last.saved_by, last.saved_at) == (people.office, LATER)
    assert last.note == "Theo nguyên văn Nghị định"


def test_nothing_new_is_no_revision(people: People) -> None:
    form = correct(make_form(), people.admin)
    assert (form.revision, form.revisions.count()) == (1, 0)
    # Blanks at the ends and decomposed letters are nothing new either.
    correct(form, people.admin, code="targets", heading="  Nội dung đa\u0303  đăng ký thi đua\r\n")
    assert form.sections.get(code="targets").heading == "Nội dung đã đăng ký thi đua"
    assert not form.revisions.exists()


def test_only_the_office_and_administrators_correct(people: People) -> None:
    form = make_form()
    for user in (people.head, people.staff, people.council, people.director, people.stranger):
        with pytest.raises(Refused, match="Văn phòng Sở"):
            correct(form, user, name="Báo cáo")
    for user in (people.office, people.admin):
        correct(form, user, name=f"Báo cáo {user.pk}")
    form.refresh_from_db()
    assert form.revision == 3


def test_two_people_at_once(people: People) -> None:
    form = make_form()
    theirs, mine = wording_of(form), wording_of(form)
    theirs["form"]["name"], mine["form"]["name"] = "Tên của họ", "Tên của tôi"
    values: dict[str, Any] = {"form": form, "revision": 1, "note": "Sửa", "at": LATER}
    actions.correct_form(wording=theirs, by=people.office, **values)
    with pytest.raises(actions.Outdated):
        actions.correct_form(wording=mine, by=people.admin, **values)
    form.refresh_from_db()
    assert (form.name, form.revision, form.revisions.count()) == ("Tên của họ", 2, 2)
    # Who wants the same is not in the way.
    actions.correct_form(wording=theirs, by=people.admin, **values)
    assert form.revisions.count() == 2


def test_a_correction_says_why(people: People) -> None:
    form = make_form()
    wording = wording_of(form)
    wording["form"]["name"] = "Khác"
    with pytest.raises(ValidationError) as refused:
        actions.correct_form(
            form=form, revision=1, wording=wording, note="  ", by=people.office, at=LATER
        )
    assert set(refused.value.message_dict) == {"note"}
    assert not form.revisions.exists()


def test_sections_are_added_and_put_in_order(people: People) -> None:
    form = make_form()
    wording = wording_of(form)
    # Twice the same heading: each gets a code of its own.
    wording["sections"].insert(2, new_section("Khó khăn, vướng mắc"))
    wording["sections"].append(new_section("Khó khăn, vướng mắc", applies="individual"))
    actions.correct_form(
        form=form, revision=1, wording=wording, note="Thêm", by=people.office, at=LATER
    )
    codes = list(form.sections.values_list("code", flat=True))
    assert codes == [
        *("profile", "personal", "kho-khan-vuong-mac", "achievements"),
        *("targets", "measures", "kho-khan-vuong-mac-2"),
    ]
    added = form.sections.get(code="kho-khan-vuong-mac")
    assert (added.edited, added.position, added.valid_from) == (True, 3, None)
    # What only moved down may still be refreshed by the loader.
    assert not form.sections.get(code="measures").edited


def test_what_cannot_be_printed_or_written_is_refused(people: People) -> None:
    form = make_form()

    def messages(**changes: Any) -> list[str]:
        with pytest.raises(ValidationError) as refused:
            correct(form, people.office, **changes)
        assert not form.revisions.exists()
        return refused.value.messages

    assert "số mục" in messages(code="profile", numeral="")[0]
    assert "luôn cần" in messages(code="achievements", retired=True)[0]
    assert "bắt buộc" in messages(code="profile", required=True)[0]
    assert messages(code="measures", heading="")
    assert messages(code="measures", heading="x" * 201)
    assert messages(head_label="x" * 81)
    wording = wording_of(form)
    wording["sections"] = [s | {"retired": True} for s in wording["sections"]]
    assert any("ít nhất một mục" in fault.message for fault in faults(wording))
    wording["sections"] = [new_section("Mục", numeral="I")] * 41
    assert any("tối đa 40" in fault.message for fault in faults(wording))
    wording["sections"] = [new_section("A", numeral="I"), new_section("B", kind="heading")]
    assert [(fault.place, fault.column) for fault in faults(wording)] == [(1, "numeral")]


def test_every_line_of_a_form_can_be_corrected() -> None:
    """A column that is added to a form is wording, or stands here with the reason why not."""
    form = {f.name for f in ReportForm._meta.local_fields} - {"id", "code", "revision", "edited"}
    assert form == {*FORM_COLUMNS, *BASIS_COLUMNS}
    dates = {"valid_from", "valid_to"}
    section = {f.name for f in FormSection._meta.local_fields} - {"id", "form", "edited"} - dates
    assert section - {"position"} == set(new_section("")) - {"since"}


# --- Retiring -------------------------------------------------------------------------------------


def test_a_retired_section_stays_where_somebody_wrote(story: Story) -> None:
    written, empty = story.write(story.mine), story.report(story.other)
    correct(written.form, story.people.office, code="measures", retired=True)
    assert "measures" in [s.code for s in sections_for(written)]
    assert "measures" not in [s.code for s in sections_for(empty)]
    missing = readiness_of([story.other])[story.other.pk].missing
    assert "Biện pháp, giải pháp thực hiện" not in missing
    paper = actions.order_report(report=written, **story.as_head())
    assert "Biện pháp, giải pháp thực hiện: Đã hoàn thành tốt." in str(paper.snapshot)


def test_what_was_typed_while_a_section_was_retired_is_taken(story: Story) -> None:
    report = story.report(story.mine)
    section = report.form.sections.get(code="measures")
    correct(report.form, story.people.office, code="measures", retired=True)
    typed: dict[Any, str] = {("section", section.pk): "Đã viết từ trước."}
    saved = actions.save_report(report=report, version=0, entries=typed, **story.as_head())
    assert saved.entries.get().text == "Đã viết từ trước."
    assert "measures" in [s.code for s in sections_for(report)]
    # Emptied, it is gone; an older version of the report brings it back.
    empty: dict[Any, str] = {("section", section.pk): ""}
    saved = actions.save_report(
        report=report, version=1, entries=empty, by=story.people.head, at=LATER
    )
    assert "measures" not in [s.code for s in sections_for(report)]
    old = saved.versions.get(version=1)
    actions.restore_version(version=old, over=2, by=story.people.head, at=LATER)
    assert report.entries.get().text == "Đã viết từ trước."
    # Of another kind of subject it never was.
    other = report.form.sections.get(code="profile")
    other.kind = "text"
    other.save()
    with pytest.raises(ValidationError, match="đã thay đổi"):
        actions.save_report(
            report=report, version=3, entries={("section", other.pk): "x"}, **story.as_head()
        )


# --- History --------------------------------------------------------------------------------------


def test_an_older_wording_is_restored_as_a_new_revision(people: People) -> None:
    form = make_form()
    first = wording_of(form)
    correct(form, people.office, code="measures", heading="Giải pháp")
    form.refresh_from_db()
    wording = wording_of(form)
    wording["sections"].append(new_section("Kiến nghị"))
    actions.correct_form(
        form=form, revision=2, wording=wording, note="Thêm", by=people.office, at=LATER
    )
    old = form.revisions.get(number=1)
    with pytest.raises(actions.Outdated):
        actions.restore_form(revision=old, over=2, by=people.office, at=LATER)
    with pytest.raises(Refused, match="Văn phòng"):
        actions.restore_form(revision=old, over=3, by=people.head, at=LATER)
    actions.restore_form(revision=old, over=3, by=people.admin, at=LATER)
    form.refresh_from_db()
    assert form.revision == 4
    now = wording_of(form)
    added = now["sections"].pop()
    assert now == first
    assert (added["heading"], added["retired"]) == ("Kiến nghị", True)
    last = form.revisions.first()
    assert last is not None
    assert (last.number, last.note) == (4, "Khôi phục phiên bản 1")


def test_a_wording_is_told_in_words(people: People) -> None:
    wording = wording_of(make_form())
    said = spoken(wording)
    assert said["number"] == ("Mẫu số", {"": "Mẫu số 08"})
    assert said["mark"] == ("Mức kiểm chứng", {"": "Chưa đối chiếu"})
    title, lines = said["measures"]
    assert title == "Mục “Biện pháp, giải pháp thực hiện”"
    assert lines["Bắt buộc viết"] == "không"
    assert lines["Nội dung"] == "Người lập báo cáo viết"
    wording["sections"][0]["retired"] = True
    assert next(iter(order_of(wording).items())) == ("personal", "I THÔNG TIN CHUNG")
    assert tidy(wording) == wording


# --- Papers ---------------------------------------------------------------------------------------


def test_an_issued_paper_keeps_its_wording_to_the_byte(story: Story, tmp_path: Path) -> None:
    dossier = story.submitted()
    issued = actions.order_dossier(dossier=dossier, **story.as_office())
    paper = next(d for d in issued if d.kind == Document.Kind.REPORT)
    assert paper.form_version == "ND98-08/1"
    before = make(paper, tmp_path).path.read_bytes()
    correct(make_form(), story.people.office, code="achievements", heading="KẾT QUẢ ĐẠT ĐƯỢC")
    again = actions.order_dossier(dossier=dossier, by=story.people.office, at=LATER)
    assert [d.pk for d in again] == [d.pk for d in issued]
    paper.refresh_from_db()
    assert paper.form_version == "ND98-08/1"
    assert "THÀNH TÍCH ĐẠT ĐƯỢC" in str(paper.snapshot)
    after = make(paper, tmp_path).path.read_bytes()
    assert hashlib.sha256(after).digest() == hashlib.sha256(before).digest()


def test_a_paper_never_mixes_two_revisions(story: Story) -> None:
    """Its form may have been read before the correction, its sections after it."""
    report = Report.objects.with_subjects().get(pk=story.write(story.mine).pk)
    assert report.form.revision == 1
    correct(make_form(), story.people.office, code="achievements", heading="KẾT QUẢ ĐẠT ĐƯỢC")
    correct(make_form(), story.people.office, heading="Báo cáo kết quả")
    paper = report_paper(report, on=None, today=LATER.date())
    assert (paper.form_version, paper.snapshot["title"]) == ("ND98-08/3", "BÁO CÁO KẾT QUẢ")
    assert "KẾT QUẢ ĐẠT ĐƯỢC" in str(paper.snapshot["sections"])


def test_a_dossier_sent_again_has_a_new_report_only_where_it_reads_otherwise(story: Story) -> None:
    dossier = story.submitted()

    def sent_again() -> set[int]:
        for act, by, note in (
            ("return", story.people.office, "Bổ sung"),
            ("submit", story.people.head, ""),
        ):
            actions.act_on_dossier(dossier=dossier, act=act, by=by, at=NOW, note=note)
        dossier.refresh_from_db()
        made = actions.order_dossier(dossier=dossier, **story.as_office())
        return {d.pk for d in made if d.kind == Document.Kind.REPORT}

    first = {
        d.pk
        for d in actions.order_dossier(dossier=dossier, **story.as_office())
        if d.kind == Document.Kind.REPORT
    }
    Document.objects.filter(pk__in=first).update(
        state="ready", rendered_at=NOW, pages=1, sha256="0" * 64, file="a.pdf"
    )
    form = make_form()
    correct(form, story.people.office, code="measures", hint="Nêu rõ hơn.")
    assert sent_again() == first
    correct(form, story.people.office, code="achievements", heading="KẾT QUẢ ĐẠT ĐƯỢC")
    second = sent_again()
    assert not second & first
    assert {d.form_version for d in Document.objects.filter(pk__in=second)} == {"ND98-08/3"}
    assert {d.form_version for d in Document.objects.filter(pk__in=first)} == {"ND98-08/1"}


def test_a_draft_takes_the_new_wording(story: Story) -> None:
    report = story.write(story.mine)
    old = actions.order_report(report=report, **story.as_head())
    correct(report.form, story.people.office, code="achievements", heading="KẾT QUẢ ĐẠT ĐƯỢC")
    new = actions.order_report(report=report, by=story.people.head, at=LATER)
    assert new.form_version == "ND98-08/2"
    assert "KẾT QUẢ ĐẠT ĐƯỢC" in str(new.snapshot)
    assert old.form_version == "ND98-08/1"


# --- Loading --------------------------------------------------------------------------------------


def load() -> str:
    out = StringIO()
    call_command("load_forms", stdout=out)
    return out.getvalue()


def test_the_loader_leaves_what_the_office_corrected_and_says_so(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    call_command("load_catalogue", verbosity=0)
    assert "Giữ nguyên" not in load()
    form = ReportForm.objects.get(code="ND98-08")
    assert [r.number for r in form.revisions.all()] == [1]
    correct(form, people.office, head_label="Thủ trưởng cơ quan")
    correct(form, people.office, code="lessons", heading="Kinh nghiệm rút ra")
    form.refresh_from_db()
    wording = wording_of(form)
    order = [s["code"] for s in wording["sections"]]
    order[-2:] = reversed(order[-2:])
    wording["sections"].sort(key=lambda s: order.index(s["code"]))
    actions.correct_form(
        form=form, revision=3, wording=wording, note="Thứ tự", by=people.office, at=LATER
    )
    assert form.revisions.count() == 4
    said = load()
    assert "ND98-08: tên mẫu và các dòng chữ" in said
    assert "ND98-08: mục “Kinh nghiệm rút ra”" in said
    assert said.count("ND98-08") == 2
    form.refresh_from_db()
    assert (form.revision, form.head_label) == (4, "Thủ trưởng cơ quan")
    assert list(form.sections.values_list("code", flat=True)) == order

    # A later release words a heading differently and adds one: that is a revision too.
    def worded(row: dict[str, Any]) -> dict[str, Any]:
        return row | {"heading": "Lời mới"} if row["code"] in ("lessons", "effects") else row

    rows = [worded(row) for row in catalogue.SECTIONS["theme", "both"]]
    at = [row["code"] for row in rows].index("measures") + 1
    rows.insert(at, {"code": "costs", "heading": "Kinh phí", "kind": "text", "applies": "both"})
    monkeypatch.setitem(catalogue.SECTIONS, ("theme", "both"), tuple(rows))
    load()
    form.refresh_from_db()
    assert form.revision == 5
    headings = dict(form.sections.values_list("code", "heading"))
    assert (headings["lessons"], headings["effects"]) == ("Kinh nghiệm rút ra", "Lời mới")
    codes = list(form.sections.values_list("code", flat=True))
    assert codes.index("costs") == codes.index("measures") + 1
    last = form.revisions.first()
    assert last is not None
    assert (last.saved_by, last.note) == (None, "Nạp lại danh mục mẫu")
    assert last.content == wording_of(form)
    load()
    form.refresh_from_db()
    assert form.revision == 5
