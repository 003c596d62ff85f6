"""Work of the ground that a request hands off."""

from __future__ import annotations

from datetime import datetime

from celery import shared_task
from django.apps import apps

from emulation import actions
from emulation.models import Look, User


@shared_task(name="emulation.record_look")
def record_look(label: str, pk: int, user_pk: int, what: str, at: str) -> None:
    """Record who opened the row `pk` of the model `label`; a repeated delivery adds nothing."""
    subject = apps.get_model(label)._default_manager.filter(pk=pk).first()
    by = User.objects.filter(pk=user_pk).first()
    when = datetime.fromisoformat(at)
    if subject is None or by is None:
        return
    if not Look.objects.about(subject).filter(by=by, what=what, at=when).exists():
        actions.record_look(subject=subject, by=by, what=what, at=when)
