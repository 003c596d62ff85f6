"""What the data say of reports and dossiers, read for many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Q

from awards.models import Meeting, Nomination
from campaigns.models import Campaign, DossierPart, RegistrationLine, Statement
from dossiers import rules
from dossiers.models.dossiers import Attachment, Dossier
from dossiers.models.reports import FormSection, Report, ReportEntry
from emulation.models import Individual, Rating
from emulation.vietnamese import number, short_date


@dataclass(frozen=True)
class Readiness:
    """How far a nominee's report is: `missing` names what it still has to state."""

    report: Report | None
    missing: tuple[str, ...]

    @property
    def is_ready(self) -> bool:
        return self.report is not None and not self.missing


def rating_year(statement: Statement, campaign: Campaign) -> int | None:
    """The year that the statement is about: its own, else the one in which the campaign begins."""
    return statement.year or (campaign.start_date.year if campaign.start_date else None)


def rating_sentence(rating: Rating) -> str:
    """The rating as a report cites it; "" when its decision is not known."""
    if not rating.decision:
        return ""
    level = rating.get_level_display()
    return f"Được đánh giá, xếp loại “{level}” năm {rating.year} theo {rating.decision}."


class Ratings:
    """Ratings of the subjects of many nominations in some years, read once."""

    def __init__(self, nominations: Collection[Nomination], years: Collection[int]) -> None:
        people = {n.individual_id for n in nominations if n.individual_id}
        units = {n.collective_id for n in nominations if n.collective_id}
        rows = Rating.objects.filter(Q(individual__in=people) | Q(unit__in=units), year__in=years)
        self._found = {(r.individual_id, r.unit_id, r.year): r for r in rows}

    def of(self, nomination: Nomination, year: int | None) -> Rating | None:
        if year is None:
            return None
        return self._found.get((nomination.individual_id, nomination.collective_id, year))


def readiness_of(nominations: Collection[Nomination]) -> dict[int, Readiness]:
    """By nomination: its report and what that still has to state. Needs `campaign` fetched."""
    rows = Report.objects.filter(nomination__in=nominations).select_related("form__instrument")
    reports = {report.nomination_id: report for report in rows}
    written = defaultdict(set)
    for entry in ReportEntry.objects.filter(report__in=reports.values()).defer("text"):
        written[entry.report_id].add((entry.section_id, entry.statement_id))
    statements = defaultdict(list)
    for statement in Statement.objects.filter(campaign__in={n.campaign_id for n in nominations}):
        statements[statement.campaign_id].append(statement)
    required = defaultdict(list)
    forms = {report.form_id for report in reports.values()}
    for section in FormSection.objects.filter(form__in=forms, required=True):
        required[section.form_id].append(section)
    asked = {
        (n.pk, s.pk): rating_year(s, n.campaign)
        for n in nominations
        for s in statements[n.campaign_id]
        if s.key == Statement.Key.RATING
    }
    ratings = Ratings(nominations, {year for year in asked.values() if year})

    def missing(nomination: Nomination, report: Report) -> Iterator[str]:
        has = written[report.pk]
        for statement in statements[nomination.campaign_id]:
            rating = ratings.of(nomination, asked.get((nomination.pk, statement.pk)))
            stated_by_data = rating is not None and rating.decision != ""
            if (None, statement.pk) not in has and not stated_by_data:
                yield statement.heading
        for section in required[report.form_id]:
            if section.concerns(nomination) and (section.pk, None) not in has:
                yield section.heading

    found = {}
    for nomination in nominations:
        report = reports.get(nomination.pk)
        found[nomination.pk] = Readiness(
            report, tuple(missing(nomination, report)) if report else ()
        )
    return found


