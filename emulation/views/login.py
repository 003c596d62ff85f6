"""Logging in."""

from typing import Any

from django.conf import settings
from django.contrib.auth.views import LoginView
from django.utils import timezone

from emulation.models import RoleGrant, Unit


class Login(LoginView):
    """Django's login; a demo installation shows its accounts."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            demo_accounts=_demo_accounts() if settings.DEMO else [],
            demo_password=settings.DEMO_PASSWORD,
            **kwargs,
        )


def _demo_accounts() -> list[tuple[str, str]]:
    """Each account of the demo agency with all that it may do, in the order of the demo data."""
    agency = Unit.objects.agencies().filter(code=settings.DEMO_AGENCY).values_list("pk", flat=True)
    grants = (
        RoleGrant.objects.in_force(timezone.localdate())
        .filter(unit__in=Unit.objects.of_agencies(list(agency)), user__is_active=True)
        .select_related("user", "unit")
        .order_by("pk")
    )
    found: dict[str, list[str]] = {}
    for grant in grants:
        label = f"{grant.get_role_display()} – {grant.unit.short_name or grant.unit.name}"
        found.setdefault(grant.user.username, []).append(label)
    return [(username, "; ".join(labels)) for username, labels in found.items()]
