"""An expired session costs neither the text nor the way back."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit, urlunsplit

from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    QueryDict,
)
from django.utils.http import url_has_allowed_host_and_scheme

SALT = "emulation.unsaved"
SESSION_KEY = "unsaved"
# A report of sixty pages as a browser sends it, which takes up to nine signs for a letter.
MAX_CHARS = 1_000_000
NOT_DONE = "Phiên làm việc đã hết, thao tác vừa rồi chưa được thực hiện. Đăng nhập rồi làm lại."


def keep_token(user_pk: int) -> str:
    """What a form carries in `_keep` so that its text is given back to the same person only."""
    return signing.dumps(user_pk, salt=SALT)


class KeepUnsavedText:
    """Keep the POST of somebody whose session has ended, and give it back after login.

    A form that carries a signed `_keep` is kept in the session of the login page, which login
    carries over. The next GET of the same address by the same person finds it as
    `request.unsaved`, a QueryDict; the POST that saves it forgets it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.unsaved = self._kept(request)  # type: ignore[attr-defined]
        if request.method == "POST":
            if request.user.is_authenticated:
                kept = request.session.get(SESSION_KEY)
                if kept and kept["path"] == request.path:
                    del request.session[SESSION_KEY]
            else:
                self._keep(request)
        return self.get_response(request)

    def _keep(self, request: HttpRequest) -> None:
        # The CSRF check comes later, in process_view: a forged POST can only fill this one slot,
        # and only with a token that was signed for the person who will see it.
        token = request.POST.get("_keep")
        if not token:
            return
        try:
            owner = signing.loads(token, salt=SALT)
        except signing.BadSignature:
            return
        data = request.POST.copy()
        for name in ("csrfmiddlewaretoken", "_keep"):
            data.pop(name, None)
        text = data.urlencode()
        if len(text) <= MAX_CHARS:
            request.session[SESSION_KEY] = {"path": request.path, "data": text, "owner": owner}

    def _kept(self, request: HttpRequest) -> QueryDict | None:
        if request.method not in ("GET", "HEAD") or not request.user.is_authenticated:
            return None
        kept = request.session.get(SESSION_KEY)
        if not kept or kept["path"] != request.path or kept["owner"] != request.user.pk:
            return None
        return QueryDict(kept["data"])


class LoginRequired(LoginRequiredMiddleware):
    """After an expired session, a POST leads back to the page it was sent from.

    The address of an act answers no GET, so it is no place to return to.
    """

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseRedirect:
        page = request.headers.get("Referer", "")
        if request.method != "POST" or not url_has_allowed_host_and_scheme(
            page, {request.get_host()}, require_https=request.is_secure()
        ):
            return super().handle_no_permission(request, view_func)
        if "HX-Request" not in request.headers:
            messages.warning(request, NOT_DONE)
        back = urlsplit(page)
        return redirect_to_login(
            urlunsplit(("", "", back.path, back.query, "")),
            self.get_login_url(view_func),
            self.get_redirect_field_name(view_func),
        )
