"""The editor of achievement reports, for collectives and individuals alike."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from awards.models import Nomination
from awards.views.workspace import actor, workspace_of
from dossiers import actions
from dossiers.forms import ReportEditor
from dossiers.forms.reports import field_name
from dossiers.models import Report, sections_for, unexpected
from dossiers.views.moving import as_of_now, moving_of, strays
from dossiers.views.outlines import checklist, compare, outline, texts_of, typed_sections, writable
from dossiers.views.similar import likenesses
from dossiers.views.trails import of_report
from emulation.middleware import keep_token
from emulation.models import User
from emulation.models.law import Mark
from emulation.templatetags.vietnamese import vdatetime
from emulation.views.acts import add_errors, typed
from emulation.views.looks import leave_trace
from emulation.workflow import Refused


@require_POST
def report_start(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the report of a nomination, or go to the one there is."""
    user = actor(request)
    nomination = get_object_or_404(Nomination.objects.visible_to(user).with_subjects(), pk=pk)
    try:
        report = actions.start_report(nomination=nomination, by=user, at=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(_back(user, nomination))
    return redirect("dossiers:report", pk=report.pk)


@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """The editor, for those who write it while it is open; else the report as it stands."""
    user = actor(request)
    rows = Report.objects.visible_to(user).with_subjects()
    if request.method == "POST":
        return _save(request, user, get_object_or_404(rows.written_by(user), pk=pk))
    found = get_object_or_404(rows, pk=pk)
    if not Report.objects.editable_by(user).filter(pk=pk).exists():
        trace_report(request, found, "Báo cáo thành tích")
        return _page(request, user, found, None)
    unsaved = typed(request)
    form = _form(found, unsaved)
    return _page(request, user, found, form, restored=unsaved is not None)


@require_POST
def report_save(request: HttpRequest, pk: int) -> HttpResponse:
    """Autosave: what htmx sends while somebody types."""
    user = actor(request)
    found = get_object_or_404(Report.objects.editable_by(user).with_subjects(), pk=pk)
    form = _form(found, request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    if strays(found, request.POST):
        return HttpResponse(status=409)
    try:
        saved = _store(user, found, form)
    except actions.Outdated:
        return HttpResponse(status=409)
    except Refused:
        return HttpResponse(status=404)
    except ValidationError:
        return HttpResponse(status=422)
    response = render(
        request,
        "dossiers/_report_checklist.html",
        {"items": checklist(found), "swap": True},
    )
    response["X-Version"] = str(saved.version)
    return response


def _save(request: HttpRequest, user: User, found: Report) -> HttpResponse:
    form = _form(found, request.POST)
    if not form.is_valid():
        return _page(request, user, found, form, status=422)
    if strays(found, request.POST):
        return _page(request, user, found, form, conflict=True, status=409)
    try:
        _store(user, found, form)
    except actions.Outdated:
        found.refresh_from_db()
        return _page(request, user, found, form, conflict=True, status=409)
    except Refused as refused:
        messages.error(request, f"{refused} Nội dung bạn vừa gõ còn trên trang này để sao lại.")
        return _page(request, user, found, form, closed=True, status=409)
    except ValidationError as error:
        add_errors(form, error)
        return _page(request, user, found, form, status=422)
    messages.success(request, "Đã lưu báo cáo.")
    actions.ask_to_compare(campaign=found.nomination.campaign)
    if "back" in request.POST:
        return redirect(_back(user, found.nomination))
    return redirect("dossiers:report", pk=found.pk)


def _store(user: User, found: Report, form: ReportEditor) -> Report:
    return actions.save_report(
        report=found,
        version=form.cleaned_data["version"] or 0,
        entries=form.entries(),
        by=user,
        at=timezone.now(),
    )


def _form(found: Report, data: QueryDict | None) -> ReportEditor:
    texts = texts_of(found)
    rows = writable(found, sections_for(found, typed_sections(data or {})))
    if data is not None:
        data = as_of_now(found, data)
        for name in map(field_name, rows):
            # A box that the page did not have yet shows what is stored, not an empty text.
            data.setdefault(name, texts.get(name, ""))
    return ReportEditor(data, rows=rows, texts=texts, initial={"version": found.version})


def _page(
    request: HttpRequest,
    user: User,
    found: Report,
    form: ReportEditor | None,
    *,
    conflict: bool = False,
    closed: bool = False,
    restored: bool = False,
    status: int = 200,
) -> HttpResponse:
    headings = outline(user, found, form)
    if form is not None and form.is_bound:
        sent = str(form["version"].value() or "0")
        conflict = conflict or sent != str(found.version)
        if conflict:
            compare(headings, form)
    context = {
        "report": found,
        "nomination": found.nomination,
        "trail": of_report(user, found),
        "back_url": _back(user, found.nomination),
        "form": form,
        "headings": headings,
        "items": checklist(found),
        "task_count": found.tasks.count(),
        "similar": likenesses(user, [found]),
        "conflict": conflict and any(heading.theirs is not None for heading in headings),
        "closed": closed,
        "restored": restored,
        "strays": strays(found, form.data) if form else [],
        "moving": moving_of(found) if form and not closed else None,
        **_doubts(found),
        **_saving(user, found, is_autosaved=not (conflict or closed)),
    }
    return render(request, "dossiers/report.html", context, status=status)


def _doubts(found: Report) -> dict[str, Any]:
    """What is to be said against the form of the report."""
    return {
        "unexpected": unexpected(found.nomination, found.form),
        "is_unverified": any(row.mark == Mark.BACKGROUND for row in sections_for(found)),
    }


def _saving(user: User, found: Report, *, is_autosaved: bool) -> dict[str, Any]:
    """Who saved last, over what the next save is made, and where it goes."""
    has_versions = found.version and Report.objects.written_by(user).filter(pk=found.pk).exists()
    versions_url = reverse("dossiers:report_versions", args=(found.pk,))
    autosave_url = reverse("dossiers:report_save", args=(found.pk,))
    return {
        "version": str(found.version),
        "saved": _saved(found),
        "versions_url": versions_url if has_versions else "",
        "autosave_url": autosave_url if is_autosaved else "",
        "keep_token": keep_token(user.pk),
    }


def trace_report(request: HttpRequest, found: Report, what: str) -> None:
    """The trace of a look at a report, unless it is of an own unit or about oneself."""
    nomination = found.nomination
    unit, person = nomination.unit_id, nomination.individual_id
    leave_trace(request, found, what, unit_id=unit, individual_id=person)


def _back(user: User, nomination: Nomination) -> str:
    """Where the person came from: the unit's page, or the own list of things to do."""
    place = workspace_of(user, nomination)
    if not place.is_reader:
        return reverse("home")
    return reverse("dossiers:unit_case", args=(place.campaign.slug, place.unit.pk))


def _saved(found: Report) -> str:
    if found.updated_at is None or found.updated_by is None:
        return "Chưa lưu lần nào"
    return f"{found.updated_by} lưu lúc {vdatetime(found.updated_at)}"
