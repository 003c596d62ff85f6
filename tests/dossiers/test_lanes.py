"""Who waits for whom, how long a worker may hold a document, and what an order costs."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from dossiers import actions
from dossiers.actions import leases, making
from dossiers.actions.leases import Lease
from dossiers.documents.making import make
from dossiers.models import Document
from dossiers.models.documents import Lane
from tests.conftest import Sent
from tests.dossiers import samples
from tests.dossiers.conftest import Story
from tests.factories import NOW, make_batch, make_document

State = Document.State
SECOND = timedelta(seconds=1)


def clock() -> datetime:
    return NOW


# --- Lanes ----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_drafts_are_woken_in_a_queue_of_their_own(
    story: Story, sent: Sent, django_capture_on_commit_callbacks: Any
) -> None:
    dossier = story.complete()
    with django_capture_on_commit_callbacks(execute=True):
        actions.order_dossier(dossier=dossier, **story.as_head())
    assert set(sent.queues) == {"previews"}
    actions.act_on_dossier(dossier=dossier, act="submit", **story.as_head())
    sent.queues.clear()
    with django_capture_on_commit_callbacks(execute=True):
        actions.order_batch(campaign=story.campaign, **story.as_office())
    assert set(sent.queues) == {"documents"}


@pytest.mark.django_db
def test_a_worker_takes_only_from_its_own_lane(story: Story) -> None:
    story.submitted()
    batch = actions.order_batch(campaign=story.campaign, **story.as_office())
    other = story.dossier(decider="minister")
    values: dict[str, Any] = {"by": story.people.head, "snapshot": samples.letter()}
    drafts = [make_document(other, **values) for _ in range(3)]
    assert actions.make_documents(first=drafts[-1].pk, clock=clock) == 3
    assert set(batch.documents.values_list("state", flat=True)) == {State.PENDING}
    more = make_document(other, **values)
    first = batch.documents.order_by("pk").values_list("pk", flat=True)[0]
    assert actions.make_documents(first=first, clock=clock) == 7
    more.refresh_from_db()
    assert more.state == State.PENDING


@pytest.mark.django_db
def test_a_draft_that_is_gone_leads_to_the_other_drafts(story: Story) -> None:
    draft = make_document(story.dossier(), by=story.people.head, snapshot=samples.letter())
    assert actions.make_documents(first=draft.pk + 1000, clock=clock) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "kind", "lane"),
    [
        (None, "letter", Lane.PREVIEWS),
        ("ABCD-EFGH-JKLM", "letter", Lane.DOCUMENTS),
    ],
)
def test_the_lane_of_a_row_is_the_lane_it_is_found_in(
    story: Story, code: str | None, kind: str, lane: Lane
) -> None:
    address = f"https://a.vn/{code}/"
    issue = {"code": code, "address": address, "issued_date": NOW.date()} if code else {}
    row = make_document(story.dossier(), by=story.people.head, kind=kind, **issue)
    assert row.lane == lane
    for each in Lane:
        assert Document.objects.in_lane(each).filter(pk=row.pk).exists() is (each == lane)


@pytest.mark.django_db
def test_what_a_batch_prints_waits_with_the_batches(story: Story) -> None:
    """It bears no code, and yet nobody waits for it at the screen."""
    batch = make_batch(story.campaign, by=story.people.office)
    row = Document.objects.create(
        kind="signing",
        campaign=story.campaign,
        batch=batch,
        subject="Các trang ký",
        snapshot={},
        created_by=story.people.office,
        created_at=NOW,
    )
    assert row.lane == Lane.DOCUMENTS
    assert list(Document.objects.in_lane(Lane.DOCUMENTS)) == [row]
    assert not Document.objects.in_lane(Lane.PREVIEWS).exists()


def test_every_lane_has_a_queue_and_short_work_stays_out_of_the_batches() -> None:
    assert set(django_settings.CELERY_TASK_QUEUES) == set(Lane)
    assert django_settings.CELERY_TASK_DEFAULT_QUEUE == Lane.PREVIEWS


# --- Leases ---------------------------------------------------------------------------------------


class Rows:
    """Stands in for the row: another thread cannot see what a test has not committed."""

    def __init__(self, errors: int = 0) -> None:
        self.updates: list[dict[str, Any]] = []
        self.errors = errors
        self.enough = threading.Event()

    def __call__(self, document: Document) -> Rows:
        return self

    def update(self, **values: Any) -> int:
        self.updates.append(values)
        if len(self.updates) > self.errors:
            self.enough.set()
            return 1
        raise OperationalError("the database is restarting")


@pytest.fixture
def claimed(story: Story) -> Document:
    row = make_document(story.dossier(), by=story.people.head, snapshot=samples.letter())
    found = making.claim(pk=row.pk, at=NOW)
    assert found is not None
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("errors", [0, 2])
def test_a_claim_is_renewed_while_the_worker_lives(
    claimed: Document, monkeypatch: pytest.MonkeyPatch, errors: int
) -> None:
    rows = Rows(errors)
    monkeypatch.setattr(leases, "held", rows)
    monkeypatch.setattr(leases, "BEAT_SECONDS", 0.01)
    later = NOW + timedelta(seconds=30)
    with Lease(claimed, lambda: later) as lease:
        lease.tell(40)
        assert rows.enough.wait(20)
    length = timedelta(seconds=django_settings.DOCUMENT_LEASE)
    assert rows.updates[-1] == {"claimed_until": later + length, "progress": 40}
    count = len(rows.updates)
    time.sleep(0.05)
    assert len(rows.updates) == count, "a document that is done is not held any longer"


@pytest.mark.django_db
def test_a_short_claim_is_renewed_before_it_runs_out(
    claimed: Document, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    """And the connection that the thread opened goes with it."""
    rows, closed = Rows(), list[str]()
    monkeypatch.setattr(leases, "held", rows)
    monkeypatch.setattr(leases, "BEAT_SECONDS", 3600)
    close = SimpleNamespace(close=lambda: closed.append(threading.current_thread().name))
    monkeypatch.setattr(leases, "connection", close)
    settings.DOCUMENT_LEASE = 0.04
    with Lease(claimed, clock):
        assert rows.enough.wait(20)
        assert closed == []
    assert closed == ["lease"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        {"state": State.PENDING, "claimed_until": None},
        {"state": State.FAILED, "claimed_until": None, "error": "Lỗi."},
        {"started_at": NOW + SECOND},
        {"attempts": 2},
    ],
)
def test_a_document_that_was_taken_away_is_held_no_longer(
    claimed: Document, change: dict[str, Any]
) -> None:
    assert leases.held(claimed).exists()
    Document.objects.filter(pk=claimed.pk).update(**change)
    assert not leases.held(claimed).exists()


@pytest.mark.django_db
def test_a_renewed_claim_is_still_handed_in_and_no_other_worker_gets_it(
    claimed: Document, tmp_path: Path
) -> None:
    later = NOW + timedelta(seconds=django_settings.DOCUMENT_LEASE) + SECOND
    leases.held(claimed).update(claimed_until=leases.lease_end(later))
    assert making.claim(pk=claimed.pk, at=later) is None
    assert making.hand_in(document=claimed, made=make(claimed, tmp_path), at=later)
    claimed.refresh_from_db()
    assert (claimed.state, claimed.attempts, claimed.progress) == (State.READY, 1, 100)


@pytest.mark.django_db
def test_a_worker_from_before_a_retry_cannot_hand_in(claimed: Document, tmp_path: Path) -> None:
    Document.objects.filter(pk=claimed.pk).update(
        state=State.PENDING, claimed_until=None, attempts=0
    )
    again = making.claim(pk=claimed.pk, at=NOW + SECOND)
    assert again is not None
    assert again.attempts == claimed.attempts
    made = make(claimed, tmp_path)
    assert not making.hand_in(document=claimed, made=made, at=NOW + SECOND)
    assert making.hand_in(document=again, made=made, at=NOW + SECOND)


@pytest.mark.django_db
def test_what_takes_too_long_is_given_up_with_the_reason(story: Story, settings: Settings) -> None:
    settings.DOCUMENT_TIME_LIMIT = 120
    row = make_document(story.dossier(), by=story.people.head, snapshot=samples.letter())
    times = iter([NOW, *(NOW + timedelta(seconds=50) * n for n in range(1000))])
    assert not actions.make_document(pk=row.pk, clock=lambda: next(times))
    row.refresh_from_db()
    assert row.state == State.FAILED
    assert row.error.startswith("Văn bản quá dài nên chưa tạo xong sau 2 phút")
    assert row.claimed_until is None


def test_the_worker_is_stopped_only_after_it_could_have_said_why() -> None:
    assert django_settings.CELERY_TASK_TIME_LIMIT > django_settings.DOCUMENT_TIME_LIMIT
    assert django_settings.DOCUMENT_LEASE >= 4 * leases.BEAT_SECONDS


# --- How far --------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "snapshot", "most"),
    [("list", samples.roll(60), 1.5), ("report", samples.report(12), 1.5)],
)
def test_progress_only_grows_and_the_pages_are_guessed_about_right(
    story: Story, kind: str, snapshot: dict[str, Any], most: float, tmp_path: Path
) -> None:
    values: dict[str, Any] = {"kind": kind, "snapshot": snapshot}
    if kind == "report":
        values["report"] = story.report()
    row = make_document(story.dossier(), by=story.people.head, **values)
    told: list[int] = []
    made = make(row, tmp_path, told.append)
    assert told == sorted(told)
    assert told[-1] == 95
    layout = [percent for percent in told if 10 < percent < 75]
    assert len(set(layout)) >= made.pages / most - 2, "the bar should not jump to its end"
    assert not logging.getLogger("weasyprint.progress").handlers


@pytest.mark.django_db
def test_a_bound_dossier_tells_how_far_it_is_too(story: Story, tmp_path: Path) -> None:
    *papers, bound = actions.order_dossier(dossier=story.complete(), **story.as_head())
    actions.make_documents(first=papers[0].pk, clock=clock)
    told: list[int] = []
    make(Document.objects.get(pk=bound.pk), tmp_path, told.append)
    assert told == sorted(told)
    assert told[0] > 0
    assert told[-1] == 95


# --- What an order costs --------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_batch_of_unchanged_dossiers_costs_the_same_queries_for_any_number(
    story: Story,
) -> None:
    def ordered() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            actions.order_batch(campaign=story.campaign, **story.as_office())
        return len(queries)

    story.submitted()
    ordered()
    first = Document.objects.order_by("pk").values_list("pk", flat=True)[0]
    actions.make_documents(first=first, clock=clock)
    alone = ordered()
    assert alone <= 14
    dossier = story.dossier(decider="minister")
    mine = Document.objects.filter(kind="dossier").get().dossier
    assert mine is not None
    type(dossier).objects.filter(pk=dossier.pk).update(
        state="submitted", submitted_at=mine.submitted_at, snapshot=mine.snapshot
    )
    ordered()
    actions.make_documents(first=Document.objects.latest("pk").pk, clock=clock)
    assert Document.objects.exclude(state=State.READY).count() == 0
    assert ordered() == alone


@pytest.mark.django_db
def test_what_is_made_of_one_document_is_a_handful_of_queries(
    story: Story, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    row = make_document(story.dossier(), by=story.people.head, snapshot=samples.letter())
    with django_assert_max_num_queries(6):
        assert actions.make_document(pk=row.pk, clock=clock)
