"""What an action leaves behind, and what it refuses."""

from __future__ import annotations

import smtplib
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import call_command

from campaigns.models import Registration
from emulation import catalogue
from emulation.actions import advance, record_look
from emulation.actions.accounts import (
    create_account,
    end_grant,
    grant_role,
    send_password_link,
    set_active,
)
from emulation.actions.catalogue import edit_law_row, load_catalogue
from emulation.models import (
    BaseSalary,
    Instrument,
    Look,
    PrizeCoefficient,
    RoleGrant,
    Step,
    Title,
    User,
    VotingRule,
)
from emulation.models.law import LawRow
from emulation.workflow import Refused, Transition, Workflow
from tests.conftest import People
from tests.factories import (
    NOW,
    make_agency,
    make_campaign,
    make_individual,
    make_registration,
    make_unit,
)

# advance()


def is_addressed(case: Registration) -> str:
    return "" if case.unit.place else "Đơn vị chưa có địa danh."


MACHINE: Workflow[Registration] = Workflow(
    {
        "submit": Transition("Trình", ("draft",), "submitted", ("UNIT_HEAD",), is_addressed),
        "return": Transition("Trả lại", ("submitted",), "returned", ("OFFICE",), needs_note=True),
    },
    {"draft": "Đang soạn", "submitted": "Đã trình", "returned": "Bị trả lại"},
)
HEAD, OFFICE = frozenset({"UNIT_HEAD"}), frozenset({"OFFICE"})


@pytest.fixture
def case(people: People) -> Registration:
    campaign = make_campaign(people.agency, participants=(people.unit,))
    return make_registration(campaign, people.unit, by=people.head)


def test_advance_writes_state_fields_and_step(people: People, case: Registration) -> None:
    moved = advance(
        MACHINE, case, "submit", by=people.head, at=NOW, roles=HEAD, note=" Kính trình. ",
        fields={"submitted_at": NOW},
    )  # fmt: skip
    case.refresh_from_db()
    assert (moved.state, case.state, case.submitted_at) == ("submitted", "submitted", NOW)
    step = Step.objects.about(case).get()
    assert (step.subject, step.act, step.label) == (case, "submit", "Trình")
    assert (step.from_state, step.to_state) == ("draft", "submitted")
    assert (step.from_label, step.to_label) == ("Đang soạn", "Đã trình")
    assert (step.by, step.at, step.note) == (people.head, NOW, "Kính trình.")


def refused(case: Registration, act: str, **values: Any) -> str:
    before = Registration.objects.filter(pk=case.pk).values().get()
    with pytest.raises(Refused) as caught:
        advance(MACHINE, case, act, at=NOW, **values)
    assert Registration.objects.filter(pk=case.pk).values().get() == before
    assert not Step.objects.about(case).exists()
    return str(caught.value)


def test_advance_refuses_and_leaves_nothing(people: People, case: Registration) -> None:
    assert "quyền" in refused(case, "submit", by=people.office, roles=OFFICE)
    assert "quyền" in refused(case, "submit", by=people.head, roles=frozenset())
    assert "trạng thái" in refused(case, "return", by=people.office, roles=OFFICE, note="x")
    people.unit.place = ""
    people.unit.save()
    assert "địa danh" in refused(case, "submit", by=people.head, roles=HEAD)


def test_advance_trusts_the_database_not_the_row_in_hand(
    people: People, case: Registration
) -> None:
    """Two tabs: the second click meets what the first has done."""
    stale = Registration.objects.get(pk=case.pk)
    advance(
        MACHINE, case, "submit", by=people.head, at=NOW, roles=HEAD, fields={"submitted_at": NOW}
    )
    with pytest.raises(Refused, match="Đã trình"):
        advance(MACHINE, stale, "submit", by=people.head, at=NOW, roles=HEAD)
    assert Step.objects.about(case).count() == 1


def test_advance_keeps_columns_that_it_was_not_given(people: People, case: Registration) -> None:
    case.note = "chỉ có trong bộ nhớ"  # type: ignore[attr-defined]
    before = Registration.objects.filter(pk=case.pk).values().get()
    advance(
        MACHINE, case, "submit", by=people.head, at=NOW, roles=HEAD, fields={"submitted_at": NOW}
    )
    after = Registration.objects.filter(pk=case.pk).values().get()
    assert after == {**before, "state": "submitted", "submitted_at": NOW}


