"""The workflow machine: a table of transitions that drives buttons, permissions and tests."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

S = TypeVar("S")


class Refused(Exception):
    """An act that the table or a guard does not allow; the text says why, in Vietnamese."""


def _go(subject: Any) -> str:
    return ""


@dataclass(frozen=True)
class Transition(Generic[S]):
    """One act: its label, the states it leaves, the state it reaches, who may do it, and a guard.

    `guard(subject)` returns "" to let the act pass, else the reason against it; `deadline(subject,
    at)` does the same for what depends on the clock.
    """

    label: str
    source: tuple[str, ...]
    target: str
    roles: tuple[str, ...]
    guard: Callable[[S], str] = _go
    needs_note: bool = False
    deadline: Callable[[S, datetime], str] | None = None


@dataclass(frozen=True)
class Act:
    """An act as a page shows it: disabled with `reason` unless that is ""."""

    key: str
    label: str
    reason: str
    needs_note: bool


@dataclass(frozen=True)
class Workflow(Generic[S]):
    """The transitions of one kind of case; `subject.state` holds where it stands."""

    transitions: Mapping[str, Transition[S]]
    states: Mapping[str, str]

    def obstacle(
        self,
        subject: S,
        act: str,
        *,
        roles: Collection[str],
        note: str = "",
        at: datetime | None = None,
    ) -> str:
        """Why `act` may not happen now for somebody who holds `roles`; "" means it may.

        An act with a deadline must be asked with `at`: without the clock it is a programming error.
        """
        transition = self.transitions[act]
        if not set(transition.roles) & set(roles):
            return f"Bạn không có quyền thực hiện thao tác “{transition.label}”."
        state = str(subject.state)  # type: ignore[attr-defined]
        if state not in transition.source:
            now = self.states.get(state, state)
            return f"Đang ở trạng thái “{now}” nên không thể {transition.label.lower()}."
        if transition.needs_note and not note.strip():
            return f"Hãy nêu lý do khi {transition.label.lower()}."
        reason = transition.guard(subject)
        if reason or transition.deadline is None:
            return reason
        if at is None:
            raise TypeError(f"{act!r} has a deadline: pass at=")
        return transition.deadline(subject, at)

    def acts(self, subject: S, *, roles: Collection[str], at: datetime | None = None) -> list[Act]:
        """Every act that `roles` could ever make, each with the reason why not now."""
        found = []
        for key, transition in self.transitions.items():
            if set(transition.roles) & set(roles):
                note = "có" if transition.needs_note else ""
                reason = self.obstacle(subject, key, roles=roles, note=note, at=at)
                found.append(Act(key, transition.label, reason, transition.needs_note))
        return found
