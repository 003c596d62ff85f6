"""A paper as a Word file, for those who go on working on it: made while one waits."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from awards.views.workspace import actor
from dossiers import documents, word
from dossiers.models import Document, Report
from dossiers.uploads import DOCX
from dossiers.views.documents import owners_of
from dossiers.views.reports import trace_report
from emulation.views.looks import leave_trace


@require_safe
def document_word(request: HttpRequest, pk: int) -> HttpResponse:
    """Of what the PDF is or will be made of."""
    user = actor(request)
    rows = Document.objects.visible_to(user).select_related("dossier", "report__nomination")
    found = get_object_or_404(rows.exclude(kind__in=Document.BOUND), pk=pk)
    if not found.snapshot:
        raise Http404
    leave_trace(request, found, f"Tải về bản Word: {found}", **owners_of(found))
    return _file(found)


@require_safe
def report_word(request: HttpRequest, pk: int) -> HttpResponse:
    """A report as it was handed in, else as it was saved last."""
    user = actor(request)
    report = get_object_or_404(Report.objects.visible_to(user).with_subjects(), pk=pk)
    made = documents.handed_in(report) or documents.report_paper(
        report, on=None, today=timezone.localdate()
    )
    paper = Document(
        kind=made.kind,
        subject=made.subject,
        form_version=made.form_version,
        snapshot=made.snapshot,
    )
    trace_report(request, report, f"Tải về bản Word: {paper}")
    return _file(paper)


def _file(paper: Document) -> HttpResponse:
    name = documents.display_name(paper).removesuffix(".pdf")
    return HttpResponse(
        word.docx(documents.html(paper.kind, paper.snapshot)),
        content_type=DOCX,
        headers={"Content-Disposition": content_disposition_header(True, f"{name}.docx") or ""},
    )
