"""The rows of a plan, one at a time, in the plan's own order."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction

from campaigns.actions.campaigns import locked_draft
from campaigns.models import Area, Campaign, Offer, Target
from campaigns.models.contents import PlanRow
from emulation.models import User
from emulation.workflow import Refused


@transaction.atomic
def add_row(
    *, campaign: Campaign, model: type[PlanRow], data: dict[str, Any], by: User, at: datetime
) -> PlanRow:
    """A new row of `model` after the last one."""
    now = locked_draft(campaign, by)
    row = model(campaign=now)  # type: ignore[misc]
    _write(row, data)
    siblings = _siblings(row)
    last = siblings.aggregate(last=models.Max("position"))["last"]
    row.position = 0 if last is None else last + 1
    _save(row, data)
    return row


@transaction.atomic
def update_row(*, row: PlanRow, data: dict[str, Any], by: User, at: datetime) -> PlanRow:
    locked_draft(_campaign(row), by)
    now = type(row)._default_manager.select_for_update().get(pk=row.pk)
    _write(now, data)
    _save(now, data)
    return now


@transaction.atomic
def remove_row(*, row: PlanRow, by: User, at: datetime) -> None:
    """Take a row away, with what stands below it in a tree."""
    locked_draft(_campaign(row), by)
    try:
        with transaction.atomic():
            type(row)._default_manager.filter(pk=row.pk).delete()
    except models.ProtectedError:
        raise Refused("Nội dung này đang được dùng nên không xóa được.") from None


@transaction.atomic
def move_row(*, row: PlanRow, up: bool, by: User, at: datetime) -> None:
    """Change places with the neighbour above or below; at the end nothing happens."""
    locked_draft(_campaign(row), by)
    rows = list(_siblings(row))
    here = next(i for i, other in enumerate(rows) if other.pk == row.pk)
    there = here - 1 if up else here + 1
    if 0 <= there < len(rows):
        rows[here], rows[there] = rows[there], rows[here]
    for position, other in enumerate(rows):
        if other.position != position:
            type(row)._default_manager.filter(pk=other.pk).update(position=position)


def _campaign(row: Any) -> Campaign:
    campaign: Campaign = row.campaign
    return campaign


def _siblings(row: Any) -> models.QuerySet[Any]:
    rows = type(row)._default_manager.filter(campaign=row.campaign)
    if isinstance(row, Area | Target):
        rows = rows.filter(parent=row.parent)
    ordered: models.QuerySet[Any] = rows.order_by("position", "pk")
    return ordered


def _write(row: Any, data: dict[str, Any]) -> None:
    many = {field.name for field in row._meta.many_to_many}
    known = {field.name for field in row._meta.concrete_fields} - {"id", "campaign", "position"}
    for name, value in data.items():
        if name in known:
            setattr(row, name, value)
        elif name not in many:
            raise TypeError(f"{type(row).__name__} has no field {name}")
    _check_same_campaign(row, data)
    row.clean_fields(
        exclude=[field.name for field in row._meta.concrete_fields if field.is_relation]
    )
    row.validate_constraints()


def _save(row: Any, data: dict[str, Any]) -> None:
    row.save()
    for field in row._meta.many_to_many:
        if field.name in data:
            getattr(row, field.name).set(data[field.name])


def _check_same_campaign(row: Any, data: dict[str, Any]) -> None:
    """A row may only point to rows of its own plan, and a tree has no loops."""
    pointed = [data.get("parent"), data.get("offer"), *data.get("offers", ())]
    for other in pointed:
        if isinstance(other, Area | Target | Offer) and other.campaign_id != row.campaign_id:
            raise ValidationError("Nội dung được chọn thuộc kế hoạch khác.")
    above = data.get("parent")
    while above is not None and not isinstance(above, Campaign):
        if above.pk == row.pk and row.pk is not None:
            raise ValidationError({"parent": "Không thể đặt một mục nằm dưới chính nó."})
        above = above.parent
