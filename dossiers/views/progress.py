"""How far units have come: one unit's whole way in a campaign, and all units for the office."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from awards.models import Meeting, Nomination
from awards.views.workspace import Workspace, actor, workspace
from campaigns.models import Campaign, Registration
from dossiers.forms import OverviewFilter
from dossiers.models import (
    Case,
    Choice,
    Deadline,
    Dossier,
    Forms,
    Report,
    Stage,
    cases_of,
    deadline_of,
)
from dossiers.views.status import TONES, Status, status_of_case
from emulation.models import Decider, Role
from emulation.vietnamese import search_text
from emulation.views.lists import address_without

PER_PAGE = 50
NOT_STARTED, UNDER_WAY, RETURNED, SUBMITTED, ACCEPTED = (
    "chua-bat-dau",
    "dang-lam",
    "tra-lai",
    "da-trinh",
    "da-tiep-nhan",
)
PROGRESS_TONES = {
    NOT_STARTED: "neutral",
    UNDER_WAY: "info",
    RETURNED: "warning",
    SUBMITTED: "accent",
    ACCEPTED: "success",
}


@dataclass(frozen=True)
class Phase:
    """The parameters of phases.html."""

    label: str
    state: str
    hint: str
    url: str


@dataclass(frozen=True)
class NominationLine:
    """A nomination on the unit's page: its state, its report, and what can be done now."""

    nomination: Nomination
    tone: str
    missing: Sequence[str]
    is_ready: bool
    url: str
    report_url: str
    start_url: str
    # The form that the report is written in, or will be; else why it cannot be begun.
    form: str
    no_form: str
    # Where it is taken into the form that one begun today would have.
    move_url: str


@dataclass(frozen=True)
class DossierLine:
    """A deciding level: its dossier, or the button that begins it."""

    level: str
    size: int
    dossier: Dossier | None
    tone: str
    missing: int
    url: str
    open_url: str


@dataclass(frozen=True)
class NextStep:
    """The first thing to do now, as a button."""

    label: str
    url: str


@require_safe
def unit_case(request: HttpRequest, slug: str, unit_pk: int) -> HttpResponse:
    """One unit in one campaign, from registration to acceptance."""
    place = workspace(request, slug, unit_pk)
    campaign = Campaign.objects.prefetch_related("milestones", "statements").get(
        pk=place.campaign.pk
    )
    case = cases_of([(campaign, place.unit)])[0]
    stages = case.stages()
    current = next((s for s in stages if s.state == "current"), None)
    deadline = _deadline(campaign, current)
    links = _links(place, case)
    can_write = place.is_head and not place.obstacle
    return render(
        request,
        "dossiers/unit_case.html",
        {
            "place": place,
            "campaign": campaign,
            "case": case,
            "trail": place.trail((place.unit.name, "")),
            "phases": [Phase(s.label, s.state, s.hint, links.get(s.key, "")) for s in stages],
            "status": status_of_case(case, current, deadline),
            "next_step": _next_step(current, links, can_write=can_write),
            "registration": _registration_line(case),
            "registration_url": links.get("registration", ""),
            "nominations": _nomination_lines(place, case, can_write=can_write),
            "nominations_url": links.get("nominations", ""),
            "meeting_tone": TONES.get(case.meeting.state, "neutral") if case.meeting else "",
            "meeting_url": links.get("meeting", ""),
            "dossiers": _dossier_lines(place, case, can_write=can_write),
            "milestones": list(campaign.milestones.all()),
            "obstacle": place.obstacle if place.is_head else "",
        },
    )


def _deadline(campaign: Campaign, stage: Stage | None) -> Deadline | None:
    return deadline_of(campaign, stage.key, on=timezone.localdate()) if stage else None


def _links(place: Workspace, case: Case) -> dict[str, str]:
    """The page of each stage, where this user may open it."""
    user, unit = place.user, place.unit
    found = {"nominations": place.url("nominations")}
    seen = Registration.objects.visible_to(user).filter(campaign=case.campaign, unit=unit)
    registers = case.campaign.registration_rule != Campaign.RegistrationRule.NONE
    if registers and (place.is_head or seen.exists()):
        args = (case.campaign.slug, unit.pk)
        found["registration"] = reverse("campaigns:registration", args=args)
    meetings = Meeting.objects.visible_to(user).filter(campaign=case.campaign, unit=unit)
    if place.is_head or meetings.exists():
        found["meeting"] = place.url("meeting")
    found["reports"], found["dossiers"], found["accepted"] = "#bao-cao", "#ho-so", "#ho-so"
    return found


def _next_step(
    stage: Stage | None, links: Mapping[str, str], *, can_write: bool
) -> NextStep | None:
    """One button for what the unit has to do now."""
    if stage is None or stage.holder != "unit" or not can_write:
        return None
    return NextStep(stage.next, links.get(stage.key, ""))


def _registration_line(case: Case) -> dict[str, Any] | None:
    if case.campaign.registration_rule == Campaign.RegistrationRule.NONE:
        return None
    row = case.registration
    if row is None:
        return {"label": "Chưa đăng ký", "tone": "neutral", "at": None}
    return {
        "label": row.get_state_display(),
        "tone": TONES[row.state],
        "at": row.decided_at or row.submitted_at,
    }


