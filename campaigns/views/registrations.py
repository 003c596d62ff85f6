"""Registration: the unit's own page, and the office's overview of all units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.actions import (
    act_on_registration,
    add_registration_line,
    remove_registration_line,
    start_registration,
    update_registration_line,
)
from campaigns.forms.registrations import LineForm
from campaigns.models import Campaign, Participant, Registration, RegistrationLine
from campaigns.views.editing import keeping, sent
from campaigns.views.pages import trail
from campaigns.views.status import REGISTRATION_TONES
from campaigns.workflow import (
    REGISTRATION,
    is_late,
    no_registration,
    overdue,
    registration_milestone,
)
from emulation.models import Role, Step, Unit, User
from emulation.vietnamese import short_date
from emulation.views.acts import perform

PER_PAGE = 50
NOT_SENT = "chua-gui"
STATES = (
    ("", "Tất cả"),
    (NOT_SENT, "Chưa gửi"),
    ("submitted", "Đã gửi"),
    ("returned", "Trả lại bổ sung"),
    ("accepted", "Đã tiếp nhận"),
)
DONE = {
    "submit": "Đã gửi bản đăng ký cho Văn phòng Sở.",
    "return": "Đã trả lại bản đăng ký cho đơn vị bổ sung.",
    "accept": "Đã tiếp nhận bản đăng ký.",
}


@dataclass(frozen=True)
class Row:
    """One participant as the overview shows it; a draft is the unit's own affair."""

    unit: Unit
    state: str
    label: str
    tone: str
    lines: int
    sent_at: datetime | None
    late: bool


@require_safe
def registrations(request: HttpRequest, slug: str) -> HttpResponse:
    """All participants of one campaign, also those that have not registered."""
    user: User = request.user  # type: ignore[assignment]
    campaign = get_object_or_404(
        Campaign.objects.visible_to(user).overseen_by(user).prefetch_related("milestones"),
        slug=slug,
    )
    rows = _overview(campaign, user)
    wanted = request.GET.get("trang-thai", "")
    counts = {key: sum(_is(row, key) for row in rows) for key, _ in STATES}
    page = Paginator([row for row in rows if _is(row, wanted)], PER_PAGE).get_page(
        request.GET.get("trang")
    )
    deadline = registration_milestone(campaign)
    return render(
        request,
        "campaigns/registrations.html",
        {
            "campaign": campaign,
            "none": no_registration(campaign),
            "page": page,
            "wanted": wanted,
            "query": f"trang-thai={wanted}" if wanted else "",
            "tabs": [(key, label, counts[key]) for key, label in STATES],
            "deadline": deadline.deadline if deadline else "",
            "closed": overdue(campaign, timezone.now()),
            "trail": trail(("Đăng ký thi đua", ""), campaign=campaign),
        },
    )


def _overview(campaign: Campaign, user: User) -> list[Row]:
    sent_in = {
        row.unit_id: row
        for row in Registration.objects.visible_to(user)
        .filter(campaign=campaign)
        .exclude(state=Registration.State.DRAFT)
        .annotate(line_count=Count("lines"))
    }
    rows = []
    for participant in Participant.objects.filter(campaign=campaign).select_related("unit"):
        found = sent_in.get(participant.unit_id)
        if found is None:
            rows.append(Row(participant.unit, "", "Chưa gửi", "neutral", 0, None, late=False))
            continue
        found.campaign = campaign  # Its milestones are fetched once for all rows.
        rows.append(
            Row(
                participant.unit,
                found.state,
                found.get_state_display(),
                REGISTRATION_TONES[found.state],
                found.line_count,  # type: ignore[attr-defined]
                found.submitted_at,
                is_late(found),
            )
        )
    return rows


def _is(row: Row, wanted: str) -> bool:
    return not wanted or row.state == ("" if wanted == NOT_SENT else wanted)


