"""Accounts of an agency, for its administrator."""

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from emulation.actions.accounts import (
    create_account,
    end_grant,
    grant_role,
    send_password_link,
    set_active,
)
from emulation.forms.accounts import AccountFilter, AccountForm, EndForm, GrantForm
from emulation.middleware import keep_token
from emulation.models import Role, RoleGrant, User
from emulation.templatetags.vietnamese import vdatetime
from emulation.views.access import role_required
from emulation.views.acts import perform, typed
from emulation.views.lists import page_of


@require_safe
@role_required(Role.ADMIN)
def accounts(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    rows = User.objects.visible_to(user).select_related("individual__unit")
    form = AccountFilter(request.GET)
    if form.is_valid() and form.cleaned_data["q"]:
        rows = rows.matching(form.cleaned_data["q"])
    in_force = RoleGrant.objects.in_force(timezone.localdate()).select_related("unit")
    page, query = page_of(request, rows.prefetch_related(Prefetch("role_grants", in_force)))
    context = {"form": form, "page": page, "query": query}
    return render(request, "emulation/accounts.html", context)


@require_http_methods(["GET", "POST"])
@role_required(Role.ADMIN)
def account_create(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    form = AccountForm(typed(request), user=user)
    if request.method == "POST" and form.is_valid():
        made: list[User] = []
        if perform(
            request,
            lambda: made.append(create_account(**form.cleaned_data)),
            done="Đã mở tài khoản. Hãy giao vai trò để người dùng làm việc được.",
            form=form,
        ):
            _send_link(request, made[0])
            return redirect("emulation:account", pk=made[0].pk)
    return render(
        request,
        "emulation/account_create.html",
        {
            "form": form,
            "keep_token": keep_token(user.pk),
            "restored": request.method == "GET" and form.is_bound,
        },
    )


@require_http_methods(["GET", "POST"])
@role_required(Role.ADMIN)
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """One account; POST opens or closes it, or sends its password link again."""
    user: User = request.user  # type: ignore[assignment]
    found = get_object_or_404(
        User.objects.visible_to(user).select_related("individual__unit", "agency"), pk=pk
    )
    if request.method == "POST":
        act = request.POST.get("act", "")
        if act == "password":
            _send_link(request, found)
        elif act in ("open", "close"):
            done = "Đã mở tài khoản." if act == "open" else "Đã khóa tài khoản."
            perform(
                request,
                lambda: set_active(account=found, active=act == "open", by=user),
                done=done,
            )
        return redirect("emulation:account", pk=pk)
    return _account_page(request, found, GrantForm(user=user))


@require_POST
@role_required(Role.ADMIN)
def grant_create(request: HttpRequest, pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    found = get_object_or_404(
        User.objects.editable_by(user).select_related("individual__unit", "agency"), pk=pk
    )
    form = GrantForm(request.POST, user=user)
    if form.is_valid() and perform(
        request,
        lambda: grant_role(account=found, **form.cleaned_data),
        done="Đã giao vai trò.",
        form=form,
    ):
        return redirect("emulation:account", pk=pk)
    return _account_page(request, found, form)


@require_POST
@role_required(Role.ADMIN)
def grant_end(request: HttpRequest, pk: int, grant_pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    found = get_object_or_404(User.objects.editable_by(user), pk=pk)
    grant = get_object_or_404(found.role_grants.all(), pk=grant_pk)
    form = EndForm(request.POST)
    if form.is_valid():
        perform(
            request,
            lambda: end_grant(grant=grant, valid_to=form.cleaned_data["valid_to"], by=user),
            done="Đã ghi ngày kết thúc.",
        )
    else:
        messages.error(request, "Hãy ghi ngày kết thúc theo dạng 31/12/2024.")
    return redirect("emulation:account", pk=pk)


def _account_page(request: HttpRequest, found: User, form: GrantForm) -> HttpResponse:
    today = timezone.localdate()
    grants = list(found.role_grants.select_related("unit").order_by("-valid_from", "-pk"))
    person = found.individual
    facts = [
        ("Tên đăng nhập", found.username),
        ("Họ và tên", person.full_name if person else ""),
        ("Đơn vị công tác", person.unit.name if person else ""),
        ("Cơ quan", found.agency.name if found.agency else ""),
        ("Thư điện tử", found.email),
        ("Mật khẩu", "đã đặt" if found.has_usable_password() else "chưa đặt"),
        ("Đăng nhập gần nhất", vdatetime(found.last_login)),
    ]
    context = {"account": found, "facts": facts, "form": form, "grants": grants, "today": today}
    return render(request, "emulation/account.html", context)


def _send_link(request: HttpRequest, account: User) -> None:
    site = f"{request.scheme}://{request.get_host()}"
    perform(
        request,
        lambda: send_password_link(account=account, site=site),
        done=f"Đã gửi liên kết đặt mật khẩu tới {account.email}.",
    )
