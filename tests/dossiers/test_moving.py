"""A report taken into another form: each text finds its heading, and none is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.models import Campaign, Offer
from dossiers import actions
from dossiers.documents import report_paper
from dossiers.models import FormSection, Report, ReportForm, Similarity, readiness_of
from dossiers.models.moving import leftovers
from emulation.models import User
from emulation.workflow import Refused
from tests.conftest import SafeClient
from tests.dossiers.conftest import Story
from tests.dossiers.test_form_basis import form_of, shown
from tests.factories import NOW, TZ

Login = Callable[[User], SafeClient]
TEN = timedelta(minutes=10)
OLD, THEME, MERIT = "ND98-08", "ND152-08", "ND152-05"


@pytest.fixture(autouse=True)
def shipped(story: Story) -> None:
    """The forms as they are delivered, in place of the story's own."""
    FormSection.objects.all().delete()
    ReportForm.objects.all().delete()
    call_command("load_catalogue", verbosity=0)
    call_command("load_forms", verbosity=0)


def begun(story: Story, day: str = "2025-06-30") -> Report:
    """Written in the form of that day, which has ended since."""
    at = datetime.fromisoformat(f"{day}T08:00").replace(tzinfo=TZ)
    report = actions.start_report(nomination=story.mine, by=story.people.head, at=at)
    return actions.save_report(
        report=report, version=0, entries=story.texts(report), by=story.people.head, at=at
    )


def move(report: Report, story: Story, code: str, **changes: Any) -> Report:
    values = {"version": report.version, "into": {}, **story.as_head()} | changes
    return actions.change_form(report=report, form=form_of(code), **values)


def told(report: Report) -> dict[str, str]:
    """By the key of a heading of the form it has; of other forms by form and key."""
    found = {}
    for entry in report.entries.exclude(section=None).select_related("section__form"):
        section = entry.section
        assert section is not None
        own = section.form_id == Report.objects.get(pk=report.pk).form_id
        found[section.code if own else f"{section.form.code} {section.code}"] = entry.text
    return found


def section(code: str, key: str) -> int:
    return FormSection.objects.get(form__code=code, code=key).pk


def as_merit() -> None:
    Offer.objects.update(report_kind="merit")


# --- What goes where ------------------------------------------------------------------------------


def test_texts_keep_their_heading_in_the_form_of_today(story: Story) -> None:
    report = begun(story)
    assert report.form.code == OLD
    before = told(report)
    assert set(before) == {"profile", "measures", "effects", "lessons"}
    statements = set(report.entries.exclude(statement=None).values_list("text", flat=True))
    moved = move(report, story, THEME)
    assert (moved.form.code, moved.version, moved.updated_by) == (THEME, 2, story.people.head)
    assert told(moved) == before
    assert set(moved.entries.exclude(statement=None).values_list("text", flat=True)) == statements
    assert leftovers(moved) == []
    paper = report_paper(
        Report.objects.with_subjects().get(pk=report.pk), on=None, today=NOW.date()
    )
    assert paper.form_version == f"{THEME}/1"
    assert "Đã hoàn thành tốt." in str(paper.snapshot["sections"])
    assert readiness_of([story.mine])[story.mine.pk].missing == ()


def test_what_has_no_place_stays_with_the_report_and_is_not_printed(story: Story) -> None:
    report = begun(story)
    before = told(report)
    as_merit()
    moved = move(report, story, MERIT)
    assert told(moved) == {f"{OLD} {key}": text for key, text in before.items()}
    assert len(leftovers(moved)) == 4
    row = Report.objects.with_subjects().get(pk=report.pk)
    printed = str(report_paper(row, on=None, today=NOW.date()).snapshot["sections"])
    assert not any(text in printed for text in before.values())
    missing = readiness_of([story.mine])[story.mine.pk].missing
    assert "Thành tích đạt được của cá nhân" in missing


def test_a_text_without_a_place_is_added_under_a_chosen_heading(story: Story) -> None:
    report = begun(story)
    before = told(report)
    as_merit()
    results = section(MERIT, "results")
    into = {section(OLD, "measures"): results, section(OLD, "effects"): results}
    moved = move(report, story, MERIT, into=into)
    assert told(moved) == {
        "results": f"{before['measures']}\n{before['effects']}",
        f"{OLD} profile": before["profile"],
        f"{OLD} lessons": before["lessons"],
    }
    for place in (section(OLD, "lessons"), section(MERIT, "general"), 987654321):
        with pytest.raises(ValidationError, match="Mẫu không có mục đã chọn"):
            actions.settle_leftover(
                report=moved,
                section=section(OLD, "lessons"),
                into=place,
                version=2,
                **story.as_head(),
            )
    moved = actions.settle_leftover(
        report=moved, section=section(OLD, "lessons"), into=results, version=2, **story.as_head()
    )
    assert told(moved)["results"].endswith(f"\n{before['lessons']}")
    assert set(told(moved)) == {"results", f"{OLD} profile"}


