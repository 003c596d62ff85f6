"""Whole pages for a role."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from emulation.models import User

V = TypeVar("V", bound=Callable[..., HttpResponse])


def role_required(*roles: str) -> Callable[[V], V]:
    """Answer 403 unless the user holds one of `roles` today."""

    def decorate(view: V) -> V:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            user = cast(User, request.user)
            if not user.roles & set(roles):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return cast(V, guarded)

    return decorate
