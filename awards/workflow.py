"""The ways of a nomination and of a unit's review meeting."""

from __future__ import annotations

from awards.models import Meeting, Nomination
from awards.rules import passes
from campaigns.models import Campaign
from emulation.models import Role
from emulation.workflow import Transition, Workflow

HEAD, OFFICE = (Role.UNIT_HEAD.value,), (Role.OFFICE.value,)


def is_running(campaign: Campaign) -> str:
    """Why nothing may change in this campaign now; "" while it is launched."""
    if campaign.state == Campaign.State.LAUNCHED:
        return ""
    return f"Phong trào đang ở trạng thái “{campaign.get_state_display()}”."


def _has_majority(nomination: Nomination) -> bool | None:
    """Whether the unit's vote passed; None when there was none."""
    vote = nomination.votes.select_related("meeting").first()
    if vote is None:
        return None
    return passes(
        in_favour=vote.in_favour, present=vote.cast, required_percent=vote.meeting.required_percent
    )


def _was_voted_for(nomination: Nomination) -> str:
    return "" if _has_majority(nomination) else "Biểu quyết chưa đạt tỷ lệ yêu cầu."


def _was_voted_down(nomination: Nomination) -> str:
    return "" if _has_majority(nomination) is False else "Chưa có biểu quyết không đạt tỷ lệ."


def _is_submitted(nomination: Nomination) -> str:
    return "" if nomination.submitted_at else "Hồ sơ có đề cử này chưa được trình."


def _is_not_submitted(nomination: Nomination) -> str:
    return "Hồ sơ có đề cử này đã trình." if nomination.submitted_at else ""


NOMINATION: Workflow[Nomination] = Workflow(
    {
        "choose": Transition("Lựa chọn", ("proposed",), "chosen", HEAD, _was_voted_for),
        "drop": Transition("Không lựa chọn", ("proposed",), "not_chosen", HEAD, _was_voted_down),
        "reconsider": Transition(
            "Xét lại", ("chosen", "not_chosen"), "proposed", HEAD, _is_not_submitted
        ),
        "receive": Transition("Tiếp nhận", ("chosen",), "received", OFFICE, _is_submitted),
    },
    dict(Nomination.State.choices),
)


def gaps(meeting: Meeting) -> list[str]:
    """What the record of the meeting still lacks before it can be concluded."""
    found = []
    for missing, text in (
        (meeting.starts_at is None or meeting.ends_at is None, "thời gian bắt đầu và kết thúc"),
        (not meeting.place, "địa điểm"),
        (meeting.chair_id is None, "người chủ trì"),
        (meeting.secretary_id is None, "thư ký"),
    ):
        if missing:
            found.append(f"Chưa ghi {text}.")
    return found + _gaps_of_presence(meeting) + _gaps_of_votes(meeting)


def _gaps_of_presence(meeting: Meeting) -> list[str]:
    present = meeting.present_ids()
    if not present:
        return ["Chưa có ai dự họp."]
    found = []
    if meeting.chair_id and meeting.chair_id not in present:
        found.append("Người chủ trì không có mặt.")
    if meeting.secretary_id and meeting.secretary_id not in present:
        found.append("Thư ký không có mặt.")
    return found


def _gaps_of_votes(meeting: Meeting) -> list[str]:
    proposed = list(meeting.nominations().filter(state="proposed"))
    if not proposed:
        return ["Chưa có đề cử nào để bình xét."]
    votes = {vote.nomination_id: vote for vote in meeting.votes.all()}
    present = len(meeting.present_ids())
    unvoted = [n for n in proposed if n.pk not in votes]
    unequal = [n for n in proposed if n.pk in votes and votes[n.pk].cast != present]
    found = []
    if unvoted:
        names = ", ".join(n.subject_name for n in unvoted)
        found.append(f"Chưa có kết quả biểu quyết: {names}.")
    if unequal:
        names = ", ".join(n.subject_name for n in unequal)
        found.append(f"Tổng số phiếu khác số người có mặt ({present}): {names}.")
    return found


def _is_complete(meeting: Meeting) -> str:
    return is_running(meeting.campaign) or " ".join(gaps(meeting))


def _nothing_is_submitted(meeting: Meeting) -> str:
    obstacle = is_running(meeting.campaign)
    if obstacle:
        return obstacle
    if meeting.nominations().filter(submitted_at__isnull=False).exists():
        return "Hồ sơ của đơn vị đã trình; hãy đề nghị Văn phòng trả lại hồ sơ trước."
    return ""


MEETING: Workflow[Meeting] = Workflow(
    {
        "conclude": Transition("Kết luận cuộc họp", ("draft",), "concluded", HEAD, _is_complete),
        "reopen": Transition(
            "Mở lại cuộc họp",
            ("concluded",),
            "draft",
            HEAD,
            _nothing_is_submitted,
            needs_note=True,
        ),
    },
    dict(Meeting.State.choices),
)
