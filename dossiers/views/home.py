"""Việc cần làm: what waits for the person who is logged in, the most urgent first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Min, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from awards.models import Nomination
from awards.views.workspace import actor
from campaigns.models import Campaign, Milestone, Participant, Registration
from dossiers.models import (
    Batch,
    Case,
    Deadline,
    Dossier,
    Stage,
    cases_of,
    deadline_of,
    readiness_of,
)
from dossiers.views.status import OFFICE_NAME
from emulation.models import Role, User
from emulation.vietnamese import short_date

LAUNCHED = Campaign.State.LAUNCHED
ICONS = {
    "registration": "clipboard-list",
    "nominations": "user-plus",
    "meeting": "users-group",
    "reports": "file-text",
    "dossiers": "folder-open",
    "accepted": "folder-check",
}


@dataclass(frozen=True)
class Task:
    """One thing to do: what, where, by when."""

    title: str
    detail: str
    campaign: str
    url: str
    icon: str
    deadline: Deadline | None = None
    is_returned: bool = False
    is_post: bool = False

    @property
    def order(self) -> tuple[bool, date, bool, str]:
        day = self.deadline.day if self.deadline else None
        return (day is None, day or date.max, not self.is_returned, self.campaign)


@dataclass(frozen=True)
class Waiting:
    """What is in somebody else's hands."""

    title: str
    detail: str
    url: str


@dataclass(frozen=True)
class Running:
    """A campaign that goes on, with where the person stands in it."""

    campaign: Campaign
    text: str
    url: str
    tone: str


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    user = actor(request)
    today = timezone.localdate()
    cases = _cases_of_head(user)
    tasks = [
        *_for_head(cases, today),
        *_for_nominee(user, today),
        *_for_office(user, today),
        *_for_director(user),
        *_for_council(user),
    ]
    return render(
        request,
        "dossiers/home.html",
        {
            "tasks": sorted(tasks, key=lambda task: task.order),
            "waiting": [*_waiting(cases), *_waiting_for_nominee(user)],
            "running": [*_running_for_head(cases), *_running_for_office(user)],
            "today": today,
            "is_admin_only": user.roles == frozenset({Role.ADMIN}),
            "has_role": bool(user.roles),
        },
    )


# --- Unit head ------------------------------------------------------------------------------------


def _cases_of_head(user: User) -> list[Case]:
    if not user.unit_ids:
        return []
    rows = (
        Participant.objects.filter(unit__in=user.unit_ids, campaign__state=LAUNCHED)
        .select_related("campaign", "unit")
        .prefetch_related("campaign__milestones")
        .order_by("campaign", "unit")
    )
    return cases_of([(row.campaign, row.unit) for row in rows])


def _for_head(cases: Iterable[Case], today: date) -> Iterator[Task]:
    for case in cases:
        stage = case.current
        if stage is None or stage.holder != "unit":
            continue
        yield Task(
            title=stage.next,
            detail=_detail(case, stage),
            campaign=case.campaign.name,
            url=_case_url(case),
            icon=ICONS[stage.key],
            deadline=deadline_of(case.campaign, stage.key, on=today),
            is_returned="trả lại" in stage.hint.lower(),
        )


def _detail(case: Case, stage: Stage) -> str:
    if stage.key == "reports":
        names = [n.subject_name for n in case.in_hand if not case.readiness[n.pk].is_ready]
        return f"Còn thiếu nội dung: {_some(names)}"
    if stage.key == "dossiers":
        missing = sum(
            check.state == "missing"
            for dossier in case.dossiers
            if dossier.is_open
            for check in case.checks[dossier.pk]
        )
        if missing:
            return f"{stage.hint}; còn thiếu {missing} thành phần"
    return f"{case.unit.name}: {stage.hint[:1].lower()}{stage.hint[1:]}"


def _some(names: list[str]) -> str:
    shown = ", ".join(names[:3])
    return shown if len(names) <= 3 else f"{shown} và {len(names) - 3} trường hợp khác"


def _waiting(cases: Iterable[Case]) -> Iterator[Waiting]:
    for case in cases:
        stage = case.current
        if stage and stage.holder == "office":
            since = f" từ {short_date(timezone.localtime(stage.since))}" if stage.since else ""
            title = f"{stage.label}: chờ {OFFICE_NAME}{since}"
            yield Waiting(title, case.campaign.name, _case_url(case))


