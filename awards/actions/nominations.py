"""Every write on a nomination."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from awards.models import Candidate, Meeting, Nomination, facts
from awards.rules import gate
from awards.workflow import NOMINATION, is_running
from campaigns.models import Campaign, Offer
from emulation.actions import advance
from emulation.models import Individual, Role, Unit, User
from emulation.printable import why_unprintable
from emulation.workflow import Refused

TWICE_INDIVIDUAL = "Cá nhân này đã được đề cử hình thức này trong phong trào."
TWICE_COLLECTIVE = "Tập thể này đã được đề cử hình thức này trong phong trào."
CONCLUDED = "Cuộc họp bình xét đã kết luận. Hãy mở lại cuộc họp, nêu lý do, rồi thay đổi đề cử."
STALE = (
    "Đề cử đã được người khác sửa trong lúc bạn soạn. Nội dung bạn nhập vẫn còn bên dưới; hãy đối "
    "chiếu với bản mới rồi lưu lại."
)


def obstacle_for(user: User, *, campaign: Campaign, unit: Unit) -> str:
    """Why `user` may not write for the unit in this campaign; "" means they may."""
    roles = user.roles_for(agency_id=campaign.agency_id, unit_id=unit.pk)
    if Role.UNIT_HEAD not in roles or (unit.agency_id or unit.pk) != campaign.agency_id:
        return "Chỉ trưởng đơn vị được đề cử và ghi biên bản cho đơn vị mình."
    obstacle = is_running(campaign)
    if obstacle:
        return obstacle
    participants = set(campaign.participants.values_list("unit", flat=True))
    if participants and unit.pk not in participants:
        return "Đơn vị không có trong danh sách tham gia phong trào."
    return ""


def require_head(by: User, *, campaign: Campaign, unit: Unit) -> None:
    """Only the unit's head writes for the unit, and only while the campaign runs."""
    reason = obstacle_for(by, campaign=campaign, unit=unit)
    if reason:
        raise Refused(reason)


def speaks_for_agency(unit: Unit) -> bool:
    """The Văn phòng, standing body of the council, puts forward the Sở itself and its leaders."""
    return unit.is_agency or unit.kind == Unit.Kind.OFFICE


def people_of(unit: Unit, *, on: date) -> models.QuerySet[Individual]:
    """Those whom the unit may nominate."""
    units = {unit.pk}
    if speaks_for_agency(unit) and unit.agency_id:
        units.add(unit.agency_id)
    return Individual.objects.serving(on).filter(unit__in=units).select_related("unit")


def collectives_of(unit: Unit) -> models.QuerySet[Unit]:
    units = {unit.pk}
    if speaks_for_agency(unit) and unit.agency_id:
        units.add(unit.agency_id)
    return Unit.objects.filter(pk__in=units)


@transaction.atomic
def nominate(
    *,
    campaign: Campaign,
    unit: Unit,
    subject: Individual | Unit,
    offer: Offer,
    legal_ground: str = "",
    summary: str = "",
    by: User,
    at: datetime,
) -> Nomination:
    require_head(by, campaign=campaign, unit=unit)
    _meeting_must_be_open(campaign, unit)
    individual = subject if isinstance(subject, Individual) else None
    collective = subject if isinstance(subject, Unit) else None
    _check(campaign, unit, individual, collective, offer, on=timezone.localdate(at))
    nomination = Nomination(
        campaign=campaign,
        unit=unit,
        individual=individual,
        collective=collective,
        offer=offer,
        legal_ground=legal_ground.strip(),
        summary=summary.strip(),
        created_by=by,
        created_at=at,
    )
    _require_printable(nomination)
    _refuse_twice(nomination)
    with _one_of_two_at_once(nomination):
        nomination.save(force_insert=True)
    return nomination


@transaction.atomic
def update_nomination(
    *,
    nomination: Nomination,
    subject: Individual | Unit,
    offer: Offer,
    legal_ground: str,
    summary: str,
    version: int | None = None,
    by: User,
    at: datetime,
) -> Nomination:
    """Change a nomination that is still proposed; with `version`, only if nobody did meanwhile."""
    locked = _lock_proposed(nomination, by=by)
    if version is not None and version != locked.version:
        raise ValidationError(STALE, code="stale")
    locked.individual = subject if isinstance(subject, Individual) else None
    locked.collective = subject if isinstance(subject, Unit) else None
    _check(
        locked.campaign,
        locked.unit,
        locked.individual,
        locked.collective,
        offer,
        on=timezone.localdate(at),
    )
    locked.offer = offer
    locked.legal_ground = legal_ground.strip()
    locked.summary = summary.strip()
    locked.version += 1
    _require_printable(locked)
    _refuse_twice(locked)
    with _one_of_two_at_once(locked):
        locked.save(
            update_fields=[
                "individual",
                "collective",
                "offer",
                "legal_ground",
                "summary",
                "version",
            ]
        )
    return locked


