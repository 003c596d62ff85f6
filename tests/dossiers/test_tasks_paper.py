"""The appendix of tasks on paper: in the report, in the dossier, in Word; text out of Excel."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dossiers import actions, word
from dossiers.documents import html, report_paper
from dossiers.documents.appendices import TITLE
from dossiers.models import TaskRow
from dossiers.rendering import lay_out, render_pdf
from tests.dossiers import samples
from tests.dossiers.boxes import columns_on_paper
from tests.dossiers.conftest import Story
from tests.dossiers.office import opened
from tests.dossiers.poppler import run, sheets_of
from tests.factories import NOW

DAY = NOW.date()
ODD = TaskRow(
    False,
    "Số hóa **không đậm** và _không nghiêng_ | <b>thẻ</b> & {{ biến }}",
    "=HYPERLINK(1)",
    "31/12/2024",
    "12/12/2024",
    "- Đợt 1\n- Đợt 2",
    "https://sonoivu.langson.gov.vn/thi-dua-khen-thuong/phong-trao-2025/danh-muc-cong-viec",
)


def rows(count: int) -> list[list[str]]:
    return [
        [
            str(n),
            f"Tham mưu ban hành Kế hoạch cải cách hành chính, đợt {n}",
            f"Công văn số {n}/SNV",
            "15/02/2025",
            "12/02/2025",
            f"Kế hoạch số {n}/KH-UBND ngày 12/02/2025",
            "Trước hạn",
        ]
        for n in range(1, count + 1)
    ]


def appendix(*content: list[str]) -> dict[str, Any]:
    return {
        "title": TITLE,
        "note": "Kèm theo Báo cáo thành tích của bà Lý Thị Ánh Nguyệt",
        "wide": True,
        "blocks": [{"kind": "tasks", "rows": list(content)}],
    }


def page(*content: list[str]) -> str:
    return html("report", samples.report(1) | {"appendices": [appendix(*content)]})


def add(story: Story, report: Any, *found: TaskRow) -> None:
    for row in found:
        actions.add_task(report=report, row=row, **story.as_head())


@pytest.mark.django_db
def test_a_report_without_tasks_has_no_appendix(story: Story) -> None:
    paper = report_paper(story.report(), on=None, today=DAY)
    assert paper.snapshot["appendices"] == []
    assert "Phụ lục" not in html("report", paper.snapshot)


@pytest.mark.django_db
def test_tasks_are_numbered_below_their_headings(story: Story) -> None:
    report = story.report()
    heading = TaskRow(True, "I. Nhiệm vụ thường xuyên")
    add(story, report, heading, TaskRow(False, "Việc một"), heading, TaskRow(False, "Việc hai"))
    [found] = report_paper(report, on=DAY, today=DAY).snapshot["appendices"]
    assert found["note"] == f"Kèm theo Báo cáo thành tích ngày {DAY:%d/%m/%Y} của ông Hoàng Thị Én"
    assert [row[:2] for row in found["blocks"][0]["rows"]] == [
        ["", heading.name],
        ["1", "Việc một"],
        ["", heading.name],
        ["2", "Việc hai"],
    ]


@pytest.mark.django_db
def test_a_draft_is_made_anew_when_the_tasks_change(story: Story) -> None:
    report = story.report()
    first = actions.order_report(report=report, **story.as_head())
    assert actions.order_report(report=report, **story.as_head()) == first
    add(story, report, ODD)
    again = actions.order_report(report=report, **story.as_head())
    assert again.snapshot["appendices"][0]["blocks"][0]["rows"] == [["1", *ODD[1:]]]


@pytest.mark.django_db
def test_what_is_handed_in_holds_the_tasks(story: Story) -> None:
    report = story.report(story.mine)
    add(story, report, ODD)
    dossier = story.submitted()
    assert dossier.snapshot is not None
    papers = [paper for paper in dossier.snapshot["papers"] if paper["kind"] == "report"]
    found = {paper["report"]: paper["snapshot"]["appendices"] for paper in papers}
    assert found.pop(report.pk)[0]["blocks"][0]["rows"] == [["1", *ODD[1:]]]
    assert list(found.values()) == [[], []]


def test_text_out_of_a_spreadsheet_is_no_markup() -> None:
    made = page(["1", *ODD[1:]])
    assert "**không đậm** và _không nghiêng_ | &lt;b&gt;thẻ&lt;/b&gt; &amp; {{ biến }}" in made
    assert "- Đợt 1<br>- Đợt 2" in made


def test_the_report_says_that_there_is_an_appendix() -> None:
    text = run(render_pdf(page(*rows(1))), "pdftotext", "-layout", "FILE", "-")
    assert f"Phụ lục kèm theo: {TITLE}." in " ".join(text.split())
    assert "\fPhụ lục" in text.replace(" ", "").replace("Phụlục", "Phụ lục")


def test_the_table_lies_across_and_repeats_its_head() -> None:
    layout = lay_out(page(*rows(60)))
    first = layout.page_of("appendix-1")
    sheets = sheets_of(layout.pdf())
    assert len(sheets) - first > 4
    for sheet in sheets[first:]:
        assert sheet.width > sheet.height
        text = "".join(word.text for word in sheet.words)
        assert "STTCôngviệc,nhiệmvụ" in text


def test_every_row_is_printed_once_and_in_order() -> None:
    text = " ".join(run(render_pdf(page(*rows(300))), "pdftotext", "-raw", "FILE", "-").split())
    found = re.findall(r"(\d+) Tham mưu .{30,60}? đợt (\d+) Công văn số (\d+)/SNV", text)
    assert found == [(str(n),) * 3 for n in range(1, 301)]


def test_a_long_word_stays_in_its_column() -> None:
    sheet = sheets_of(render_pdf(page(["1", *ODD[1:]])))[-1]
    assert max(word.right for word in sheet.words) < sheet.width - 15


def test_four_digits_stand_on_one_line() -> None:
    sheet = sheets_of(render_pdf(page(["5000", *ODD[1:]])))[-1]
    assert "5000" in [word.text for word in sheet.words]


def test_columns_are_the_same_in_word() -> None:
    made = page(*rows(3))
    [table] = [t for t in opened(word.docx(made)).tables if len(t.columns) == 7]
    written = [round(column.width.mm, 1) for column in table.columns if column.width]
    alone = html("report", samples.report(0) | {"appendices": []})
    body = made[made.index('<div class="appendix') :]
    printed = columns_on_paper(alone[: alone.index("<body") + 6] + body)[0]
    assert written == pytest.approx(printed, abs=0.5)


@pytest.mark.django_db
def test_lists_do_not_load_what_the_papers_say(story: Story, client_for: Any) -> None:
    story.submitted()
    case = {"slug": story.campaign.slug}
    pages = (
        reverse("dossiers:list"),
        reverse("dossiers:overview", kwargs=case),
        reverse("dossiers:unit_case", kwargs={**case, "unit_pk": story.people.unit.pk}),
        reverse("home"),
    )
    client = client_for(story.people.office)
    for address in pages:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        assert not [q["sql"] for q in queries if '"dossiers_dossier"."snapshot"' in q["sql"]]
