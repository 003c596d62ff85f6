"""The life of a plan: drawn up, changed, copied, launched, closed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.text import slugify

from campaigns.actions.conflicts import check_version, content
from campaigns.models import (
    Area,
    Campaign,
    Milestone,
    Offer,
    Participant,
    Precision,
    Registration,
    Target,
)
from campaigns.models.campaigns import first_day_of, last_day_of
from campaigns.workflow import CAMPAIGN
from emulation.actions import advance, record_step
from emulation.models import Role, Unit, User
from emulation.vietnamese import fold
from emulation.workflow import Refused

# What the office writes in the plan itself; rows (themes, targets, …) have actions of their own.
FIELDS = (
    "kind",
    "name",
    "number",
    "symbol",
    "issued_date",
    "issued_precision",
    "place",
    "start_date",
    "end_date",
    "period_precision",
    "period_text",
    "registration_rule",
    "instrument",
    "occasion",
    "purpose",
    "requirements",
    "participants_text",
    "award_principle",
    "exclusion",
    "wrap_up",
    "closing",
    "dossier_copies",
    "form_code",
    "form_text",
    "submission_text",
    "signing_authority",
    "signing_position",
    "signing_deputy_position",
    "signing_name",
)
# Rows that are copied as they stand; areas, targets, offers and what points to them are not.
FLAT_ROWS = (
    "themes",
    "bases",
    "anniversaries",
    "milestones",
    "duties",
    "recipients",
    "remarks",
    "statements",
)


def check_office(campaign: Campaign, by: User) -> None:
    if Role.OFFICE not in by.roles_for(agency_id=campaign.agency_id):
        raise Refused("Chỉ Văn phòng Sở được soạn và quản lý kế hoạch.")


def locked(campaign: Campaign) -> Campaign:
    return Campaign.objects.select_for_update().get(pk=campaign.pk)


def locked_draft(campaign: Campaign, by: User) -> Campaign:
    """The row, locked, if `by` may still write the plan."""
    check_office(campaign, by)
    now = locked(campaign)
    if now.state != Campaign.State.DRAFT:
        state = now.get_state_display().lower()
        raise Refused(f"Phong trào {state} nên không sửa được nội dung kế hoạch.")
    return now


def record(
    campaign: Campaign, *, act: str, label: str, by: User, at: datetime, note: str = ""
) -> None:
    """A step that does not change the state."""
    state = campaign.state, campaign.get_state_display()
    record_step(subject=campaign, act=act, label=label, after=state, by=by, at=at, note=note)


def free_slug(base: str) -> str:
    """`base`, or `base-2`, `base-3`, …: the first that no campaign has."""
    base = slugify(fold(base))[:70].strip("-") or "phong-trao"
    taken = set(Campaign.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    number, slug = 1, base
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug


def _write(campaign: Campaign, data: dict[str, Any]) -> None:
    for name in FIELDS:
        if name in data:
            setattr(campaign, name, data[name])
    start, end = campaign.start_date, campaign.end_date
    if start:
        campaign.start_date = start = first_day_of(start, campaign.period_precision)
    if end:
        campaign.end_date = end = last_day_of(end, campaign.period_precision)
    if start and end and end < start:
        raise ValidationError({"end_date": "Ngày kết thúc phải từ ngày bắt đầu trở đi."})
    campaign.clean_fields(exclude=("agency", "instrument"))


@transaction.atomic
def create_campaign(*, agency: Unit, data: dict[str, Any], by: User, at: datetime) -> Campaign:
    campaign = Campaign(agency=agency, slug="-")
    check_office(campaign, by)
    campaign.place = agency.place
    _write(campaign, data)
    year = (campaign.start_date or campaign.issued_date or timezone.localdate(at)).year
    campaign.slug = free_slug(f"{agency.place or agency.code} {year}")
    campaign.save()
    record(campaign, act="create", label="Lập kế hoạch", by=by, at=at)
    return campaign


@transaction.atomic
def update_campaign(
    *, campaign: Campaign, version: int, data: dict[str, Any], by: User, at: datetime
) -> Campaign:
    """Save the plan's own fields, unless somebody saved since the page of `version` was opened."""
    now = locked_draft(campaign, by)
    before = content(now)
    _write(now, data)
    if content(now) == before:
        return now
    check_version(now, version)
    now.version += 1
    now.save(update_fields=[*FIELDS, "version", "search_text"])
    return now


@transaction.atomic
def act_on_campaign(
    *, campaign: Campaign, act: str, by: User, at: datetime, note: str = ""
) -> Campaign:
    roles = by.roles_for(agency_id=campaign.agency_id)
    return advance(CAMPAIGN, campaign, act, by=by, at=at, note=note, roles=roles)


@transaction.atomic
def set_milestone_date(
    *,
    milestone: Milestone,
    version: int,
    day: date | None,
    precision: str = Precision.DAY,
    inclusive: bool = True,
    by: User,
    at: datetime,
) -> Milestone:
    """Set what the plan left open ("sẽ có hướng dẫn sau"), also after the launch."""
    campaign = locked(milestone.campaign)
    check_office(campaign, by)
    if campaign.state not in (Campaign.State.DRAFT, Campaign.State.LAUNCHED):
        raise Refused(f"Phong trào {campaign.get_state_display().lower()} nên không đổi mốc nữa.")
    now = Milestone.objects.filter(pk=milestone.pk).first()
    if now is None:
        raise Refused("Mốc này không còn trong kế hoạch.")
    before, said = now.when, content(now)
    now.date, now.date_precision, now.inclusive = day, precision, inclusive
    now.clean_fields(exclude=("campaign",))
    if content(now) == said:
        return now
    check_version(now, version)
    now.version += 1
    now.save(update_fields=["date", "date_precision", "inclusive", "version"])
    if now.when != before:
        note = f"{now.name}: {before} → {now.when}"
        record(campaign, act="milestone", label="Ấn định thời gian", by=by, at=at, note=note)
    return now


