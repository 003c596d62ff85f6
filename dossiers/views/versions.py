"""What a report said before: the versions of those who wrote it, two of them side by side."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from awards.views.workspace import actor
from dossiers import actions
from dossiers.comparing import Piece, changes, words_changed
from dossiers.forms.reports import field_name
from dossiers.models import Report, ReportVersion, sections_for
from dossiers.views.reports import is_author
from emulation.models import User
from emulation.workflow import Refused

SHOWN = 50


@dataclass(frozen=True)
class Line:
    """A version in the list; `words` is how many words it changed in the one before it."""

    version: ReportVersion
    words: int


@dataclass(frozen=True)
class Change:
    """What changed under one heading."""

    title: str
    pieces: list[Piece]


@require_safe
def report_versions(request: HttpRequest, pk: int) -> HttpResponse:
    """The list, and what changed between two of them (`tu`, `den`: else the last two)."""
    user = actor(request)
    report = _own(user, pk)
    versions = list(report.versions.select_related("saved_by__individual")[: SHOWN + 1])
    lines = [
        Line(row, _words(versions[i + 1] if i + 1 < len(versions) else None, row))
        for i, row in enumerate(versions[:SHOWN])
    ]
    new = _chosen(versions, request.GET.get("den", ""), 0)
    old = _chosen(versions, request.GET.get("tu", ""), 1)
    if old and new and old.version > new.version:
        old, new = new, old
    context = {
        "report": report,
        "lines": lines,
        "old": old,
        "new": new,
        "changes": _changes(report, old, new) if old and new else [],
        "can_restore": Report.objects.editable_by(user).filter(pk=pk).exists(),
        "trail": [
            ("Báo cáo thành tích", reverse("dossiers:report", args=(report.pk,))),
            ("Các phiên bản", ""),
        ],
    }
    return render(request, "dossiers/versions.html", context)


@require_POST
def report_restore(request: HttpRequest, pk: int, version: int) -> HttpResponse:
    """Write an earlier version over the one that the page showed as the last."""
    user = actor(request)
    report = _own(user, pk)
    if not Report.objects.editable_by(user).filter(pk=pk).exists():
        raise Http404
    found = report.versions.filter(version=version).first()
    if found is None:  # its sitting has gone on since, and it has a new number
        messages.error(request, "Phiên bản này vừa được lưu tiếp. Hãy chọn lại trong danh sách.")
        return redirect("dossiers:report_versions", pk=report.pk)
    over = request.POST.get("version", "")
    try:
        actions.restore_version(
            version=found,
            over=int(over) if over.isdecimal() and len(over) < 10 else 0,
            by=user,
            at=timezone.now(),
        )
    except actions.Outdated:
        messages.error(
            request, "Người khác vừa lưu báo cáo này. Hãy xem lại rồi khôi phục nếu vẫn cần."
        )
    except Refused as refused:
        messages.error(request, str(refused))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, f"Đã khôi phục nội dung của phiên bản {found.version}.")
    return redirect("dossiers:report_versions", pk=report.pk)


def _own(user: User, pk: int) -> Report:
    """Drafts are for those who write them, not for those who read what was submitted."""
    report = get_object_or_404(Report.objects.visible_to(user).with_subjects(), pk=pk)
    if not is_author(user, report):
        raise Http404
    return report


def _words(before: ReportVersion | None, row: ReportVersion) -> int:
    return words_changed(_whole(before), _whole(row))


def _whole(version: ReportVersion | None) -> str:
    return "\n".join(version.texts.values()) if version else ""


def _chosen(versions: list[ReportVersion], asked: str, default: int) -> ReportVersion | None:
    for row in versions:
        if str(row.version) == asked:
            return row
    return versions[default] if default < len(versions) else None


def _changes(report: Report, old: ReportVersion, new: ReportVersion) -> list[Change]:
    """Headings in the order of the form; those that it has no longer stand last."""
    statements = report.nomination.campaign.statements.all()
    titles = {field_name(section): section.heading for section in sections_for(report)}
    titles |= {field_name(statement): statement.heading for statement in statements}
    for key in (*old.texts, *new.texts):
        titles.setdefault(key, "Mục không còn trong mẫu")
    pairs = ((title, old.texts.get(k, ""), new.texts.get(k, "")) for k, title in titles.items())
    return [Change(title, changes(a, b)) for title, a, b in pairs if a != b]