def test_back_in_the_first_form_every_text_is_where_it_was(story: Story) -> None:
    report = begun(story, "2025-07-01")
    before = told(report)
    as_merit()
    report = move(report, story, MERIT)
    new: dict[Any, str] = {("section", section(MERIT, "results")): "Viết thêm."}
    report = actions.save_report(report=report, version=2, entries=new, **story.as_head())
    Offer.objects.update(report_kind="theme")
    report = move(report, story, THEME)
    assert told(report) == before | {f"{MERIT} results": "Viết thêm."}


def test_two_texts_never_share_a_place(story: Story) -> None:
    """Both have the key: one waits under the heading itself, or has waited for longer."""
    report = begun(story)
    report = move(report, story, THEME)
    report.entries.create(section_id=section(OLD, "measures"), text="Chờ ở mẫu cũ.")
    report.entries.create(section_id=section("ND91-07", "effects"), text="Chờ từ lâu.")
    ReportForm.objects.filter(code=OLD).update(valid_to=None)
    before = told(report)
    report = move(report, story, OLD)
    assert told(report) == {
        "measures": "Chờ ở mẫu cũ.",
        f"{THEME} measures": before["measures"],
        "effects": before["effects"],
        "ND91-07 effects": "Chờ từ lâu.",
        "profile": before["profile"],
        "lessons": before["lessons"],
    }


# --- Nothing is lost ------------------------------------------------------------------------------


def test_the_version_before_stays_and_comes_back(story: Story, client_for: Login) -> None:
    """Also within one sitting, in which saves are otherwise one version."""
    report = begun(story, "2025-07-01")
    before = told(report)
    as_merit()
    assert report.updated_at
    report = move(report, story, MERIT, at=report.updated_at + TEN / 2)
    last, first = report.versions.all()
    cited = (form_of(THEME).cited, form_of(MERIT).cited)
    assert (first.version, last.version) == (1, 2)
    assert last.note == "Chuyển từ {} sang {}".format(*cited)
    page = shown(
        client_for(story.people.head).get(reverse("dossiers:report_versions", args=(report.pk,)))
    )
    assert last.note in page
    assert "Không có gì thay đổi" in page
    for entry in leftovers(report):
        report = actions.settle_leftover(
            report=report,
            section=entry.section_id or 0,
            into=None,
            version=report.version,
            **story.as_head(),
        )
    assert told(report) == {}
    page = shown(
        client_for(story.people.head).get(reverse("dossiers:report_versions", args=(report.pk,)))
    )
    assert f"của {cited[0]} (báo cáo không in)" in page
    actions.restore_version(version=first, over=report.version, by=story.people.head, at=NOW)
    assert told(report) == {f"{THEME} {key}": text for key, text in before.items()}


def test_a_version_of_the_former_form_comes_back_under_the_headings_of_today(
    story: Story,
) -> None:
    report = begun(story)
    before = told(report)
    report = move(report, story, THEME)
    texts: dict[Any, str] = {
        ("section", section(THEME, key)): "Viết lại." for key in ("measures", "effects")
    }
    report = actions.save_report(report=report, version=2, entries=texts, **story.as_head())
    first = report.versions.get(version=1)
    actions.restore_version(version=first, over=3, by=story.people.head, at=NOW)
    assert told(report) == before


def test_what_was_typed_in_the_former_form_is_not_lost(story: Story, client_for: Login) -> None:
    """Somebody's page was open while somebody else changed the form."""
    report = begun(story)
    client = client_for(story.people.head)
    as_merit()
    names = {key: f"section-{section(OLD, key)}" for key in ("measures", "profile")}
    typed = {"version": "1", names["measures"]: "Vừa gõ xong."}
    move(report, story, MERIT)
    auto, page = (reverse(f"dossiers:{n}", args=(report.pk,)) for n in ("report_save", "report"))
    assert client.post(auto, typed).status_code == 409
    answer = client.post(page, typed)
    assert answer.status_code == 409
    assert "Vừa gõ xong." in shown(answer)
    assert "Báo cáo vừa được chuyển sang mẫu khác" in shown(answer)
    # What has a place in the new form stands beside what is stored there, as in every conflict.
    Offer.objects.update(report_kind="theme")
    report.refresh_from_db()
    move(report, story, THEME)
    assert client.post(auto, typed).status_code == 409
    answer = client.post(page, typed)
    assert answer.status_code == 409
    assert "Hai bản khác nhau" in shown(answer)
    assert "Báo cáo vừa được chuyển" not in shown(answer)
    assert "Vừa gõ xong." in answer.content.decode()
    box = f"section-{section(THEME, 'measures')}"
    assert client.post(page, {"version": "3", box: "Vừa gõ xong."}).status_code == 302
    assert told(report)["measures"] == "Vừa gõ xong."