def test_a_look_is_recorded(people: People, case: Registration) -> None:
    look = record_look(subject=case, by=people.council, what="Hồ sơ", at=NOW)
    assert Look.objects.about(case).get() == look
    assert (look.by, look.what, look.at) == (people.council, "Hồ sơ", NOW)


# The catalogue


TABLES: tuple[type[LawRow], ...] = (Instrument, Title, PrizeCoefficient, BaseSalary, VotingRule)


def rows() -> dict[str, list[Any]]:
    return {t.__name__: list(t._default_manager.order_by("pk").values()) for t in TABLES}


def test_loading_twice_gives_the_same_rows(db: None) -> None:
    counted = load_catalogue()
    first = rows()
    assert load_catalogue() == counted
    assert rows() == first
    assert counted == {
        "văn bản pháp luật": len(catalogue.INSTRUMENTS),
        "danh hiệu, hình thức khen thưởng": len(catalogue.TITLES),
        "hệ số tiền thưởng": len(catalogue.COEFFICIENTS),
        "mức lương cơ sở": len(catalogue.BASE_SALARIES),
        "tỷ lệ phiếu": len(catalogue.VOTING_RULES),
    }


def test_every_row_says_how_sure_it_is_and_passes_its_own_checks(db: None) -> None:
    load_catalogue()
    for table in TABLES:
        for row in table._default_manager.all():
            assert row.mark in ("V", "D", "B")
            row.full_clean()


def test_loading_restores_rows_that_nobody_edited(db: None) -> None:
    load_catalogue()
    Title.objects.filter(code="lao-dong-tien-tien").update(name="Sai tên")
    load_catalogue()
    assert Title.objects.get(code="lao-dong-tien-tien").name == "Lao động tiên tiến"


def test_rows_that_the_office_edited_stay(db: None) -> None:
    load_catalogue()
    title = Title.objects.get(code="lao-dong-tien-tien")
    edit_law_row(row=title, fields={"criteria": "Theo Quy chế của cơ quan.", "mark": "V"})
    load_catalogue()
    title.refresh_from_db()
    assert (title.criteria, title.edited) == ("Theo Quy chế của cơ quan.", True)


def test_an_edit_that_breaks_a_constraint_is_refused_in_words(db: None) -> None:
    load_catalogue()
    title = Title.objects.get(code="lao-dong-tien-tien")
    with pytest.raises(ValidationError, match="Ngày hết hiệu lực"):
        edit_law_row(row=title, fields={"valid_to": date(2020, 1, 1)})
    title.refresh_from_db()
    assert (title.valid_to, title.edited) == (None, False)


def test_the_law_of_the_day_of_the_plans(db: None) -> None:
    """The campaigns of 2024 close one month after their decree was replaced."""
    load_catalogue()
    codes = [
        set(Instrument.objects.in_force(on).values_list("code", flat=True))
        for on in (date(2023, 12, 31), date(2025, 6, 30), date(2025, 7, 1))
    ]
    assert "nd-91-2017" in codes[0]
    assert "nd-98-2023" not in codes[0]
    assert "nd-98-2023" in codes[1]
    assert "nd-152-2025" not in codes[1]
    assert "nd-98-2023" not in codes[2]
    assert "nd-152-2025" in codes[2]
    for on in (date(2023, 6, 30), date(2024, 7, 1), date(2026, 7, 1)):
        assert BaseSalary.objects.in_force(on).count() == 1


