"""The five campaigns, and what the units of Lạng Sơn did in theirs, by the actions of the apps."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from awards.actions import Count, Presence, act_on_meeting, nominate, save_meeting, start_meeting
from awards.models import Nomination
from campaigns.actions import (
    act_on_campaign,
    act_on_registration,
    add_registration_line,
    import_plan,
    participating_units,
    save_participants,
    set_milestone_date,
    start_registration,
)
from campaigns.models import Campaign, Milestone, Offer
from dossiers.actions import (
    EntryKey,
    act_on_dossier,
    import_tasks,
    open_dossier,
    save_report,
    start_report,
)
from dossiers.demo.source import cases, day_before, moment, rows, tasks
from dossiers.models import Dossier, Report, TaskRow, sections_for
from dossiers.models.tasks import digest
from emulation.models import Decider, Individual, Role, RoleGrant, Unit, User

LANG_SON = "lang-son-2024"
# The commune level took over from the districts on 01/07/2025, in the middle of the campaign.
JOINED = "2025-07-04T09:30"
# When the office announced by what day dossiers were due, which the plan had left open, and that.
ANNOUNCED, DUE = "2025-07-21T15:00", "2025-08-08T00:00"
PLANS = settings.BASE_DIR / "campaigns" / "plans"


def load_campaigns() -> dict[str, int]:
    """The campaigns that are missing, each whole or not at all; how many rows are new."""
    before = [table.objects.count() for table in (Campaign, Dossier, Report)]
    for entry in rows("campaigns.json"):
        if not Campaign.objects.filter(slug=entry["slug"]).exists():
            with transaction.atomic():
                _load(entry)
    after = [table.objects.count() for table in (Campaign, Dossier, Report)]
    names = ("phong trào", "hồ sơ", "báo cáo thành tích")
    return {name: b - a for name, a, b in zip(names, before, after, strict=True)}


def _load(entry: dict[str, Any]) -> None:
    plan = json.loads((PLANS / f"{entry['slug']}.json").read_text(encoding="utf-8"))
    agency = Unit.objects.agencies().get(code=plan["agency"])
    office, director = _holder(Role.OFFICE, agency), _holder(Role.DIRECTOR, agency)
    drawn_up, launched = moment(entry["drawn_up"]), moment(entry["launched"])
    # Units that have gone since then are left out: nobody could act for them any more.
    units = participating_units(agency, timezone.localdate(launched))
    if agency.valid_to is None:
        units &= participating_units(agency, timezone.localdate())
    campaign = import_plan(data=plan, by=office, at=drawn_up, participants=units)
    campaign = act_on_campaign(campaign=campaign, act="launch", by=director, at=launched)
    if campaign.slug == LANG_SON:
        _Cases(campaign, office).load()
    if entry["closed"]:
        act_on_campaign(
            campaign=campaign,
            act="close",
            by=office,
            at=moment(entry["closed"]),
            note=entry["note"],
        )


def _holder(role: str, unit: Unit) -> User:
    """Who holds the role for the unit today."""
    grants = RoleGrant.objects.in_force(timezone.localdate()).filter(
        role=role, unit=unit, user__is_active=True
    )
    return grants.select_related("user__individual").earliest("pk").user


class _Cases:
    """What the units of one campaign did, with the rows that the files name by code."""

    def __init__(self, campaign: Campaign, office: User) -> None:
        self.campaign, self.office = campaign, office
        agency = campaign.agency_id
        self.units = {u.code: u for u in Unit.objects.filter(agency=agency).order_by("pk")}
        people = Individual.objects.filter(agency=agency).select_related("account")
        self.people = {person.staff_code: person for person in people.order_by("pk")}
        offers = Offer.objects.filter(campaign=campaign).select_related("title")
        self.offers = {offer.title.code: offer for offer in offers.order_by("pk")}
        self.statements = {s.key: s.pk for s in campaign.statements.all()}
        self.tasks = {
            (unit, subject): [TaskRow(len(line) == 1, *line) for line in lines]
            for unit, subjects in tasks().items()
            for subject, lines in subjects.items()
        }

    def load(self) -> None:
        found = sorted(cases(), key=lambda case: self.units[case["unit"]].position)
        here = set(self.campaign.participants.values_list("unit", flat=True))
        early = [case for case in found if self.units[case["unit"]].pk in here]
        late = [case for case in found if case not in early]
        for case in early:
            self._register(case)
        save_participants(
            campaign=self.campaign,
            units=[self.units[case["unit"]] for case in found],
            by=self.office,
            at=moment(JOINED),
        )
        for case in late:
            self._register(case)
        due = self.campaign.milestones.get(kind=Milestone.Kind.SUBMISSION)
        set_milestone_date(
            milestone=due,
            version=due.version,
            day=moment(DUE).date(),
            by=self.office,
            at=moment(ANNOUNCED),
        )
        for case in found:
            self._review(case)
            self._submit(case)

    def _subject(self, case: dict[str, Any], code: str) -> Individual | Unit:
        return self.units[case["unit"]] if code == "unit" else self.people[code]

    def _register(self, case: dict[str, Any]) -> None:
        unit, entry = self.units[case["unit"]], case["registration"]
        head, at = _holder(Role.UNIT_HEAD, unit), moment(entry["submitted"])
        begun = moment(entry["submitted"], hours=-1)
        registration = start_registration(campaign=self.campaign, unit=unit, by=head, at=begun)
        for line in entry["lines"]:
            add_registration_line(
                registration=registration,
                subject=self._subject(case, line["subject"]),
                offer=self.offers[line["title"]],
                area=None,
                commitment=line["commitment"],
                by=head,
                at=begun,
            )
        act_on_registration(registration=registration, act="submit", by=head, at=at)
        act_on_registration(
            registration=registration, act="accept", by=self.office, at=moment(entry["accepted"])
        )

    def _review(self, case: dict[str, Any]) -> None:
        """Nominations, and the meeting that chooses."""
        unit, entry = self.units[case["unit"]], case["meeting"]
        head, called = _holder(Role.UNIT_HEAD, unit), day_before(moment(entry["start"]))
        nominations = {}
        for line in case["nominations"]:
            nominations[line["subject"]] = nominate(
                campaign=self.campaign,
                unit=unit,
                subject=self._subject(case, line["subject"]),
                offer=self.offers[line["title"]],
                legal_ground=line["legal_ground"],
                summary=line["summary"],
                by=head,
                at=called,
            )
        absent = {row["person"]: row["reason"] for row in entry["absent"]}
        attendance = {self.people[code].pk: Presence(present=True) for code in entry["attendees"]}
        for code, reason in absent.items():
            attendance[self.people[code].pk] = Presence(present=False, reason=reason)
        present = len(entry["attendees"])
        votes: dict[int, Count | None] = {
            nominations[vote["subject"]].pk: Count(
                in_favour=vote["agree"],
                against=vote["disagree"],
                abstained=present - vote["agree"] - vote["disagree"],
            )
            for vote in entry["votes"]
        }
        meeting = start_meeting(campaign=self.campaign, unit=unit, by=head, at=called)
        meeting = save_meeting(
            meeting=meeting,
            version=meeting.version,
            starts_at=moment(entry["start"]),
            ends_at=moment(entry["end"]),
            place=entry["place"],
            chair=self.people[entry["chair"]],
            secretary=self.people[entry["secretary"]],
            discussion=entry["discussion"],
            required_percent=meeting.required_percent,
            attendance=attendance,
            votes=votes,
            by=head,
            at=moment(entry["end"], minutes=25),
        )
        act_on_meeting(meeting=meeting, act="conclude", by=head, at=moment(entry["end"], hours=1))

    def _write(self, case: dict[str, Any], *, head: User, at: datetime) -> None:
        """Reports, by the nominee's own hand where there is an account, else by the head's."""
        unit = self.units[case["unit"]]
        nominations = {
            n.individual.staff_code if n.individual else "unit": n
            for n in Nomination.objects.of_unit(self.campaign, unit).with_subjects()
        }
        for line in case["nominations"]:
            nomination = nominations[line["subject"]]
            by = getattr(nomination.individual, "account", None) or head
            report = start_report(nomination=nomination, by=by, at=at)
            keys: dict[str, EntryKey] = {
                **{section.code: ("section", section.pk) for section in sections_for(report)},
                **{key: ("statement", pk) for key, pk in self.statements.items()},
            }
            save_report(
                report=report,
                version=report.version,
                entries={keys[key]: text for key, text in line["report"].items() if text},
                by=by,
                at=at,
            )
            done = self.tasks.get((case["unit"], line["subject"]))
            if done:
                import_tasks(report=report, rows=done, keep=False, seen=digest(()), by=by, at=at)

    def _submit(self, case: dict[str, Any]) -> None:
        """A dossier for each deciding level of the nominees, as far as the case has come."""
        unit, outcome = self.units[case["unit"]], case["outcome"]
        head, met = _holder(Role.UNIT_HEAD, unit), case["meeting"]["end"]
        due = case["dossiers"]["submitted"] if "dossiers" in case else met
        self._write(case, head=head, at=max(day_before(moment(due)), moment(met, hours=2)))
        chosen = Nomination.objects.of_unit(self.campaign, unit).chosen()
        wanted = set(chosen.order_by("pk").values_list("offer__title__decider", flat=True))
        for number, decider in enumerate(level for level in Decider.values if level in wanted):
            begun = moment(met, hours=2, minutes=7 * number)
            dossier = open_dossier(
                campaign=self.campaign, unit=unit, decider=decider, by=head, at=begun
            )
            if outcome == "draft":
                continue
            sent = moment(case["dossiers"]["submitted"], minutes=11 * number)
            act_on_dossier(dossier=dossier, act="submit", by=head, at=sent)
            if outcome != "submitted":
                act_on_dossier(
                    dossier=dossier,
                    act="return" if outcome == "returned" else "accept",
                    note=case["dossiers"]["note"],
                    by=self.office,
                    at=moment(case["dossiers"]["decided"], minutes=13 * number),
                )
