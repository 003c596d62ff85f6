"""What is done with a paper once it is issued."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from awards.views.workspace import actor
from dossiers import actions
from dossiers.models import Document
from emulation.views.acts import perform


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