@require_safe
def registration(request: HttpRequest, slug: str, unit_pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    campaign, unit, found = _case(user, slug, unit_pk)
    now = timezone.now()
    deadline = registration_milestone(campaign)
    context: dict[str, Any] = {
        "campaign": campaign,
        "unit": unit,
        "trail": trail(("Đăng ký thi đua", ""), campaign=campaign),
        "deadline": deadline.deadline if deadline else "",
        "closed": overdue(campaign, now),
        "none": no_registration(campaign),
        "launched": campaign.state == Campaign.State.LAUNCHED,
        "is_head": unit.pk in user.unit_ids,
        "is_overseer": bool(
            user.roles_for(agency_id=campaign.agency_id) & {Role.OFFICE, Role.DIRECTOR}
        ),
    }
    if found is None:
        return render(request, "campaigns/registration_start.html", context)
    steps = list(Step.objects.about(found).select_related("by__individual").order_by("-pk"))
    lines = list(found.lines.select_related("individual__unit", "unit", "offer__title", "area"))
    returned = found.state == Registration.State.RETURNED and steps
    context |= {
        "registration": found,
        "status": _status(found, steps, context["deadline"]),
        "late": is_late(found),
        "lines": lines,
        "steps": steps,
        "acts": _acts(found, user, now),
        "reason": steps[0].note if returned else "",
        "editable": Registration.objects.editable_by(user).filter(pk=found.pk).exists(),
    }
    return render(request, "campaigns/registration.html", context)


@require_POST
def registration_start(request: HttpRequest, slug: str, unit_pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    campaign, unit, _ = _case(user, slug, unit_pk)
    perform(
        request,
        lambda: start_registration(campaign=campaign, unit=unit, by=user, at=timezone.now()),
        done="Đã lập bản đăng ký. Hãy thêm từng tập thể, cá nhân.",
    )
    return redirect("campaigns:registration", slug=slug, unit_pk=unit_pk)


@require_http_methods(["GET", "POST"])
def registration_line_add(request: HttpRequest, slug: str, unit_pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    found = _writable(request, user, slug, unit_pk)
    form = LineForm(sent(request), registration=found, on=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        data = form.line_data()
        if perform(
            request,
            lambda: add_registration_line(registration=found, by=user, at=timezone.now(), **data),
            done="Đã thêm vào bản đăng ký.",
            form=form,
        ):
            again = "registration_line_add" if "them" in request.POST else "registration"
            return redirect(f"campaigns:{again}", slug=slug, unit_pk=unit_pk)
    return render(
        request, "campaigns/registration_line.html", _line_page(request, found, form, None)
    )


@require_http_methods(["GET", "POST"])
def registration_line_edit(request: HttpRequest, slug: str, unit_pk: int, pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    found = _writable(request, user, slug, unit_pk)
    line = _line(found, pk)
    form = LineForm(sent(request), registration=found, line=line, on=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        data = form.line_data()
        if perform(
            request,
            lambda: update_registration_line(line=line, by=user, at=timezone.now(), **data),
            done="Đã lưu nội dung đăng ký.",
            form=form,
        ):
            return redirect("campaigns:registration", slug=slug, unit_pk=unit_pk)
    context = _line_page(request, found, form, line)
    return render(request, "campaigns/registration_line.html", context)


@require_POST
def registration_line_remove(
    request: HttpRequest, slug: str, unit_pk: int, pk: int
) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    line = _line(_writable(request, user, slug, unit_pk), pk)
    perform(
        request,
        lambda: remove_registration_line(line=line, by=user, at=timezone.now()),
        done="Đã bỏ khỏi bản đăng ký.",
    )
    return redirect("campaigns:registration", slug=slug, unit_pk=unit_pk)


@require_POST
def registration_act(request: HttpRequest, slug: str, unit_pk: int, act: str) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    _, _, found = _case(user, slug, unit_pk)
    if found is None or act not in REGISTRATION.transitions:
        raise Http404
    perform(
        request,
        lambda: act_on_registration(
            registration=found,
            act=act,
            by=user,
            at=timezone.now(),
            note=request.POST.get("note", ""),
        ),
        done=DONE[act],
    )
    return redirect("campaigns:registration", slug=slug, unit_pk=unit_pk)


def _case(user: User, slug: str, unit_pk: int) -> tuple[Campaign, Unit, Registration | None]:
    """The campaign, the unit, and its registration if there is one; else 404.

    Without a registration only the unit's own head finds the page: there it begins.
    """
    campaign = get_object_or_404(
        Campaign.objects.visible_to(user).select_related("agency").prefetch_related("milestones"),
        slug=slug,
    )
    found = (
        Registration.objects.visible_to(user)
        .filter(campaign=campaign, unit=unit_pk)
        .select_related("unit")
        .first()
    )
    if found is not None:
        found.campaign = campaign
        return campaign, found.unit, found
    participant = get_object_or_404(
        Participant.objects.filter(unit__in=user.unit_ids).select_related("unit"),
        campaign=campaign,
        unit=unit_pk,
    )
    return campaign, participant.unit, None


def _writable(request: HttpRequest, user: User, slug: str, unit_pk: int) -> Registration:
    """The registration that the head writes. A page opened before it was submitted may still
    post: the action says why not, and what was typed is shown again."""
    rows = Registration.objects.filter(unit__in=user.unit_ids)
    if request.method != "POST":
        rows = rows.editable_by(user)
    return get_object_or_404(
        rows.visible_to(user).select_related("campaign", "unit"),
        campaign__slug=slug,
        unit=unit_pk,
    )


def _line(found: Registration, pk: int) -> RegistrationLine:
    return get_object_or_404(
        found.lines.select_related("individual", "unit", "offer", "registration"), pk=pk
    )


def _line_page(
    request: HttpRequest, found: Registration, form: LineForm, line: RegistrationLine | None
) -> dict[str, Any]:
    offers = found.campaign.offers.select_related("title").prefetch_related("criteria")
    return {
        "registration": found,
        "campaign": found.campaign,
        "form": form,
        "line": line,
        "trail": trail(
            (
                "Bản đăng ký",
                reverse("campaigns:registration", args=(found.campaign.slug, found.unit_id)),
            ),
            ("Nội dung đăng ký", ""),
            campaign=found.campaign,
        ),
        "offers": list(offers),
        "closed": overdue(found.campaign, timezone.now()),
        **keeping(request, f"line-{found.pk}-{line.pk if line else 'new'}"),
    }


def _acts(found: Registration, user: User, at: datetime) -> list[dict[str, Any]]:
    roles = user.roles_for(agency_id=found.campaign.agency_id, unit_id=found.unit_id)
    return [
        {
            "key": act.key,
            "label": act.label,
            "reason": act.reason,
            "needs_note": act.needs_note,
            "tone": "" if act.key == "return" else "primary",
            "note_label": "Cần bổ sung, sửa những gì" if act.needs_note else "",
            "url": reverse(
                "campaigns:registration_act",
                args=(found.campaign.slug, found.unit_id, act.key),
            ),
        }
        for act in REGISTRATION.acts(found, roles=roles, at=at)
    ]


def _status(found: Registration, steps: list[Step], deadline: str) -> dict[str, Any]:
    holder, then = {
        "draft": (found.unit.name, "Thêm nội dung rồi gửi Văn phòng Sở"),
        "submitted": ("Văn phòng Sở", "Tiếp nhận hoặc trả lại"),
        "returned": (found.unit.name, "Bổ sung theo lý do trả lại rồi gửi lại"),
        "accepted": ("Văn phòng Sở", "Thực hiện nội dung đã đăng ký"),
    }[found.state]
    return {
        "state_label": found.get_state_display(),
        "tone": REGISTRATION_TONES[found.state],
        "holder": holder,
        "since": short_date(timezone.localtime(steps[0].at if steps else found.created_at)),
        "next": then,
        "deadline": deadline if found.state in ("draft", "returned") else "",
        "deadline_tone": "",
    }
