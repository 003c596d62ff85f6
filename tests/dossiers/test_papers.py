"""What the papers of a dossier say is what its rows say, frozen when it is submitted."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from awards.models import MeetingVote
from dossiers.documents import bound_snapshot, freeze, html, papers_in, report_paper
from dossiers.documents.binders import digest
from dossiers.documents.phrases import (
    authority,
    cite,
    cite_plan,
    head_signer,
    movement,
    short_authority,
)
from dossiers.documents.reports import Paper
from dossiers.models import Dossier, Report
from dossiers.rendering import render_pdf
from emulation.models import Individual
from tests.dossiers.conftest import Story
from tests.dossiers.poppler import text_of
from tests.factories import (
    make_attachment,
    make_individual,
    make_instrument,
    make_nomination,
    make_title,
)

pytestmark = pytest.mark.django_db

DAY = date(2025, 8, 3)


def frozen(dossier: Dossier) -> dict[str, Any]:
    return freeze(dossier, on=DAY, today=DAY)


def paper(dossier: Dossier, kind: str) -> Paper:
    return next(p for p in papers_in(frozen(dossier)) if p.kind == kind)


def shown(found: Paper) -> str:
    return text_of(render_pdf(html(found.kind, found.snapshot)))


def test_every_paper_of_a_dossier_is_there_in_the_order_of_binding(story: Story) -> None:
    found = papers_in(frozen(story.complete()))
    assert [p.kind for p in found] == ["letter", "minutes", "list", "report", "report", "report"]
    reports = [p for p in found if p.kind == "report"]
    assert [p.group for p in reports] == ["collective", "individual", "individual"]
    assert reports[0].subject == "Phòng Cải cách hành chính"
    assert {p.subject for p in reports[1:]} == {"Hoàng Thị Én", "Lý Thị Ánh"}


def test_what_is_submitted_is_frozen_and_survives_the_database(story: Story) -> None:
    dossier = story.submitted()
    dossier.refresh_from_db()
    assert dossier.snapshot is not None
    assert json.loads(json.dumps(dossier.snapshot)) == dossier.snapshot
    Individual.objects.filter(pk=story.person.pk).update(full_name="Tên Khác")
    names = {p.subject for p in papers_in(dossier.snapshot)}
    assert "Hoàng Thị Én" in names
    assert "Tên Khác" not in names


def test_the_letter_asks_for_what_the_list_holds_and_the_reports_are(story: Story) -> None:
    dossier = story.complete()
    letter = paper(dossier, "letter").snapshot
    roll = paper(dossier, "list").snapshot
    asked = [
        line for group in letter["groups"] for part in group["lists"] for line in part["lines"]
    ]
    listed = [row["name"] for group in roll["groups"] for row in group["rows"]]
    reported = [p.subject for p in papers_in(frozen(dossier)) if p.kind == "report"]
    assert listed == reported
    assert len(asked) == len(listed) == 3
    assert all(name in line for name, line in zip(listed, asked, strict=True))
    assert "01 tập thể, 02 cá nhân" in letter["opening"][0]["text"]
    assert roll["total"] == "Danh sách gồm 01 tập thể, 02 cá nhân"


def test_the_letter_is_addressed_to_the_agency_and_cites_plan_and_meeting(story: Story) -> None:
    text = shown(paper(story.complete(), "letter"))
    assert "- Giám đốc Sở Nội vụ tỉnh Lạng Sơn;" in text
    assert "Căn cứ Kế hoạch số 173/KH-SNV của Sở Nội vụ tỉnh Lạng Sơn" in text
    assert "Căn cứ Biên bản họp bình xét ngày 28/07/2025 của Phòng Cải cách hành chính." in text
    assert "Căn cứ đề nghị: Khoản 1 Điều 75." in text
    assert "ngày 03 tháng 8 năm 2025" in text


def test_a_draft_is_not_dated(story: Story) -> None:
    found = freeze(story.complete(), on=None, today=DAY)
    assert [p["snapshot"]["header"]["date"] for p in found["papers"]] == [None] * 6


def test_only_nominations_for_the_deciding_level_are_in(story: Story) -> None:
    higher = story.dossier(decider="minister")
    make_nomination(
        story.people.unit, story.person, story.higher, by=story.people.head, state="chosen"
    )
    letter = paper(higher, "letter").snapshot
    assert [group["heading"] for group in letter["groups"]] == ["Bằng khen của Bộ trưởng Bộ Nội vụ"]
    assert "trình cấp có thẩm quyền tặng" in letter["opening"][0]["text"]
    assert frozen(higher)["cover"]["facts"][1] == ["Cấp quyết định khen thưởng", "Bộ trưởng"]


def test_minutes_give_each_vote_its_share_of_those_present(story: Story) -> None:
    dossier = story.complete()
    meeting_vote = MeetingVote.objects.get(nomination=story.mine)
    present = meeting_vote.meeting.attendees.filter(present=True).count()
    MeetingVote.objects.filter(pk=meeting_vote.pk).update(in_favour=1, against=present - 1)
    minutes = paper(dossier, "minutes").snapshot
    votes = {vote["subject"]: vote for vote in minutes["votes"]}
    assert votes["Lý Thị Ánh"]["ratio"] == "100.00"
    assert votes["Lý Thị Ánh"]["result"] == "Đề nghị"
    assert votes["Hoàng Thị Én"]["ratio"] == f"{100 / present:.2f}"
    assert votes["Hoàng Thị Én"]["result"] == "Không đề nghị"
    assert len(minutes["present"]) == present
    conclusion = json.dumps(minutes["conclusion"], ensure_ascii=False)
    assert "Lý Thị Ánh" in conclusion
    assert "Hoàng Thị Én" not in conclusion


def test_a_report_makes_the_four_statements_and_cites_the_rating(story: Story) -> None:
    story.complete()
    report = Report.objects.with_subjects().get(nomination=story.mine)
    text = shown(report_paper(report, on=None, today=DAY))
    for n, statement in enumerate(story.campaign.statements.all(), 1):
        assert f"{n}. {statement.heading}" in text
    assert "theo Quyết định số 412/QĐ-SNV" in text
    assert "Họ và tên: Hoàng Thị Én" in text
    assert "Nội dung đã đăng ký thi đua" in text
    assert "Hoàn thành 100% nhiệm vụ được giao đúng tiến độ." in text
    assert "ĐỀ NGHỊ TẶNG GIẤY KHEN CỦA GIÁM ĐỐC SỞ NỘI VỤ" in text


def test_statements_not_yet_made_show_as_gaps(story: Story) -> None:
    report = Report.objects.with_subjects().get(pk=story.report(story.other).pk)
    sections = report_paper(report, on=None, today=DAY).snapshot["sections"]
    statements = sections[-1]["subsections"][:4]
    assert [s["number"] for s in statements] == ["1", "2", "3", "4"]
    assert statements[0]["blocks"][0]["text"].startswith("……")


def test_who_confirms_a_report_depends_on_who_reports(story: Story) -> None:
    head = story.people.head.individual
    assert head is not None
    of_staff = report_paper(
        Report.objects.with_subjects().get(pk=story.report(story.mine).pk), on=None, today=DAY
    ).snapshot["signing"]
    assert [signer["name"] for signer in of_staff[0]] == [head.full_name, "Hoàng Thị Én"]
    assert len(of_staff) == 1, "the director decides: nobody submits it further up"

    own = make_nomination(
        story.people.unit, head, story.higher, by=story.people.head, state="chosen"
    )
    of_head = report_paper(
        Report.objects.with_subjects().get(pk=story.report(own).pk), on=None, today=DAY
    ).snapshot["signing"]
    # Nobody confirms what is said of oneself: the level above does, once.
    assert [s["lines"] for s in of_head[0]] == [
        ["Xác nhận của cấp trình khen thưởng"],
        ["Người báo cáo"],
    ]
    assert len(of_head) == 1

    of_unit = report_paper(
        Report.objects.with_subjects().get(pk=story.report(story.unit).pk), on=None, today=DAY
    ).snapshot["signing"]
    assert [s["lines"] for s in of_unit[0]] == [["Thủ trưởng đơn vị"]]


@pytest.mark.parametrize(
    ("position", "lines"),
    [
        ("Trưởng phòng", ["Trưởng phòng"]),
        ("Phó Trưởng phòng", ["KT. Trưởng phòng", "Phó Trưởng phòng"]),
    ],
)
def test_a_deputy_signs_for_the_head(story: Story, position: str, lines: list[str]) -> None:
    person = make_individual(story.people.unit, position=position)
    assert head_signer(person)["lines"] == lines


def test_nobody_in_office_leaves_the_name_blank() -> None:
    assert head_signer(None)["name"] == ""


@pytest.mark.parametrize(
    ("position", "particulars", "lines"),
    [
        ("Giám đốc", {}, ["Giám đốc"]),
        ("Phó Giám đốc", {}, ["KT. Giám đốc", "Phó Giám đốc"]),
        ("Phó trưởng phòng", {}, ["KT. Trưởng phòng", "Phó trưởng phòng"]),
        ("Phó Trưởng phòng phụ trách", {}, ["Phó Trưởng phòng phụ trách"]),
        ("Phó Trưởng phòng (phụ trách)", {}, ["Phó Trưởng phòng (phụ trách)"]),
        ("Quyền Giám đốc", {}, ["Q. Giám đốc"]),
        ("Chủ tịch", {"body": "Ủy ban nhân dân"}, ["TM. Ủy ban nhân dân", "Chủ tịch"]),
        (
            "Phó Chủ tịch",
            {"body": "Ủy ban nhân dân"},
            ["TM. Ủy ban nhân dân", "KT. Chủ tịch", "Phó Chủ tịch"],
        ),
        ("Chánh Văn phòng", {"order_of": "Giám đốc"}, ["TL. Giám đốc", "Chánh Văn phòng"]),
        (
            "Phó Chánh Văn phòng",
            {"order_of": "Giám đốc"},
            ["TL. Giám đốc", "KT. Chánh Văn phòng", "Phó Chánh Văn phòng"],
        ),
        (
            "Trưởng phòng",
            {"order_of": "Giám đốc", "delegated": True},
            ["TUQ. Giám đốc", "Trưởng phòng"],
        ),
    ],
)
def test_the_right_to_sign_is_written_as_the_decree_says(
    position: str, particulars: dict[str, Any], lines: list[str]
) -> None:
    assert authority(position, **particulars) == lines


def test_the_contents_count_parts_and_carry_their_digests(story: Story) -> None:
    dossier = story.complete()
    attachment = make_attachment(dossier, by=story.people.head, name="Sáng kiến.docx")
    found = frozen(dossier)
    papers = papers_in(found)
    contents = bound_snapshot(found, papers, [attachment])["contents"]
    assert [(row["title"], row["level"], row["part"]) for row in contents] == [
        ("Tờ trình đề nghị khen thưởng", 1, 0),
        ("Biên bản họp bình xét khen thưởng", 1, 1),
        ("Danh sách trích ngang", 1, 2),
        ("Báo cáo thành tích của tập thể", 1, None),
        ("Báo cáo thành tích (Mẫu số 08): Phòng Cải cách hành chính", 2, 3),
        ("Báo cáo thành tích của cá nhân", 1, None),
        (papers[4].title, 2, 4),
        (papers[5].title, 2, 5),
        ("Tài liệu kèm theo", 1, None),
        ("Sáng kiến", 2, 6),
    ]
    assert contents[0]["digest"] == digest(papers[0].snapshot)
    assert contents[-1]["digest"] == attachment.sha256


def test_digests_do_not_depend_on_the_order_of_keys() -> None:
    assert digest({"a": 1, "b": [2]}) == digest({"b": [2], "a": 1})
    assert digest({"a": 1}) != digest({"a": 2})


def test_laws_are_cited_without_number_and_decrees_with_all_they_have() -> None:
    decree = make_instrument(
        number="98/2023/NĐ-CP",
        name="Nghị định quy định chi tiết thi hành một số điều của Luật Thi đua, khen thưởng",
        issuer="Chính phủ",
        issued_date=date(2023, 12, 31),
    )
    law = make_instrument(number="06/2022/QH15", name="Luật Thi đua, khen thưởng")
    assert cite(law) == "Luật Thi đua, khen thưởng"
    assert cite(decree) == (
        "Nghị định số 98/2023/NĐ-CP ngày 31 tháng 12 năm 2023 của Chính phủ quy định chi tiết "
        "thi hành một số điều của Luật Thi đua, khen thưởng"
    )


def test_a_plan_without_number_is_cited_without(story: Story) -> None:
    story.campaign.name = "Phát động phong trào thi đua năm 2025"
    story.campaign.number = ""
    assert cite_plan(story.campaign) == (
        "Kế hoạch của Sở Nội vụ tỉnh Lạng Sơn phát động phong trào thi đua năm 2025"
    )
    assert movement(story.campaign) == "phong trào thi đua năm 2025"


def test_what_everybody_knows_is_abbreviated_in_the_letterhead() -> None:
    assert short_authority("Ủy ban nhân dân xã Bắc Sơn") == "UBND xã Bắc Sơn"


def test_a_title_of_emulation_is_asked_for_as_such(story: Story) -> None:
    title = make_title(kind="title", name="Chiến sĩ thi đua cơ sở")
    story.offer.title = title
    story.offer.label = ""
    story.offer.save()
    report = Report.objects.with_subjects().get(pk=story.report().pk)
    assert (
        report_paper(report, on=None, today=DAY).snapshot["subject"]
        == "ĐỀ NGHỊ TẶNG DANH HIỆU CHIẾN SĨ THI ĐUA CƠ SỞ"
    )


def test_the_number_of_queries_grows_only_with_the_reports(
    story: Story, django_assert_max_num_queries: Any
) -> None:
    dossier = story.complete()
    with django_assert_max_num_queries(80):
        frozen(dossier)
