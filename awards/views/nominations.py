"""The nominations of a unit, and one of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from awards import actions
from awards.forms import NominationForm
from awards.forms.nominations import initial_of
from awards.models import Candidate, Meeting, Nomination, candidate, facts, findings
from awards.rules import Facts, Finding, Verdict, gate
from awards.views.status import TONES, status_of
from awards.views.workspace import Workspace, actor, kept, workspace, workspace_of
from emulation.middleware import keep_token
from emulation.models import Individual, Step, SubjectKind, Unit
from emulation.views.acts import perform

ORDER = (Verdict.NOT_MET, Verdict.UNKNOWN, Verdict.WARNING, Verdict.MET, Verdict.ATTESTED)


@dataclass(frozen=True)
class Line:
    """A nomination on the unit's list, with its verdicts counted."""

    nomination: Nomination
    tone: str
    counts: list[tuple[str, int, str]]


@require_safe
def nominations(request: HttpRequest, slug: str, unit_pk: int) -> HttpResponse:
    place = workspace(request, slug, unit_pk)
    rows = list(
        Nomination.objects.visible_to(place.user)
        .of_unit(place.campaign, place.unit)
        .with_subjects()
    )
    found = findings(place.campaign, [candidate(n) for n in rows], on=timezone.localdate())
    obstacle = _obstacle(place)
    meeting = Meeting.objects.visible_to(place.user).filter(
        campaign=place.campaign, unit=place.unit
    )
    return render(
        request,
        "awards/nominations.html",
        {
            "place": place,
            "trail": place.trail(("Đề cử", "")),
            "lines": [
                Line(n, TONES[n.state], _counts(f)) for n, f in zip(rows, found, strict=True)
            ],
            "meeting": meeting.first(),
            "meeting_url": place.url("meeting"),
            "obstacle": obstacle,
            "nominate_url": "" if obstacle else place.url("nominate"),
        },
    )


@require_http_methods(["GET", "POST"])
def nominate(request: HttpRequest, slug: str, unit_pk: int) -> HttpResponse:
    place = workspace(request, slug, unit_pk)
    obstacle = _obstacle(place)
    if obstacle:
        messages.error(request, obstacle)
        return redirect("awards:nominations", slug=slug, unit_pk=unit_pk)
    form = _form(request, place)
    if request.method == "POST" and form.is_valid():
        made = lambda: actions.nominate(  # noqa: E731
            campaign=place.campaign,
            unit=place.unit,
            by=place.user,
            at=timezone.now(),
            **form.action_fields(),
        )
        if perform(request, made, done="Đã đề cử.", form=form):
            return redirect("awards:nominations", slug=slug, unit_pk=unit_pk)
    return _form_page(request, place, form)


@require_safe
def criteria(request: HttpRequest, slug: str, unit_pk: int) -> HttpResponse:
    """The criteria for what is chosen in the form, and what changes in the form with it."""
    place = workspace(request, slug, unit_pk)
    if not place.is_head:
        raise Http404
    form = _form(request, place)
    trigger = request.headers.get("HX-Trigger-Name", "")
    return render(
        request,
        "awards/_criteria_answer.html",
        {
            "panel": _panel(place, form, suggest=True),
            "form": form,
            "place_url": place.url("criteria"),
            "offers_changed": trigger == "subject",
            "ground": form.new_ground(),
        },
    )


@require_safe
def nomination(request: HttpRequest, pk: int) -> HttpResponse:
    user = actor(request)
    found = get_object_or_404(Nomination.objects.visible_to(user).with_subjects(), pk=pk)
    place = workspace_of(user, found)
    steps = list(Step.objects.about(found).select_related("by__individual").order_by("-at", "-pk"))
    vote = found.votes.filter(meeting__state="concluded").first()
    since = steps[0].at if steps else found.created_at
    listed = findings(place.campaign, [candidate(found)], on=timezone.localdate())[0]
    return render(
        request,
        "awards/nomination.html",
        {
            "nomination": found,
            "trail": place.trail(
                *([("Đề cử", place.url("nominations"))] if place.is_reader else []),
                (found.subject_name, ""),
            ),
            "status": status_of(found, since),
            "facts": _facts(found, vote),
            "findings": listed,
            "steps": steps,
            "is_head": place.is_head,
            "obstacle": _obstacle_to_change(place, found) if place.is_head else "",
        },
    )


@require_http_methods(["GET", "POST"])
def nomination_edit(request: HttpRequest, pk: int) -> HttpResponse:
    user = actor(request)
    found = get_object_or_404(
        Nomination.objects.visible_to(user).filter(unit__in=user.unit_ids).with_subjects(), pk=pk
    )
    place = workspace_of(user, found)
    obstacle = _obstacle_to_change(place, found)
    if obstacle:
        messages.error(request, obstacle)
        return redirect("awards:nomination", pk=pk)
    form = _form(request, place, found)
    if request.method == "POST" and form.is_valid():
        changed = lambda: actions.update_nomination(  # noqa: E731
            nomination=found,
            version=form.cleaned_data["version"] or 0,
            by=user,
            at=timezone.now(),
            **form.action_fields(),
        )
        if perform(request, changed, done="Đã lưu đề cử.", form=form):
            return redirect("awards:nomination", pk=pk)
    return _form_page(request, place, form, found)


@require_POST
def nomination_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    user = actor(request)
    found = get_object_or_404(
        Nomination.objects.visible_to(user).filter(unit__in=user.unit_ids).with_subjects(), pk=pk
    )
    place = workspace_of(user, found)
    withdrawn = lambda: actions.withdraw_nomination(  # noqa: E731
        nomination=found, by=user, at=timezone.now()
    )
    if perform(request, withdrawn, done=f"Đã rút đề cử {found.subject_name}."):
        return redirect(place.url("nominations"))
    return redirect("awards:nomination", pk=pk)


