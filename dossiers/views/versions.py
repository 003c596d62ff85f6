"""What a report said before: the versions of those who wrote it, two of them side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from awards.views.workspace import actor
from dossiers import actions
from dossiers.actions.history import APPENDICES
from dossiers.comparing import Piece, changes, words_changed
from dossiers.forms.reports import field_name
from dossiers.models import FormSection, Report, ReportVersion, sections_for
from dossiers.models.moving import in_place, sections_of_others
from dossiers.views.trails import of_report
from dossiers.views.version_rows import compare_appendix
from emulation.models import User
from emulation.vietnamese import number
from emulation.views.acts import perform, whole_number

SHOWN = APPENDICES


@dataclass(frozen=True)
class Line:
    """
    A version in the list; `words` is how many words it changed in the one before it.

    `appendix` says how many rows it has where that is news.
    """

    version: ReportVersion
    words: int
    appendix: str

    @property
    def number(self) -> int:
        return self.version.version


@dataclass(frozen=True)
class Change:
    """What changed under one heading, or in one line of a form."""

    title: str
    pieces: list[Piece]


class Numbered(Protocol):
    @property
    def number(self) -> int: ...


Row = TypeVar("Row", bound=Numbered)


def two_of(rows: Sequence[Row], asked: QueryDict) -> tuple[Row | None, Row | None]:
    """The older and the newer of the two asked for by `tu` and `den`; else the last two."""
    by_number = {str(row.number): row for row in rows}
    last = [*rows[:2], None, None]
    old = by_number.get(asked.get("tu", ""), last[1])
    new = by_number.get(asked.get("den", ""), last[0])
    if old and new and old.number > new.number:
        return new, old
    return old, new


@require_safe
def report_versions(request: HttpRequest, pk: int) -> HttpResponse:
    """The list, and what changed between two of them (`tu`, `den`: else the last two)."""
    user = actor(request)
    report = _own(user, pk)
    rows = report.versions.select_related("saved_by__individual").defer("tasks")
    versions = list(rows[: SHOWN + 1])
    pairs = zip(versions, [*versions[1:], None], strict=False)
    lines = [Line(row, _words(before, row), _appendix(before, row)) for row, before in pairs]
    old, new = two_of(lines, request.GET)
    appendix = compare_appendix(request, old.version, new.version) if old and new else None
    can_restore = Report.objects.editable_by(user).filter(pk=pk).exists()
    context = {
        "report": report,
        "rows": lines[:SHOWN],
        "old": old,
        "new": new,
        "changes": _changes(report, old.version, new.version) if old and new else [],
        "appendix": appendix,
        "current": report.history,
        "restore_url": reverse("dossiers:report_restore", args=(report.pk, old.number))
        if can_restore and old and old.number != report.history
        else "",
        "trail": of_report(user, report, ("Các phiên bản", "")),
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
    over, now = whole_number(request.POST.get("over", "")), timezone.now()
    perform(
        request,
        lambda: actions.restore_version(version=found, over=over, by=user, at=now),
        done=f"Đã khôi phục nội dung của phiên bản {found.version}.",
    )
    return redirect("dossiers:report_versions", pk=report.pk)


def _own(user: User, pk: int) -> Report:
    """Drafts are for those who write them, not for those who read what was submitted."""
    rows = Report.objects.visible_to(user).written_by(user)
    return get_object_or_404(rows.with_subjects(), pk=pk)


def _words(before: ReportVersion | None, row: ReportVersion) -> int:
    return words_changed(_whole(before), _whole(row))


def _appendix(before: ReportVersion | None, row: ReportVersion) -> str:
    if row.task_count is None or row.tasks_digest == (before.tasks_digest if before else ""):
        return ""
    if before is None or before.task_count is None:
        return f"Phụ lục có {number(row.task_count)} dòng" if row.task_count else ""
    return f"Phụ lục đổi, có {number(row.task_count)} dòng"


def _whole(version: ReportVersion | None) -> str:
    return "\n".join(version.texts.values()) if version else ""


def _changes(report: Report, old: ReportVersion, new: ReportVersion) -> list[Change]:
    """Headings in the order of the form; those that it has no longer stand last."""
    statements = report.nomination.campaign.statements.all()
    titles = {field_name(section): section.heading for section in sections_for(report)}
    titles |= {field_name(statement): statement.heading for statement in statements}
    texts = [in_place(report, version.texts) for version in (old, new)]
    a, b = ({**placed, **{f"section-{pk}": t for pk, t in rest.items()}} for placed, rest in texts)
    titles |= {f"section-{row.pk}": _elsewhere(row) for row in sections_of_others(report, (a, b))}
    for key in (*a, *b):
        titles.setdefault(key, "Mục không còn trong mẫu")
    pairs = ((title, a.get(k, ""), b.get(k, "")) for k, title in titles.items())
    return [Change(title, changes(x, y)) for title, x, y in pairs if x != y]


def _elsewhere(section: FormSection) -> str:
    return f"{section.heading}, của {section.form.cited} (báo cáo không in)"
