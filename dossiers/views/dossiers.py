"""The list of dossiers, and one of them: what it lacks, its files, its way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from awards.views.workspace import actor, workspace
from dossiers import actions, rules
from dossiers.forms import AttachmentForm, DossierFilter
from dossiers.models import Dossier, Report, deadline_of, facts_of
from dossiers.views.issuing import may_bundle
from dossiers.views.similar import likenesses
from dossiers.views.status import status_of_dossier
from dossiers.views.traces import onlookers
from dossiers.views.trails import of_dossier
from dossiers.workflow import DOSSIER
from emulation.models import Decider, Role, Step, User
from emulation.templatetags.vietnamese import vdatetime
from emulation.views.lists import address_without, page_of, sorted_by
from emulation.views.looks import leave_trace
from emulation.workflow import Refused

ORDERS = {
    "don-vi": ("unit__position", "unit__name"),
    "phong-trao": ("campaign__name",),
    "cap": ("decider",),
    "trang-thai": ("state",),
    "ngay-trinh": ("submitted_at",),
}
DONE = {
    "submit": "Đã trình hồ sơ. Nội dung đã trình được giữ nguyên; Văn phòng Sở sẽ kiểm tra.",
    "return": "Đã trả lại hồ sơ cho đơn vị bổ sung.",
    "accept": "Đã tiếp nhận hồ sơ.",
}
ACT_TONES = {"submit": "primary", "accept": "primary", "return": ""}


@dataclass(frozen=True)
class ActButton:
    """The parameters of act_buttons.html."""

    key: str
    label: str
    reason: str
    needs_note: bool
    url: str
    tone: str


@dataclass(frozen=True)
class NomineeLine:
    """A nominee under the part "reports": where the report stands, and the way to it."""

    nominee: rules.Nominee
    url: str
    start_url: str


@dataclass(frozen=True)
class PartLine:
    """One part of the dossier on the checklist, with the place where it is added."""

    check: rules.Check
    url: str
    link: str
    nominees: Sequence[NomineeLine]


@require_safe
def dossier_list(request: HttpRequest) -> HttpResponse:
    user = actor(request)
    # A snapshot holds all papers of its dossier: a list has no use for it.
    rows = Dossier.objects.visible_to(user).with_context().with_size().defer("snapshot")
    form = DossierFilter(request.GET, user=user)
    if form.is_valid():
        chosen = form.cleaned_data
        rows = rows.of_unit_matching(chosen["q"]).filter(
            **{key: chosen[key] for key in ("campaign", "state", "decider") if chosen[key]}
        )
    rows, sort = sorted_by(request, rows, ORDERS)
    page, query = page_of(request, rows)
    return render(
        request,
        "dossiers/list.html",
        {
            "form": form,
            "page": page,
            "query": query,
            "sort": sort,
            "sort_query": address_without(request, "xep", "trang"),
            "is_filtered": any(request.GET.get(name) for name in form.fields),
        },
    )


@require_POST
def dossier_open(request: HttpRequest, slug: str, unit_pk: int, decider: str) -> HttpResponse:
    """The unit's dossier for one deciding level: begun now, or the one there is."""
    place = workspace(request, slug, unit_pk)
    if decider not in Decider.values:
        raise Http404
    try:
        opened = actions.open_dossier(
            campaign=place.campaign,
            unit=place.unit,
            decider=decider,
            by=place.user,
            at=timezone.now(),
        )
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("dossiers:unit_case", slug=slug, unit_pk=unit_pk)
    return redirect("dossiers:dossier", pk=opened.pk)


@require_safe
def dossier(request: HttpRequest, pk: int) -> HttpResponse:
    user = actor(request)
    found = _visible(user, pk)
    leave_trace(request, found, "Hồ sơ", unit_id=found.unit_id)
    part = request.GET.get("thanh-phan", "")
    form = AttachmentForm(dossier=found, initial={"part": part} if part.isdigit() else {})
    return dossier_page(request, user, found, form)


def dossier_page(
    request: HttpRequest, user: User, found: Dossier, form: AttachmentForm, *, status: int = 200
) -> HttpResponse:
    """The page of a dossier; also what an upload that was refused comes back to."""
    roles = user.roles_for(agency_id=found.campaign.agency_id, unit_id=found.unit_id)
    is_open = Dossier.objects.editable_by(user).filter(pk=found.pk).exists()
    context = {
        "dossier": found,
        "trail": of_dossier(found),
        "is_open": is_open,
        **_way(found, roles, at=timezone.now()),
        **_contents(user, found, is_open=is_open),
        **_nominees(user, found),
        **_attachments(found, form),
        **_papers(user, found),
        **_onlookers(found, roles),
    }
    return render(request, "dossiers/dossier.html", context, status=status)


