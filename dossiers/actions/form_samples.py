"""A report that shows the wording of a form, before anybody has saved it."""

from __future__ import annotations

from datetime import datetime
from secrets import token_hex
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from awards.models import Nomination
from campaigns.models import Applies, Campaign, Offer, Registration, RegistrationLine, Statement
from dossiers.actions.form_texts import locked_form, write
from dossiers.actions.reports import WRITTEN
from dossiers.documents import Paper, report_paper
from dossiers.models import Report, ReportForm, sections_for
from dossiers.models.form_texts import Wording, tidy
from emulation.models import Decider, Individual, Title, Unit, User

PERSON, UNIT = "Nguyễn Văn Mẫu", "Phòng Nghiệp vụ mẫu"
TEXT = "Nội dung do người lập báo cáo viết ở mục “{}”."
STATEMENTS = (
    ("campaign_results", "Kết quả thực hiện phong trào thi đua"),
    ("task_results", "Kết quả thực hiện nhiệm vụ được giao"),
)


@transaction.atomic
def sample_report(
    *, form: ReportForm, wording: Wording, applies: str, by: User, at: datetime
) -> Paper:
    """
    The paper of an invented subject in this wording, made as every report is made.

    Its rows are there until the paper is, and are then taken back with the wording: nothing stays.
    """
    now = locked_form(form=form, by=by)
    with transaction.atomic():
        write(form=now, wording=tidy(wording))
        report = _report(now, applies, by=by, at=at)
        paper = report_paper(report, on=None, today=timezone.localdate(at))
        transaction.set_rollback(True)
    return paper


def sides_of(form: ReportForm) -> list[str]:
    """For whom a report is made on this form: a person, a collective, or either."""
    if form.applies == Applies.BOTH:
        return [Applies.INDIVIDUAL, Applies.COLLECTIVE]
    return [form.applies]


def _report(form: ReportForm, applies: str, *, by: User, at: datetime) -> Report:
    if applies not in sides_of(form):
        raise ValidationError("Chọn in thử báo cáo của đối tượng mà mẫu này dùng cho.")
    campaign = _campaign(token_hex(8))
    unit = Unit.objects.get(agency=campaign.agency)
    offer = _offer(campaign, form)
    subject: dict[str, Any] = {"collective": unit}
    if applies == Applies.INDIVIDUAL:
        subject = {"individual": _person(unit)}
    nomination = Nomination.objects.create(
        campaign=campaign, unit=unit, offer=offer, created_by=by, created_at=at, **subject
    )
    registered = subject.get("individual"), subject.get("collective")
    _register(nomination, *registered, by=by, at=at)
    report = Report.objects.create(nomination=nomination, form=form)
    for section in sections_for(report):
        if section.kind in WRITTEN:
            report.entries.create(section=section, text=TEXT.format(section.heading))
    for position, (key, heading) in enumerate(STATEMENTS):
        statement = Statement.objects.create(
            campaign=campaign, key=key, heading=heading, text=heading, position=position
        )
        report.entries.create(statement=statement, text=TEXT.format(heading))
    return Report.objects.with_subjects().get(pk=report.pk)


def _campaign(mark: str) -> Campaign:
    agency = Unit.objects.create(
        kind=Unit.Kind.AGENCY,
        code=f"mau-{mark}",
        name="Sở Nội vụ tỉnh Mẫu",
        symbol="SNV",
        place="Tỉnh Mẫu",
    )
    Unit.objects.create(
        kind=Unit.Kind.DEPARTMENT,
        code=f"phong-{mark}",
        name=UNIT,
        symbol="PM",
        agency=agency,
        parent=agency,
        address="Số 1, đường Mẫu",
        functions="Tham mưu giúp Giám đốc Sở về lĩnh vực được giao.",
    )
    return Campaign.objects.create(
        agency=agency,
        slug=f"mau-{mark}",
        state=Campaign.State.LAUNCHED,
        kind=Campaign.Kind.THEMATIC,
        name="Phong trào thi đua mẫu",
        number="01/KH-SNV",
    )


def _offer(campaign: Campaign, form: ReportForm) -> Offer:
    title = Title.objects.create(
        code=campaign.slug,
        kind=Title.Kind.AWARD,
        name="Bằng khen của Chủ tịch Ủy ban nhân dân tỉnh",
        decider=Decider.PROVINCE,
        for_individual=True,
        for_collective=True,
        mark="B",
    )
    return Offer.objects.create(campaign=campaign, title=title, report_kind=form.kind)


def _person(unit: Unit) -> Individual:
    assert unit.agency
    return Individual.objects.create(
        agency=unit.agency,
        unit=unit,
        staff_code=unit.code,
        full_name=PERSON,
        kind=Individual.Kind.CIVIL_SERVANT,
        gender=Individual.Gender.MALE,
        home_town="xã Mẫu, tỉnh Mẫu",
        residence="phường Mẫu, tỉnh Mẫu",
        occupation="Công chức",
        position="Chuyên viên",
    )


def _register(
    nomination: Nomination,
    individual: Individual | None,
    collective: Unit | None,
    *,
    by: User,
    at: datetime,
) -> None:
    registration = Registration.objects.create(
        campaign=nomination.campaign,
        unit=nomination.unit,
        state=Registration.State.ACCEPTED,
        created_by=by,
        created_at=at,
        submitted_at=at,
        decided_at=at,
    )
    RegistrationLine.objects.create(
        registration=registration,
        individual=individual,
        unit=collective,
        offer=nomination.offer,
        commitment="Hoàn thành 100% nhiệm vụ được giao đúng tiến độ.",
    )
