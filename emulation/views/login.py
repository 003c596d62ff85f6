"""Logging in."""

from typing import Any

from django.conf import settings
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from emulation.limits import Limit, give_back, take
from emulation.models import RoleGrant, Unit
from emulation.vietnamese import fold
from emulation.views.clients import client_address
from emulation.views.errors import too_many

# A whole office may share one address; one account at one address is one person, or a guesser.
BY_ACCOUNT = Limit("login-account", times=10, seconds=15 * 60)
BY_ADDRESS = Limit("login-address", times=100, seconds=15 * 60)
TOO_OFTEN = "Đã đăng nhập sai quá nhiều lần từ địa chỉ này."


class Login(LoginView):
    """Django's login, which counts failures; a demo installation shows its accounts."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        now, address = timezone.now(), client_address(request)
        account = f"{fold(request.POST.get('username', ''))[:200]} {address}"
        for limit, who in ((BY_ACCOUNT, account), (BY_ADDRESS, address)):
            seconds = take(limit, who, at=now)
            if seconds:
                return too_many(request, seconds, TOO_OFTEN)
        answer = super().post(request, *args, **kwargs)
        if answer.status_code == 302:  # only failures count
            give_back(BY_ACCOUNT, account, at=now)
            give_back(BY_ADDRESS, address, at=now)
        return answer

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
