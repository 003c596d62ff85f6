"""The report as it will be printed, beside its editor: what the page's script asks for."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from awards.views.workspace import actor
from dossiers import actions
from dossiers.models import Document, Report
from emulation.workflow import Refused


@require_POST
def preview_order(request: HttpRequest, pk: int) -> JsonResponse:
    """Have the draft made of the report as it was saved last."""
    user = actor(request)
    report = get_object_or_404(Report.objects.editable_by(user), pk=pk)
    try:
        draft = actions.order_report(report=report, by=user, at=timezone.now())
    except Refused as refused:
        return JsonResponse({"state": "failed", "error": str(refused)})
    return _answer(report, draft)


@never_cache
@require_safe
def preview(request: HttpRequest, pk: int) -> JsonResponse:
    """How far the draft is: `state` ("" when none was ordered), percent; `url` once it is ready."""
    user = actor(request)
    report = get_object_or_404(Report.objects.editable_by(user), pk=pk)
    drafts = Document.objects.visible_to(user).filter(report=report, dossier=None)
    return _answer(report, drafts.filter(superseded_by=None).order_by("pk").last())


def _answer(report: Report, draft: Document | None) -> JsonResponse:
    if draft is None:
        return JsonResponse({"state": ""})
    answer = {"state": draft.state, "error": draft.error, "progress": draft.progress}
    if draft.state == Document.State.READY:
        saved = report.updated_at or draft.created_at
        answer["url"] = reverse("dossiers:document", args=(draft.pk,))
        answer["saved"] = f"{timezone.localtime(saved):%H:%M}"
    return JsonResponse(answer)