def facts_of(dossiers: Collection[Dossier]) -> dict[int, rules.Facts]:
    """What the completeness of each dossier is judged from, in a fixed number of queries."""
    campaigns = {d.campaign_id for d in dossiers}
    units = {d.unit_id for d in dossiers}
    nominations = list(
        Nomination.objects.filter(campaign__in=campaigns, unit__in=units).chosen().with_subjects()
    )
    readiness = readiness_of(nominations)
    nominees: dict[tuple[int, int, str], list[rules.Nominee]] = defaultdict(list)
    for n in nominations:
        ready = readiness[n.pk]
        nominees[n.campaign_id, n.unit_id, n.offer.title.decider].append(
            rules.Nominee(
                pk=n.pk,
                name=n.subject_name,
                kind=n.subject_kind,
                offer=n.offer_id,
                report=ready.report.pk if ready.report else None,
                missing=ready.missing,
            )
        )
    parts = parts_of(campaigns)
    concluded = set(
        Meeting.objects.filter(campaign__in=campaigns, unit__in=units, state="concluded")
        .order_by("pk")
        .values_list("campaign_id", "unit_id")
    )
    files: dict[int, list[int | None]] = defaultdict(list)
    attached = Attachment.objects.current().filter(dossier__in=dossiers).order_by("pk")
    for dossier_id, part_id in attached.values_list("dossier_id", "part_id"):
        files[dossier_id].append(part_id)
    return {
        d.pk: rules.Facts(
            parts=parts[d.campaign_id],
            nominees=nominees[d.campaign_id, d.unit_id, d.decider],
            meeting_concluded=(d.campaign_id, d.unit_id) in concluded,
            files=files[d.pk],
        )
        for d in dossiers
    }


def parts_of(campaigns: Collection[int]) -> dict[int, list[rules.Part]]:
    """The parts of a dossier that each plan asks for."""
    found: dict[int, list[rules.Part]] = defaultdict(list)
    rows = DossierPart.objects.filter(campaign__in=campaigns).prefetch_related("offers")
    for row in rows:
        found[row.campaign_id].append(
            rules.Part(
                pk=row.pk,
                kind=row.kind,
                name=row.name,
                required=row.required,
                applies=row.applies,
                offers=frozenset(offer.pk for offer in row.offers.all()),
                note=row.note,
            )
        )
    return found


def registered_lines(nomination: Nomination) -> list[RegistrationLine]:
    """What the subject registered and the office accepted: for this title, else for any."""
    lines = RegistrationLine.objects.filter(
        registration__campaign=nomination.campaign_id,
        registration__state="accepted",
        individual=nomination.individual_id,
        unit=nomination.collective_id,
    ).select_related("offer__title", "area")
    found = list(lines.order_by("pk"))
    return [line for line in found if line.offer_id == nomination.offer_id] or found


def subject_facts(nomination: Nomination) -> list[tuple[str, str]]:
    """The first section of a report, as the data have it: label and value, "" when unknown."""
    person = nomination.individual
    if person:
        return [
            ("Họ và tên", person.full_name),
            ("Bí danh", person.alias),
            ("Ngày, tháng, năm sinh", short_date(person.birth_date)),
            ("Giới tính", person.get_gender_display()),
            ("Quê quán", person.home_town),
            ("Nơi thường trú", person.residence),
            ("Nghề nghiệp", person.occupation),
            ("Chức vụ", person.position),
            ("Đơn vị công tác", person.unit.name),
        ]
    unit = nomination.collective
    assert unit is not None
    members = Individual.objects.filter(unit=unit, valid_to=None).count()
    return [
        ("Tên tập thể", unit.name),
        ("Trụ sở", unit.address),
        ("Điện thoại", unit.phone),
        ("Trang thông tin điện tử", unit.website),
        ("Tổng số công chức, viên chức, người lao động", number(members) if members else ""),
        ("Quá trình thành lập", unit.established),
        ("Chức năng, nhiệm vụ", unit.functions),
    ]


def sections_for(report: Report, typed: Collection[int] = ()) -> Sequence[FormSection]:
    """
    The headings of the report's form that its kind of subject has, in order.

    What was written under a heading keeps it there, also when the form has it no longer; and so
    does what somebody has just `typed`, who began before it was retired.
    """
    rows = FormSection.objects.filter(form=report.form_id).select_related("form")
    written = {entry.section_id for entry in report.entries.all()}
    return [
        row
        for row in rows
        if row.concerns(report.nomination)
        or row.pk in written
        or (row.pk in typed and row.suits(report.nomination))
    ]
