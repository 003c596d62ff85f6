"""Accounts and the roles they are granted."""

from __future__ import annotations

import logging
from datetime import date
from smtplib import SMTPException

from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from emulation.models import Individual, Role, RoleGrant, Unit, User
from emulation.workflow import Refused

log = logging.getLogger(__name__)


@transaction.atomic
def create_account(*, individual: Individual, username: str, email: str) -> User:
    """An account without a password: its owner sets one through the link sent to `email`."""
    user = User(username=username, email=email, individual=individual, agency=individual.agency)
    user.set_unusable_password()
    user.full_clean(exclude=["password"])
    user.save()
    return user


def send_password_link(*, account: User, site: str) -> None:
    """Mail the link through which the owner sets a password; `site` is "https://host"."""
    if not account.email:
        raise Refused("Tài khoản chưa có thư điện tử nên chưa gửi được liên kết.")
    if not account.is_active:
        raise Refused("Tài khoản đang khóa; hãy mở tài khoản trước khi gửi liên kết.")
    uid = urlsafe_base64_encode(force_bytes(account.pk))
    token = default_token_generator.make_token(account)
    link = site + reverse("password_reset_confirm", args=[uid, token])
    body = render_to_string("emulation/account_email.txt", {"account": account, "link": link})
    try:
        send_mail("Đặt mật khẩu phần mềm Thi đua", body, None, [account.email])
    except (SMTPException, OSError) as error:
        log.exception("no password link sent to account %s", account.pk)
        raise Refused("Máy chủ thư chưa nhận thư. Hãy thử gửi lại liên kết sau.") from error


@transaction.atomic
def set_active(*, account: User, active: bool, by: User) -> User:
    """Open or close an account; a closed one cannot log in and holds no role."""
    if not active and account.pk == by.pk:
        raise Refused("Không thể khóa tài khoản đang dùng.")
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
    grant = RoleGrant(user=account, role=role, unit=unit, valid_from=valid_from, valid_to=valid_to)
    grant.full_clean()
    grant.save()
    return grant


@transaction.atomic
def end_grant(*, grant: RoleGrant, valid_to: date, by: User) -> RoleGrant:
    """The last day of a role; it must not lie before the first."""
    if grant.user_id == by.pk and grant.role == Role.ADMIN:
        raise Refused("Vai trò quản trị của chính mình do người quản trị khác kết thúc.")
    locked = RoleGrant.objects.select_for_update().get(pk=grant.pk)
    locked.valid_to = valid_to
    locked.full_clean()
    locked.save(update_fields=["valid_to"])
    return locked
