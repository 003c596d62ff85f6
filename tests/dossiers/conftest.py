"""A unit whose meeting has chosen two people and itself, with reports to write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings

from awards.models import Nomination
from campaigns.models import Campaign, Offer, Statement
from dossiers import actions
from dossiers.models import Document, Dossier, FormSection, Report, sections_for
from emulation.models import Individual, Title
from tests.conftest import People
from tests.factories import (
    NOW,
    make_campaign,
    make_dossier,
    make_dossier_parts,
    make_form,
    make_individual,
    make_line,
    make_meeting,
    make_milestone,
    make_nomination,
    make_offer,
    make_rating,
    make_registration,
    make_statements,
    make_title,
)
from tests.signing import Keys

LATER = NOW + timedelta(days=1)


@dataclass(frozen=True)
class Story:
    people: People
    campaign: Campaign
    offer: Offer
    higher: Offer
    person: Individual
    # The nominee, who has an account; another one without; the unit itself.
    mine: Nomination
    other: Nomination
    unit: Nomination

    @property
    def nominations(self) -> list[Nomination]:
        return [self.mine, self.other, self.unit]

    def as_head(self) -> dict[str, Any]:
        return {"by": self.people.head, "at": NOW}

    def as_office(self) -> dict[str, Any]:
        return {"by": self.people.office, "at": NOW}

    def report(self, nomination: Nomination | None = None) -> Report:
        return actions.start_report(nomination=nomination or self.mine, **self.as_head())

    def texts(self, report: Report, text: str = "Đã hoàn thành tốt.") -> dict[Any, str]:
        """A text under each heading that is written by hand, but for the rating."""
        found: dict[Any, str] = {
            ("section", s.pk): f"{s.heading}: {text}"
            for s in sections_for(report)
            if s.kind == FormSection.Kind.TEXT
        }
        return found | {
            ("statement", s.pk): f"{s.heading}: {text}"
            for s in self.campaign.statements.exclude(key=Statement.Key.RATING)
        }

    def write(self, nomination: Nomination) -> Report:
        report = self.report(nomination)
        return actions.save_report(
            report=report,
            version=report.version,
            entries=self.texts(report),
            **self.as_head(),
        )

    def dossier(self, **values: Any) -> Dossier:
        return make_dossier(self.campaign, self.people.unit, by=self.people.head, **values)

    def complete(self) -> Dossier:
        """A draft dossier for the director's award with everything that it needs."""
        for nomination in self.nominations:
            self.write(nomination)
        return self.dossier()

    def submitted(self) -> Dossier:
        return actions.act_on_dossier(dossier=self.complete(), act="submit", **self.as_head())


@pytest.fixture
def story(people: People) -> Story:
    form = make_form()
    FormSection.objects.filter(form=form, code="measures").update(required=True)
    campaign = make_campaign(
        people.agency, participants=(people.unit, people.other_unit), number="173/KH-SNV"
    )
    make_statements(campaign)
    make_dossier_parts(campaign)
    make_milestone(campaign, kind="submission", name="Gửi hồ sơ về Sở")
    offer = make_offer(campaign, label="Giấy khen của Giám đốc Sở Nội vụ", position=2)
    higher = make_offer(
        campaign,
        title=make_title(code="bang-khen-bo", name="Bằng khen của Bộ", decider="minister"),
        label="Bằng khen của Bộ trưởng Bộ Nội vụ",
        position=1,
    )
    assert offer.title.kind == Title.Kind.AWARD
    person = people.staff.individual
    assert person is not None
    second = make_individual(people.unit, full_name="Lý Thị Ánh")
    for subject in (person, second, people.unit):
        make_rating(subject)
    made = [
        make_nomination(people.unit, subject, offer, by=people.head, state="chosen")
        for subject in (person, second, people.unit)
    ]
    registration = make_registration(campaign, people.unit, by=people.head, state="accepted")
    make_line(registration, person, offer)
    make_meeting(
        campaign,
        people.unit,
        by=people.head,
        present=tuple(Individual.objects.filter(unit=people.unit)),
        nominations=tuple(made),
        state="concluded",
        concluded_at=NOW,
    )
    return Story(people, campaign, offer, higher, person, *made)


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.fixture(scope="session")
def pdf() -> Callable[..., bytes]:
    """A real PDF of some pages; keywords go to pikepdf's save."""

    def build(pages: int = 1, **options: Any) -> bytes:
        import pikepdf

        made = pikepdf.new()
        for _ in range(pages):
            made.add_blank_page()
        stream = BytesIO()
        made.save(stream, **options)
        return stream.getvalue()

    return build


@pytest.fixture
def keys(settings: Settings, tmp_path: Path) -> Keys:
    """No key yet; the certificates of one authority are trusted."""
    return Keys(tmp_path / "keys", settings)


@pytest.fixture
def letter(story: Story) -> Document:
    """The letter of a submitted dossier, issued and made."""
    rows = actions.order_dossier(dossier=story.submitted(), **story.as_head())
    actions.make_document(pk=rows[0].pk, clock=lambda: NOW)
    return Document.objects.get(pk=rows[0].pk)


def work_off() -> None:
    for pk in Document.objects.order_by("pk").values_list("pk", flat=True):
        actions.make_document(pk=pk, clock=lambda: NOW)


def returned(story: Story, dossier: Dossier, *, edit: bool) -> Dossier:
    """Sent back, corrected if so wanted, and submitted again a day later."""
    office, head = story.people.office, story.people.head
    actions.act_on_dossier(dossier=dossier, act="return", note="Bổ sung", by=office, at=LATER)
    if edit:
        report = story.report(story.mine)
        texts = story.texts(report, "Đã bổ sung số liệu.")
        actions.save_report(report=report, version=report.version, entries=texts, by=head, at=LATER)
    return actions.act_on_dossier(dossier=dossier, act="submit", by=head, at=LATER)
