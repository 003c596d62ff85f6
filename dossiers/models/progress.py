"""How far one unit has come in one campaign: read for many units at once, judged in one place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal, TypeVar

from awards.models import Meeting, Nomination
from campaigns.models import Campaign, Milestone, Registration
from dossiers import rules
from dossiers.models.dossiers import Dossier
from dossiers.models.facts import Readiness, facts_of, readiness_of
from emulation.models import Decider, Unit

R = TypeVar("R")
Key = Literal["registration", "nominations", "meeting", "reports", "dossiers", "accepted"]
State = Literal["done", "current", "todo"]
SOON = timedelta(days=7)

UNIT, OFFICE = "unit", "office"


@dataclass(frozen=True)
class Stage:
    """A stretch of the way: `holder` is who has to act, `next` what has to be done."""

    key: Key
    label: str
    is_done: bool
    hint: str
    holder: str
    next: str
    since: datetime | None
    state: State = "todo"


@dataclass(frozen=True)
class Case:
    """Everything of one unit in one campaign."""

    campaign: Campaign
    unit: Unit
    registration: Registration | None = None
    meeting: Meeting | None = None
    nominations: tuple[Nomination, ...] = ()
    dossiers: tuple[Dossier, ...] = ()
    readiness: Mapping[int, Readiness] = field(default_factory=dict)
    checks: Mapping[int, list[rules.Check]] = field(default_factory=dict)

    @property
    def chosen(self) -> list[Nomination]:
        return [n for n in self.nominations if n.state in ("chosen", "received")]

    @property
    def in_hand(self) -> list[Nomination]:
        """Nominees who need a report: those chosen, before the meeting all who are proposed."""
        return self.chosen if self.is_concluded else list(self.nominations)

    @property
    def is_concluded(self) -> bool:
        return self.meeting is not None and self.meeting.state == Meeting.State.CONCLUDED

    @property
    def ready(self) -> list[Nomination]:
        return [n for n in self.in_hand if self.readiness[n.pk].is_ready]

    @property
    def levels(self) -> list[str]:
        """The deciding levels that the chosen nominations call for, highest first."""
        wanted = {n.offer.title.decider for n in self.chosen}
        return [level for level in Decider.values if level in wanted]

    def dossier_for(self, level: str) -> Dossier | None:
        return next((d for d in self.dossiers if d.decider == level), None)

    @property
    def is_empty(self) -> bool:
        """Whether the unit has put nothing in, registration aside."""
        return not self.nominations and self.meeting is None and not self.dossiers

    def stages(self) -> list[Stage]:
        """From registration to acceptance; the first one that is not done is the current one."""
        found = [stage for stage in self._stages() if stage is not None]
        current = next((s.key for s in found if not s.is_done), None)
        return [
            replace(s, state="done" if s.is_done else "current" if s.key == current else "todo")
            for s in found
        ]

    @property
    def current(self) -> Stage | None:
        return next((s for s in self.stages() if s.state == "current"), None)

    def _stages(self) -> Iterable[Stage | None]:
        yield self._registration()
        yield self._nominations()
        yield self._meeting()
        yield self._reports()
        yield self._dossiers()
        yield self._accepted()

    def _registration(self) -> Stage | None:
        rule = self.campaign.registration_rule
        if rule == Campaign.RegistrationRule.NONE:
            return None
        row = self.registration
        label = "Đăng ký thi đua"
        if row is None:
            # An optional registration that was passed over holds nothing up.
            skipped = rule == Campaign.RegistrationRule.OPTIONAL and not self.is_empty
            hint = "Không đăng ký" if skipped else "Chưa đăng ký"
            return Stage("registration", label, skipped, hint, UNIT, "Lập bản đăng ký", None)
        hint, since = row.get_state_display(), row.decided_at or row.submitted_at or row.created_at
        if row.state == Registration.State.SUBMITTED:
            return Stage(
                "registration", label, False, hint, OFFICE, "Tiếp nhận đăng ký", row.submitted_at
            )
        if row.state == Registration.State.ACCEPTED:
            return Stage("registration", label, True, hint, UNIT, "", since)
        text = "Bổ sung và gửi lại" if row.submitted_at else "Hoàn thành và gửi bản đăng ký"
        return Stage("registration", label, False, hint, UNIT, text, since)

    def _nominations(self) -> Stage:
        count = len(self.nominations)
        hint = f"{count} đề cử" if count else "Chưa có đề cử"
        last = max((n.created_at for n in self.nominations), default=None)
        done = bool(count)
        return Stage("nominations", "Đề cử", done, hint, UNIT, "Đề cử tập thể, cá nhân", last)

    def _meeting(self) -> Stage:
        label = "Họp bình xét"
        if self.meeting is None:
            since = max((n.created_at for n in self.nominations), default=None)
            return Stage("meeting", label, False, "Chưa họp", UNIT, "Tổ chức họp bình xét", since)
        hint, text = self.meeting.get_state_display(), "Ghi biên bản và kết luận cuộc họp"
        since = self.meeting.concluded_at or self.meeting.created_at
        return Stage("meeting", label, self.is_concluded, hint, UNIT, text, since)

    def _reports(self) -> Stage:
        total, ready = len(self.in_hand), len(self.ready)
        none = self.is_concluded and not total
        hint = f"{ready}/{total} báo cáo" if total else ("Không đề nghị" if none else "Chưa có")
        done = self.is_concluded and ready == total
        since = self.meeting.concluded_at if self.meeting else None
        return Stage("reports", "Báo cáo thành tích", done, hint, UNIT, "Hoàn thành báo cáo", since)

    def _dossiers(self) -> Stage:
        mine = [d for d in self.dossiers if d.decider in self.levels]
        sent = [d for d in mine if not d.is_open]
        total = len(self.levels)
        done = self.is_concluded and len(sent) >= total
        returned = [d for d in mine if d.state == Dossier.State.RETURNED]
        hint = f"{len(sent)}/{total} hồ sơ đã trình" if total else "Chưa có"
        if self.is_concluded and not total:
            hint = "Không đề nghị"
        text = "Bổ sung và trình lại hồ sơ" if returned else "Hoàn thành và trình hồ sơ"
        since = max((d.decided_at or d.created_at for d in self.dossiers), default=None)
        if since is None and self.meeting:
            since = self.meeting.concluded_at
        if returned:
            hint = f"{len(returned)} hồ sơ bị trả lại"
        return Stage("dossiers", "Hồ sơ", done, hint, UNIT, text, since)

    def _accepted(self) -> Stage:
        accepted = [d for d in self.dossiers if d.state == Dossier.State.ACCEPTED]
        total = len(self.levels)
        done = self.is_concluded and len(accepted) >= total
        hint = f"{len(accepted)}/{total} hồ sơ" if total else ""
        since = max((d.submitted_at for d in self.dossiers if d.submitted_at), default=None)
        return Stage(
            "accepted", "Tiếp nhận", done, hint, OFFICE, "Kiểm tra, tiếp nhận hồ sơ", since
        )


@dataclass(frozen=True)
class Deadline:
    text: str
    day: date | None
    tone: Literal["", "warning", "danger"]


MILESTONES: Mapping[Key, str] = {
    "registration": Milestone.Kind.REGISTRATION,
    "nominations": Milestone.Kind.WRAP_UP,
    "meeting": Milestone.Kind.WRAP_UP,
    "reports": Milestone.Kind.SUBMISSION,
    "dossiers": Milestone.Kind.SUBMISSION,
}


def deadline_of(campaign: Campaign, key: Key, *, on: date) -> Deadline | None:
    """The milestone of the plan that the stage has to meet; needs `milestones` prefetched."""
    kind = MILESTONES.get(key)
    rows = [m for m in campaign.milestones.all() if m.kind == kind]
    if not rows:
        return None
    row = min(rows, key=lambda m: (m.last_day is None, m.last_day or date.max))
    day = row.last_day
    if day is None:
        return Deadline(row.when, None, "")
    return Deadline(
        f"{row.when} (đã quá)" if on > day else row.when,
        day,
        "danger" if on > day else "warning" if day - on <= SOON else "",
    )


def cases_of(pairs: Collection[tuple[Campaign, Unit]], *, with_checks: bool = True) -> list[Case]:
    """The case of each campaign and unit, in a fixed number of queries."""
    campaigns = {campaign.pk for campaign, _ in pairs}
    units = {unit.pk for _, unit in pairs}
    here: dict[str, Any] = {"campaign__in": campaigns, "unit__in": units}

    registrations = {_pair(r): r for r in Registration.objects.filter(**here)}
    meetings = {_pair(m): m for m in Meeting.objects.filter(**here)}
    nominations = list(Nomination.objects.filter(**here).with_subjects())
    rows = Dossier.objects.filter(**here).select_related("campaign", "unit")
    dossiers = list(rows.defer("snapshot"))
    readiness = readiness_of(nominations)
    facts = facts_of(dossiers) if with_checks else {}
    checks = {pk: rules.completeness(found) for pk, found in facts.items()}
    nominations_of, dossiers_of = _grouped(nominations, _pair), _grouped(dossiers, _pair)
    return [
        Case(
            campaign=campaign,
            unit=unit,
            registration=registrations.get((campaign.pk, unit.pk)),
            meeting=meetings.get((campaign.pk, unit.pk)),
            nominations=tuple(nominations_of[campaign.pk, unit.pk]),
            dossiers=tuple(dossiers_of[campaign.pk, unit.pk]),
            readiness=readiness,
            checks=checks,
        )
        for campaign, unit in pairs
    ]


def _pair(row: Registration | Meeting | Nomination | Dossier) -> tuple[int, int]:
    return row.campaign_id, row.unit_id


def _grouped(rows: Iterable[R], key: Callable[[R], tuple[int, int]]) -> dict[Any, list[R]]:
    found: dict[Any, list[R]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found
