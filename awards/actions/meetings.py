"""Every write on a unit's review meeting."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from awards.actions.nominations import require_head
from awards.models import Meeting, MeetingAttendee, MeetingVote, Nomination
from awards.rules import passes
from awards.workflow import MEETING, NOMINATION
from campaigns.models import Campaign
from emulation.actions import advance
from emulation.models import Individual, Unit, User
from emulation.printable import why_unprintable
from emulation.workflow import Refused

STALE = (
    "Biên bản đã được người khác lưu trong lúc bạn ghi. Nội dung bạn nhập vẫn còn bên dưới; hãy "
    "đối chiếu với bản mới rồi lưu lại."
)


class Presence(NamedTuple):
    present: bool
    reason: str = ""


class Count(NamedTuple):
    """The votes on one nominee."""

    in_favour: int
    against: int = 0
    abstained: int = 0


Attendance = Mapping[int, Presence]
# By nomination; None says that there is no vote (yet).
Votes = Mapping[int, Count | None]


@transaction.atomic
def start_meeting(*, campaign: Campaign, unit: Unit, by: User, at: datetime) -> Meeting:
    """The unit's meeting with all its members listed; a second call returns the first meeting."""
    require_head(by, campaign=campaign, unit=unit)
    members = list(_members(unit, at))
    chair = by.individual if by.individual in members else None
    try:
        with transaction.atomic():
            meeting = Meeting.objects.create(
                campaign=campaign, unit=unit, chair=chair, created_by=by, created_at=at
            )
    except IntegrityError:
        return Meeting.objects.get(campaign=campaign, unit=unit)
    MeetingAttendee.objects.bulk_create(
        MeetingAttendee(meeting=meeting, individual=member) for member in members
    )
    return meeting


@transaction.atomic
def save_meeting(
    *,
    meeting: Meeting,
    version: int,
    starts_at: datetime | None,
    ends_at: datetime | None,
    place: str,
    chair: Individual | None,
    secretary: Individual | None,
    discussion: str,
    required_percent: int,
    attendance: Attendance | None = None,
    votes: Votes | None = None,
    by: User,
    at: datetime,
) -> Meeting:
    """The whole record at once, whole or unfinished; nothing is kept when a part is wrong."""
    locked = _lock(meeting, version=version, by=by)
    if attendance is not None:
        _write_attendance(locked, attendance, at=at)
    locked.starts_at, locked.ends_at = starts_at, ends_at
    locked.place = place.strip()
    locked.chair, locked.secretary = chair, secretary
    locked.discussion = discussion.strip()
    locked.required_percent = required_percent
    errors = _errors(locked)
    if votes is not None:
        try:
            _write_votes(locked, votes)
        except ValidationError as error:
            errors.update(error.error_dict)
    if errors:
        raise ValidationError(errors)
    locked.version += 1
    locked.save(
        update_fields=[
            "starts_at",
            "ends_at",
            "place",
            "chair",
            "secretary",
            "discussion",
            "required_percent",
            "version",
        ]
    )
    return locked


@transaction.atomic
def act_on_meeting(
    *, meeting: Meeting, act: str, note: str = "", by: User, at: datetime
) -> Meeting:
    """Conclude or reopen; the nominations follow the vote, or are proposed again."""
    roles = by.roles_for(agency_id=meeting.campaign.agency_id, unit_id=meeting.unit_id)
    concluded_at = at if act == "conclude" else None
    done = advance(
        MEETING,
        meeting,
        act,
        by=by,
        at=at,
        note=note,
        roles=roles,
        fields={"concluded_at": concluded_at},
    )
    _next_version(done)
    if act == "conclude":
        _conclude(done, by=by, at=at, roles=roles)
    else:
        for nomination in done.nominations().filter(state__in=("chosen", "not_chosen")):
            advance(NOMINATION, nomination, "reconsider", by=by, at=at, note=note, roles=roles)
    return done