@transaction.atomic
def withdraw_nomination(*, nomination: Nomination, by: User, at: datetime) -> None:
    """Take back a nomination that is still proposed, with the vote on it if there was one."""
    locked = _lock_proposed(nomination, by=by)
    try:
        with transaction.atomic():
            locked.votes.all().delete()
            locked.delete()
    except (models.ProtectedError, models.RestrictedError):
        raise Refused(
            "Đề cử đã có báo cáo thành tích nên không rút được; cuộc họp có thể không lựa chọn."
        ) from None


@transaction.atomic
def mark_submitted(*, nominations: Iterable[Nomination], by: User, at: datetime) -> None:
    """The dossier that holds them was submitted: the meeting stays concluded from now on."""
    for nomination in _locked(nominations):
        if nomination.state != Nomination.State.CHOSEN:
            raise Refused(f"{nomination.subject_name}: chưa được cuộc họp của đơn vị lựa chọn.")
        nomination.submitted_at = at
        nomination.save(update_fields=["submitted_at"])


@transaction.atomic
def unmark_submitted(*, nominations: Iterable[Nomination], by: User, at: datetime) -> None:
    """The dossier was returned: its unit may reopen the meeting again."""
    for nomination in _locked(nominations):
        if nomination.state == Nomination.State.RECEIVED:
            raise Refused(f"{nomination.subject_name}: Văn phòng đã tiếp nhận.")
        nomination.submitted_at = None
        nomination.save(update_fields=["submitted_at"])


@transaction.atomic
def mark_received(*, nominations: Iterable[Nomination], by: User, at: datetime) -> None:
    """The office accepted the dossier that holds them."""
    for nomination in _locked(nominations):
        roles = by.roles_for(agency_id=nomination.campaign.agency_id, unit_id=nomination.unit_id)
        advance(NOMINATION, nomination, "receive", by=by, at=at, roles=roles)


def _locked(nominations: Iterable[Nomination]) -> list[Nomination]:
    keys = [n.pk for n in nominations]
    return list(
        Nomination.objects.select_for_update(of=("self",))
        .filter(pk__in=keys)
        .with_subjects()
        .order_by("pk")
    )


def _lock_proposed(nomination: Nomination, *, by: User) -> Nomination:
    require_head(by, campaign=nomination.campaign, unit=nomination.unit)
    _meeting_must_be_open(nomination.campaign, nomination.unit)
    locked = (
        Nomination.objects.select_for_update(of=("self",))
        .with_subjects()
        .filter(pk=nomination.pk)
        .first()
    )
    if locked is None:
        raise Refused("Đề cử này đã được rút.")
    if locked.state != Nomination.State.PROPOSED:
        raise Refused(f"Đề cử đang ở trạng thái “{locked.get_state_display()}” nên không sửa được.")
    return locked


def _meeting_must_be_open(campaign: Campaign, unit: Unit) -> None:
    """Locks the unit's meeting, so that it is not concluded while its nominees change."""
    meetings = Meeting.objects.select_for_update().filter(campaign=campaign, unit=unit)
    meeting = meetings.order_by("pk").first()
    if meeting and meeting.state == Meeting.State.CONCLUDED:
        raise Refused(CONCLUDED)


def _check(
    campaign: Campaign,
    unit: Unit,
    individual: Individual | None,
    collective: Unit | None,
    offer: Offer,
    *,
    on: date,
) -> None:
    if offer.campaign_id != campaign.pk:
        raise ValidationError({"offer": "Hình thức này không thuộc phong trào."})
    if individual and not people_of(unit, on=on).filter(pk=individual.pk).exists():
        raise ValidationError({"subject": "Người này không thuộc đơn vị của bạn."})
    if collective and not collectives_of(unit).filter(pk=collective.pk).exists():
        raise ValidationError({"subject": "Bạn chỉ được đề cử tập thể của đơn vị mình."})
    one = Candidate(offer=offer, individual=individual, collective=collective)
    if not offer.receives(one.subject):
        kind = "cá nhân" if individual else "tập thể"
        raise ValidationError({"offer": f"Phong trào không xét {kind} cho hình thức này."})
    if collective and offer.agency_only and not collective.is_agency:
        raise ValidationError({"offer": "Với tập thể, hình thức này chỉ xét tập thể Sở."})
    reason = gate(facts(campaign, [one])[0])
    if reason:
        raise ValidationError({"subject": reason})


def _twice(nomination: Nomination) -> ValidationError:
    text = TWICE_INDIVIDUAL if nomination.individual_id else TWICE_COLLECTIVE
    return ValidationError({"subject": text}, code="twice")


def _require_printable(nomination: Nomination) -> None:
    texts = {"legal_ground": nomination.legal_ground, "summary": nomination.summary}
    found = {name: reason for name, text in texts.items() if (reason := why_unprintable(text))}
    if found:
        raise ValidationError(found)


def _refuse_twice(nomination: Nomination) -> None:
    same = Nomination.objects.filter(
        campaign=nomination.campaign,
        offer=nomination.offer,
        individual=nomination.individual,
        collective=nomination.collective,
    )
    if same.exclude(pk=nomination.pk).exists():
        raise _twice(nomination)


@contextmanager
def _one_of_two_at_once(nomination: Nomination) -> Iterator[None]:
    """Says of a duplicate that came in at the same moment what is said of any other."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        raise _twice(nomination) from None