def test_the_command_says_what_it_loaded(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_catalogue")
    assert "mức lương cơ sở: 4" in capsys.readouterr().out


# Accounts


def test_an_account_starts_without_password_and_role(people: People) -> None:
    person = make_individual(people.unit)
    user = create_account(individual=person, username="moi", email="moi@example.vn")
    assert (user.agency, user.individual, user.is_active) == (people.agency, person, True)
    assert not user.has_usable_password()
    assert not user.role_grants.exists()


def test_a_name_is_taken_once_and_a_person_has_one_account(people: People) -> None:
    person = make_individual(people.unit)
    with pytest.raises(ValidationError) as caught:
        create_account(individual=person, username=people.head.username, email="a@example.vn")
    assert "username" in caught.value.message_dict
    assert people.head.individual
    with pytest.raises(ValidationError) as caught:
        create_account(individual=people.head.individual, username="b", email="b@example.vn")
    assert "individual" in caught.value.message_dict


def test_an_account_is_closed_and_opened(people: People) -> None:
    assert not set_active(account=people.head, active=False, by=people.admin).is_active
    assert set_active(account=people.head, active=True, by=people.admin).is_active


def test_nobody_closes_the_own_account(people: People) -> None:
    with pytest.raises(Refused):
        set_active(account=people.admin, active=False, by=people.admin)
    assert User.objects.get(pk=people.admin.pk).is_active


def test_a_role_is_granted_within_the_agency(people: People) -> None:
    since = date(2026, 1, 1)
    for unit in (people.agency, people.other_unit):
        grant = grant_role(
            account=people.staff, role="COUNCIL", unit=unit, valid_from=since, valid_to=None
        )
        assert grant in people.staff.role_grants.all()
    elsewhere = make_agency()
    for unit in (elsewhere, make_unit(elsewhere)):
        with pytest.raises(ValidationError) as caught:
            grant_role(
                account=people.staff, role="COUNCIL", unit=unit, valid_from=since, valid_to=None
            )
        assert "unit" in caught.value.message_dict


def test_a_role_is_not_granted_twice_nor_backwards(people: People) -> None:
    since = date(2020, 1, 1)
    for until in (None, date(2019, 1, 1)):
        with pytest.raises(ValidationError):
            grant_role(
                account=people.head, role="UNIT_HEAD", unit=people.unit, valid_from=since,
                valid_to=until,
            )  # fmt: skip
    assert people.head.role_grants.count() == 1


def test_a_role_ends_on_a_day_not_before_its_first(people: People) -> None:
    grant = people.head.role_grants.get()
    assert end_grant(grant=grant, valid_to=date(2026, 6, 30), by=people.admin).valid_to
    with pytest.raises(ValidationError, match="Ngày kết thúc"):
        end_grant(grant=grant, valid_to=date(2019, 12, 31), by=people.admin)
    assert RoleGrant.objects.get(pk=grant.pk).valid_to == date(2026, 6, 30)


def test_nobody_ends_the_own_administration(people: People) -> None:
    with pytest.raises(Refused):
        end_grant(grant=people.admin.role_grants.get(), valid_to=date(2026, 6, 30), by=people.admin)


def test_the_password_link_reaches_the_owner_only(people: People) -> None:
    User.objects.filter(pk=people.stranger.pk).update(email=people.head.email)
    send_password_link(account=people.head, site="https://thi-dua.example.vn")
    (message,) = mail.outbox
    assert message.to == [people.head.email]
    assert message.subject == "Đặt mật khẩu phần mềm Thi đua"
    assert people.head.username in message.body
    assert str(people.head) in message.body
    link = next(line for line in message.body.splitlines() if line.startswith("https://"))
    assert link.startswith("https://thi-dua.example.vn/mat-khau/dat-lai/")
    assert default_token_generator.check_token(people.head, link.rstrip("/").split("/")[-1])


@pytest.mark.parametrize(
    ("change", "reason"), [({"email": ""}, "thư điện tử"), ({"is_active": False}, "khóa")]
)
def test_no_link_without_address_or_to_a_closed_account(
    people: People, change: dict[str, Any], reason: str
) -> None:
    User.objects.filter(pk=people.head.pk).update(**change)
    with pytest.raises(Refused, match=reason):
        send_password_link(account=User.objects.get(pk=people.head.pk), site="https://x.vn")
    assert mail.outbox == []


@pytest.mark.parametrize("error", [smtplib.SMTPServerDisconnected(), ConnectionRefusedError()])
def test_a_mail_server_that_is_away_is_said(
    people: People, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def refuse(*args: Any, **kwargs: Any) -> int:
        raise error

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    with pytest.raises(Refused, match="Máy chủ thư"):
        send_password_link(account=people.head, site="https://x.vn")
