"""The machine's writer: transitions of cases go through `advance`, every act leaves a step."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction

from emulation.models import Look, Step, User
from emulation.workflow import Refused, Workflow

C = TypeVar("C", bound=models.Model)
# A state as it is stored, and as people read it.
Named = tuple[str, str]


@transaction.atomic
def advance(
    workflow: Workflow[Any],
    case: C,
    act: str,
    *,
    by: User,
    at: datetime,
    note: str = "",
    roles: frozenset[str],
    fields: dict[str, Any] | None = None,
) -> C:
    """Make `act` on `case`: lock the row, ask the table, write state, `fields` and a step.

    `roles` are those that count for this case. Returns the locked, saved row; raises `Refused`.
    """
    locked = type(case)._default_manager.select_for_update().get(pk=case.pk)
    reason = workflow.obstacle(locked, act, roles=roles, note=note, at=at)
    if reason:
        raise Refused(reason)
    transition = workflow.transitions[act]
    before = str(locked.state)  # type: ignore[attr-defined]
    locked.state = transition.target  # type: ignore[attr-defined]
    for name, value in (fields or {}).items():
        setattr(locked, name, value)
    locked.save(update_fields=["state", *(fields or {})])
    record_step(
        subject=locked,
        act=act,
        label=transition.label,
        before=(before, workflow.states.get(before, before)),
        after=(transition.target, workflow.states.get(transition.target, transition.target)),
        by=by,
        at=at,
        note=note.strip(),
    )
    return locked


def record_step(
    *,
    subject: models.Model,
    act: str,
    label: str,
    before: Named = ("", ""),
    after: Named,
    by: User,
    at: datetime,
    note: str = "",
) -> Step:
    """Write down what was done to `subject`; an act that leaves its state has no `before`."""
    return Step.objects.create(
        subject_type=ContentType.objects.get_for_model(subject),
        subject_id=subject.pk,
        act=act,
        label=label,
        from_state=before[0],
        from_label=before[1],
        to_state=after[0],
        to_label=after[1],
        by=by,
        at=at,
        note=note,
    )


def record_look(*, subject: models.Model, by: User, what: str, at: datetime) -> Look:
    """Leave the trace that somebody from outside the unit opened `subject`."""
    return Look.objects.create(
        subject_type=ContentType.objects.get_for_model(subject),
        subject_id=subject.pk,
        what=what,
        by=by,
        at=at,
    )