def _conclude(meeting: Meeting, *, by: User, at: datetime, roles: frozenset[str]) -> None:
    present = len(meeting.present_ids())
    votes = {vote.nomination_id: vote for vote in meeting.votes.all()}
    for nomination in meeting.nominations().filter(state=Nomination.State.PROPOSED):
        vote = votes[nomination.pk]
        chosen = passes(
            in_favour=vote.in_favour, present=present, required_percent=meeting.required_percent
        )
        note = f"Đồng ý {vote.in_favour}/{present}; phải trên {meeting.required_percent} %."
        act = "choose" if chosen else "drop"
        advance(NOMINATION, nomination, act, by=by, at=at, note=note, roles=roles)


def _members(unit: Unit, at: datetime) -> list[Individual]:
    return list(Individual.objects.serving(timezone.localdate(at)).filter(unit=unit))


def _lock(meeting: Meeting, *, version: int, by: User) -> Meeting:
    require_head(by, campaign=meeting.campaign, unit=meeting.unit)
    locked = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if locked.state != Meeting.State.DRAFT:
        raise Refused("Cuộc họp đã kết luận nên không sửa được; hãy mở lại cuộc họp trước.")
    if locked.version != version:
        raise ValidationError(STALE, code="stale")
    return locked


def _next_version(meeting: Meeting) -> Meeting:
    meeting.version += 1
    meeting.save(update_fields=["version"])
    return meeting


def _write_attendance(meeting: Meeting, attendance: Attendance, *, at: datetime) -> None:
    """Members who joined the unit after the meeting was opened are added by naming them."""
    known = {row.individual_id: row for row in meeting.attendees.all()}
    strangers = set(attendance) - set(known) - {m.pk for m in _members(meeting.unit, at)}
    if strangers:
        raise ValidationError("Danh sách dự họp có người không thuộc đơn vị.")
    for individual_id, presence in attendance.items():
        reason = "" if presence.present else presence.reason.strip()
        row = known.get(individual_id) or MeetingAttendee(
            meeting=meeting, individual_id=individual_id
        )
        if row.pk is None or (row.present, row.reason) != (presence.present, reason):
            row.present, row.reason = presence.present, reason
            row.save()


def _errors(meeting: Meeting) -> dict[str, list[ValidationError]]:
    """What contradicts itself in the record; what is only missing may be written later."""
    errors: dict[str, list[ValidationError]] = {}

    def say(name: str, text: str) -> None:
        errors.setdefault(name, []).append(ValidationError(text))

    if meeting.starts_at and meeting.ends_at and meeting.ends_at <= meeting.starts_at:
        say("ends_at", "Giờ kết thúc phải sau giờ bắt đầu.")
    if not 0 <= meeting.required_percent <= 99:
        say("required_percent", "Tỷ lệ phải từ 0 đến 99 %.")
    if meeting.chair and meeting.chair == meeting.secretary:
        say("secretary", "Chủ trì và thư ký phải là hai người khác nhau.")
    present = meeting.present_ids()
    for name, who in (("chair", meeting.chair), ("secretary", meeting.secretary)):
        if who and who.pk not in present:
            say(name, f"{who.full_name} không có mặt tại cuộc họp.")
    for name in ("place", "discussion"):
        if reason := why_unprintable(getattr(meeting, name)):
            say(name, reason)
    return errors


def vote_field(nomination_id: int) -> str:
    """The name under which an error on the votes for one nominee is reported."""
    return f"in_favour_{nomination_id}"


def _write_votes(meeting: Meeting, votes: Votes) -> None:
    nominations = {n.pk: n for n in meeting.nominations()}
    if set(votes) - set(nominations):
        raise ValidationError({NON_FIELD_ERRORS: ["Có đề cử đã được rút; hãy tải lại trang."]})
    present = len(meeting.present_ids())
    errors = {
        vote_field(pk): [_mismatch(count, present)]
        for pk, count in votes.items()
        if count is not None and (sum(count) != present or min(count) < 0)
    }
    if errors:
        raise ValidationError(errors)
    for pk, count in votes.items():
        if count is None:
            meeting.votes.filter(nomination=nominations[pk]).delete()
        else:
            MeetingVote.objects.update_or_create(
                meeting=meeting,
                nomination=nominations[pk],
                defaults=count._asdict(),
            )


def _mismatch(count: Count, present: int) -> str:
    if min(count) < 0:
        return "Số phiếu không được âm."
    return f"Tổng số phiếu là {sum(count)}, phải bằng số người có mặt ({present})."