def test_too_long_together_is_refused_as_a_whole(story: Story) -> None:
    report = begun(story)
    report.entries.filter(section__code="measures").update(text="x" * 20_000)
    report.entries.filter(section__code="effects").update(text="y" * 20_000)
    as_merit()
    results = section(MERIT, "results")
    into = {section(OLD, "measures"): results, section(OLD, "effects"): results}
    with pytest.raises(ValidationError, match=r"tối đa 30\.000"):
        move(report, story, MERIT, into=into)
    report.refresh_from_db()
    assert (report.form.code, report.version, len(told(report))) == (OLD, 1, 4)


def test_texts_that_wait_are_not_compared_with_other_reports(story: Story) -> None:
    report = begun(story)
    other = story.write(story.other)
    same = " ".join(f"việc số {n} của đơn vị làm xong trước hạn {n * 7} ngày" for n in range(60))
    for row in (report, other):
        row.entries.filter(section__code="measures").update(text=same)
        row.entries.exclude(section__code="measures").delete()
    actions.compare_reports(campaign=story.campaign, at=NOW)
    assert Similarity.objects.exists()
    as_merit()
    move(report, story, MERIT)
    actions.compare_reports(campaign=story.campaign, at=NOW)
    assert not Similarity.objects.exists()


# --- When it may be -------------------------------------------------------------------------------


def test_only_a_form_of_today_for_this_award_and_subject_is_taken(story: Story) -> None:
    report = begun(story)
    for code in ("ND91-07", MERIT, "ND152-04", "ND152-03"):
        with pytest.raises(ValidationError, match="hãy chọn lại mẫu"):
            move(report, story, code)
    as_merit()
    for code in (THEME, "ND152-04", "ND152-03"):
        with pytest.raises(ValidationError, match="hãy chọn lại mẫu"):
            move(report, story, code)
    assert move(report, story, MERIT).form.code == MERIT


def test_a_double_click_changes_once_and_a_late_save_is_not_overwritten(story: Story) -> None:
    report = begun(story)
    assert move(report, story, THEME).version == 2
    assert move(report, story, THEME).version == 2
    assert report.versions.count() == 2
    as_merit()
    with pytest.raises(actions.Outdated):
        move(report, story, MERIT, version=1)
    assert Report.objects.get(pk=report.pk).form.code == THEME
    report.refresh_from_db()
    report = move(report, story, MERIT)
    waiting = section(THEME, "measures")
    values = {"section": waiting, "into": section(MERIT, "results"), **story.as_head()}
    with pytest.raises(actions.Outdated):
        actions.settle_leftover(report=report, version=2, **values)
    for _ in range(2):
        report = actions.settle_leftover(report=report, version=3, **values)
    assert report.version == 4
    assert told(report)["results"].count("Đã hoàn thành tốt.") == 1


def test_a_report_that_was_handed_in_keeps_its_form(story: Story, client_for: Login) -> None:
    story.submitted()
    report = Report.objects.with_subjects().get(nomination=story.mine)
    Report.objects.filter(pk=report.pk).update(form=form_of(OLD))
    report.refresh_from_db()
    with pytest.raises(Refused, match="đã trình cùng hồ sơ"):
        move(report, story, THEME)
    with pytest.raises(Refused, match="đã trình cùng hồ sơ"):
        actions.settle_leftover(
            report=report, section=1, into=None, version=report.version, **story.as_head()
        )
    client = client_for(story.people.head)
    url = reverse("dossiers:report_move", args=(report.pk,))
    assert client.get(url).status_code == 404
    answer = client.post(url, {"form": THEME, "over": str(report.version)}, follow=True)
    assert "đã trình cùng hồ sơ" in shown(answer)
    assert "Chuyển sang mẫu khác" not in shown(answer)
    Campaign.objects.update(state="closed")
    with pytest.raises(Refused):
        move(Report.objects.get(pk=report.pk), story, THEME)


# --- The pages ------------------------------------------------------------------------------------


