"""Accounts and the roles they are granted."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from emulation.models import Individual, RoleGrant, Unit, User


@transaction.atomic
def create_account(*, individual: Individual, username: str, email: str) -> User:
    """An account without a password: its owner sets one through the link sent to `email`."""
    user = User(
        username=username, email=email, individual=individual, agency=individual.agency
    )
    user.set_unusable_password()
    user.full_clean(exclude=["password"])
    user.save()
    return user


@transaction.atomic
def set_active(*, account: User, active: bool) -> User:
    """Open or close an account; a closed one cannot log in and holds no role."""
    locked = User.objects.select_for_update().get(pk=account.pk)
    locked.is_active = active
    locked.save(update_fields=["is_active"])
    return locked


@transaction.atomic
def grant_role(
    *, account: User, role: str, unit: Unit, valid_from: date, valid_to: date | None
) -> RoleGrant:
    if account.agency_id not in (unit.agency_id, unit.pk):
        raise ValidationError({"unit": "Chỉ giao vai trò trong cơ quan của tài khoản."})
    grant = RoleGrant(
        user=account, role=role, unit=unit, valid_from=valid_from, valid_to=valid_to
    )
    grant.full_clean()
    grant.save()
    return grant


@transaction.atomic
def end_grant(*, grant: RoleGrant, valid_to: date) -> RoleGrant:
    """The last day of a role; it must not lie before the first."""
    locked = RoleGrant.objects.select_for_update().get(pk=grant.pk)
    locked.valid_to = valid_to
    locked.full_clean()
    locked.save(update_fields=["valid_to"])
    return locked
