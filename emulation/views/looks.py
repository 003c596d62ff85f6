"""The trace that a reader from outside the unit leaves; the page itself writes nothing."""

from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone

from emulation.models import Look, User
from emulation.queue import enqueue

LONGEST = Look._meta.get_field("what").max_length


def leave_trace(
    request: HttpRequest,
    subject: Model,
    what: str,
    *,
    unit_id: int,
    individual_id: int | None = None,
) -> None:
    """Note that the user opened `subject`, unless it is of an own unit or about oneself."""
    user = request.user
    assert isinstance(user, User)
    is_own = individual_id is not None and individual_id == user.individual_id
    if request.method == "HEAD" or unit_id in user.unit_ids or is_own:
        return
    what = what[:LONGEST]
    at = timezone.now().isoformat()
    enqueue("emulation.record_look", subject._meta.label_lower, subject.pk, user.pk, what, at)
