"""Files of a dossier: taken in, handed out to those who may see it, taken off."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from awards.views.workspace import actor
from dossiers import actions, documents, uploads
from dossiers.forms import AttachmentForm
from dossiers.models import Dossier
from dossiers.views.documents import LOST
from dossiers.views.dossiers import dossier_page
from emulation.views.acts import add_errors, perform
from emulation.views.looks import leave_trace
from emulation.workflow import Refused

MADE_INERT = (
    "Tệp PDF có mã lệnh, hành động tự chạy hoặc tệp đính bên trong. Bản đóng vào hồ sơ chỉ giữ "
    "phần nhìn thấy được; bản gốc vẫn được lưu nguyên."
)


@require_POST
def attachment_add(request: HttpRequest, pk: int) -> HttpResponse:
    user = actor(request)
    rows = Dossier.objects.visible_to(user).filter(unit__in=user.unit_ids).with_context()
    found = get_object_or_404(rows.prefetch_related("campaign__milestones"), pk=pk)
    form = AttachmentForm(request.POST, request.FILES, dossier=found)
    if form.is_valid():
        try:
            added = actions.add_attachment(
                dossier=found, by=user, at=timezone.now(), **form.cleaned_data
            )
        except Refused as refused:
            messages.error(request, str(refused))
            return redirect("dossiers:dossier", pk=pk)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, f"Đã đính kèm “{added.name}”.")
            if added.normal:
                with added.file.open("rb") as stored:
                    if uploads.acts(stored):
                        messages.warning(request, MADE_INERT)
            return redirect("dossiers:dossier", pk=pk)
    return dossier_page(request, user, found, form, status=422)


@require_safe
def attachment(request: HttpRequest, pk: int, attachment_pk: int) -> HttpResponseBase:
    """The file itself, never shown in the browser: it came from outside."""
    user = actor(request)
    dossier = get_object_or_404(Dossier.objects.visible_to(user), pk=pk)
    found = get_object_or_404(dossier.attachments.current(), pk=attachment_pk)
    leave_trace(request, dossier, f"Tài liệu: {found.name}", unit_id=dossier.unit_id)
    if documents.is_lost(found.file):
        messages.error(request, LOST)
        return redirect("dossiers:dossier", pk=pk)
    response = FileResponse(
        found.file.open("rb"),
        as_attachment=True,
        filename=found.name,
        content_type=found.content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def attachment_remove(request: HttpRequest, pk: int, attachment_pk: int) -> HttpResponse:
    user = actor(request)
    rows = Dossier.objects.visible_to(user).filter(unit__in=user.unit_ids)
    dossier = get_object_or_404(rows, pk=pk)
    found = get_object_or_404(dossier.attachments.current(), pk=attachment_pk)
    perform(
        request,
        lambda: actions.remove_attachment(attachment=found, by=user, at=timezone.now()),
        done=f"Đã gỡ “{found.name}” khỏi hồ sơ.",
    )
    return redirect("dossiers:dossier", pk=pk)
