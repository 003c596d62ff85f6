"""Reports that repeat one another are found; what all have to write is held against nobody."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import example, given
from hypothesis import strategies as st

from campaigns.models import Campaign, RegistrationLine
from dossiers import actions, similarity
from dossiers.models import FormSection, Report, Similarity
from dossiers.similarity import COMMON_UNITS, Text, matches
from dossiers.views.similar import likenesses, likenesses_in
from tests.conftest import SafeClient, Sent
from tests.dossiers.conftest import Story
from tests.factories import NOW, make_individual, make_nomination, make_report, make_unit


def words(first: int, count: int) -> str:
    return " ".join(f"việc{n}" for n in range(first, first + count))


def test_a_copy_is_found_with_the_passage_it_shares() -> None:
    own = f"Mở đầu riêng. {words(0, 60)}"
    (match,) = matches([Text(1, 1, own), Text(2, 2, f"{words(0, 60)}; kết luận khác.")])
    assert (match.first, match.second) == (1, 2)
    assert match.share >= 95
    assert match.passage == words(0, 60)


def test_case_punctuation_and_composition_of_signs_hide_nothing() -> None:
    text = " ".join(f"Hoàn thành nhiệm vụ thứ {n}" for n in range(20))
    other = unicodedata.normalize("NFD", text.upper().replace(" THỨ", ", – THỨ"))
    assert matches([Text(1, 1, text), Text(2, 2, other)])[0].share == 100


def test_a_few_words_in_common_are_nothing() -> None:
    one, other = words(0, 100), f"{words(0, 20)} {words(500, 80)}"
    assert matches([Text(1, 1, one), Text(2, 2, other)]) == []


def test_short_texts_are_not_compared() -> None:
    assert matches([Text(1, 1, words(0, 15)), Text(2, 2, words(0, 15))]) == []


def test_what_the_plan_says_may_be_repeated() -> None:
    plan = words(1000, 60)
    one, other = f"{plan} {words(0, 60)}", f"{plan} {words(200, 60)}"
    assert matches([Text(1, 1, one), Text(2, 2, other)], [plan]) == []
    assert matches([Text(1, 1, one), Text(2, 2, other)]) != []


def test_what_many_units_write_is_given_but_not_what_many_of_one_unit_copy() -> None:
    common = words(1000, 60)
    texts = [Text(n, n, f"{common} {words(n * 100, 60)}") for n in range(COMMON_UNITS)]
    assert matches(texts) == []
    same_unit = [Text(n, 1, f"{common} {words(n * 100, 60)}") for n in range(COMMON_UNITS + 3)]
    assert matches(same_unit) != []


def test_a_report_that_is_mostly_what_everybody_writes_is_told_of() -> None:
    common = words(1000, 60)
    texts = [Text(n, n, f"{common} {words(n * 100, 20)}") for n in range(COMMON_UNITS)]
    assert len(matches(texts)) == COMMON_UNITS * (COMMON_UNITS - 1) / 2
    copies = [Text(n, n, common) for n in range(similarity.MANY + 5)]
    found = matches(copies)
    assert {match.share for match in found} == {100}
    assert {pk for match in found for pk in (match.first, match.second)} == set(range(len(copies)))


def test_everybody_in_a_long_row_of_copies_is_told() -> None:
    texts = [Text(n, 1, words(0, 60)) for n in range(similarity.MANY + 5)]
    found = matches(texts)
    assert {pk for match in found for pk in (match.first, match.second)} == set(range(len(texts)))


PIECES = (words(0, 40), words(20, 40), words(20, 40).upper(), "ạ̣ - *|", "\n\n- ")


@given(
    st.lists(
        st.text(alphabet="ab \n-*|ạ̣Đ", max_size=400)
        | st.lists(st.sampled_from(PIECES), max_size=6).map(" ".join),
        max_size=6,
    )
)
@example([words(0, 60), "", words(0, 60)])
def test_any_text_can_be_compared(texts: list[str]) -> None:
    for match in matches([Text(n, n, text) for n, text in enumerate(texts)]):
        assert match.first < match.second
        assert similarity.SHARE <= match.share <= 100


# --- stored and shown -----------------------------------------------------------------------------


def copied(story: Story) -> tuple[Report, Report]:
    """Two reports of one unit with the same text."""
    text = f"Đã chủ động tham mưu {words(0, 80)}"
    made = []
    for nomination in (story.mine, story.other):
        report = story.report(nomination)
        entries = story.texts(report, text)
        made.append(
            actions.save_report(
                report=report, version=report.version, entries=entries, **story.as_head()
            )
        )
    actions.compare_reports(campaign=story.campaign, at=NOW)
    return made[0], made[1]


@pytest.mark.django_db
def test_comparing_twice_finds_the_same_once(story: Story) -> None:
    mine, other = copied(story)
    assert actions.compare_reports(campaign=story.campaign, at=NOW) == 1
    row = Similarity.objects.get()
    assert {row.first_id, row.second_id} == {mine.pk, other.pk}


@pytest.mark.django_db
def test_nothing_is_locked_while_texts_are_compared(story: Story) -> None:
    copied(story)
    with CaptureQueriesContext(connection) as queries:
        actions.compare_reports(campaign=story.campaign, at=NOW)
    said = [query["sql"] for query in queries]
    locked = next(i for i, sql in enumerate(said) if sql.startswith("SAVEPOINT"))
    read = [i for i, sql in enumerate(said) if "reportentry" in sql or "statement" in sql]
    assert read
    assert max(read) < locked


@pytest.mark.django_db
@pytest.mark.parametrize("where", ["plan", "area", "target", "criterion", "hint", "registration"])
def test_what_was_quoted_is_not_held_against_anybody(where: str, story: Story) -> None:
    """Half of each text is the other's, word for word, but from the plan, the form or a promise."""
    quoted, campaign, report = words(1000, 60), story.campaign, story.report(story.mine)
    reports = {report: words(0, 60), story.report(story.other): words(200, 60)}
    for written, own in reports.items():
        actions.save_report(
            report=written,
            version=written.version,
            entries={next(iter(story.texts(written))): f"{quoted}. {own}"},
            **story.as_head(),
        )
    assert actions.compare_reports(campaign=campaign, at=NOW) == 1
    match where:
        case "plan":
            Campaign.objects.filter(pk=campaign.pk).update(requirements=quoted)
            campaign.refresh_from_db()
        case "area":
            campaign.areas.create(title="Nội dung", text=quoted)
        case "target":
            campaign.targets.create(metric="Chỉ tiêu", text=quoted)
        case "criterion":
            campaign.criteria.create(text=quoted, applies="both", kind="attested")
        case "hint":
            FormSection.objects.filter(form=report.form).update(hint=quoted)
        case "registration":
            RegistrationLine.objects.update(commitment=quoted)
    assert actions.compare_reports(campaign=campaign, at=NOW) == 0


