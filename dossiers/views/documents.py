"""Produced papers: ordered, watched while they are made, downloaded one by one or together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from awards.views.workspace import actor
from campaigns.models import Campaign
from dossiers import actions, documents
from dossiers.models import Batch, Document, Dossier, Report
from dossiers.views.similar import likenesses_in
from dossiers.views.trails import MAKING, Trail, of_batch, of_campaign, of_dossier, of_report
from emulation.models import Role, User
from emulation.views.acts import perform
from emulation.views.looks import leave_trace

State = Document.State
TONES = {
    State.PENDING: "neutral",
    State.RENDERING: "info",
    State.READY: "success",
    State.FAILED: "danger",
}
TO_MAKE = "Bấm “Tạo văn bản” để lập từ nội dung đã nhập, theo thể thức Nghị định 30/2020/NĐ-CP."
NOT_MADE = "Văn bản hiện ở đây sau khi đơn vị hoặc Văn phòng Sở tạo."
UNCHANGED = "Không có gì thay đổi so với lần tạo trước nên không phải tạo lại."
LOST = "Không tìm thấy tệp trên máy chủ; hãy báo quản trị hệ thống."


@dataclass(frozen=True)
class Line:
    """A paper in a list of papers."""

    document: Document
    tone: str
    retry_url: str
    # How many have signed it.
    signatures: int = 0

    @property
    def is_ready(self) -> bool:
        return self.document.state == State.READY

    @property
    def is_waiting(self) -> bool:
        return self.document.state in (State.PENDING, State.RENDERING)

    @property
    def is_draft(self) -> bool:
        return self.document.code is None and self.document.kind not in Document.PRINTS

    @property
    def has_word(self) -> bool:
        return self.document.kind not in Document.BOUND


@dataclass
class Progress:
    """The parameters of progress.html, and whether there is still something to wait for."""

    label: str
    done: int
    failed: int
    total: int
    eta: str = ""

    @property
    def is_running(self) -> bool:
        return self.done + self.failed < self.total


@dataclass
class Group:
    """The papers of one dossier within a batch: the bound whole and how far the rest is."""

    dossier: Dossier
    bound: Line | None = None
    lines: list[Line] = field(default_factory=list)

    @property
    def done(self) -> int:
        return sum(line.is_ready for line in self.lines)


@require_safe
def document(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file itself, never shown inside a page: as signed last, or as it was issued."""
    user = actor(request)
    rows = Document.objects.visible_to(user).select_related(
        "dossier", "report__nomination", "campaign"
    )
    found = get_object_or_404(rows, pk=pk, state=State.READY)
    leave_trace(request, found, f"Tải về: {found}", **owners_of(found))
    choose = documents.as_made if request.GET.get("ban") == "goc" else documents.edition_of
    edition = choose(found)
    if documents.is_lost(edition.file):
        messages.error(request, LOST)
        return redirect("dossiers:paper", pk=pk)
    return FileResponse(
        edition.file.open("rb"),
        as_attachment=True,
        filename=documents.display_name(found, is_signed=edition.is_signed),
        content_type="application/pdf",
    )


@require_POST
def document_retry(request: HttpRequest, pk: int) -> HttpResponse:
    user = actor(request)
    found = get_object_or_404(Document.objects.visible_to(user), pk=pk)
    perform(
        request,
        lambda: actions.retry(document=found, by=user, at=timezone.now()),
        done="Đã đưa văn bản vào hàng đợi để tạo lại.",
    )
    return redirect(_back(request, found))