@dataclass(frozen=True)
class Panel:
    """What stands beside the form: the criteria, the law's remarks, and the plan's gate."""

    subject: Individual | Unit | None
    findings: list[Finding]
    gate: str
    eligible: str
    # The kind of report that the nominee will have to write.
    report: str
    kinds: list[tuple[str, list[Finding]]]


def _panel(place: Workspace, form: NominationForm, *, suggest: bool = False) -> Panel:
    """The verdicts on the chosen subject; before that, the criteria of each kind of subject."""
    subject, offer, on = form.chosen_subject(), form.chosen_offer(), timezone.localdate()
    if offer is None:
        return Panel(subject, [], "", "", "", [])
    report = str(offer.get_report_kind_display())
    ground = form.ground() if suggest else str(form["legal_ground"].value() or "")
    if subject is None:
        kinds = [k for k in SubjectKind if k != SubjectKind.HOUSEHOLD and offer.receives(k)]
        blank = [Candidate(offer=offer, kind=k.value, legal_ground=ground) for k in kinds]
        found = findings(place.campaign, blank, on=on)
        by_kind = [(str(k.label), f) for k, f in zip(kinds, found, strict=True)]
        return Panel(None, [], "", "", report, by_kind)
    is_person = isinstance(subject, Individual)
    one = Candidate(
        offer=offer,
        individual=subject if isinstance(subject, Individual) else None,
        collective=subject if isinstance(subject, Unit) else None,
        legal_ground=ground,
    )
    known: Facts = facts(place.campaign, [one])[0]
    return Panel(
        subject,
        findings(place.campaign, [one], on=on)[0],
        gate(known),
        offer.individual_eligible if is_person else offer.collective_eligible,
        report,
        [],
    )


def _form(
    request: HttpRequest, place: Workspace, nomination: Nomination | None = None
) -> NominationForm:
    """Bound to what was posted; else prefilled from the row or from the address."""
    options: dict[str, Any] = {
        "campaign": place.campaign,
        "unit": place.unit,
        "on": timezone.localdate(),
    }
    typed = request.POST if request.method == "POST" else kept(request)
    if typed is not None:
        return NominationForm(typed, **options)
    initial = initial_of(nomination) if nomination else {}
    initial |= {k: request.GET[k] for k in ("subject", "offer", "legal_ground") if k in request.GET}
    form = NominationForm(initial=initial, **options)
    if "legal_ground" not in initial:
        form.initial["legal_ground"] = form.suggestion()
    return form


def _form_page(
    request: HttpRequest,
    place: Workspace,
    form: NominationForm,
    nomination: Nomination | None = None,
) -> HttpResponse:
    stale = nomination if form.is_stale else None
    if stale:
        stale.refresh_from_db(fields=["version"])
        form.take_version(stale.version)
    title = f"Sửa đề cử {nomination.subject_name}" if nomination else "Thêm đề cử"
    return render(
        request,
        "awards/nominate.html",
        {
            "place": place,
            "title": title,
            "trail": place.trail(("Đề cử", place.url("nominations")), (title, "")),
            "form": form,
            "panel": _panel(place, form),
            "stale_url": request.path if stale else "",
            "keep_token": keep_token(place.user.pk),
            "restored": request.method == "GET" and form.is_bound,
            "keep": f"nomination-{nomination.pk}" if nomination else f"nominate-{place.unit.pk}",
            "version": str(form["version"].value() or ""),
            "cancel_url": place.url("nominations"),
        },
        status=409 if stale else 200,
    )


def _obstacle(place: Workspace) -> str:
    """Why this user may not add a nomination now."""
    if place.obstacle:
        return place.obstacle
    concluded = Meeting.objects.filter(
        campaign=place.campaign, unit=place.unit, state=Meeting.State.CONCLUDED
    )
    return actions.CONCLUDED if concluded.exists() else ""


def _obstacle_to_change(place: Workspace, nomination: Nomination) -> str:
    obstacle = _obstacle(place)
    if obstacle or nomination.state == Nomination.State.PROPOSED:
        return obstacle
    return f"Đề cử đang ở trạng thái “{nomination.get_state_display()}” nên không sửa được."


def _counts(found: list[Finding]) -> list[tuple[str, int, str]]:
    """How many conditions have each verdict, worst first; what the unit attests is not counted."""
    counted = Counter(f.verdict for f in found)
    return [(v.value, counted[v], TONES[v]) for v in ORDER[:-1] if counted[v]]


def _facts(nomination: Nomination, vote: Any) -> list[tuple[str, str]]:
    subject = nomination.subject
    rows = [
        ("Đối tượng", nomination.subject_kind.label),
        ("Hình thức đề nghị", str(nomination.offer)),
        ("Căn cứ", nomination.legal_ground),
        ("Báo cáo phải lập", str(nomination.offer.get_report_kind_display())),
        ("Đơn vị đề nghị", nomination.unit.name),
        ("Phong trào", nomination.campaign.name),
    ]
    if isinstance(subject, Individual):
        rows.insert(1, ("Chức vụ", f"{subject.position}, {subject.unit.name}"))
    if vote:
        rows.append(
            (
                "Biểu quyết",
                f"{vote.in_favour} đồng ý, {vote.against} không, {vote.abstained} không biểu quyết",
            )
        )
    return [(str(label), value) for label, value in rows]