@pytest.mark.django_db
def test_a_report_written_anew_is_no_longer_held_against_anybody(story: Story) -> None:
    mine, _ = copied(story)
    entries = story.texts(mine, words(900, 120))
    actions.save_report(report=mine, version=mine.version, entries=entries, **story.as_head())
    assert actions.compare_reports(campaign=story.campaign, at=NOW) == 0
    assert not Similarity.objects.exists()


@pytest.mark.django_db
def test_another_unit_s_report_is_not_named(story: Story) -> None:
    mine = story.write(story.mine)
    far = make_unit(story.campaign.agency)
    person = make_individual(far)
    nomination = make_nomination(far, person, story.offer, by=story.people.office)
    theirs = make_report(nomination, form=mine.form)
    Similarity.objects.create(
        campaign=story.campaign,
        first=mine,
        second=theirs,
        share=80,
        passage="đoạn chung",
        found_at=NOW,
    )
    (told,) = likenesses(story.people.head, [mine])
    assert (told.name, told.other_url) == (story.mine.subject_name, "")
    assert person.full_name not in told.other
    assert likenesses(story.people.outsider, [mine]) == []


@pytest.mark.django_db
def test_asking_again_within_the_minute_asks_once(
    story: Story, sent: Sent, django_capture_on_commit_callbacks: Any
) -> None:
    cache.clear()
    with django_capture_on_commit_callbacks(execute=True):
        actions.ask_to_compare(campaign=story.campaign)
        actions.ask_to_compare(campaign=story.campaign)
    assert [name for name, _ in sent.tasks] == ["dossiers.compare_reports"]


@pytest.mark.django_db
def test_the_author_is_warned_beside_the_text(story: Story, client: SafeClient) -> None:
    mine, other = copied(story)
    client.force_login(story.people.head)
    page = client.get(reverse("dossiers:report", args=(mine.pk,))).content.decode()
    assert "Báo cáo trùng nội dung" in page
    assert reverse("dossiers:report", args=(other.pk,)) in page
    assert likenesses_in(story.people.office, story.campaign) == []
