"""Which form a report is written in, day by day, and that the print says what its row says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils.html import escape

from awards.models import Nomination
from campaigns.actions import import_plan
from campaigns.models import Campaign, Offer
from dossiers import actions
from dossiers.catalogue import FORMS
from dossiers.documents import bound_snapshot, display_name, freeze, html, papers_in, report_paper
from dossiers.models import (
    Document,
    Forms,
    FormSection,
    Report,
    ReportForm,
    readiness_of,
    sections_for,
)
from dossiers.rendering import render_pdf
from dossiers.word import docx
from emulation.models import Instrument, Title, Unit
from emulation.workflow import Refused
from tests.campaigns.conftest import SLUGS, plan
from tests.conftest import People, SafeClient
from tests.dossiers.conftest import Story
from tests.dossiers.office import text_of as word_text
from tests.dossiers.poppler import text_of
from tests.factories import (
    NOW,
    TZ,
    make_agency,
    make_campaign,
    make_individual,
    make_nomination,
    make_offer,
    make_unit,
    make_user,
)

Login = Callable[..., SafeClient]

# The day before, the day, and the day after each change of decree.
DAYS = {
    "2023-12-30": "ND91",
    "2023-12-31": "ND91",
    "2024-01-01": "ND98",
    "2024-01-02": "ND98",
    "2025-06-29": "ND98",
    "2025-06-30": "ND98",
    "2025-07-01": "ND152",
    "2025-07-02": "ND152",
}
NUMBERS = {
    ("ND91", "theme", "collective"): "07",
    ("ND91", "theme", "individual"): "07",
    ("ND91", "merit", "collective"): "01",
    ("ND91", "merit", "individual"): "02",
    ("ND98", "theme", "collective"): "08",
    ("ND98", "theme", "individual"): "08",
    ("ND98", "merit", "collective"): "02",
    ("ND98", "merit", "individual"): "03",
    ("ND152", "theme", "collective"): "08",
    ("ND152", "theme", "individual"): "08",
    ("ND152", "merit", "collective"): "04",
    ("ND152", "merit", "individual"): "05",
}
# What each of the five plans asks for; Quảng Ngãi has no offer yet, so it gets a usual one.
ASKED = {
    "hung-yen-2020": "merit",
    "lang-son-2024": "theme",
    "quang-ngai-2023": "merit",
    "soc-trang-2025": "merit",
    "thanh-hoa-2024": "theme",
}


def shown(response: Any) -> str:
    return " ".join(response.content.decode().split())


@pytest.fixture
def catalogue(db: None) -> None:
    """The forms as they are delivered; a story asked for before leaves none of its own."""
    FormSection.objects.all().delete()
    ReportForm.objects.all().delete()
    call_command("load_catalogue", verbosity=0)
    call_command("load_forms", verbosity=0)


def subject(kind: str, unit: Unit) -> dict[str, Any]:
    return {"individual": make_individual(unit)} if kind == "individual" else {"collective": unit}


def nominee(campaign: Campaign, offer: Offer, kind: str, unit: Unit) -> Nomination:
    """A nomination that is not stored: the choice needs none of its other values."""
    return Nomination(campaign=campaign, offer=offer, unit=unit, **subject(kind, unit))


def code_on(day: str, nomination: Nomination) -> str:
    choice = Forms(date.fromisoformat(day)).choose(nomination)
    assert choice.form is not None, choice.reason
    return choice.form.code


# --- The choice -----------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", SLUGS)
def test_the_form_of_each_plan_at_each_change_of_decree(slug: str, catalogue: None) -> None:
    agency = make_agency(code=plan(slug)["agency"])
    unit = make_unit(agency)
    office = make_user("OFFICE", agency, person=make_individual(unit))
    campaign = import_plan(data=plan(slug), by=office, at=NOW)
    offers = list(campaign.offers.select_related("title"))
    if not offers:
        offers = [make_offer(campaign, report_kind="merit")]
    chosen = {
        (day, offer.title.code, kind): code_on(day, nominee(campaign, offer, kind, unit))
        for day in DAYS
        for offer in offers
        for kind in ("collective", "individual")
        if offer.receives(kind)
    }
    assert chosen == {
        (day, title, kind): f"{DAYS[day]}-{NUMBERS[DAYS[day], ASKED[slug], kind]}"
        for day, title, kind in chosen
    }


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("kind", ["collective", "individual"])
@pytest.mark.parametrize("asked", ["theme", "merit"])
def test_both_kinds_of_report_of_one_plan(
    asked: str, kind: str, day: str, people: People, catalogue: None
) -> None:
    campaign = make_campaign(people.agency, form_code="")
    offer = make_offer(campaign, report_kind=asked)
    code = code_on(day, nominee(campaign, offer, kind, people.unit))
    assert code == f"{DAYS[day]}-{NUMBERS[DAYS[day], asked, kind]}"


def test_the_plan_decides_between_forms_in_force(people: People, catalogue: None) -> None:
    """Its form, then any of its decree, then the newest."""
    day = "2025-03-01"
    own = Instrument.objects.get(code="nd-91-2017")
    values = {"kind": "theme", "instrument": own, "mark": "B", "number": "Mẫu riêng"}
    for code in ("ND91-70", "ND91-71"):
        ReportForm.objects.create(code=code, name="Mẫu của tỉnh", **values)
    campaign = make_campaign(people.agency, form_code="")
    nomination = nominee(campaign, make_offer(campaign), "individual", people.unit)
    assert code_on(day, nomination) == "ND98-08"
    campaign.instrument = own
    assert code_on(day, nomination) == "ND91-71"
    campaign.form_code = "ND91-70"
    assert code_on(day, nomination) == "ND91-70"
    # What it names is not used for another kind of report, nor for another kind of subject.
    campaign.form_code = "ND98-02"
    assert code_on(day, nomination) == "ND91-71"
    nomination.offer.report_kind = "merit"
    assert code_on(day, nomination) == "ND98-03"


@pytest.mark.parametrize(
    ("title", "kind", "codes"),
    [
        ("co-thi-dua-chinh-phu", "collective", ["ND98-02", "ND152-02"]),
        ("cstd-toan-quoc", "individual", ["ND98-03", "ND152-03"]),
        ("cstd-co-so", "individual", ["ND98-03", "ND152-05"]),
    ],
)
def test_a_title_with_a_form_of_its_own(
    title: str, kind: str, codes: list[str], people: People, catalogue: None
) -> None:
    campaign = make_campaign(people.agency, form_code="")
    row = Title.objects.get(code=title)
    offer = make_offer(campaign, title=row, report_kind="merit")
    nomination = nominee(campaign, offer, kind, people.unit)
    assert [code_on(day, nomination) for day in ("2025-06-30", "2025-07-01")] == codes


def test_no_form_is_said_in_words(people: People, catalogue: None) -> None:
    campaign = make_campaign(people.agency, form_code="")
    offer = make_offer(campaign, report_kind="merit")
    nomination = nominee(campaign, offer, "individual", people.unit)
    ReportForm.objects.filter(kind="merit", applies="individual").update(valid_to="2025-12-31")
    assert code_on("2025-12-31", nomination) == "ND152-05"
    choice = Forms(date(2026, 1, 1)).choose(nomination)
    assert choice.form is None
    assert choice.reason == (
        "Ngày 01/01/2026 không có mẫu báo cáo “công trạng (thành tích nhiệm vụ)” nào cho cá nhân "
        "còn hiệu lực trong danh mục mẫu báo cáo."
    )
    campaign.form_code = "ND98-99"
    assert "Kế hoạch ghi mẫu “ND98-99”" in Forms(date(2025, 1, 1)).choose(nomination).reason


def test_a_form_for_one_kind_of_subject_has_headings_for_it_alone(catalogue: None) -> None:
    for section in FormSection.objects.select_related("form"):
        assert section.form.applies in ("both", section.applies)


def test_every_title_of_the_catalogue_has_a_form_on_every_day(
    people: People, catalogue: None
) -> None:
    campaign = make_campaign(people.agency, form_code="")
    for day in DAYS:
        forms = Forms(date.fromisoformat(day))
        for title in Title.objects.in_force(forms.on):
            for asked in ("theme", "merit"):
                offer = Offer(campaign=campaign, title=title, report_kind=asked)
                for kind in ("collective", "individual"):
                    if getattr(title, f"for_{kind}"):
                        found = forms.choose(nominee(campaign, offer, kind, people.unit))
                        assert found.form, (day, title.code, asked, kind)


# --- Beginning a report ---------------------------------------------------------------------------


def begun(nomination: Nomination, day: str, story: Story) -> Report:
    at = datetime.fromisoformat(f"{day}T08:00").replace(tzinfo=TZ)
    return actions.start_report(nomination=nomination, by=story.people.head, at=at)


def test_a_report_takes_the_form_of_the_day_it_is_begun_and_keeps_it(
    story: Story, catalogue: None
) -> None:
    before = begun(story.mine, "2025-06-30", story)
    after = begun(story.other, "2025-07-01", story)
    assert (before.form.code, after.form.code) == ("ND98-08", "ND152-08")
    again = begun(story.mine, "2025-07-02", story)
    assert (again.pk, again.form.code) == (before.pk, "ND98-08")
    Offer.objects.update(report_kind="merit")
    assert begun(story.mine, "2025-07-02", story).form.code == "ND98-08"
    assert begun(story.unit, "2025-07-02", story).form.code == "ND152-04"


def test_the_day_begins_at_midnight_in_viet_nam(story: Story, catalogue: None) -> None:
    at = datetime(2025, 6, 30, 16, 59, tzinfo=UTC)
    first = actions.start_report(nomination=story.mine, by=story.people.head, at=at)
    at = datetime(2025, 6, 30, 17, 0, tzinfo=UTC)
    second = actions.start_report(nomination=story.other, by=story.people.head, at=at)
    assert (first.form.code, second.form.code) == ("ND98-08", "ND152-08")


def test_without_a_form_no_report_is_begun(story: Story, catalogue: None) -> None:
    ReportForm.objects.filter(kind="theme").update(valid_to=date(2025, 12, 31))
    with pytest.raises(Refused, match="Ngày 01/01/2026 không có mẫu báo cáo “thi đua theo đợt"):
        begun(story.mine, "2026-01-01", story)
    assert not Report.objects.exists()


# --- What is written and printed ------------------------------------------------------------------

DAY = date(2025, 8, 3)
IN_FORCE = {"ND91": "2023-06-01", "ND98": "2024-06-01", "ND152": "2025-08-01"}
EACH = [
    (str(row["code"]), kind)
    for row in FORMS
    for kind in ("collective", "individual")
    if row["applies"] in ("both", kind)
]


def written(code: str, kind: str, story: Story) -> Report:
    """A complete report in this form."""
    row = next(row for row in FORMS if row["code"] == code)
    Offer.objects.update(report_kind=row["kind"])
    if row.get("title_code"):
        title = Title.objects.get(code=row["title_code"])
        Offer.objects.filter(pk=story.offer.pk).update(title=title, label=title.name)
    nomination = story.unit if kind == "collective" else story.mine
    report = begun(nomination, IN_FORCE[code.partition("-")[0]], story)
    assert report.form.code == code
    saved = actions.save_report(
        report=report, version=0, entries=story.texts(report), **story.as_head()
    )
    return Report.objects.with_subjects().get(pk=saved.pk)


@pytest.mark.parametrize(("code", "kind"), EACH)
def test_a_report_of_every_form_is_written_checked_shown_and_printed(
    code: str, kind: str, story: Story, catalogue: None, client_for: Login
) -> None:
    report = written(code, kind, story)
    assert readiness_of([report.nomination])[report.nomination_id].missing == ()
    client = client_for(story.people.head)
    page = shown(client.get(reverse("dossiers:report", args=(report.pk,))))
    assert f"{report.form.number} ({report.form.instrument.number})" in page
    assert "Tiêu đề các mục chưa đối chiếu với nguyên văn mẫu." in page
    assert page.count("Còn thiếu:") == 0
    headings = [str(s.heading) for s in sections_for(report) if s.kind != "statements"]
    assert all(escape(heading) in page for heading in headings)

    paper = report_paper(report, on=DAY, today=DAY)
    assert paper.form_version == f"{code}/1"
    text = text_of(render_pdf(html("report", paper.snapshot)))
    numerals = [s.numeral for s in sections_for(report) if s.numeral]
    assert numerals == ["I", "II", "III"][: len(numerals)]
    for section in sections_for(report):
        if section.numeral:
            assert f"{section.numeral}. {section.heading.upper()}" in text
        elif section.kind == FormSection.Kind.TEXT:
            assert section.heading in text
            assert f"{section.heading}: Đã hoàn thành tốt." in text
    for statement in story.campaign.statements.all():
        assert statement.heading in text
    word = " ".join(word_text(docx(html("report", paper.snapshot))))
    # The unit registered nothing, so that heading has nothing to say.
    printed = [s.heading for s in sections_for(report) if s.kind not in ("statements", "targets")]
    assert [heading for heading in printed if heading.upper() not in word.upper()] == []


@pytest.mark.parametrize(("code", "kind"), EACH)
def test_a_required_heading_that_is_empty_is_missing(
    code: str, kind: str, story: Story, catalogue: None
) -> None:
    report = written(code, kind, story)
    required = [s for s in sections_for(report) if s.required]
    assert required
    for section in required:
        report.entries.filter(section=section).delete()
        missing = readiness_of([report.nomination])[report.nomination_id].missing
        assert section.heading in missing


def test_the_print_says_what_the_row_says(story: Story, catalogue: None) -> None:
    """Every line of the form's own wording, for a person, the head and a collective."""
    Offer.objects.update(report_kind="merit")
    head = story.people.head.individual
    assert head is not None
    of_head = make_nomination(
        story.people.unit, head, story.higher, by=story.people.head, state="chosen"
    )
    above = make_nomination(
        story.people.unit,
        story.people.unit,
        story.higher,
        by=story.people.head,
        state="chosen",
    )
    reports = [begun(n, "2025-08-01", story) for n in (story.mine, of_head, above)]

    def printed() -> list[str]:
        rows = [Report.objects.with_subjects().get(pk=report.pk) for report in reports]
        papers = [report_paper(row, on=DAY, today=DAY) for row in rows]
        return [text_of(render_pdf(html("report", paper.snapshot))) for paper in papers]

    mine, own, unit = printed()
    scope = "Thành tích thực hiện nhiệm vụ công tác"
    assert all("BÁO CÁO THÀNH TÍCH" in text and scope in text for text in (mine, own, unit))
    assert "Thủ trưởng đơn vị xác nhận".upper() in mine.upper()
    assert "Người báo cáo".upper() in mine.upper()
    assert "Xác nhận của cấp trình khen thưởng".upper() not in mine.upper()
    assert "Xác nhận của cấp trình khen thưởng".upper() in own.upper()
    assert "Thủ trưởng đơn vị".upper() in unit.upper()
    ReportForm.objects.filter(kind="merit").update(
        heading="BẢN THÀNH TÍCH",
        scope_label="Kết quả trong {phong trào} năm nay",
        reporter_label="Người lập",
        head_label="Người đứng đầu",
        confirm_label="Lãnh đạo trực tiếp xác nhận",
        submit_label="Cấp trên nhận xét",
    )
    mine, own, unit = (" ".join(text.split()).upper() for text in printed())
    movement = story.campaign.name.upper()
    for text in (mine, own, unit):
        assert "BẢN THÀNH TÍCH" in text
        assert "BÁO CÁO THÀNH TÍCH" not in text
        assert f"KẾT QUẢ TRONG {movement} NĂM NAY" in text
    assert "LÃNH ĐẠO TRỰC TIẾP XÁC NHẬN NGƯỜI LẬP" in mine
    assert "CẤP TRÊN NHẬN XÉT NGƯỜI LẬP" in own
    assert "CẤP TRÊN NHẬN XÉT NGƯỜI ĐỨNG ĐẦU" in unit


