"""A paper as a Word file, for those who go on working on it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from awards.views.workspace import actor
from dossiers import documents, word
from dossiers.models import Document
from dossiers.views.documents import BOUND, unit_of
from emulation.views.looks import leave_trace

TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_safe
def document_word(request: HttpRequest, pk: int) -> HttpResponse:
    """Made while one waits, of what the PDF is or will be made of."""
    user = actor(request)
    rows = Document.objects.visible_to(user).select_related("dossier", "report__nomination")
    found = get_object_or_404(rows.exclude(kind__in=BOUND), pk=pk)
    if not found.snapshot:
        raise Http404
    leave_trace(request, found, f"Tải về bản Word: {found}", unit_id=unit_of(found))
    name = documents.display_name(found).removesuffix(".pdf")
    return HttpResponse(
        word.docx(documents.html(found.kind, found.snapshot)),
        content_type=TYPE,
        headers={"Content-Disposition": content_disposition_header(True, f"{name}.docx") or ""},
    )