def participating_units(agency: Unit, on: date) -> models.QuerySet[Unit]:
    """Units of the agency that take part as collectives: neither people's committees nor itself."""
    kinds = (
        Unit.Kind.AUTHORITY,
        Unit.Kind.AGENCY,
        Unit.Kind.COMMUNE,
        Unit.Kind.DISTRICT,
    )
    return Unit.objects.filter(agency=agency).exclude(kind__in=kinds).current(on)


@transaction.atomic
def save_participants(
    *, campaign: Campaign, units: Iterable[Unit], by: User, at: datetime
) -> Campaign:
    """Make `units` the participants; after the launch units are added, none is taken away."""
    check_office(campaign, by)
    now = locked(campaign)
    if now.state not in (Campaign.State.DRAFT, Campaign.State.LAUNCHED):
        state = now.get_state_display().lower()
        raise Refused(f"Phong trào {state} nên không đổi đơn vị tham gia nữa.")
    wanted = {unit.pk: unit for unit in units}
    if any(unit.agency_id != now.agency_id for unit in wanted.values()):
        raise ValidationError({"units": "Chỉ chọn đơn vị thuộc cơ quan phát động."})
    present = set(now.participants.values_list("unit_id", flat=True))
    gone = present - wanted.keys()
    if gone and now.state == Campaign.State.LAUNCHED:
        names = ", ".join(Unit.objects.filter(pk__in=gone).values_list("name", flat=True))
        raise ValidationError(
            {"units": f"Phong trào đã phát động: chỉ bổ sung, không bỏ đơn vị tham gia ({names})."}
        )
    if Registration.objects.filter(campaign=now, unit__in=gone).exists():
        raise ValidationError({"units": "Có đơn vị đã đăng ký nên không bỏ khỏi danh sách được."})
    now.participants.filter(unit__in=gone).delete()
    added = [unit for pk, unit in wanted.items() if pk not in present]
    Participant.objects.bulk_create(Participant(campaign=now, unit=unit) for unit in added)
    if added and now.state == Campaign.State.LAUNCHED:
        note = ", ".join(unit.name for unit in added)
        record(now, act="participants", label="Bổ sung đơn vị tham gia", by=by, at=at, note=note)
    return now


@transaction.atomic
def duplicate_campaign(*, campaign: Campaign, by: User, at: datetime) -> Campaign:
    """A new draft with all the rows of `campaign`; number and date of issue start empty."""
    check_office(campaign, by)
    # Locked, so that its rows are those of one moment.
    source = locked(campaign)
    copy = Campaign(
        agency_id=source.agency_id,
        slug=free_slug(source.slug),
        **{name: getattr(source, name) for name in FIELDS},
    )
    copy.number, copy.issued_date = "", None
    copy.name = f"{source.name} (bản sao)"[: Campaign._meta.get_field("name").max_length or None]
    copy.save()
    for rows in FLAT_ROWS:
        _copy_rows(getattr(source, rows).all(), copy)
    _copy_tree(source.areas.all(), copy)
    _copy_tree(source.targets.all(), copy)
    offers = _copy_rows(source.offers.all(), copy)
    _copy_rows(source.criteria.all(), copy, offers=offers)
    for part in source.dossier_parts.prefetch_related("offers"):
        only = [offers[offer.pk] for offer in part.offers.all()]
        _clone(part, copy).offers.set(only)
    current = Unit.objects.current(timezone.localdate(at)).filter(agency=source.agency_id)
    Participant.objects.bulk_create(
        Participant(campaign=copy, unit_id=row.unit_id)
        for row in source.participants.filter(unit__in=current)
    )
    record(copy, act="create", label="Nhân bản kế hoạch", by=by, at=at, note=f"Từ: {source.name}")
    return copy


def _clone(row: Any, campaign: Campaign, **changes: Any) -> Any:
    values = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key
    }
    values |= {"campaign_id": campaign.pk, "version": 0, **changes}
    clone = type(row)(**values)
    clone.save()
    return clone


def _copy_rows(
    rows: Iterable[Any], campaign: Campaign, offers: dict[int, Offer] | None = None
) -> dict[int, Any]:
    made = {}
    for row in rows:
        changes = {}
        if offers is not None and row.offer_id:
            changes["offer_id"] = offers[row.offer_id].pk
        made[row.pk] = _clone(row, campaign, **changes)
    return made


def _copy_tree(rows: Iterable[Area | Target], campaign: Campaign) -> None:
    """Parents first, whatever order the rows come in."""
    left, made = list(rows), dict[int | None, int | None]({None: None})
    while left:
        ready = [row for row in left if row.parent_id in made]
        for row in ready:
            made[row.pk] = _clone(row, campaign, parent_id=made[row.parent_id]).pk
        left = [row for row in left if row.pk not in made]
