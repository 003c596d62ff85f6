"""The demo loads once, whole, through the actions, and leaves alone what people changed since."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.management import call_command
from django.db import models, transaction
from django.test import override_settings
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from awards.models import Meeting, Nomination
from campaigns.models import Campaign, Registration
from dossiers.demo.source import HERE, cases, rows, tasks
from dossiers.models import Dossier, Report, ReportEntry
from emulation.models import Individual, Rating, RoleGrant, Step, Succession, Unit, User

pytestmark = pytest.mark.django_db

TABLES: tuple[type[models.Model], ...] = (
    Unit,
    Succession,
    Individual,
    Rating,
    User,
    RoleGrant,
    Campaign,
    Registration,
    Nomination,
    Meeting,
    Dossier,
    Report,
    ReportEntry,
    Step,
)


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Loaded once for the module; each test changes it in a transaction of its own."""
    fast = override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
    with django_db_blocker.unblock(), transaction.atomic(), fast:
        for command in ("load_catalogue", "load_forms", "load_demo"):
            call_command(command, verbosity=0, stdout=_Quiet())
        yield
        transaction.set_rollback(True)


class _Quiet:
    def write(self, text: str) -> None:
        pass


def _counts() -> dict[str, int]:
    return {table.__name__: table._default_manager.count() for table in TABLES}


@pytest.mark.usefixtures("demo")
def test_loads_once() -> None:
    before = _counts()
    call_command("load_demo", stdout=_Quiet())
    assert _counts() == before


@pytest.mark.usefixtures("demo")
def test_leaves_alone_what_people_changed() -> None:
    unit = Unit.objects.get(code="phong-cchc-ls")
    Unit.objects.filter(pk=unit.pk).update(phone="0205 1111 111")
    Individual.objects.filter(staff_code="LS-0044").update(full_name="Sầm Văn Tuyên")
    user = User.objects.get(username="vanphong")
    user.set_password("another long pass phrase")
    user.save()
    RoleGrant.objects.filter(user__username="hoidong").delete()
    report = Report.objects.order_by("pk")[0]
    entry = report.entries.order_by("pk")[0]
    ReportEntry.objects.filter(pk=entry.pk).update(text="Đã sửa.")
    Campaign.objects.filter(slug="thanh-hoa-2024").update(state="closed")

    call_command("load_demo", stdout=_Quiet())

    unit.refresh_from_db()
    entry.refresh_from_db()
    user.refresh_from_db()
    assert unit.phone == "0205 1111 111"
    assert Individual.objects.get(staff_code="LS-0044").full_name == "Sầm Văn Tuyên"
    assert user.check_password("another long pass phrase")
    assert not RoleGrant.objects.filter(user__username="hoidong").exists()
    assert entry.text == "Đã sửa."
    assert Campaign.objects.get(slug="thanh-hoa-2024").state == "closed"


@pytest.mark.usefixtures("demo")
def test_fills_in_what_is_missing() -> None:
    User.objects.filter(username="hoidong").delete()
    call_command("load_demo", stdout=_Quiet())
    account = User.objects.get(username="hoidong")
    assert account.check_password(settings.DEMO_PASSWORD)
    assert account.roles == {"COUNCIL"}


@pytest.mark.usefixtures("demo")
def test_people_and_units_of_lang_son() -> None:
    agency = Unit.objects.get(code=settings.DEMO_AGENCY)
    people = Individual.objects.filter(agency=agency)
    assert people.count() == 90
    today = timezone.localdate()
    live = {p.unit for p in people.select_related("unit")} - {agency}
    assert len(live) == 13
    assert all(unit.valid_to is None for unit in live)
    assert Unit.objects.current(today).filter(pk__in=[u.pk for u in live]).count() == 13
    assert set(Rating.objects.filter(individual__in=people).values_list("year", flat=True)) == {
        2023,
        2024,
        2025,
    }
    assert Rating.objects.filter(individual__in=people).count() == 270
    assert all(r.decision for r in Rating.objects.all())
    assert not Individual.objects.filter(full_name="Hoàng Thị Hiền").exists()
    for person in people:
        person.full_clean()


@pytest.mark.usefixtures("demo")
def test_accounts_share_a_password_and_reach_every_unit() -> None:
    users = list(User.objects.order_by("pk"))
    assert len({user.password for user in users}) == 1
    assert check_password(settings.DEMO_PASSWORD, users[0].password)
    heads = set(RoleGrant.objects.filter(role="UNIT_HEAD").values_list("unit__code", flat=True))
    assert heads >= {case["unit"] for case in cases()}
    assert {role for user in users for role in user.roles} == {
        "OFFICE",
        "UNIT_HEAD",
        "STAFF",
        "COUNCIL",
        "DIRECTOR",
        "ADMIN",
    }