def _nomination_lines(place: Workspace, case: Case, *, can_write: bool) -> list[NominationLine]:
    visible = set(
        Report.objects.visible_to(place.user)
        .filter(nomination__in=case.nominations)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    forms = Forms(timezone.localdate())
    lines = []
    for nomination in case.nominations:
        ready = case.readiness[nomination.pk]
        report = ready.report if ready.report and ready.report.pk in visible else None
        may_start = can_write and ready.report is None and nomination.state != "not_chosen"
        today = forms.choose(nomination)
        choice = Choice(ready.report.form) if ready.report else today
        is_other = today.form is not None and today.form != choice.form
        may_move = can_write and report is not None and report.locked_at is None and is_other
        lines.append(
            NominationLine(
                nomination,
                TONES[nomination.state],
                ready.missing,
                ready.is_ready,
                reverse("awards:nomination", args=(nomination.pk,))
                if place.is_head or nomination.submitted_at
                else "",
                reverse("dossiers:report", args=(report.pk,)) if report else "",
                reverse("dossiers:report_start", args=(nomination.pk,))
                if may_start and choice.form
                else "",
                choice.form.cited if choice.form else "",
                choice.reason if may_start else "",
                reverse("dossiers:report_move", args=(report.pk,)) if report and may_move else "",
            )
        )
    return lines


def _dossier_lines(place: Workspace, case: Case, *, can_write: bool) -> list[DossierLine]:
    names = dict(Decider.choices)
    rows = Dossier.objects.visible_to(place.user).filter(pk__in=_keys(case.dossiers))
    visible = set(rows.values_list("pk", flat=True))
    levels = [*case.levels, *(d.decider for d in case.dossiers if d.decider not in case.levels)]
    lines = []
    for level in levels:
        found = case.dossier_for(level)
        size = sum(1 for n in case.chosen if n.offer.title.decider == level)
        checks = case.checks[found.pk] if found else []
        args = (case.campaign.slug, case.unit.pk, level)
        may_open = can_write and found is None and case.is_concluded
        lines.append(
            DossierLine(
                names[level],
                size,
                found,
                TONES[found.state] if found else "neutral",
                sum(1 for c in checks if c.state == "missing"),
                reverse("dossiers:dossier", args=(found.pk,))
                if found and found.pk in visible
                else "",
                reverse("dossiers:dossier_open", args=args) if may_open else "",
            )
        )
    return lines


def _keys(rows: Sequence[Dossier]) -> list[int]:
    return [row.pk for row in rows]


@dataclass(frozen=True)
class Row:
    """A unit on the office's overview."""

    case: Case
    url: str
    progress: str
    progress_label: str
    tone: str
    status: Status
    submitted: int


@require_safe
def overview(request: HttpRequest, slug: str) -> HttpResponse:
    """All units of a campaign, also those that have put nothing in yet."""
    user = actor(request)
    campaign = get_object_or_404(
        Campaign.objects.overseen_by(user).visible_to(user).prefetch_related("milestones"),
        slug=slug,
    )
    units = [p.unit for p in campaign.participants.select_related("unit")]
    cases = cases_of([(campaign, unit) for unit in units], with_checks=False)
    rows = [_row(case) for case in cases]
    counts = {
        key: sum(1 for row in rows if row.progress == key) for key, _ in OverviewFilter.PROGRESS
    }
    form = OverviewFilter(request.GET)
    shown = rows
    if form.is_valid():
        shown = [row for row in rows if _matches(row, form.cleaned_data)]
    sort = request.GET.get("xep", "")
    key = SORTS.get(sort.removeprefix("-"))
    if key:
        shown = sorted(shown, key=key, reverse=sort.startswith("-"))
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("trang"))
    return render(
        request,
        "dossiers/overview.html",
        {
            "campaign": campaign,
            "may_make": Role.OFFICE in user.roles_for(agency_id=campaign.agency_id),
            "trail": [
                ("Phong trào", reverse("campaigns:list")),
                (
                    campaign.number or campaign.name,
                    reverse("campaigns:detail", args=(campaign.slug,)),
                ),
                ("Tiến độ", ""),
            ],
            "form": form,
            "page": page,
            "query": address_without(request, "trang"),
            "sort": sort if key else "",
            "sort_query": address_without(request, "xep", "trang"),
            "counts": [
                (label, counts[key], PROGRESS_TONES[key])
                for key, label in OverviewFilter.PROGRESS
                if key
            ],
            "total": len(rows),
            "sent": counts[SUBMITTED] + counts[ACCEPTED],
            "is_filtered": bool(request.GET.get("q") or request.GET.get("progress")),
        },
    )


SORTS: dict[str, Callable[[Row], Any]] = {
    "don-vi": lambda row: (row.case.unit.position, row.case.unit.name),
    "tien-do": lambda row: list(PROGRESS_TONES).index(row.progress),
    "de-cu": lambda row: len(row.case.nominations),
    "bao-cao": lambda row: len(row.case.ready),
    "ho-so": lambda row: row.submitted,
}


def _row(case: Case) -> Row:
    current = case.current
    progress = _progress(case, current)
    return Row(
        case=case,
        url=reverse("dossiers:unit_case", args=(case.campaign.slug, case.unit.pk)),
        progress=progress,
        progress_label=dict(OverviewFilter.PROGRESS)[progress],
        tone=PROGRESS_TONES[progress],
        status=status_of_case(case, current, _deadline(case.campaign, current)),
        submitted=sum(1 for d in case.dossiers if not d.is_open),
    )


def _progress(case: Case, current: Stage | None) -> str:
    states = {d.state for d in case.dossiers}
    if Dossier.State.RETURNED in states:
        return RETURNED
    if current is None:
        return ACCEPTED
    if current.key == "accepted":
        return SUBMITTED
    returned = case.registration and case.registration.state == Registration.State.RETURNED
    if returned:
        return RETURNED
    return NOT_STARTED if case.is_empty and case.registration is None else UNDER_WAY


def _matches(row: Row, wanted: Mapping[str, str]) -> bool:
    text = search_text(row.case.unit.name, row.case.unit.short_name)
    words = wanted["q"].lower().split()
    return all(word in text for word in words) and wanted["progress"] in ("", row.progress)