@require_POST
def report_document(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the PDF of one report as it stands."""
    user = actor(request)
    report = get_object_or_404(Report.objects.visible_to(user), pk=pk)
    _order(
        request,
        lambda: [actions.order_report(report=report, by=user, at=timezone.now())],
        done="Đang tạo bản PDF của báo cáo.",
    )
    return redirect("dossiers:report_papers", pk=report.pk)


@require_safe
def report_papers(request: HttpRequest, pk: int) -> HttpResponse:
    """The PDF of one report: waiting, or ready to be downloaded."""
    user = actor(request)
    report = get_object_or_404(Report.objects.visible_to(user).with_subjects(), pk=pk)
    rows = Document.objects.visible_to(user).filter(report=report, dossier=None, superseded_by=None)
    return _papers_page(
        request,
        list(rows.prefetch_related("signatures").order_by("-pk")),
        title=f"Bản PDF của báo cáo: {report.nomination.subject_name}",
        campaign=report.nomination.campaign,
        order_url=reverse("dossiers:report_document", args=(report.pk,)),
        poll_url=reverse("dossiers:report_papers", args=(report.pk,)),
        trail=of_report(user, report, ("Bản PDF", "")),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def dossier_papers(request: HttpRequest, pk: int) -> HttpResponse:
    """All papers of one dossier; POST makes those that are missing or out of date."""
    user = actor(request)
    dossier = get_object_or_404(Dossier.objects.visible_to(user).with_context(), pk=pk)
    url = reverse("dossiers:papers", args=(dossier.pk,))
    if request.method == "POST":
        _order(
            request,
            lambda: actions.order_dossier(dossier=dossier, by=user, at=timezone.now()),
            done="Đang tạo các văn bản của hồ sơ.",
        )
        return redirect(url)
    rows = Document.objects.visible_to(user).filter(dossier=dossier, superseded_by=None)
    return _papers_page(
        request,
        list(rows.prefetch_related("signatures").order_by("pk")),
        title=f"Văn bản của hồ sơ {dossier}",
        campaign=dossier.campaign,
        order_url=url if actions.may_order(user, dossier) else "",
        poll_url=url,
        trail=of_dossier(dossier, ("Văn bản", "")),
    )


def _order(request: HttpRequest, order: Callable[[], list[Document]], *, done: str) -> None:
    """Have papers made, and say so only of those that were not there already."""
    made: list[Document] = []
    if not perform(request, lambda: made.extend(order())):
        return
    if all(row.state == State.READY for row in made):
        messages.info(request, UNCHANGED)
    else:
        messages.success(request, done)


def _papers_page(
    request: HttpRequest,
    rows: list[Document],
    *,
    title: str,
    campaign: Campaign,
    order_url: str,
    poll_url: str,
    trail: Trail,
) -> HttpResponse:
    progress = Progress(
        "Đang tạo văn bản",
        done=sum(row.state == State.READY for row in rows),
        failed=sum(row.state == State.FAILED for row in rows),
        total=len(rows),
    )
    page = "dossiers/_papers.html" if request.headers.get("HX-Request") else "dossiers/papers.html"
    context = {
        "title": title,
        "campaign": campaign,
        "lines": [_line(row, documents.edition_of(row).signatures) for row in rows],
        "progress": progress,
        "order_url": order_url,
        "poll_url": poll_url,
        "empty_text": TO_MAKE if order_url else NOT_MADE,
        "trail": trail,
    }
    return render(request, page, context)


# --- Tạo toàn bộ hồ sơ ----------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def batches(request: HttpRequest, slug: str) -> HttpResponse:
    """What was made of a campaign so far; POST makes everything that is missing or out of date."""
    user = actor(request)
    campaign = _campaign_of_office(user, slug)
    if request.method == "POST":
        return _make_all(request, campaign, user)
    found = Batch.objects.visible_to(user).filter(campaign=campaign).with_progress()
    submitted = Dossier.objects.visible_to(user).filter(
        campaign=campaign, state__in=("submitted", "accepted")
    )
    context = {
        "campaign": campaign,
        "batches": [
            (batch, _progress(batch)) for batch in found.select_related("created_by__individual")
        ],
        "submitted": submitted.count(),
        "trail": of_campaign(campaign, (MAKING, "")),
    }
    return render(request, "dossiers/batches.html", context)


def _make_all(request: HttpRequest, campaign: Campaign, user: User) -> HttpResponse:
    made: list[Batch] = []
    perform(
        request,
        lambda: made.append(actions.order_batch(campaign=campaign, by=user, at=timezone.now())),
    )
    if not made:
        return redirect("dossiers:batches", slug=campaign.slug)
    progress = _progress(Batch.objects.visible_to(user).with_progress().get(pk=made[0].pk))
    if progress.is_running:
        messages.success(request, "Đang tạo văn bản cho toàn bộ hồ sơ.")
    elif progress.failed:
        messages.warning(request, "Có văn bản không tạo được; xem lý do bên dưới.")
    else:
        messages.info(request, UNCHANGED)
    return redirect("dossiers:batch", pk=made[0].pk)


@require_safe
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """One batch: the bar, what failed and why, and the files; htmx asks for the middle only."""
    user = actor(request)
    found = get_object_or_404(
        Batch.objects.visible_to(user)
        .with_progress()
        .select_related("campaign", "created_by__individual"),
        pk=pk,
    )
    rows = found.documents.select_related("dossier__unit", "dossier__campaign", "report").order_by(
        "pk"
    )
    lines = [_line(row) for row in rows.defer("snapshot")]
    prints = Document.objects.visible_to(user).filter(batch=found, superseded_by=None)
    print_lines = [_line(row) for row in prints.defer("snapshot").order_by("kind", "pk")]
    progress = _progress(found)
    context = {
        "batch": found,
        "progress": progress,
        "is_running": progress.is_running or any(line.is_waiting for line in print_lines),
        "prints": print_lines,
        "sorts": [(kind, kind.label) for kind in documents.SIGNED],
        "failures": [line for line in lines if line.document.state == State.FAILED],
        "groups": _groups(lines),
        "similar": likenesses_in(user, found.campaign),
        "trail": of_batch(found),
    }
    page = "dossiers/_batch.html" if request.headers.get("HX-Request") else "dossiers/batch.html"
    return render(request, page, context)


@require_POST
def batch_retry(request: HttpRequest, pk: int) -> HttpResponse:
    user = actor(request)
    found = get_object_or_404(Batch.objects.visible_to(user).select_related("campaign"), pk=pk)
    perform(
        request,
        lambda: actions.retry_failed(batch=found, by=user, at=timezone.now()),
        done="Đã đưa các văn bản bị lỗi vào hàng đợi để tạo lại.",
    )
    return redirect("dossiers:batch", pk=found.pk)


@require_POST
def batch_print(request: HttpRequest, pk: int) -> HttpResponse:
    """One file to be printed: the pages that are signed by hand, or all pages."""
    user = actor(request)
    found = get_object_or_404(
        Batch.objects.visible_to(user).select_related("campaign__agency"), pk=pk
    )
    wanted = {key: request.POST.get(key, "") for key in ("kind", "sort")}
    _order(
        request,
        lambda: [actions.order_print(batch=found, **wanted, by=user, at=timezone.now())],
        done="Đang tạo tệp để in; tệp hiện ở mục “Tệp để in” khi xong.",
    )
    return redirect("dossiers:batch", pk=found.pk)


@require_safe
def batch_zip(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Everything of a batch that is ready, in one archive."""
    user = actor(request)
    found = get_object_or_404(Batch.objects.visible_to(user).select_related("campaign"), pk=pk)
    rows = found.documents.filter(state=State.READY).select_related("dossier__unit", "report")
    ready = list(rows.prefetch_related("signatures").defer("snapshot").order_by("pk"))
    if not ready:
        raise Http404
    if any(documents.is_lost(documents.edition_of(row).file) for row in ready):
        messages.error(request, LOST)
        return redirect("dossiers:batch", pk=pk)
    leave_trace(request, found, "Tải về toàn bộ văn bản của đợt", unit_id=found.campaign.agency_id)
    day = timezone.localdate(found.created_at)
    return StreamingHttpResponse(
        documents.zipped(ready),
        content_type="application/zip",
        headers={
            "Content-Disposition": f'attachment; filename="{found.campaign.slug}-{day:%Y%m%d}.zip"'
        },
    )


def _campaign_of_office(user: User, slug: str) -> Campaign:
    """404 for whoever is not of the office of the campaign's agency."""
    rows = Campaign.objects.visible_to(user).select_related("agency")
    return get_object_or_404(rows, slug=slug, agency__in=user.agency_ids_as(Role.OFFICE))


def _groups(lines: Iterable[Line]) -> list[Group]:
    groups: dict[int, Group] = {}
    for line in lines:
        dossier = line.document.dossier
        assert dossier is not None
        group = groups.setdefault(dossier.pk, Group(dossier))
        if line.document.kind == Document.Kind.DOSSIER:
            group.bound = line
        else:
            group.lines.append(line)
    return list(groups.values())


def _line(row: Document, signatures: int = 0) -> Line:
    retry_url = reverse("dossiers:document_retry", args=(row.pk,))
    return Line(row, TONES[State(row.state)], retry_url, signatures)


def _progress(found: Batch) -> Progress:
    left = found.remaining
    return Progress(
        "Đang tạo văn bản" if found.total > found.done + found.failed else "Đã tạo xong",
        done=found.done,
        failed=found.failed,
        total=found.total,
        eta=f"còn khoảng {_duration(left)}" if left is not None else "",
    )


def _duration(length: timedelta) -> str:
    seconds = max(1, round(length.total_seconds()))
    return f"{seconds} giây" if seconds < 90 else f"{round(seconds / 60)} phút"


def owners_of(found: Document) -> dict[str, Any]:
    """Who leaves no trace with it: the unit's head, and whom it reports on."""
    person = found.report.nomination.individual_id if found.report else None
    return {"unit_id": unit_of(found), "individual_id": person}


def unit_of(found: Document) -> int:
    if found.dossier:
        return found.dossier.unit_id
    if found.batch_id:
        return found.campaign.agency_id
    assert found.report is not None
    return found.report.nomination.unit_id


def _back(request: HttpRequest, found: Document) -> str:
    """The batch from which one came, else the papers of the dossier or report."""
    batch_pk = request.POST.get("batch", "")
    if found.batch_id:
        return reverse("dossiers:batch", args=(found.batch_id,))
    if batch_pk.isdecimal() and len(batch_pk) < 20:
        return reverse("dossiers:batch", args=(int(batch_pk),))
    if found.dossier_id:
        return reverse("dossiers:papers", args=(found.dossier_id,))
    return reverse("dossiers:report_papers", args=(found.report_id,))