@pytest.mark.usefixtures("demo")
def test_the_five_plans_are_campaigns() -> None:
    states = dict(Campaign.objects.order_by("slug").values_list("slug", "state"))
    assert states == {
        "hung-yen-2020": "closed",
        "lang-son-2024": "launched",
        "quang-ngai-2023": "closed",
        "soc-trang-2025": "closed",
        "thanh-hoa-2024": "launched",
    }
    assert all(campaign.participants.exists() for campaign in Campaign.objects.all())
    assert set(Dossier.objects.values_list("campaign__slug", flat=True)) == {"lang-son-2024"}


@pytest.mark.usefixtures("demo")
def test_dossiers_of_lang_son_stand_at_every_stage() -> None:
    states = Counter(Dossier.objects.order_by("pk").values_list("state", flat=True))
    assert states == {"accepted": 17, "submitted": 1, "returned": 1, "draft": 1}
    accepted = Report.objects.filter(nomination__state="received")
    assert accepted.count() >= 40
    assert Report.objects.count() >= 44
    levels = set(Dossier.objects.values_list("decider", flat=True))
    assert levels == {"agency", "minister", "prime_minister"}


@pytest.mark.usefixtures("demo")
def test_every_transition_has_its_step_in_order() -> None:
    for dossier in Dossier.objects.exclude(state="draft"):
        steps = list(Step.objects.about(dossier).values_list("to_state", "at"))
        assert steps[-1][0] == dossier.state
        assert [at for _, at in steps] == sorted(at for _, at in steps)
        assert all(dossier.created_at < at for _, at in steps)
    returned = Dossier.objects.get(state="returned")
    assert Step.objects.about(returned).last().note
    for step in Step.objects.all():
        local = timezone.localtime(step.at)
        assert local.isoweekday() <= 5, step
        assert 7 <= local.hour <= 17, step


def _texts() -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{case['unit']} {line['subject']}", line)
        for case in cases()
        for line in case["nominations"]
    ]


def test_texts_are_normal_and_have_no_machine_quotes() -> None:
    for path in sorted(HERE.rglob("*.json")):
        assert unicodedata.is_normalized("NFC", path.read_text(encoding="utf-8")), path
    for name, line in _texts():
        for text in line["report"].values():
            assert '"' not in text, name
            assert text == text.strip(), name


def test_reports_are_written_each_for_its_own_subject() -> None:
    """No two share more than one in twelve of their runs of five words."""
    found = {}
    for name, line in _texts():
        words = re.findall(r"\w+", " ".join(line["report"].values()).lower())
        found[name] = {tuple(words[i : i + 5]) for i in range(len(words) - 4)}
    for (a, one), (b, other) in combinations(found.items(), 2):
        assert len(one & other) * 12 <= min(len(one), len(other)), (a, b)


def test_files_name_only_what_exists() -> None:
    units = {row["code"] for row in rows("units.json")}
    people = {row["staff_code"]: row["unit"] for row in rows("people.json")}
    assert set(people.values()) <= units
    for case in cases():
        assert case["unit"] in units
        for line in [*case["registration"]["lines"], *case["nominations"]]:
            assert line["subject"] == "unit" or people[line["subject"]] == case["unit"]
    for unit, subjects in tasks().items():
        for subject, lines in subjects.items():
            assert subject == "unit" or people[subject] == unit
            assert {len(line) for line in lines} <= {1, 6}


@pytest.mark.usefixtures("demo")
def test_reports_have_the_tasks_of_the_files() -> None:
    found = {
        (unit, subject): [line[0] for line in lines]
        for unit, subjects in tasks().items()
        for subject, lines in subjects.items()
    }
    stored = {}
    for report in Report.objects.exclude(tasks=None).distinct().with_subjects():
        person = report.nomination.individual
        key = report.nomination.unit.code, person.staff_code if person else "unit"
        stored[key] = [task.name for task in report.tasks.all()]
    assert stored == found
    dossier = Dossier.objects.get(unit__code="phong-cchc-ls", decider="minister")
    assert dossier.snapshot is not None
    papers = [paper for paper in dossier.snapshot["papers"] if paper["kind"] == "report"]
    assert all(paper["snapshot"]["appendices"] for paper in papers)
