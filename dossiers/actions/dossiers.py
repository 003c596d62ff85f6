"""Putting a dossier together, submitting it, and what the office makes of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from awards.actions import mark_received, mark_submitted, unmark_submitted
from awards.models import Meeting, Nomination
from campaigns.models import Campaign, DossierPart
from dossiers import uploads
from dossiers.actions.registers import numbers_for
from dossiers.actions.similarities import ask_to_compare
from dossiers.documents import freeze
from dossiers.models import Attachment, Dossier, Report
from dossiers.workflow import DOSSIER, not_running
from emulation.actions import advance
from emulation.models import Decider, Unit, User
from emulation.vietnamese import short_date
from emulation.workflow import Refused


@transaction.atomic
def open_dossier(
    *, campaign: Campaign, unit: Unit, decider: str, by: User, at: datetime
) -> Dossier:
    """The unit's dossier for one deciding level, begun now unless it exists already."""
    found = Dossier.objects.filter(campaign=campaign, unit=unit, decider=decider).first()
    if found:
        return found
    if unit.pk not in by.unit_ids:
        raise Refused("Chỉ trưởng đơn vị lập hồ sơ của đơn vị.")
    now = Campaign.objects.select_for_update().get(pk=campaign.pk)
    reason = not_running(now)
    if not reason and not Meeting.objects.filter(
        campaign=now, unit=unit, state=Meeting.State.CONCLUDED
    ):
        reason = "Cuộc họp bình xét của đơn vị chưa kết luận."
    chosen = Nomination.objects.of_unit(now, unit).chosen().filter(offer__title__decider=decider)
    if not reason and not chosen.exists():
        level = dict(Decider.choices).get(decider, decider)
        reason = f"Cuộc họp chưa chọn tập thể, cá nhân nào để đề nghị {level} khen thưởng."
    if reason:
        raise Refused(reason)
    dossier, _ = Dossier.objects.get_or_create(
        campaign=now,
        unit=unit,
        decider=decider,
        defaults={"created_by": by, "created_at": at},
    )
    return dossier


@transaction.atomic
def add_attachment(
    *,
    dossier: Dossier,
    file: File[bytes],
    part: DossierPart | None = None,
    nomination: Nomination | None = None,
    by: User,
    at: datetime,
) -> Attachment:
    """Take a file in; its type is what its content is, and the same file comes in once."""
    now = _locked_for_change(dossier, by)
    try:
        inspected = uploads.inspect(file)
    except ValidationError as error:
        raise ValidationError({"file": error.messages}) from error
    twin = now.attachments.current().filter(sha256=inspected.sha256).first()
    if twin:
        raise ValidationError(
            {
                "file": f"Tệp này đã có trong hồ sơ với tên “{twin.name}”, "
                f"tải lên ngày {short_date(twin.uploaded_at)}."
            }
        )
    if part and (part.campaign_id != now.campaign_id or part.is_generated):
        raise ValidationError({"part": "Thành phần này không nhận tệp đính kèm."})
    if nomination and not now.nominations().filter(pk=nomination.pk).exists():
        raise ValidationError({"nomination": "Đề nghị này không thuộc hồ sơ."})
    last = now.attachments.aggregate(last=Max("position"))["last"]
    attachment = Attachment(
        dossier=now,
        part=part,
        nomination=nomination,
        name=uploads.display_name(file.name or "", inspected.content_type),
        content_type=inspected.content_type,
        size=inspected.size,
        sha256=inspected.sha256,
        pages=inspected.pages,
        position=0 if last is None else last + 1,
        uploaded_by=by,
        uploaded_at=at,
    )
    if inspected.content_type == uploads.PDF:
        try:
            with uploads.normalised(file) as normal:
                attachment.normal.save(attachment.name, File(normal), save=False)
        except ValidationError as error:
            raise ValidationError({"file": error.messages}) from error
    attachment.file.save(attachment.name, file, save=False)
    attachment.save()
    return attachment


@transaction.atomic
def remove_attachment(*, attachment: Attachment, by: User, at: datetime) -> None:
    _locked_for_change(attachment.dossier, by)
    Attachment.objects.current().filter(pk=attachment.pk).update(removed_at=at)


@transaction.atomic
def act_on_dossier(
    *, dossier: Dossier, act: str, note: str = "", by: User, at: datetime
) -> Dossier:
    """Make an act of the workflow table, with what follows from it for reports and nominations."""
    now = _locked(dossier)
    roles = by.roles_for(agency_id=now.campaign.agency_id, unit_id=now.unit_id)
    if act not in DOSSIER.transitions:
        raise Refused("Thao tác này không có.")
    # The locks come before the check: what was found complete stays so until it is frozen.
    nominations = list(now.nominations().select_for_update(of=("self",)))
    reports = Report.objects.filter(nomination__in=nominations).order_by("pk")
    list(reports.select_for_update())
    reason = DOSSIER.obstacle(now, act, roles=roles, note=note, at=at)
    if reason:
        raise Refused(reason)
    fields: dict[str, Any] = {"decided_at": None if act == "submit" else at}
    if act == "submit":
        today = timezone.localdate(at)
        mark_submitted(nominations=nominations, by=by, at=at)
        reports.update(locked_at=at)
        snapshot = freeze(
            now,
            on=today,
            today=today,
            number=numbers_for(dossier=now, on=today, by=by, at=at),
            previous=now.snapshot,
        )
        fields |= {"submitted_at": at, "snapshot": snapshot}
        ask_to_compare(campaign=now.campaign)
    now = advance(DOSSIER, now, act, by=by, at=at, note=note, roles=roles, fields=fields)
    if act == "return":
        reports.update(locked_at=None)
        unmark_submitted(nominations=nominations, by=by, at=at)
    elif act == "accept":
        mark_received(nominations=nominations, by=by, at=at)
    return now


def _locked(dossier: Dossier) -> Dossier:
    rows = Dossier.objects.select_for_update(of=("self",)).with_context()
    return rows.get(pk=dossier.pk)


def _locked_for_change(dossier: Dossier, by: User) -> Dossier:
    now = _locked(dossier)
    if now.unit_id not in by.unit_ids:
        raise Refused("Chỉ trưởng đơn vị bổ sung hồ sơ của đơn vị.")
    if now.state not in (Dossier.State.DRAFT, Dossier.State.RETURNED):
        raise Refused(f"Hồ sơ “{now.get_state_display().lower()}” nên không sửa được.")
    reason = not_running(now.campaign)
    if reason:
        raise Refused(reason)
    return now
