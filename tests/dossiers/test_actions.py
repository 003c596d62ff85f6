"""What an action leaves behind: rows, steps, locks, files; and what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command

from awards.actions import act_on_meeting
from awards.models import Meeting, Nomination
from campaigns.models import Campaign, DossierPart
from dossiers import actions
from dossiers.models import Attachment, Dossier, FormSection, Report, ReportForm
from emulation.models import Individual, Look, Step
from emulation.tasks import record_look
from emulation.workflow import Refused
from tests.conftest import Sent
from tests.dossiers.conftest import Story, upload
from tests.factories import NOW, make_dossier, make_individual, make_nomination

LATER = NOW + timedelta(hours=1)


# --- Reports --------------------------------------------------------------------------------------


def test_a_report_is_started_once(story: Story) -> None:
    report = story.report()
    assert (report.version, report.updated_at, report.form.code) == (0, None, "ND98-08")
    again = actions.start_report(nomination=story.mine, by=story.people.staff, at=NOW)
    assert again == report
    assert Report.objects.count() == 1


def test_the_nominee_may_start_and_write(story: Story) -> None:
    report = actions.start_report(nomination=story.mine, by=story.people.staff, at=NOW)
    saved = actions.save_report(
        report=report, version=0, entries=story.texts(report), by=story.people.staff, at=NOW
    )
    assert (saved.version, saved.updated_by) == (1, story.people.staff)


def test_who_and_when_no_report_is_started(story: Story) -> None:
    start = actions.start_report
    for user in (story.people.colleague, story.people.office, story.people.outsider):
        with pytest.raises(Refused, match="Chỉ trưởng đơn vị và người được đề cử"):
            start(nomination=story.mine, by=user, at=NOW)
    with pytest.raises(Refused, match="Chỉ trưởng đơn vị"):
        start(nomination=story.unit, by=story.people.staff, at=NOW)
    Nomination.objects.update(state="not_chosen")
    with pytest.raises(Refused, match="Không được lựa chọn"):
        start(nomination=story.mine, **story.as_head())
    Nomination.objects.update(state="proposed")
    Campaign.objects.update(form_code="KHONG-CO")
    with pytest.raises(Refused, match="“KHONG-CO” nhưng danh mục mẫu báo cáo chưa có"):
        start(nomination=story.mine, **story.as_head())
    Campaign.objects.update(state="closed")
    with pytest.raises(Refused, match="tổng kết"):
        start(nomination=story.mine, **story.as_head())
    assert not Report.objects.exists()


def test_saving_writes_what_was_sent(story: Story) -> None:
    report = story.report()
    texts = story.texts(report)
    saved = actions.save_report(report=report, version=0, entries=texts, **story.as_head())
    assert saved.version == 1
    assert saved.entries.count() == len(texts)
    key = next(iter(texts))
    # Decomposed letters and stray spaces are stored as one spelling.
    one = {key: "  Hoa\u0300n   tha\u0300nh \r\n"}
    saved = actions.save_report(report=saved, version=1, entries=one, **story.as_head())
    assert saved.entries.get(**{f"{key[0]}_id": key[1]}).text == "Hoàn thành"
    assert saved.entries.count() == len(texts)
    saved = actions.save_report(report=saved, version=2, entries={key: " "}, **story.as_head())
    assert saved.entries.count() == len(texts) - 1


def test_two_people_saving_at_once(story: Story) -> None:
    report = story.report()
    [first, second, *_] = story.texts(report)
    mine, theirs = {first: "Bản của tôi"}, {first: "Bản của người khác"}
    actions.save_report(report=report, version=0, entries=theirs, **story.as_head())
    with pytest.raises(actions.Outdated):
        actions.save_report(report=report, version=0, entries=mine, by=story.people.staff, at=LATER)
    with pytest.raises(actions.Outdated):
        actions.save_report(report=report, version=0, entries={second: "x"}, **story.as_head())
    report.refresh_from_db()
    assert (report.version, report.updated_by) == (1, story.people.head)
    assert [e.text for e in report.entries.all()] == ["Bản của người khác"]
    # What is there already is no conflict, and no new version: a form that was sent twice.
    same = actions.save_report(report=report, version=0, entries=theirs, **story.as_head())
    assert same.version == 1


def test_what_is_not_saved(story: Story) -> None:
    report = story.report()
    facts = report.form.sections.get(code="personal")
    other = report.form.sections.get(code="profile")
    for key in (("section", facts.pk), ("section", other.pk), ("statement", 999999)):
        with pytest.raises(ValidationError, match="Mẫu báo cáo đã thay đổi"):
            actions.save_report(
                report=report,
                version=0,
                entries={key: "x"},
                **story.as_head(),
            )
    key = next(iter(story.texts(report)))
    long = "x" * (actions.MAX_CHARS + 1)
    with pytest.raises(ValidationError) as error:
        actions.save_report(report=report, version=0, entries={key: long}, **story.as_head())
    assert list(error.value.message_dict) == [f"{key[0]}-{key[1]}"]
    assert report.entries.count() == 0


@pytest.mark.parametrize(
    ("lock", "reason"),
    [
        (lambda: Report.objects.update(locked_at=NOW), "đã trình cùng hồ sơ"),
        (lambda: Campaign.objects.update(state="closed"), "tổng kết"),
        (lambda: Nomination.objects.update(state="not_chosen"), "Không được lựa chọn"),
    ],
)
def test_a_closed_report_stays(story: Story, lock: Callable[[], Any], reason: str) -> None:
    report = story.report()
    texts = story.texts(report)
    lock()
    with pytest.raises(Refused, match=reason):
        actions.save_report(report=report, version=0, entries=texts, **story.as_head())
    assert not report.entries.exists()


# --- Dossiers -------------------------------------------------------------------------------------


def opened(story: Story, decider: str = "agency", **values: Any) -> Dossier:
    values = {"unit": story.people.unit, **story.as_head()} | values
    return actions.open_dossier(campaign=story.campaign, decider=decider, **values)


def test_a_dossier_is_opened_once(story: Story) -> None:
    first = opened(story)
    assert (first.state, first.created_by) == ("draft", story.people.head)
    assert opened(story) == first
    assert Dossier.objects.count() == 1


def test_when_no_dossier_is_opened(story: Story) -> None:
    with pytest.raises(Refused, match="chưa chọn tập thể, cá nhân nào để đề nghị Bộ trưởng"):
        opened(story, "minister")
    for user in (story.people.outsider, story.people.staff, story.people.office):
        with pytest.raises(Refused, match="Chỉ trưởng đơn vị"):
            opened(story, by=user)
    Meeting.objects.update(state="draft", concluded_at=None)
    with pytest.raises(Refused, match="chưa kết luận"):
        opened(story)
    Campaign.objects.update(state="closed")
    with pytest.raises(Refused, match="tổng kết"):
        opened(story)
    assert not Dossier.objects.exists()


def test_submitting_freezes(story: Story, sent: Sent) -> None:
    dossier = story.submitted()
    assert (dossier.state, dossier.submitted_at, dossier.decided_at) == ("submitted", NOW, None)
    assert set(Report.objects.values_list("locked_at", flat=True)) == {NOW}
    assert set(Nomination.objects.values_list("submitted_at", flat=True)) == {NOW}
    [step] = Step.objects.about(dossier)
    assert (step.act, step.from_state, step.to_state, step.by) == (
        "submit",
        "draft",
        "submitted",
        story.people.head,
    )
    # Later edits of a person, a unit or a rating do not alter what was submitted.
    before = dossier.snapshot
    Individual.objects.filter(pk=story.person.pk).update(full_name="Tên Mới", position="Chức mới")
    type(story.people.unit).objects.filter(pk=story.people.unit.pk).update(name="Phòng Mới")
    dossier.refresh_from_db()
    assert dossier.snapshot == before
    assert "Hoàng Thị Én" in str(dossier.snapshot)
    assert "Tên Mới" not in str(dossier.snapshot)


def test_a_second_submission_is_refused(story: Story) -> None:
    dossier = story.submitted()
    with pytest.raises(Refused, match="Đã trình"):
        actions.act_on_dossier(dossier=dossier, act="submit", **story.as_head())
    assert Step.objects.about(dossier).count() == 1


def test_an_incomplete_dossier_changes_nothing(story: Story) -> None:
    story.report()
    dossier = story.dossier()
    with pytest.raises(Refused, match="Hồ sơ còn thiếu"):
        actions.act_on_dossier(dossier=dossier, act="submit", **story.as_head())
    dossier.refresh_from_db()
    assert (dossier.state, dossier.snapshot) == ("draft", None)
    assert not Report.objects.exclude(locked_at=None).exists()
    assert not Nomination.objects.exclude(submitted_at=None).exists()
    assert not Step.objects.about(dossier).exists()


def test_only_its_own_level_is_frozen(story: Story) -> None:
    above = make_nomination(
        story.people.unit,
        make_individual(story.people.unit),
        story.higher,
        by=story.people.head,
        state="chosen",
    )
    report = story.write(above)
    story.submitted()
    above.refresh_from_db()
    report.refresh_from_db()
    assert (above.submitted_at, report.locked_at) == (None, None)


def test_return_opens_it_again(story: Story) -> None:
    dossier = story.submitted()
    with pytest.raises(Refused, match="nêu lý do"):
        actions.act_on_dossier(dossier=dossier, act="return", **story.as_office())
    actions.act_on_dossier(
        dossier=dossier, act="return", note="Thiếu phụ lục", by=story.people.office, at=LATER
    )
    dossier.refresh_from_db()
    assert (dossier.state, dossier.decided_at) == ("returned", LATER)
    assert not Report.objects.exclude(locked_at=None).exists()
    assert not Nomination.objects.exclude(submitted_at=None).exists()
    assert Step.objects.about(dossier).last().note == "Thiếu phụ lục"
    # The unit may hold its meeting again, or submit again.
    again = actions.act_on_dossier(dossier=dossier, act="submit", by=story.people.head, at=LATER)
    assert (again.state, again.submitted_at, again.decided_at) == ("submitted", LATER, None)


def test_a_submitted_dossier_holds_the_meeting(story: Story) -> None:
    story.submitted()
    meeting = Meeting.objects.get()
    with pytest.raises(Refused, match="đã trình"):
        act_on_meeting(meeting=meeting, act="reopen", note="Xét lại", **story.as_head())


def test_accepting_receives_the_nominations(story: Story) -> None:
    dossier = story.submitted()
    actions.act_on_dossier(dossier=dossier, act="accept", by=story.people.office, at=LATER)
    dossier.refresh_from_db()
    assert (dossier.state, dossier.decided_at) == ("accepted", LATER)
    assert set(Nomination.objects.values_list("state", flat=True)) == {"received"}
    assert not Report.objects.filter(locked_at=None).exists()


@pytest.mark.parametrize("act", ["submit", "return", "accept", "khong-co"])
@pytest.mark.parametrize("who", ["outsider", "stranger", "staff", "council", "director", "admin"])
def test_acts_of_others(story: Story, act: str, who: str) -> None:
    dossier = story.dossier(state="draft" if act == "submit" else "submitted")
    with pytest.raises(Refused):
        actions.act_on_dossier(
            dossier=dossier, act=act, note="x", by=getattr(story.people, who), at=NOW
        )


# --- Attachments ----------------------------------------------------------------------------------


def test_a_file_comes_in(story: Story, pdf: Callable[..., bytes]) -> None:
    dossier = story.dossier()
    part = DossierPart.objects.create(campaign=story.campaign, kind="appendix", name="Phụ lục")
    added = actions.add_attachment(
        dossier=dossier,
        file=upload("../Phụ lục.PDF", pdf(2)),
        part=part,
        nomination=story.mine,
        **story.as_head(),
    )
    assert (added.name, added.content_type, added.pages) == ("Phụ lục.pdf", "application/pdf", 2)
    path = Path(added.file.path)
    assert path.is_relative_to(settings.MEDIA_ROOT)
    assert "Phụ lục" not in str(path)
    assert path.stat().st_mode & 0o077 == 0
    second = actions.add_attachment(
        dossier=dossier, file=upload("b.pdf", pdf(3)), **story.as_head()
    )
    assert (added.position, second.position) == (0, 1)


def test_the_same_file_twice(story: Story, pdf: Callable[..., bytes]) -> None:
    dossier, content = story.dossier(), pdf()
    actions.add_attachment(dossier=dossier, file=upload("a.pdf", content), **story.as_head())
    with pytest.raises(ValidationError, match=r"Tệp này đã có trong hồ sơ với tên “a\.pdf”"):
        actions.add_attachment(dossier=dossier, file=upload("b.pdf", content), **story.as_head())
    [attachment] = Attachment.objects.all()
    actions.remove_attachment(attachment=attachment, **story.as_head())
    again = actions.add_attachment(
        dossier=dossier, file=upload("b.pdf", content), **story.as_head()
    )
    assert Path(again.file.path).read_bytes() == content
    # What an earlier paper may rest on stays.
    attachment.refresh_from_db()
    assert attachment.removed_at == NOW
    assert Path(attachment.file.path).exists()


def test_what_does_not_come_in(story: Story, pdf: Callable[..., bytes]) -> None:
    dossier = story.dossier()

    def add(**values: Any) -> None:
        given = {"file": upload("a.pdf", pdf()), **story.as_head()} | values
        actions.add_attachment(dossier=dossier, **given)

    with pytest.raises(ValidationError) as error:
        add(file=upload("a.pdf", b"MZ" + b"0" * 100))
    assert list(error.value.message_dict) == ["file"]
    with pytest.raises(ValidationError, match="không nhận tệp đính kèm"):
        add(part=story.campaign.dossier_parts.get(kind="letter"))
    other = make_nomination(
        story.people.unit, story.person, story.higher, by=story.people.head, state="chosen"
    )
    with pytest.raises(ValidationError, match="không thuộc hồ sơ"):
        add(nomination=other)
    for user in (story.people.outsider, story.people.office, story.people.staff):
        with pytest.raises(Refused, match="Chỉ trưởng đơn vị"):
            add(by=user)
    assert not Attachment.objects.exists()


@pytest.mark.parametrize("state", ["submitted", "accepted"])
def test_files_of_a_submitted_dossier_stay(
    story: Story, state: str, pdf: Callable[..., bytes]
) -> None:
    dossier = story.dossier()
    added = actions.add_attachment(dossier=dossier, file=upload("a.pdf", pdf()), **story.as_head())
    Dossier.objects.update(state=state, submitted_at=NOW, decided_at=NOW, snapshot={})
    with pytest.raises(Refused, match="không sửa được"):
        actions.remove_attachment(attachment=added, **story.as_head())
    with pytest.raises(Refused, match="không sửa được"):
        actions.add_attachment(dossier=dossier, file=upload("b.pdf", pdf(2)), **story.as_head())
    assert Attachment.objects.current().count() == 1


# --- Forms and traces -----------------------------------------------------------------------------


def test_forms_are_loaded_again_without_harm(db: None) -> None:
    call_command("load_catalogue", verbosity=0)
    call_command("load_forms", verbosity=0)
    rows = FormSection.objects.count()
    assert set(ReportForm.objects.values_list("code", flat=True)) == {
        *("ND91-01", "ND91-02", "ND91-07"),
        *("ND98-02", "ND98-03", "ND98-08"),
        *("ND152-02", "ND152-03", "ND152-04", "ND152-05", "ND152-08"),
    }
    assert {"V", "D", "B"} >= set(ReportForm.objects.values_list("mark", flat=True))
    assert set(FormSection.objects.values_list("mark", flat=True)) == {"B"}
    corrected = FormSection.objects.filter(form__code="ND98-08", code="measures")
    corrected.update(heading="Cách làm", edited=True)
    FormSection.objects.filter(code="lessons").update(heading="sai")
    call_command("load_forms", verbosity=0)
    assert FormSection.objects.count() == rows
    assert corrected.get().heading == "Cách làm"
    assert not FormSection.objects.filter(heading="sai").exists()


def test_a_look_is_recorded_once(story: Story) -> None:
    dossier = make_dossier(story.campaign, story.people.unit, by=story.people.head)
    order = ("dossiers.dossier", dossier.pk, story.people.office.pk, "Hồ sơ", NOW.isoformat())
    record_look(*order)
    record_look(*order)
    [look] = Look.objects.about(dossier)
    assert (look.by, look.what, look.at) == (story.people.office, "Hồ sơ", NOW)
    record_look("dossiers.dossier", 10**9, *order[2:])
    record_look(*order[:2], 10**9, *order[3:])
    assert Look.objects.count() == 1