def test_a_line_that_is_empty_is_not_printed(story: Story, catalogue: None) -> None:
    report = Report.objects.with_subjects().get(pk=begun(story.mine, "2025-08-01", story).pk)
    ReportForm.objects.update(scope_label="")
    assert 'class="scope"' not in html("report", report_paper(report, on=DAY, today=DAY).snapshot)


def test_a_chapter_of_which_nothing_was_said_stays_open(story: Story, catalogue: None) -> None:
    Offer.objects.update(report_kind="merit")
    report = Report.objects.with_subjects().get(pk=begun(story.mine, "2025-08-01", story).pk)
    last = report_paper(report, on=DAY, today=DAY).snapshot["sections"][-1]
    assert last["heading"] == "CÁC HÌNH THỨC ĐÃ ĐƯỢC KHEN THƯỞNG"
    assert last["blocks"][0]["text"].startswith("……")


def test_file_contents_and_properties_name_the_form(story: Story, catalogue: None) -> None:
    """The number alone means another form in each decree: the file names the decree too."""
    Offer.objects.update(report_kind="merit")
    for nomination, day in ((story.mine, "2025-06-30"), (story.other, "2025-07-01")):
        begun(nomination, day, story)
    rows = Report.objects.with_subjects().order_by("pk")
    papers = [report_paper(row, on=DAY, today=DAY) for row in rows]
    frozen = {"cover": {"title": "Hồ sơ", "agency": "Phòng"}, "attachments": []}
    contents = bound_snapshot(frozen, papers, [])["contents"]
    assert [line["title"] for line in contents] == [
        "Báo cáo thành tích của cá nhân",
        "Báo cáo thành tích (Mẫu số 03): Hoàng Thị Én",
        "Báo cáo thành tích (Mẫu số 05): Lý Thị Ánh",
    ]
    titles = [str(paper.snapshot["meta"]["title"]) for paper in papers]
    assert titles[0] == "Báo cáo thành tích (Mẫu số 03) – Hoàng Thị Én"
    files = [
        Document(kind="report", subject=paper.subject, form_version=paper.form_version)
        for paper in papers
    ]
    assert [display_name(file) for file in files] == [
        "Báo cáo thành tích Mẫu 03 NĐ 98 - Hoàng Thị Én.pdf",
        "Báo cáo thành tích Mẫu 05 NĐ 152 - Lý Thị Ánh.pdf",
    ]
    assert display_name(Document(kind="letter", subject="Phòng")) == "Tờ trình - Phòng.pdf"
    own = Document(kind="report", subject="A", form_version="tinh-01/3")
    assert display_name(own) == "Báo cáo thành tích tinh-01 - A.pdf"