def test_the_author_takes_the_report_into_the_form_of_today(
    story: Story, client_for: Login
) -> None:
    report = begun(story)
    client = client_for(story.people.head)
    url = reverse("dossiers:report_move", args=(report.pk,))
    editor = client.get(reverse("dossiers:report", args=(report.pk,)))
    assert url in editor.content.decode()
    assert "Báo cáo lập hôm nay dùng Mẫu số 08 (152/2025/NĐ-CP)." in shown(editor)
    place = reverse("dossiers:unit_case", args=(story.campaign.slug, story.people.unit.pk))
    assert url in client.get(place).content.decode()
    as_merit()
    page = shown(client.get(url))
    for said in (
        "Chuyển sang Mẫu số 05 (152/2025/NĐ-CP)",
        "Chưa có chỗ trong mẫu mới (4)",
        "Biện pháp, giải pháp thực hiện: Đã hoàn thành tốt.",
        "Thành tích đạt được của cá nhân phải nêu",
    ):
        assert said in page
    results = str(section(MERIT, "results"))
    data = {
        "form": MERIT,
        "over": "1",
        f"to-{section(OLD, 'measures')}": results,
        f"to-{section(OLD, 'lessons')}": "",
        "to-x": "9",
        f"to-{'9' * 30}": "9",
    }
    done = client.post(url, data, follow=True)
    assert "Đã chuyển báo cáo sang Mẫu số 05 (152/2025/NĐ-CP)." in shown(done)
    assert "Còn 3 nội dung của mẫu trước chưa có chỗ." in shown(done)
    assert set(told(report)) == {
        "results",
        *(f"{OLD} {k}" for k in ("profile", "effects", "lessons")),
    }
    editor = client.get(reverse("dossiers:report", args=(report.pk,)))
    assert "chưa có chỗ trong mẫu này" in shown(editor)
    waiting = reverse("dossiers:report_leftover", args=(report.pk, section(OLD, "effects")))
    asked = client.post(waiting, {"over": "2", "add": "1", "to": ""}, follow=True)
    assert "Hãy chọn mục để chép nội dung vào." in shown(asked)
    done = client.post(waiting, {"over": "2", "add": "1", "to": results}, follow=True)
    assert "Đã chép nội dung vào mục đã chọn." in shown(done)
    for key, over in (("profile", "3"), ("lessons", "4")):
        waiting = reverse("dossiers:report_leftover", args=(report.pk, section(OLD, key)))
        done = client.post(waiting, {"over": over, "to": results}, follow=True)
        assert "Đã cất nội dung" in shown(done)
    assert set(told(report)) == {"results"}
    assert done.redirect_chain[-1][0] == reverse("dossiers:report", args=(report.pk,))
    assert "danh mục không có mẫu nào khác" in shown(client.get(url))
    assert "Chuyển sang mẫu khác" not in shown(
        client.get(reverse("dossiers:report", args=(report.pk,)))
    )
    assert url not in client.get(place).content.decode()


def test_two_people_at_once_are_told_and_see_what_stands(story: Story, client_for: Login) -> None:
    report = begun(story)
    client = client_for(story.people.head)
    url = reverse("dossiers:report_move", args=(report.pk,))
    later: dict[Any, str] = {("section", section(OLD, "measures")): "Người khác vừa viết."}
    actions.save_report(report=report, version=1, entries=later, by=story.people.colleague, at=NOW)
    as_merit()
    results = section(MERIT, "results")
    chosen = {f"to-{section(OLD, 'lessons')}": str(results)}
    answer = client.post(url, {"form": MERIT, "over": "1", **chosen})
    assert answer.status_code == 409
    assert answer.content.decode().count(f'<option value="{results}" selected>') == 1
    Offer.objects.update(report_kind="theme")
    answer = client.post(url, {"form": THEME, "over": "1"})
    assert answer.status_code == 409
    assert "Người khác vừa lưu báo cáo này." in shown(answer)
    assert "Người khác vừa viết." in shown(answer)
    assert '<input type="hidden" name="over" value="2"' in answer.content.decode()
    assert client.post(url, {"form": THEME, "over": "2"}).status_code == 302
    assert told(report)["measures"] == "Người khác vừa viết."
    for junk in ("", "ND1-1", "x" * 300):
        assert client.post(url, {"form": junk, "over": "2"}).status_code == 404


def test_without_a_form_to_take_the_page_says_why(story: Story, client_for: Login) -> None:
    report = begun(story)
    ReportForm.objects.filter(kind="theme").update(valid_to="2025-12-31")
    url = reverse("dossiers:report_move", args=(report.pk,))
    page = client_for(story.people.head).get(url)
    assert "không có mẫu báo cáo “thi đua theo đợt, chuyên đề” nào" in shown(page)


def test_the_page_costs_the_same_for_many_texts(story: Story, client_for: Login) -> None:
    report = begun(story)
    as_merit()
    client = client_for(story.people.head)
    url = reverse("dossiers:report_move", args=(report.pk,))

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    report.entries.exclude(section__code="measures").exclude(section=None).delete()
    cost()
    one = cost()
    for row in FormSection.objects.filter(form__code="ND91-07", kind="text"):
        report.entries.create(section=row, text="Thêm.")
    assert cost() == one
