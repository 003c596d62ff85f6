"""How a page runs an action: a refusal or a wrong input becomes a message, never a 500."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, QueryDict

from emulation.workflow import Refused


def perform(
    request: HttpRequest, action: Callable[[], Any], *, done: str = "", form: BaseForm | None = None
) -> bool:
    """Run `action`; say `done` and return True, or show why not and return False.

    With `form`, field errors stand beside their fields; without it they become messages.
    """
    try:
        action()
    except Refused as refused:
        messages.error(request, str(refused))
        return False
    except ValidationError as error:
        if form is None:
            for text in error.messages:
                messages.error(request, text)
        else:
            add_errors(form, error)
        return False
    if done:
        messages.success(request, done)
    return True


def typed(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: the POST, or what was typed in it before the session ended."""
    if request.method == "POST":
        return request.POST
    unsaved: QueryDict | None = getattr(request, "unsaved", None)
    return unsaved


def whole_number(text: str) -> int:
    """What a hidden field says, 0 for anything that is no number of ours."""
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def add_errors(form: BaseForm, error: ValidationError) -> None:
    """Put each message beside the field it names; those of unknown fields above the form."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for field, errors in error.error_dict.items():
        form.add_error(field if field in form.fields else None, errors)