def _running_for_head(cases: Iterable[Case]) -> Iterator[Running]:
    for case in cases:
        stage = case.current
        text = f"{stage.label}: {stage.hint[:1].lower()}{stage.hint[1:]}" if stage else "Đã xong"
        tone = "success" if stage is None else "accent" if stage.holder == "office" else "info"
        yield Running(case.campaign, text, _case_url(case), tone)


def _case_url(case: Case) -> str:
    return reverse("dossiers:unit_case", args=(case.campaign.slug, case.unit.pk))


# --- Nominee --------------------------------------------------------------------------------------


def _own(user: User) -> list[Nomination]:
    """The person's own nominations in campaigns that go on, but for those of a unit they head."""
    if user.individual_id is None:
        return []
    return list(
        Nomination.objects.visible_to(user)
        .filter(individual=user.individual_id, campaign__state=LAUNCHED)
        .exclude(unit__in=user.unit_ids)
        .with_subjects()
        .prefetch_related("campaign__milestones")
    )


def _for_nominee(user: User, today: date) -> Iterator[Task]:
    rows = [n for n in _own(user) if n.state in ("proposed", "chosen") and not n.submitted_at]
    readiness = readiness_of(rows)
    for nomination in rows:
        ready = readiness[nomination.pk]
        if ready.is_ready:
            continue
        route, pk = "report_start", nomination.pk
        if ready.report:
            route, pk = "report", ready.report.pk
        yield Task(
            title="Viết báo cáo thành tích của tôi",
            detail=f"Còn thiếu: {_some(list(ready.missing))}" if ready.report else "Chưa bắt đầu",
            campaign=nomination.campaign.name,
            url=reverse(f"dossiers:{route}", args=(pk,)),
            icon=ICONS["reports"],
            deadline=deadline_of(nomination.campaign, "reports", on=today),
            is_post=route == "report_start",
        )


def _waiting_for_nominee(user: User) -> Iterator[Waiting]:
    for nomination in _own(user):
        yield Waiting(
            f"{nomination.offer}: {nomination.get_state_display()}",
            nomination.campaign.name,
            reverse("awards:nomination", args=(nomination.pk,)),
        )


# --- Office ---------------------------------------------------------------------------------------


def _overseen(user: User) -> list[Campaign]:
    agencies = user.agency_ids_as("OFFICE")
    if not agencies:
        return []
    return list(
        Campaign.objects.filter(agency__in=agencies, state=LAUNCHED)
        .with_counts()
        .prefetch_related("milestones")
    )


def _for_office(user: User, today: date) -> Iterator[Task]:
    campaigns = {campaign.pk: campaign for campaign in _overseen(user)}
    if not campaigns:
        return
    yield from _received(campaigns, today)
    sent = _units_that_submitted(campaigns)
    for pk, campaign in campaigns.items():
        late = campaign.participant_count - sent[pk]  # type: ignore[attr-defined]
        deadline = deadline_of(campaign, "dossiers", on=today)
        if late > 0:
            yield Task(
                title=f"Đôn đốc {late} đơn vị chưa trình hồ sơ",
                detail=f"{sent[pk]} đơn vị đã trình",
                campaign=campaign.name,
                url=reverse("dossiers:overview", args=(campaign.slug,)),
                icon="bell",
                deadline=deadline if deadline and deadline.day else None,
            )
        for milestone in campaign.milestones.all():
            if milestone.date is None:
                yield Task(
                    title=f"Ấn định ngày: {milestone.name}",
                    detail=f"Loại mốc: {milestone.get_kind_display().lower()}; chưa có ngày",
                    campaign=campaign.name,
                    url=reverse("campaigns:milestone", args=(campaign.slug, milestone.pk)),
                    icon="calendar-plus",
                )
    yield from _failed_batches(campaigns)


def _received(campaigns: dict[int, Campaign], today: date) -> Iterator[Task]:
    """Registrations and dossiers that units sent in, one line for each campaign."""
    registrations = Registration.objects.filter(campaign__in=campaigns, state="submitted")
    for row in _counted(registrations):
        campaign = campaigns[row["campaign"]]
        yield Task(
            title=f"Tiếp nhận {row['size']} bản đăng ký",
            detail=f"Chờ từ {short_date(timezone.localtime(row['since']))}",
            campaign=campaign.name,
            url=reverse("campaigns:registrations", args=(campaign.slug,)) + "?trang-thai=submitted",
            icon=ICONS["registration"],
            deadline=deadline_of(campaign, "registration", on=today),
        )
    for row in _counted(Dossier.objects.filter(campaign__in=campaigns, state="submitted")):
        campaign = campaigns[row["campaign"]]
        yield Task(
            title=f"Kiểm tra, tiếp nhận {row['size']} hồ sơ",
            detail=f"Chờ từ {short_date(timezone.localtime(row['since']))}",
            campaign=campaign.name,
            url=reverse("dossiers:list") + f"?campaign={campaign.pk}&state=submitted",
            icon=ICONS["accepted"],
            deadline=_milestone(campaign, Milestone.Kind.UPWARD, today),
        )


