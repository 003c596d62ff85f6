"""The rows of a plan, one at a time, in the plan's own order."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction

from campaigns.actions.campaigns import locked_draft
from campaigns.actions.conflicts import FRAME, check_version, content
from campaigns.models import Area, Campaign, Criterion, Offer, Target
from campaigns.models.contents import PlanRow
from emulation.models import User
from emulation.workflow import Refused

GONE = "Dòng này không còn trong kế hoạch: người khác vừa xóa."


@transaction.atomic
def add_row(
    *, campaign: Campaign, model: type[PlanRow], data: dict[str, Any], by: User, at: datetime
) -> tuple[PlanRow, bool]:
    """
    A new row of `model` after the last one, and whether it is new.

    One that says the same, as after a second click, is given back instead.
    """
    now = locked_draft(campaign, by)
    row = model(campaign=now)  # type: ignore[misc]
    _assign(row, data)
    many = [field.name for field in row._meta.many_to_many]
    siblings, said = list(_siblings(row).prefetch_related(*many)), content(row, data)
    for other in siblings:
        if content(other) == said:
            return other, False
    _check(row, data)
    row.position = max((other.position for other in siblings), default=-1) + 1
    _save(row, data)
    return row, True


@transaction.atomic
def update_row(
    *, row: PlanRow, version: int, data: dict[str, Any], by: User, at: datetime
) -> PlanRow:
    """Write the row, unless somebody saved it since the page of `version` was opened."""
    now = _locked(row, by)
    before = content(now)
    _assign(now, data)
    if content(now, data) == before:
        return now
    check_version(now, version)
    _check(now, data)
    now.version += 1
    _save(now, data)
    return now


@transaction.atomic
def remove_row(*, row: PlanRow, seen: str, by: User, at: datetime) -> None:
    """Take a row away, with what stands below it, as long as it is what was `seen`."""
    now = _locked(row, by)
    if stamps(_campaign(now), type(now))[now.pk] != seen:
        raise Refused(
            "Dòng này hoặc nội dung thuộc dòng này vừa được người khác sửa nên chưa xóa. "
            "Hãy xem lại, nếu vẫn muốn bỏ thì xóa lần nữa."
        )
    try:
        with transaction.atomic():
            now.delete()
    except models.ProtectedError:
        raise Refused("Nội dung này đang được dùng nên không xóa được.") from None


@transaction.atomic
def move_row(*, row: PlanRow, up: bool, by: User, at: datetime) -> None:
    """Change places with the neighbour above or below; at the end nothing happens."""
    now = _locked(row, by)
    rows = list(_siblings(now))
    here = next(i for i, other in enumerate(rows) if other.pk == now.pk)
    there = here - 1 if up else here + 1
    if 0 <= there < len(rows):
        rows[here], rows[there] = rows[there], rows[here]
    for position, other in enumerate(rows):
        if other.position != position:
            type(now)._default_manager.filter(pk=other.pk).update(position=position)


def rows_of(campaign: Campaign, model: type[PlanRow]) -> models.QuerySet[Any]:
    manager: models.Manager[Any] = model._default_manager
    return manager.filter(campaign=campaign)


def stamps(campaign: Campaign, model: type[PlanRow]) -> dict[int, str]:
    """For each row of `model` what changes as soon as it, or anything that goes with it, does."""
    versions: dict[int, int] = {}
    below: dict[int, list[str]] = defaultdict(list)
    tree = issubclass(model, Area | Target)
    names = ("pk", "version", "parent_id") if tree else ("pk", "version")
    for pk, version, *parent in rows_of(campaign, model).values_list(*names):
        versions[pk] = version
        if parent and parent[0]:
            below[parent[0]].append(str(pk))
    if issubclass(model, Offer):
        criteria = rows_of(campaign, Criterion).exclude(offer=None)
        for pk, version, offer in criteria.values_list("pk", "version", "offer_id"):
            below[offer].append(f"criterion {pk} {version}")

    def told(pk: int) -> str:
        parts = (told(int(part)) if tree else part for part in sorted(below[pk]))
        return f"{pk} {versions[pk]} ({', '.join(parts)})"

    return {pk: hashlib.sha256(told(pk).encode()).hexdigest()[:16] for pk in versions}


def _locked(row: PlanRow, by: User) -> PlanRow:
    """The row as it is now; the lock on its plan keeps it so."""
    locked_draft(_campaign(row), by)
    now = type(row)._default_manager.filter(pk=row.pk).first()
    if now is None:
        raise Refused(GONE)
    return now


def _campaign(row: Any) -> Campaign:
    campaign: Campaign = row.campaign
    return campaign


def _siblings(row: Any) -> models.QuerySet[Any]:
    rows = rows_of(row.campaign, type(row))
    if isinstance(row, Area | Target):
        rows = rows.filter(parent=row.parent)
    ordered: models.QuerySet[Any] = rows.order_by("position", "pk")
    return ordered


def _assign(row: Any, data: dict[str, Any]) -> None:
    many = {field.name for field in row._meta.many_to_many}
    known = {field.name for field in row._meta.concrete_fields} - FRAME
    for name, value in data.items():
        if name in known:
            setattr(row, name, value)
        elif name not in many:
            raise TypeError(f"{type(row).__name__} has no field {name}")


def _check(row: Any, data: dict[str, Any]) -> None:
    _check_same_campaign(row, data)
    _check_once(row)
    row.clean_fields(
        exclude=[field.name for field in row._meta.concrete_fields if field.is_relation]
    )
    row.validate_constraints()


def _save(row: Any, data: dict[str, Any]) -> None:
    row.save()
    for field in row._meta.many_to_many:
        if field.name in data:
            getattr(row, field.name).set(data[field.name])


def _check_once(row: Any) -> None:
    if isinstance(row, Offer):
        others = Offer.objects.filter(campaign=row.campaign_id, title=row.title_id)
        if others.exclude(pk=row.pk).exists():
            raise ValidationError({"title": f"“{row.title}” đã có trong phong trào này."})


def _check_same_campaign(row: Any, data: dict[str, Any]) -> None:
    """A row may only point to rows of its own plan, and a tree has no loops."""
    for name in ("parent", "offer", "offers"):
        if name not in data or isinstance(data[name], Campaign):
            continue
        chosen = list(data[name] if name == "offers" else filter(None, [data[name]]))
        if any(other.campaign_id != row.campaign_id for other in chosen):
            raise ValidationError("Nội dung được chọn thuộc kế hoạch khác.")
        rows = row._meta.get_field(name).related_model._default_manager
        if rows.filter(pk__in=[other.pk for other in chosen]).count() < len(chosen):
            raise ValidationError({name: "Nội dung được chọn vừa được người khác xóa."})
    if isinstance(row, Area | Target) and row.pk:
        above, parents = (
            row.parent_id,
            dict(rows_of(row.campaign, type(row)).values_list("pk", "parent_id")),
        )
        while above is not None:
            if above == row.pk:
                raise ValidationError({"parent": "Không thể đặt một mục nằm dưới chính nó."})
            above = parents.get(above)
