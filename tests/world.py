"""One case of one unit in a state, and everybody who might look at it, by letter.

Letters: h unit head, c colleague in the unit, n nominee (staff of the unit), o head of another
unit, x head in another agency, f office, k council, d director, a administrator, z an account
without any role.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.base import ContentFile

from awards.models import Meeting, Nomination
from campaigns.models import Campaign, Registration, RegistrationLine
from dossiers.models import Attachment, Batch, Document, Dossier, FormSection, Report, ReportTask
from emulation.models import RoleGrant, User
from tests.conftest import People
from tests.dossiers import samples
from tests.factories import (
    make_attachment,
    make_batch,
    make_campaign,
    make_criterion,
    make_document,
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
    make_report,
    make_revision,
    make_statements,
)
from tests.pdfs import pdf_bytes

STATES = ("plan", "open", "submitted", "returned", "accepted", "closed")
# A right code: its last sign checks the others.
CODE = "ABCDEFGHJKM4"


@dataclass
class World:
    """One case of one unit in one state, and everybody who might look at it."""

    people: People
    persons: dict[str, User]
    campaign: Campaign
    registration: Registration
    line: RegistrationLine
    nomination: Nomination
    meeting: Meeting
    report: Report
    dossier: Dossier
    attachment: Attachment
    document: Document
    report_document: Document
    batch: Batch
    milestone: Any
    theme: Any
    instrument: Any
    grant: RoleGrant
    section: FormSection
    task: ReportTask

    def case(self) -> dict[str, Any]:
        return {"slug": self.campaign.slug, "unit_pk": self.people.unit.pk}


def build(state: str, people: People) -> World:
    agency, unit, head = people.agency, people.unit, people.head
    nominee = people.staff
    assert nominee.individual
    assert head.individual
    nobody = User.objects.create(username="nobody", agency=agency, individual=make_individual(unit))
    campaign = make_campaign(
        agency,
        participants=(unit, people.other_unit),
        state={"plan": "draft", "closed": "closed"}.get(state, "launched"),
    )
    form = make_form()
    make_revision(form)
    offer = make_offer(campaign)
    make_criterion(campaign)
    make_statements(campaign)
    make_dossier_parts(campaign)
    make_rating(nominee.individual)
    case = {"plan": "draft", "open": "draft", "closed": "accepted"}.get(state, state)
    later = case != "draft"
    registration = make_registration(campaign, unit, by=head, state=case)
    line = make_line(registration, nominee.individual, offer)
    nomination = make_nomination(
        unit,
        nominee.individual,
        offer,
        by=head,
        state={"draft": "proposed", "accepted": "received"}.get(case, "chosen"),
        submitted_at=None if case in ("draft", "returned") else registration.submitted_at,
    )
    meeting = make_meeting(
        campaign,
        unit,
        by=head,
        present=(head.individual, nominee.individual),
        nominations=(nomination,),
        state="concluded" if later else "draft",
    )
    report = make_report(
        nomination,
        form=form,
        locked_at=registration.submitted_at if case in ("submitted", "accepted") else None,
    )
    dossier = make_dossier(campaign, unit, by=head, state=case)
    attachment = make_attachment(dossier, by=head)
    attachment.file.save("a.pdf", ContentFile(b"%PDF-1.4"), save=True)
    is_issued = case in ("submitted", "accepted")
    issue: dict[str, Any] = {}
    if is_issued:
        issue = {"code": CODE, "address": "https://a.vn/", "issued_date": date(2026, 11, 20)}
    made = pdf_bytes()
    content = {"snapshot": samples.SAMPLES["letter"], "sha256": hashlib.sha256(made).hexdigest()}
    document = make_document(dossier, by=head, state="ready", **content, **issue)
    document.file.save("d.pdf", ContentFile(made), save=True)
    bound = make_document(dossier, by=head, kind="dossier")
    report_document = Document.objects.create(
        kind="report",
        campaign=campaign,
        report=report,
        subject="BC",
        snapshot={},
        created_by=head,
        created_at=registration.created_at,
    )
    return World(
        people=people,
        persons={
            "h": head,
            "c": people.colleague,
            "n": nominee,
            "o": people.outsider,
            "x": people.stranger,
            "f": people.office,
            "k": people.council,
            "d": people.director,
            "a": people.admin,
            "z": nobody,
        },
        campaign=campaign,
        registration=registration,
        line=line,
        nomination=nomination,
        meeting=meeting,
        report=report,
        dossier=dossier,
        attachment=attachment,
        document=document,
        report_document=report_document,
        batch=make_batch(campaign, document, bound, by=people.office),
        milestone=make_milestone(campaign, kind="submission"),
        theme=campaign.themes.create(text="Chung sức, đồng lòng"),
        instrument=form.instrument,
        grant=RoleGrant.objects.get(user=head),
        section=form.sections.get(code="measures"),
        task=report.tasks.create(position=1, name="Tham mưu ban hành kế hoạch"),
    )
