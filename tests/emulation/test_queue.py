"""Work goes out by name, once the rows that it is about are committed."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from emulation.queue import enqueue
from tests.conftest import Sent


@pytest.mark.django_db(transaction=True)
def test_nothing_is_sent_before_the_commit(sent: Sent) -> None:
    with transaction.atomic():
        enqueue("dossiers.render_document", 7)
        enqueue("dossiers.render_document", 8)
        assert sent.tasks == []
    assert sent.tasks == [("dossiers.render_document", (7,)), ("dossiers.render_document", (8,))]


@pytest.mark.django_db(transaction=True)
def test_nothing_is_sent_when_the_transaction_is_rolled_back(sent: Sent) -> None:
    with transaction.atomic():
        enqueue("dossiers.render_document", 7)
        transaction.set_rollback(True)
    assert sent.tasks == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("error", [OperationalError("no broker"), ConnectionError("refused")])
def test_a_broker_that_is_away_is_logged_and_the_rows_stay(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise error

    monkeypatch.setattr(current_app, "send_task", refuse)
    with caplog.at_level(logging.ERROR), transaction.atomic():
        enqueue("dossiers.render_document", 7)
    assert "not queued: dossiers.render_document" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_mistake_of_ours_is_not_swallowed(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise TypeError("not JSON")

    monkeypatch.setattr(current_app, "send_task", fail)
    with pytest.raises(TypeError), transaction.atomic():
        enqueue("dossiers.render_document", 7)
