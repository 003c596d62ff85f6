"""The review meeting of a unit: opened, recorded, concluded, read."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from awards import actions
from awards.forms import MeetingForm
from awards.models import Meeting, MeetingVote, Nomination
from awards.rules import passes
from awards.views.status import TONES
from awards.views.workspace import Workspace, kept, workspace
from awards.workflow import MEETING
from emulation.middleware import keep_token
from emulation.models import Individual, Step
from emulation.templatetags.vietnamese import vdatetime
from emulation.views.acts import perform


@dataclass(frozen=True)
class Result:
    """One nominee in the minutes."""

    nomination: Nomination
    vote: MeetingVote | None
    chosen: bool | None


@require_http_methods(["GET", "POST"])
def meeting(request: HttpRequest, slug: str, unit_pk: int) -> HttpResponse:
    """The record to write while the meeting is open to its unit's head; else the minutes."""
    place = workspace(request, slug, unit_pk)
    found = _meeting(place)
    if found is None:
        if not place.is_head:
            raise Http404
        return _start_page(request, place)
    if Meeting.objects.editable_by(place.user).filter(pk=found.pk).exists():
        return _editor(request, place, found)
    if request.method == "POST":
        messages.error(request, place.obstacle or "Cuộc họp đã kết luận nên không sửa được.")
        return redirect(place.url("meeting"))
    return _minutes(request, place, found)


@require_POST
def meeting_start(request: HttpRequest, slug: str, unit_pk: int) -> HttpResponse:
    place = workspace(request, slug, unit_pk)
    perform(
        request,
        lambda: actions.start_meeting(
            campaign=place.campaign, unit=place.unit, by=place.user, at=timezone.now()
        ),
        done="Đã mở biên bản họp bình xét.",
    )
    return redirect(place.url("meeting" if place.is_head else "nominations"))


@require_POST
def meeting_act(request: HttpRequest, slug: str, unit_pk: int, act: str) -> HttpResponse:
    place = workspace(request, slug, unit_pk)
    found = _meeting(place)
    if found is None or act not in MEETING.transitions:
        raise Http404
    done = {
        "conclude": "Đã kết luận cuộc họp; kết quả đã ghi vào từng đề cử.",
        "reopen": "Đã mở lại cuộc họp; các đề cử được xét lại.",
    }
    perform(
        request,
        lambda: actions.act_on_meeting(
            meeting=found,
            act=act,
            note=request.POST.get("note", ""),
            by=place.user,
            at=timezone.now(),
        ),
        done=done[act],
    )
    return redirect(place.url("meeting"))


def _meeting(place: Workspace) -> Meeting | None:
    """The unit's meeting if this user may see it; 404 for one that is not open to them yet."""
    rows = Meeting.objects.filter(campaign=place.campaign, unit=place.unit)
    if not rows.exists():
        return None
    return get_object_or_404(
        Meeting.objects.visible_to(place.user).with_people(),
        campaign=place.campaign,
        unit=place.unit,
    )


def _start_page(request: HttpRequest, place: Workspace) -> HttpResponse:
    proposed = Nomination.objects.visible_to(place.user).of_unit(place.campaign, place.unit)
    return render(
        request,
        "awards/meeting_start.html",
        {
            "place": place,
            "trail": place.trail(("Đề cử", place.url("nominations")), ("Họp bình xét", "")),
            "proposed": proposed.count(),
            "obstacle": place.obstacle,
        },
    )


def _editor(request: HttpRequest, place: Workspace, found: Meeting) -> HttpResponse:
    on = timezone.localdate()
    form = MeetingForm(
        request.POST if request.method == "POST" else kept(request),
        meeting=found,
        members=Individual.objects.serving(on).filter(unit=place.unit),
        nominations=found.nominations(),
    )
    if request.method == "POST" and form.is_valid():
        saved = lambda: actions.save_meeting(  # noqa: E731
            meeting=found, by=place.user, at=timezone.now(), **form.action_fields()
        )
        if perform(request, saved, done="Đã lưu biên bản.", form=form):
            return redirect(place.url("meeting"))
    if form.is_stale:
        found.refresh_from_db(fields=["version"])
        form.take_version(found.version)
    return render(
        request,
        "awards/meeting_edit.html",
        {
            "place": place,
            "meeting": found,
            "form": form,
            "rows": form.attendance_rows(),
            "votes": form.vote_rows(),
            "nominations_url": place.url("nominations"),
            "keep_token": keep_token(place.user.pk),
            "restored": request.method == "GET" and form.is_bound,
            "keep": f"meeting-{found.pk}",
            "version": str(form["version"].value()),
            **_common(place, found),
        },
        status=409 if form.is_stale else 200,
    )


def _minutes(request: HttpRequest, place: Workspace, found: Meeting) -> HttpResponse:
    attendees = list(found.attendees.select_related("individual"))
    present = [a for a in attendees if a.present]
    return render(
        request,
        "awards/meeting.html",
        {
            "place": place,
            "meeting": found,
            "facts": _facts(found, len(present), len(attendees)),
            "attendees": attendees,
            "present": len(present),
            "results": _results(found, len(present)),
            **_common(place, found),
        },
    )


def _common(place: Workspace, found: Meeting) -> dict[str, object]:
    """What the editor and the minutes both show: the way here, the acts, the history."""
    tones = {"conclude": "primary", "reopen": "danger"}
    listed = [
        {
            "key": act.key,
            "label": act.label,
            "reason": act.reason,
            "needs_note": act.needs_note,
            "tone": tones[act.key],
            "url": reverse(
                "awards:meeting_act", args=(place.campaign.slug, place.unit.pk, act.key)
            ),
        }
        for act in MEETING.acts(found, roles=place.roles)
        # The other act is for another day: only the one that leads on from here is shown.
        if found.state in MEETING.transitions[act.key].source
    ]
    steps = Step.objects.about(found).select_related("by__individual").order_by("-at", "-pk")
    return {
        "trail": place.trail(("Đề cử", place.url("nominations")), ("Họp bình xét", "")),
        "acts": listed,
        "steps": list(steps),
        "tone": TONES[found.state],
    }


def _facts(found: Meeting, present: int, members: int) -> list[tuple[str, str]]:
    return [
        ("Bắt đầu", vdatetime(found.starts_at)),
        ("Kết thúc", vdatetime(found.ends_at)),
        ("Địa điểm", found.place),
        ("Chủ trì", _who(found.chair)),
        ("Thư ký", _who(found.secretary)),
        ("Có mặt", f"{present}/{members} người"),
        ("Tỷ lệ phải vượt", f"{found.required_percent} % số người có mặt"),
    ]


def _who(person: Individual | None) -> str:
    return f"{person.full_name}, {person.position}" if person else ""


def _results(found: Meeting, present: int) -> list[Result]:
    votes = {v.nomination_id: v for v in found.votes.all()}
    rows = []
    for nomination in found.nominations():
        vote = votes.get(nomination.pk)
        chosen = None
        if vote:
            chosen = passes(
                in_favour=vote.in_favour, present=present, required_percent=found.required_percent
            )
        rows.append(Result(nomination, vote, chosen))
    return rows