def _counted(rows: QuerySet[Any]) -> Iterator[dict[str, Any]]:
    counted = rows.order_by().values("campaign")
    yield from counted.annotate(size=Count("pk"), since=Min("submitted_at")).order_by("campaign")


def _milestone(campaign: Campaign, kind: str, today: date) -> Deadline | None:
    for row in campaign.milestones.all():
        if row.kind == kind and row.last_day:
            tone = "danger" if row.is_past(today) else ""
            return Deadline(row.when, row.last_day, tone)  # type: ignore[arg-type]
    return None


def _units_that_submitted(campaigns: dict[int, Campaign]) -> dict[int, int]:
    rows = Dossier.objects.filter(
        campaign__in=campaigns, state__in=("submitted", "accepted")
    ).order_by()
    found: dict[int, int] = defaultdict(int)
    for row in rows.values("campaign").annotate(size=Count("unit", distinct=True)):
        found[row["campaign"]] = row["size"]
    return found


def _failed_batches(campaigns: dict[int, Campaign]) -> Iterator[Task]:
    seen = set()
    rows = Batch.objects.filter(campaign__in=campaigns).with_progress().order_by("-pk")
    for batch in rows:
        if batch.campaign_id in seen:
            continue
        seen.add(batch.campaign_id)
        failed = batch.failed
        if failed:
            yield Task(
                title=f"{failed} văn bản không tạo được",
                detail="Xem lý do và tạo lại",
                campaign=campaigns[batch.campaign_id].name,
                url=reverse("dossiers:batch", args=(batch.pk,)),
                icon="alert-triangle",
            )


def _running_for_office(user: User) -> Iterator[Running]:
    campaigns = {campaign.pk: campaign for campaign in _overseen(user)}
    sent = _units_that_submitted(campaigns) if campaigns else {}
    for pk, campaign in campaigns.items():
        total = campaign.participant_count  # type: ignore[attr-defined]
        yield Running(
            campaign,
            f"{sent.get(pk, 0)}/{total} đơn vị đã trình hồ sơ",
            reverse("dossiers:overview", args=(campaign.slug,)),
            "success" if sent.get(pk, 0) >= total else "info",
        )


# --- Director and council -------------------------------------------------------------------------


def _for_director(user: User) -> Iterator[Task]:
    agencies = user.agency_ids_as("DIRECTOR")
    if not agencies:
        return
    for draft in Campaign.objects.filter(agency__in=agencies, state=Campaign.State.DRAFT):
        yield Task(
            title="Xem và phát động kế hoạch",
            detail=draft.period or "Chưa có thời gian",
            campaign=draft.name,
            url=reverse("campaigns:detail", args=(draft.slug,)),
            icon="flag",
        )
    # Who also sits on the council reads them as its member.
    others = [pk for pk in agencies if pk not in user.agency_ids_as("COUNCIL")]
    yield from _to_read(others, ("accepted",), "Xem {} hồ sơ đã tiếp nhận")


def _for_council(user: User) -> Iterator[Task]:
    agencies = user.agency_ids_as("COUNCIL")
    if agencies:
        yield from _to_read(agencies, ("submitted", "accepted"), "Đọc {} hồ sơ trước phiên họp")


def _to_read(agencies: list[int], states: tuple[str, ...], title: str) -> Iterator[Task]:
    rows = Dossier.objects.filter(
        campaign__agency__in=agencies, campaign__state=LAUNCHED, state__in=states
    )
    counted = rows.order_by().values("campaign", "campaign__name").annotate(size=Count("pk"))
    for row in counted.order_by("campaign"):
        query = f"?campaign={row['campaign']}"
        if len(states) == 1:
            query += f"&state={states[0]}"
        yield Task(
            title=title.format(row["size"]),
            detail="Tờ trình, biên bản, báo cáo thành tích",
            campaign=row["campaign__name"],
            url=reverse("dossiers:list") + query,
            icon="book-2",
        )
