"""The room of one unit in one campaign, and what its pages have in common."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.text import Truncator

from awards.actions import obstacle_for
from awards.models import Nomination
from campaigns.models import Campaign
from emulation.models import Role, Unit, User

READERS = {Role.UNIT_HEAD, Role.OFFICE, Role.DIRECTOR, Role.COUNCIL}


@dataclass(frozen=True)
class Workspace:
    user: User
    campaign: Campaign
    unit: Unit
    roles: frozenset[str]

    @property
    def is_head(self) -> bool:
        return Role.UNIT_HEAD in self.roles

    @property
    def is_reader(self) -> bool:
        """Whether the pages of the whole unit are open to this user."""
        return bool(self.roles & READERS)

    @property
    def obstacle(self) -> str:
        """Why this user may not write here now; "" means they may."""
        return obstacle_for(self.user, campaign=self.campaign, unit=self.unit)

    def url(self, route: str) -> str:
        return reverse(f"awards:{route}", args=(self.campaign.slug, self.unit.pk))

    def trail(self, *pages: tuple[str, str]) -> list[tuple[str, str]]:
        """The way to this page for breadcrumb.html."""
        plan = reverse("campaigns:detail", args=(self.campaign.slug,))
        return [
            ("Phong trào", reverse("campaigns:list")),
            (self.campaign.number or Truncator(self.campaign.name).chars(48), plan),
            *pages,
        ]


def kept(request: HttpRequest) -> QueryDict | None:
    """What was typed into this page when the session had ended, given back after login."""
    return getattr(request, "unsaved", None)


def actor(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def workspace(request: HttpRequest, slug: str, unit_pk: int) -> Workspace:
    """404 unless the user heads the unit or serves the whole agency."""
    user = actor(request)
    campaign = get_object_or_404(
        Campaign.objects.visible_to(user).select_related("agency"), slug=slug
    )
    units = Unit.objects.visible_to(user).filter(agency=campaign.agency)
    unit = get_object_or_404(units, pk=unit_pk)
    roles = user.roles_for(agency_id=campaign.agency_id, unit_id=unit.pk)
    if not roles & READERS:
        raise Http404
    return Workspace(user, campaign, unit, roles)


def workspace_of(user: User, nomination: Nomination) -> Workspace:
    roles = user.roles_for(agency_id=nomination.campaign.agency_id, unit_id=nomination.unit_id)
    return Workspace(user, nomination.campaign, nomination.unit, roles)
