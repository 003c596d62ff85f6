"""What is done with a paper once it is issued."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from awards.views.workspace import actor
from dossiers import actions
from dossiers.documents.bundle import bundle_of, bundled
from dossiers.models import Document, Dossier
from emulation.models import Role, User
from emulation.views.acts import perform
from emulation.views.looks import leave_trace

NOT_YET = (
    "Chưa tải được trọn bộ: hồ sơ phải đã trình và mọi văn bản phải đã tạo xong. "
    "Hãy bấm “Tạo bản mới nhất” rồi chờ trong giây lát."
)
LOST = "Không tìm thấy tệp trên máy chủ, hãy báo quản trị hệ thống:"


@require_safe
def bundle(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A submitted dossier as one ZIP that is of use to people without an account."""
    user = actor(request)
    rows = Dossier.objects.visible_to(user).with_context().select_related("created_by__individual")
    found = get_object_or_404(rows, pk=pk)
    if not may_bundle(user, found):
        raise Http404
    made = bundle_of(found)
    if made is None:
        messages.info(request, NOT_YET)
        return redirect("dossiers:papers", pk=pk)
    if made.lost:
        messages.error(request, f"{LOST} {'; '.join(made.lost)}.")
        return redirect("dossiers:papers", pk=pk)
    leave_trace(request, found, "Tải trọn bộ hồ sơ", unit_id=found.unit_id)
    return StreamingHttpResponse(
        bundled(made),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{made.name}.zip"'},
    )


def may_bundle(user: User, dossier: Dossier) -> bool:
    roles = user.roles_for(agency_id=dossier.campaign.agency_id, unit_id=dossier.unit_id)
    return bool(roles & {Role.OFFICE, Role.UNIT_HEAD})


@require_POST
def document_annul(request: HttpRequest, pk: int) -> HttpResponse:
    user = actor(request)
    rows = Document.objects.visible_to(user).select_related("dossier", "report")
    found = get_object_or_404(rows, pk=pk)
    perform(
        request,
        lambda: actions.annul(
            document=found, note=request.POST.get("note", ""), by=user, at=timezone.now()
        ),
        done="Đã hủy văn bản. Trang xác thực cho biết văn bản không còn giá trị.",
    )
    return redirect(_page_of(request, found))


def _page_of(request: HttpRequest, found: Document) -> str:
    """The page from which one came, else the papers among which the document stands."""
    back = request.POST.get("back", "")
    if url_has_allowed_host_and_scheme(back, None):
        return back
    if found.dossier_id:
        return reverse("dossiers:papers", args=(found.dossier_id,))
    return reverse("dossiers:report_papers", args=(found.report_id,))
