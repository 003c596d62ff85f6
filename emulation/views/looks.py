"""The trace that a reader from outside the unit leaves; the page itself writes nothing."""

from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone

from emulation.models import User
from emulation.queue import enqueue


def leave_trace(request: HttpRequest, subject: Model, what: str, *, unit_id: int) -> None:
    """Note that the user opened `subject`, unless it is of a unit that the user heads."""
    user = request.user
    assert isinstance(user, User)
    if request.method == "HEAD" or unit_id in user.unit_ids:
        return
    at = timezone.now().isoformat()
    enqueue("emulation.record_look", subject._meta.label_lower, subject.pk, user.pk, what, at)