def _way(found: Dossier, roles: frozenset[str], *, at: datetime) -> dict[str, Any]:
    """Where the dossier stands, how it came there, and what can be done with it."""
    steps = list(Step.objects.about(found).select_related("by__individual").order_by("-at", "-pk"))
    since = steps[0].at if steps else found.created_at
    deadline = deadline_of(found.campaign, "dossiers", on=timezone.localdate(at))
    returned = next((step for step in steps if step.act == "return"), None)
    acts = DOSSIER.acts(found, roles=roles, at=at)
    return {
        "status": status_of_dossier(found, since, deadline),
        "returned": returned if found.state == Dossier.State.RETURNED else None,
        "acts": [
            ActButton(
                act.key,
                act.label,
                act.reason,
                act.needs_note,
                reverse("dossiers:dossier_act", args=(found.pk, act.key)),
                ACT_TONES[act.key],
            )
            for act in sorted(acts, key=lambda act: act.needs_note)
        ],
        "steps": steps,
    }


def _contents(user: User, found: Dossier, *, is_open: bool) -> dict[str, Any]:
    """The parts: there, missing, or passed over."""
    checks = rules.completeness(facts_of([found])[found.pk])
    return {
        "lines": _lines(user, found, checks, is_open=is_open),
        "passed_over": [check for check in checks if check.state in ("optional", "not_needed")],
        "missing": sum(check.state == "missing" for check in checks),
    }


def _nominees(user: User, found: Dossier) -> dict[str, Any]:
    """Who is put forward, and whose reports share their text."""
    nominations = found.nominations()
    return {
        "nominations": list(nominations.with_subjects().prefetch_related("votes")),
        "similar": likenesses(user, Report.objects.filter(nomination__in=nominations)),
    }


def _attachments(found: Dossier, form: AttachmentForm) -> dict[str, Any]:
    """The files that are there, and the form that adds one."""
    rows = found.attachments.current().select_related(
        "part", "nomination__individual", "nomination__collective", "uploaded_by"
    )
    return {
        "attachments": list(rows),
        "form": form,
        # Where the message about a refused file stands.
        "add_url": reverse("dossiers:attachment_add", args=(found.pk,)) + "#dinh-kem",
        "max_bytes": settings.ATTACHMENT_MAX_BYTES,
    }


def _papers(user: User, found: Dossier) -> dict[str, Any]:
    """Whether all of them can be had at once, and which do not count any more."""
    annulled = found.documents.filter(annulled_at__isnull=False, superseded_by=None)
    return {
        "may_bundle": may_bundle(user, found) and not found.is_open,
        "annulled": list(annulled.defer("snapshot").order_by("pk")),
    }


def _onlookers(found: Dossier, roles: frozenset[str]) -> dict[str, Any]:
    """Who looked from outside, for those whose business that is."""
    shows_looks = bool(roles & {Role.UNIT_HEAD, Role.OFFICE})
    return {
        "shows_looks": shows_looks,
        "onlookers": onlookers(found) if shows_looks else [],
    }


@require_POST
def dossier_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    user = actor(request)
    found = _visible(user, pk)
    if act not in DOSSIER.transitions:
        raise Http404
    try:
        actions.act_on_dossier(
            dossier=found, act=act, note=request.POST.get("note", ""), by=user, at=timezone.now()
        )
    except Refused as refused:
        found.refresh_from_db(fields=["state", "submitted_at"])
        if act == "submit" and found.state == Dossier.State.SUBMITTED:
            # The second of two clicks, or of two people: what was wanted is done.
            when = vdatetime(found.submitted_at)
            messages.info(request, f"Hồ sơ đã được trình lúc {when}; không cần trình lại.")
        else:
            messages.error(request, str(refused))
    else:
        messages.success(request, DONE[act])
    return redirect("dossiers:dossier", pk=pk)


def _visible(user: User, pk: int) -> Dossier:
    rows = Dossier.objects.visible_to(user).with_context().prefetch_related("campaign__milestones")
    return get_object_or_404(rows, pk=pk)


def _lines(
    user: User, found: Dossier, checks: Sequence[rules.Check], *, is_open: bool
) -> list[PartLine]:
    """Parts that are there or missing; each missing one with a link to where it is added."""
    visible = set(
        Report.objects.visible_to(user)
        .filter(nomination__in=[n.pk for c in checks for n in c.nominees])
        .values_list("pk", flat=True)
        .order_by("pk")
    )
    slug, unit = found.campaign.slug, found.unit_id
    lines = []
    for check in checks:
        if check.state not in ("ok", "missing"):
            continue
        kind, url, link = check.part.kind, "", ""
        if kind == rules.MINUTES:
            url, link = reverse("awards:meeting", args=(slug, unit)), "Mở biên bản họp"
        elif kind in (rules.LETTER, rules.LIST):
            url, link = reverse("awards:nominations", args=(slug, unit)), "Xem đề cử"
        elif kind != rules.REPORT and is_open:
            pk = check.part.pk
            url, link = f"?thanh-phan={pk}#dinh-kem", "Đính kèm tệp"
        nominees = [
            NomineeLine(
                nominee,
                reverse("dossiers:report", args=(nominee.report,))
                if nominee.report in visible
                else "",
                reverse("dossiers:report_start", args=(nominee.pk,))
                if nominee.report is None and is_open
                else "",
            )
            for nominee in (check.nominees if kind == rules.REPORT else ())
        ]
        lines.append(PartLine(check, url, link, nominees))
    return lines
