"""The machine itself, on a workflow that exists only here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pytest

from emulation.workflow import Transition, Workflow
from tests.factories import NOW

DEADLINE = datetime(2026, 11, 20, 12, 0, tzinfo=NOW.tzinfo)


@dataclass
class Case:
    state: str = "draft"
    complete: bool = True


def is_complete(case: Case) -> str:
    return "" if case.complete else "Hồ sơ còn thiếu thành phần."


def in_time(case: Case, at: datetime) -> str:
    return "" if at <= DEADLINE else "Đã quá hạn."


MACHINE: Workflow[Case] = Workflow(
    {
        "submit": Transition("Trình", ("draft", "returned"), "sent", ("HEAD",), is_complete),
        "return": Transition("Trả lại", ("sent",), "returned", ("OFFICE",), needs_note=True),
        "register": Transition("Đăng ký", ("draft",), "sent", ("HEAD",), deadline=in_time),
    },
    {"draft": "Đang soạn", "sent": "Đã trình", "returned": "Trả lại"},
)


def test_an_allowed_act_has_no_obstacle() -> None:
    assert MACHINE.obstacle(Case(), "submit", roles={"HEAD"}) == ""
    assert MACHINE.obstacle(Case("returned"), "submit", roles={"HEAD", "OTHER"}) == ""


@pytest.mark.parametrize("roles", [set(), {"OFFICE"}, {"head"}])
def test_a_role_that_is_not_in_the_table_may_not(roles: set[str]) -> None:
    reason = MACHINE.obstacle(Case(), "submit", roles=roles)
    assert reason == "Bạn không có quyền thực hiện thao tác “Trình”."


@pytest.mark.parametrize("state", ["sent", "unheard-of"])
def test_a_state_that_is_not_in_the_table_may_not(state: str) -> None:
    reason = MACHINE.obstacle(Case(state), "submit", roles={"HEAD"})
    shown = {"sent": "Đã trình"}.get(state, state)
    assert reason == f"Đang ở trạng thái “{shown}” nên không thể trình."


def test_the_guard_gives_its_reason() -> None:
    reason = MACHINE.obstacle(Case(complete=False), "submit", roles={"HEAD"})
    assert reason == "Hồ sơ còn thiếu thành phần."


@pytest.mark.parametrize("note", ["", "  \n"])
def test_an_act_that_needs_a_note_needs_words(note: str) -> None:
    assert MACHINE.obstacle(Case("sent"), "return", roles={"OFFICE"}, note=note)
    assert not MACHINE.obstacle(Case("sent"), "return", roles={"OFFICE"}, note="Thiếu biên bản.")


def test_a_deadline_is_asked_with_the_clock() -> None:
    late = DEADLINE.replace(minute=1)
    assert MACHINE.obstacle(Case(), "register", roles={"HEAD"}, at=DEADLINE) == ""
    assert MACHINE.obstacle(Case(), "register", roles={"HEAD"}, at=late) == "Đã quá hạn."
    with pytest.raises(TypeError, match="deadline"):
        MACHINE.obstacle(Case(), "register", roles={"HEAD"})


def test_an_unknown_act_is_a_programming_error() -> None:
    with pytest.raises(KeyError):
        MACHINE.obstacle(Case(), "burn", roles={"HEAD"})


def test_a_page_shows_every_act_of_the_role_with_its_reason() -> None:
    acts = MACHINE.acts(Case("sent"), roles={"HEAD"}, at=NOW)
    assert [a.key for a in acts] == ["submit", "register"]
    assert all(a.reason for a in acts)
    assert MACHINE.acts(Case(), roles=(), at=NOW) == []


def test_a_page_offers_an_act_whose_note_is_yet_to_be_written() -> None:
    (act,) = MACHINE.acts(Case("sent"), roles={"OFFICE"}, at=NOW)
    assert (act.key, act.label, act.reason, act.needs_note) == ("return", "Trả lại", "", True)
