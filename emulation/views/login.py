"""Logging in."""

from typing import Any

from django.conf import settings
from django.contrib.auth.views import LoginView
from django.utils import timezone

from emulation.models import RoleGrant


class Login(LoginView):
    """Django's login; a demo installation shows its accounts."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        accounts: list[tuple[str, str]] = []
        if settings.DEMO:
            grants = RoleGrant.objects.in_force(timezone.localdate()).filter(
                unit__agency__code=settings.DEMO_AGENCY
            ) | RoleGrant.objects.in_force(timezone.localdate()).filter(
                unit__code=settings.DEMO_AGENCY
            )
            accounts = [
                (grant.user.username, f"{grant.get_role_display()} – {grant.unit.name}")
                for grant in grants.select_related("user", "unit").order_by("pk")
            ]
        return super().get_context_data(
            demo_accounts=accounts, demo_password=settings.DEMO_PASSWORD, **kwargs
        )
