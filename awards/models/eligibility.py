"""The facts of a nomination, gathered from the rows for the rules to judge."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from awards import rules
from awards.models.nominations import Nomination
from campaigns.models import Basis, Campaign, Criterion, Offer, RegistrationLine
from emulation.models import Individual, Rating, SubjectKind, Unit

Key = tuple[str, int]


@dataclass(frozen=True)
class Candidate:
    """A subject and an offer, nominated already or only thought of."""

    offer: Offer
    individual: Individual | None = None
    collective: Unit | None = None
    legal_ground: str = ""
    kind: str = ""

    @property
    def subject(self) -> str:
        """The kind of subject; `kind` says it while nobody is chosen yet."""
        if self.individual:
            return SubjectKind.INDIVIDUAL.value
        if self.collective:
            return SubjectKind.COLLECTIVE.value
        return self.kind or SubjectKind.INDIVIDUAL.value

    @property
    def key(self) -> Key:
        return key(self.individual.pk if self.individual else None, self.collective)


def key(individual_id: int | None, collective: Unit | int | None) -> Key:
    """One key for people and units; ("", 0) while nobody is chosen."""
    if individual_id:
        return SubjectKind.INDIVIDUAL.value, individual_id
    if collective:
        return SubjectKind.COLLECTIVE.value, collective if isinstance(
            collective, int
        ) else collective.pk
    return "", 0


def candidate(nomination: Nomination) -> Candidate:
    return Candidate(
        offer=nomination.offer,
        individual=nomination.individual,
        collective=nomination.collective,
        legal_ground=nomination.legal_ground,
    )


def facts(campaign: Campaign, candidates: Sequence[Candidate]) -> list[rules.Facts]:
    """The facts of each candidate; as many queries for one as for a hundred."""
    ratings = _ratings(candidates)
    registrations = _registrations(campaign, candidates)
    offers = _offers_by_subject(campaign, candidates)
    issuers = tuple(campaign.bases.filter(kind=Basis.Kind.PARENT).values_list("issuer", flat=True))
    return [
        rules.Facts(
            subject=one.subject,
            title=one.offer.title.code,
            ratings=tuple(ratings[one.key]),
            registration=registrations.get((one.key, one.offer.pk), ""),
            registration_required=(
                campaign.registration_rule == Campaign.RegistrationRule.REQUIRED
            ),
            other_offers=tuple(str(o) for o in offers[one.key] if o.pk != one.offer.pk),
            legal_ground=one.legal_ground,
            campaign_start=campaign.start_date,
            campaign_end=campaign.end_date,
            parent_issuers=issuers,
        )
        for one in candidates
    ]


def findings(
    campaign: Campaign, candidates: Sequence[Candidate], *, on: date
) -> list[list[rules.Finding]]:
    """For each candidate the verdict on every criterion of the plan, then the law's remarks."""
    criteria = list(campaign.criteria.all())
    return [
        [rules.judge(_condition(criterion, one), known) for criterion in _of(criteria, one)]
        + rules.remarks(known, on=on)
        for one, known in zip(candidates, facts(campaign, candidates), strict=True)
    ]


def _of(criteria: Iterable[Criterion], one: Candidate) -> list[Criterion]:
    """The criteria that a subject of this kind must meet for its offer."""
    return [
        criterion
        for criterion in criteria
        if criterion.offer_id in (None, one.offer.pk) and criterion.applies in ("both", one.subject)
    ]


def _condition(criterion: Criterion, one: Candidate) -> rules.Condition:
    # The rule needs somebody to look at: before that the criterion is only shown.
    rule = criterion.rule if one.key[0] else ""
    return rules.Condition(criterion.text, criterion.source, rule, criterion.params)


def _subjects(candidates: Iterable[Candidate], collective: str) -> Q:
    people = {c.individual.pk for c in candidates if c.individual}
    units = {c.collective.pk for c in candidates if c.collective}
    return Q(individual__in=people) | Q(**{f"{collective}__in": units})


def _ratings(candidates: Sequence[Candidate]) -> dict[Key, list[rules.RatingFact]]:
    found: dict[Key, list[rules.RatingFact]] = defaultdict(list)
    for rating in Rating.objects.filter(_subjects(candidates, "unit")):
        found[key(rating.individual_id, rating.unit_id)].append(
            rules.RatingFact(rating.year, rating.level, rating.get_level_display(), rating.decision)
        )
    return found


def _registrations(
    campaign: Campaign, candidates: Sequence[Candidate]
) -> dict[tuple[Key, int], str]:
    """The state of the best registration of each subject for each title."""
    lines = RegistrationLine.objects.filter(
        _subjects(candidates, "unit"), registration__campaign=campaign
    ).select_related("registration")
    found: dict[tuple[Key, int], str] = {}
    for line in lines:
        place = (key(line.individual_id, line.unit_id), line.offer_id)
        if found.get(place) != "accepted":
            found[place] = line.registration.state
    return found


def _offers_by_subject(
    campaign: Campaign, candidates: Sequence[Candidate]
) -> dict[Key, list[Offer]]:
    found: dict[Key, list[Offer]] = defaultdict(list)
    nominations = (
        Nomination.objects.filter(_subjects(candidates, "collective"), campaign=campaign)
        .exclude(state=Nomination.State.NOT_CHOSEN)
        .select_related("offer__title")
    )
    for nomination in nominations:
        found[key(nomination.individual_id, nomination.collective_id)].append(nomination.offer)
    return found
