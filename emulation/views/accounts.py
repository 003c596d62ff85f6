"""Accounts of an agency, for its administrator."""

from django.contrib import messages
from django.contrib.auth.forms import PasswordResetForm
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from emulation.actions.accounts import create_account, end_grant, grant_role, set_active
from emulation.forms.accounts import AccountForm, EndForm, GrantForm
from emulation.models import Role, User
from emulation.views.access import role_required
from emulation.views.acts import perform


@require_safe
@role_required(Role.ADMIN)
def accounts(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    rows = User.objects.visible_to(user).select_related("individual__unit")
    query = request.GET.get("q", "").strip()
    if query:
        rows = rows.filter(individual__search_text__contains=query.lower()) | rows.filter(
            username__icontains=query
        )
    page = Paginator(rows.prefetch_related("role_grants__unit"), 30).get_page(
        request.GET.get("trang")
    )
    kept = request.GET.copy()
    kept.pop("trang", None)
    return render(
        request, "emulation/accounts.html", {"page": page, "q": query, "query": kept.urlencode()}
    )


@require_http_methods(["GET", "POST"])
@role_required(Role.ADMIN)
def account_create(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    form = AccountForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        created: list[User] = []
        if perform(
            request, lambda: created.append(create_account(**form.cleaned_data)), form=form
        ):
            _send_password_link(request, created[0])
            return redirect("emulation:account", pk=created[0].pk)
    return render(request, "emulation/account_create.html", {"form": form})


@require_http_methods(["GET", "POST"])
@role_required(Role.ADMIN)
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """One account; POST opens or closes it, or sends its password link again."""
    user: User = request.user  # type: ignore[assignment]
    found = get_object_or_404(
        User.objects.visible_to(user).select_related("individual__unit"), pk=pk
    )
    if request.method == "POST":
        act = request.POST.get("act", "")
        if act == "password":
            _send_password_link(request, found)
        elif act == "close" and found.pk == user.pk:
            messages.error(request, "Không thể khóa tài khoản đang dùng.")
        elif act in ("open", "close"):
            done = "Đã mở tài khoản." if act == "open" else "Đã khóa tài khoản."
            perform(request, lambda: set_active(account=found, active=act == "open"), done=done)
        return redirect("emulation:account", pk=pk)
    return render(request, "emulation/account.html", _account_context(found, GrantForm(user=user)))


@require_POST
@role_required(Role.ADMIN)
def grant_create(request: HttpRequest, pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    found = get_object_or_404(User.objects.editable_by(user), pk=pk)
    form = GrantForm(request.POST, user=user)
    if form.is_valid() and perform(
        request,
        lambda: grant_role(account=found, **form.cleaned_data),
        done="Đã giao vai trò.",
        form=form,
    ):
        return redirect("emulation:account", pk=pk)
    return render(request, "emulation/account.html", _account_context(found, form))


@require_POST
@role_required(Role.ADMIN)
def grant_end(request: HttpRequest, pk: int, grant_pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    found = get_object_or_404(User.objects.editable_by(user), pk=pk)
    grant = get_object_or_404(found.role_grants.all(), pk=grant_pk)
    form = EndForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Hãy ghi ngày kết thúc theo dạng 31/12/2024.")
    else:
        perform(
            request,
            lambda: end_grant(grant=grant, valid_to=form.cleaned_data["valid_to"]),
            done="Đã ghi ngày kết thúc.",
        )
    return redirect("emulation:account", pk=pk)


def _account_context(found: User, form: GrantForm) -> dict[str, object]:
    return {
        "account": found,
        "form": form,
        "grants": list(found.role_grants.select_related("unit")),
        "today": timezone.localdate(),
    }


def _send_password_link(request: HttpRequest, account: User) -> None:
    """Django's own reset form sends the link; it wants an address and a usable account."""
    if not account.email:
        messages.error(request, "Tài khoản chưa có thư điện tử nên chưa gửi được liên kết.")
        return
    form = FirstPasswordForm({"email": account.email})
    if form.is_valid():
        form.save(request=request, use_https=request.is_secure(), from_email=None)
        messages.success(request, f"Đã gửi liên kết đặt mật khẩu tới {account.email}.")


class FirstPasswordForm(PasswordResetForm):
    """Also for accounts that have no password yet."""

    def get_users(self, email: str):  # type: ignore[no-untyped-def]
        return User.objects.filter(email__iexact=email, is_active=True).order_by("pk")
