"""A unit registers what it aims at; the office receives it."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from campaigns.models import Area, Campaign, Offer, Registration, RegistrationLine
from campaigns.workflow import REGISTRATION, no_registration, overdue
from emulation.actions import advance
from emulation.models import Individual, Role, SubjectKind, Unit, User
from emulation.workflow import Refused


@transaction.atomic
def start_registration(*, campaign: Campaign, unit: Unit, by: User, at: datetime) -> Registration:
    """The unit's registration, begun now unless it exists already."""
    _check_head(campaign, unit, by)
    found = Registration.objects.filter(campaign=campaign, unit=unit).first()
    if found:
        return found
    now = Campaign.objects.select_for_update().get(pk=campaign.pk)
    reason = no_registration(now) or _not_launched(now)
    if not reason and not now.participants.filter(unit=unit).exists():
        reason = "Đơn vị không có trong danh sách tham gia phong trào."
    reason = reason or overdue(now, at)
    if reason:
        raise Refused(reason)
    registration, _ = Registration.objects.get_or_create(
        campaign=now, unit=unit, defaults={"created_by": by, "created_at": at}
    )
    return registration


@transaction.atomic
def add_registration_line(
    *,
    registration: Registration,
    subject: Individual | Unit,
    offer: Offer,
    area: Area | None,
    commitment: str,
    by: User,
    at: datetime,
) -> RegistrationLine:
    now = _locked_for_writing(registration, by)
    closed = overdue(now.campaign, at)
    if closed:
        raise Refused(closed)
    person = subject if isinstance(subject, Individual) else None
    unit = subject if isinstance(subject, Unit) else None
    line = RegistrationLine(registration=now, individual=person, unit=unit)
    _write(line, offer=offer, area=area, commitment=commitment, on=timezone.localdate(at))
    return line


@transaction.atomic
def update_registration_line(
    *,
    line: RegistrationLine,
    offer: Offer,
    area: Area | None,
    commitment: str,
    by: User,
    at: datetime,
) -> RegistrationLine:
    """Change what the same subject aims at; after a hard deadline the title stays as registered."""
    registration = _locked_for_writing(line.registration, by)
    now = RegistrationLine.objects.select_for_update().get(pk=line.pk)
    now.registration = registration
    if offer.pk != now.offer_id:
        closed = overdue(registration.campaign, at)
        if closed:
            raise ValidationError({"offer": f"{closed} Không đổi được hình thức đã đăng ký."})
    _write(now, offer=offer, area=area, commitment=commitment, on=timezone.localdate(at))
    return now


@transaction.atomic
def remove_registration_line(*, line: RegistrationLine, by: User, at: datetime) -> None:
    _locked_for_writing(line.registration, by)
    RegistrationLine.objects.filter(pk=line.pk).delete()


@transaction.atomic
def act_on_registration(
    *, registration: Registration, act: str, by: User, at: datetime, note: str = ""
) -> Registration:
    """Submit, return or accept; `submitted_at` stays the first time, which the deadline is for."""
    roles = by.roles_for(agency_id=registration.campaign.agency_id, unit_id=registration.unit_id)
    # The lines may not change between the guard's look at them and the submission.
    now = Registration.objects.select_for_update().get(pk=registration.pk)
    if act == "submit":
        fields = {"submitted_at": now.submitted_at or at, "decided_at": None}
    else:
        fields = {"decided_at": at}
    return advance(REGISTRATION, now, act, by=by, at=at, note=note, roles=roles, fields=fields)


def _not_launched(campaign: Campaign) -> str:
    if campaign.state == Campaign.State.LAUNCHED:
        return ""
    return f"Phong trào đang ở trạng thái “{campaign.get_state_display()}” nên chưa nhận đăng ký."


def _check_head(campaign: Campaign, unit: Unit, by: User) -> None:
    roles = by.roles_for(agency_id=campaign.agency_id, unit_id=unit.pk)
    if Role.UNIT_HEAD not in roles or unit.agency_id != campaign.agency_id:
        raise Refused("Chỉ trưởng đơn vị được đăng ký cho đơn vị mình.")


def _locked_for_writing(registration: Registration, by: User) -> Registration:
    now = (
        Registration.objects.select_for_update(of=("self",))
        .select_related("campaign", "unit")
        .get(pk=registration.pk)
    )
    _check_head(now.campaign, now.unit, by)
    if now.state not in (Registration.State.DRAFT, Registration.State.RETURNED):
        state = now.get_state_display().lower()
        raise Refused(f"Bản đăng ký {state} nên không sửa được nữa.")
    if now.campaign.state != Campaign.State.LAUNCHED:
        state = now.campaign.get_state_display().lower()
        raise Refused(f"Phong trào {state} nên không sửa đăng ký được nữa.")
    return now


def _write(
    line: RegistrationLine, *, offer: Offer, area: Area | None, commitment: str, on: date
) -> None:
    line.offer, line.area, line.commitment = offer, area, commitment.strip()
    errors = {
        "subject": _wrong_subject(line, on),
        "offer": _wrong_offer(line),
        "area": _wrong_area(line),
        "commitment": "" if line.commitment else "Hãy ghi nội dung đăng ký, cam kết.",
    }
    errors = {field: text for field, text in errors.items() if text}
    if errors:
        raise ValidationError(errors)
    line.save()


def _wrong_subject(line: RegistrationLine, on: date) -> str:
    registration = line.registration
    if line.unit_id:
        return "" if line.unit_id == registration.unit_id else "Chỉ đăng ký cho đơn vị mình."
    person = line.individual
    assert person is not None
    if person.unit_id != registration.unit_id:
        return f"{person.full_name} không công tác tại đơn vị."
    if not Individual.objects.serving(on).filter(pk=person.pk).exists() and not line.pk:
        return f"{person.full_name} không còn công tác tại đơn vị."
    return ""


def _wrong_offer(line: RegistrationLine) -> str:
    offer, kind = line.offer, line.subject_kind
    if offer.campaign_id != line.registration.campaign_id:
        return "Hình thức này không có trong kế hoạch."
    if not offer.receives(kind):
        return f"“{offer}” không xét cho {SubjectKind(kind).label.lower()}."
    if kind == SubjectKind.COLLECTIVE and offer.agency_only:
        return f"“{offer}” chỉ xét tập thể Sở, không xét cho từng đơn vị."
    twice = line.registration.lines.filter(
        individual=line.individual_id, unit=line.unit_id, offer=offer
    ).exclude(pk=line.pk)
    if twice.exists():
        return f"{line.subject} đã đăng ký “{offer}” trong bản này: mỗi hình thức chỉ một lần."
    return ""


def _wrong_area(line: RegistrationLine) -> str:
    area = line.area
    if area is None:
        required = line.offer.area_required
        return f"“{line.offer}” phải đăng ký theo một lĩnh vực: hãy chọn." if required else ""
    if area.campaign_id != line.registration.campaign_id or not area.registrable:
        return "Lĩnh vực này không có trong danh sách đăng ký của kế hoạch."
    return ""