# --- What the unit sees ---------------------------------------------------------------------------


def test_the_unit_sees_which_form_awaits_it(
    story: Story, catalogue: None, client_for: Login
) -> None:
    client = client_for(story.people.head)
    place = reverse("dossiers:unit_case", args=(story.campaign.slug, story.people.unit.pk))
    assert shown(client.get(place)).count("Mẫu số 08 (152/2025/NĐ-CP)") == 3
    begun(story.mine, "2025-06-30", story)
    page = shown(client.get(place))
    assert page.count("Mẫu số 08 (98/2023/NĐ-CP)") == 1
    assert page.count("Mẫu số 08 (152/2025/NĐ-CP)") == 2
    ReportForm.objects.filter(code="ND152-08").update(valid_to="2026-01-01")
    page = shown(client.get(place))
    assert page.count("không có mẫu báo cáo “thi đua theo đợt, chuyên đề” nào") == 2
    for nomination in (story.other, story.unit):
        start = reverse("dossiers:report_start", args=(nomination.pk,))
        assert start not in client.get(place).content.decode()
        assert "không có mẫu báo cáo" in shown(client.post(start, follow=True))


def test_the_report_says_why_it_has_another_form_than_expected(
    story: Story, catalogue: None, client_for: Login
) -> None:
    decree = Instrument.objects.get(code="nd-98-2023")
    Campaign.objects.update(instrument=decree)
    old, new = begun(story.mine, "2025-06-30", story), begun(story.other, "2025-07-01", story)
    said = (
        "Kế hoạch dẫn văn bản số 98/2023/NĐ-CP, hết hiệu lực từ 01/07/2025; báo cáo này dùng mẫu "
        "của văn bản số 152/2025/NĐ-CP."
    )
    pages = [
        shown(client_for(story.people.head).get(reverse("dossiers:report", args=(report.pk,))))
        for report in (old, new)
    ]
    assert "Kế hoạch dẫn" not in pages[0]
    assert said in pages[1]
    Offer.objects.update(report_kind="merit")
    page = shown(client_for(story.people.head).get(reverse("dossiers:report", args=(old.pk,))))
    assert (
        "Hình thức khen thưởng này cần báo cáo “công trạng (thành tích nhiệm vụ)”; báo cáo đã lập "
        "giữ mẫu “thi đua theo đợt, chuyên đề”." in page
    )


@pytest.mark.parametrize(
    ("on", "cited"), [("2025-06-30", "98/2023/NĐ-CP"), ("2025-07-01", "152/2025/NĐ-CP")]
)
def test_a_letter_cites_the_decree_of_its_day(
    on: str, cited: str, story: Story, catalogue: None
) -> None:
    Campaign.objects.update(instrument=Instrument.objects.get(code="nd-98-2023"))
    day = date.fromisoformat(on)
    letter = next(
        paper
        for paper in papers_in(freeze(story.complete(), on=day, today=day))
        if paper.kind == "letter"
    )
    decrees = [base for base in letter.snapshot["bases"] if "Nghị định" in base]
    assert len(decrees) == 1
    assert cited in decrees[0]
