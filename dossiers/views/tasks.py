"""The appendix of tasks: its rows on pages, one to change, a spreadsheet to take in or hand out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from awards.views.workspace import actor
from dossiers import actions, sheets
from dossiers.documents.appendices import tasks_sheet, tasks_template
from dossiers.forms.tasks import (
    Found,
    Problem,
    TaskEditForm,
    TaskFileForm,
    TaskForm,
    input_of,
    leave_of,
    mended,
    pack,
    pack_faulty,
    read_tasks,
    unpack,
)
from dossiers.models import Report, ReportTask, TaskRow
from dossiers.models.tasks import LABELS, digest
from dossiers.views.reports import trace_report
from dossiers.views.trails import Trail, of_report
from emulation.middleware import keep_token
from emulation.models import User
from emulation.vietnamese import fold, number
from emulation.views.acts import add_errors, perform, typed
from emulation.views.lists import page_of
from emulation.workflow import Refused

PER_PAGE = 50
# How many rows are shown before they are taken in: the first and the last.
FIRST, LAST = 20, 3


@dataclass(frozen=True)
class Line:
    """A row on the page; `order` is its printed number, "" for a heading."""

    order: str
    row: TaskRow
    task: ReportTask | None = None


@dataclass(frozen=True)
class Fault:
    """
    Something wrong in a cell, with its text and the names of what is filled in for it.

    `leave`, by which the row is left out, is offered once for each row.
    """

    problem: Problem
    text: str
    input: str
    leave: str


@require_http_methods(["GET", "POST"])
def report_tasks(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows; for those who write the report a form for one more, and one for a file."""
    user = actor(request)
    report, is_open = _report(request, user, pk)
    if request.method != "POST":
        trace_report(request, report, "Phụ lục công việc")
        return _page(request, user, report, TaskForm(typed(request)) if is_open else None)
    form = TaskForm(request.POST)
    if form.is_valid() and perform(
        request,
        lambda: actions.add_task(report=report, row=form.row(), by=user, at=timezone.now()),
        done="Đã thêm vào phụ lục.",
        form=form,
    ):
        return redirect(_place(report, report.tasks.last(), "them"))
    return _page(request, user, report, form, status=422)


@require_http_methods(["GET", "POST"])
def report_task(request: HttpRequest, pk: int, task_pk: int) -> HttpResponse:
    """One row to change, or to put elsewhere."""
    user = actor(request)
    report, is_open = _report(request, user, pk, to_write=True)
    task, sent = report.tasks.filter(pk=task_pk).first(), typed(request)
    if task is None:
        if sent is None:
            raise Http404
        text = "Dòng này không còn trong phụ lục. Nội dung bạn vừa gõ còn trong ô thêm dòng mới."
        messages.error(request, text)
        form = TaskForm(sent) if is_open else None
        return _page(request, user, report, form, status=409)
    if request.method == "POST":
        return _save(request, user, report, task)
    if not is_open:
        raise Http404
    form = TaskEditForm(typed(request), initial=_stored(task))
    return _task_page(request, user, report, task, form)


@require_POST
def report_task_move(request: HttpRequest, pk: int, task_pk: int) -> HttpResponse:
    """Put a row at the place that the button names, so that a second click changes nothing."""
    user = actor(request)
    report, _ = _report(request, user, pk, to_write=True)
    task = report.tasks.filter(pk=task_pk).first()
    wanted = request.POST.get("den", "")
    if task is None or not wanted.isdecimal() or len(wanted) > 6:
        return redirect("dossiers:report_tasks", pk=pk)
    perform(
        request,
        lambda: actions.move_task(task=task, place=int(wanted), by=user, at=timezone.now()),
    )
    return redirect(_place(report, report.tasks.filter(pk=task_pk).first(), f"dong-{task_pk}"))


@require_POST
def report_task_remove(request: HttpRequest, pk: int, task_pk: int) -> HttpResponse:
    user = actor(request)
    report, _ = _report(request, user, pk, to_write=True)
    task = report.tasks.filter(pk=task_pk).first()
    if task is None:
        messages.info(request, "Dòng này đã được xóa trước đó.")
        return redirect("dossiers:report_tasks", pk=pk)
    after = _place(report, task, "danh-sach")
    perform(
        request,
        lambda: actions.remove_task(task=task, by=user, at=timezone.now()),
        done="Đã xóa một dòng.",
    )
    return redirect(after)


@require_http_methods(["GET", "POST"])
def report_tasks_import(request: HttpRequest, pk: int) -> HttpResponse:
    """A file is shown as it would be taken in; the rows that were shown are then taken in."""
    user = actor(request)
    report, _ = _report(request, user, pk, to_write=True)
    sent = typed(request)
    if sent and "bang" in sent:
        return _confirm(request, user, report, sent)
    if sent and "loi" in sent:
        return _mend(request, report, sent)
    if request.method != "POST":
        return redirect("dossiers:report_tasks", pk=pk)
    form = TaskFileForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            found = read_tasks(form.cleaned_data["file"])
            return _preview(request, report, found.rows, found=found, problems=found.problems)
        except ValidationError as error:
            form.add_error("file", error)
    return _page(request, user, report, TaskForm(), file_form=form, status=422)


@require_safe
def report_tasks_template(request: HttpRequest, pk: int) -> HttpResponse:
    """An empty table to fill in."""
    get_object_or_404(Report.objects.visible_to(actor(request)), pk=pk)
    return _download(tasks_template(), "mau-phu-luc-cong-viec")


@require_safe
def report_tasks_export(request: HttpRequest, pk: int) -> HttpResponse:
    """All rows, in the form in which they can be taken in again."""
    user = actor(request)
    report, _ = _report(request, user, pk)
    trace_report(request, report, "Phụ lục công việc")
    name = report.nomination.subject_name
    rows = [task.row for task in report.tasks.all()]
    made = tasks_sheet(rows, title=f"Phụ lục công việc – {name}")
    return _download(made, f"phu-luc-cong-viec-{slugify(fold(name))}")


# --- The pages ------------------------------------------------------------------------------------


def _page(
    request: HttpRequest,
    user: User,
    report: Report,
    form: TaskForm | None,
    *,
    file_form: TaskFileForm | None = None,
    status: int = 200,
) -> HttpResponse:
    page, query = page_of(request, report.tasks.order_by("position", "pk"), PER_PAGE)
    tasks = list(page)
    before = 0
    if tasks:
        rows = report.tasks.filter(position__lt=tasks[0].position, is_heading=False)
        before = rows.count() if page.number > 1 else 0
    context = {
        "report": report,
        "nomination": report.nomination,
        "page": page,
        "query": query,
        "lines": _lines([task.row for task in tasks], before, tasks),
        "form": form,
        "file_form": file_form or TaskFileForm(),
        "max_bytes": sheets.MAX_BYTES,
        "trail": _trail(user, report),
        "keep": f"tasks-{report.pk}",
        **_kept(request, user),
    }
    return render(request, "dossiers/tasks.html", context, status=status)


def _save(request: HttpRequest, user: User, report: Report, task: ReportTask) -> HttpResponse:
    form = TaskEditForm(request.POST, initial=_stored(task))
    if not form.is_valid():
        return _task_page(request, user, report, task, form, status=422)
    place = form.cleaned_data["place"]
    try:
        saved = actions.edit_task(
            task=task,
            row=form.row(),
            seen=form.cleaned_data["seen"],
            place=None if place == task.position else place,
            by=user,
            at=timezone.now(),
        )
    except actions.Outdated:
        task.refresh_from_db()
        # The next save is made over what the page shows now.
        data = request.POST.copy()
        data["seen"] = digest([task.row])
        form = TaskEditForm(data)
        return _task_page(request, user, report, task, form, theirs=True, status=409)
    except Refused as refused:
        messages.error(request, f"{refused} Nội dung bạn vừa gõ còn trên trang này.")
        return _task_page(request, user, report, task, form, status=409)
    except ValidationError as error:
        add_errors(form, error)
        return _task_page(request, user, report, task, form, status=422)
    messages.success(request, "Đã lưu.")
    return redirect(_place(report, saved, f"dong-{saved.pk}"))


def _stored(task: ReportTask) -> dict[str, Any]:
    return {**task.row._asdict(), "place": task.position, "seen": digest([task.row])}


def _task_page(
    request: HttpRequest,
    user: User,
    report: Report,
    task: ReportTask,
    form: TaskEditForm,
    *,
    theirs: bool = False,
    status: int = 200,
) -> HttpResponse:
    """One row to change; `theirs` shows what somebody else wrote meanwhile beside it."""
    context = {
        "report": report,
        "task": task,
        "form": form,
        "theirs": theirs,
        "labels": _labelled(task.row),
        "back_url": _place(report, task, f"dong-{task.pk}"),
        "trail": _trail(user, report, (f"Dòng {number(task.position)}", "")),
        "keep": f"task-{task.pk}",
        **_kept(request, user),
    }
    return render(request, "dossiers/task.html", context, status=status)


def _preview(
    request: HttpRequest,
    report: Report,
    rows: Sequence[TaskRow],
    *,
    found: Found | None = None,
    problems: Sequence[Problem] = (),
    changed: bool = False,
    status: int = 200,
) -> HttpResponse:
    """What would happen; the page carries the rows, nothing is stored before it is confirmed."""
    stored = [task.row for task in report.tasks.all()]
    lines = _lines(rows, 0)
    headings = sum(row.is_heading for row in rows)
    user = actor(request)
    context = {
        "report": report,
        "nomination": report.nomination,
        "found": found,
        "faults": _faults(rows, problems),
        "faulty": pack_faulty(report, rows, problems) if problems else "",
        "file_form": TaskFileForm(),
        "max_bytes": sheets.MAX_BYTES,
        "lines": lines if len(lines) <= FIRST + LAST else lines[:FIRST],
        "last_lines": [] if len(lines) <= FIRST + LAST else lines[-LAST:],
        "left_out": max(0, len(lines) - FIRST - LAST),
        "task_count": len(rows) - headings,
        "heading_count": headings,
        "row_count": len(rows),
        "stored_count": len(stored),
        "sum": len(stored) + len(rows),
        "fits": len(stored) + len(rows) <= actions.MAX_TASKS,
        "most": actions.MAX_TASKS,
        "packed": "" if problems else pack(report, rows, digest(stored)),
        "changed": changed,
        "trail": _trail(user, report, ("Nhập từ Excel", "")),
        "keep_token": keep_token(user.pk),
    }
    return render(request, "dossiers/tasks_import.html", context, status=status)


def _mend(request: HttpRequest, report: Report, sent: QueryDict) -> HttpResponse:
    """What was wrong is looked at again, as it was mended on the page."""
    try:
        rows, problems = mended(report, sent.dict())  # type: ignore[arg-type]
        if not rows:
            raise ValidationError("Đã bỏ hết các dòng nên không còn gì để nhập.")
        return _preview(request, report, rows, problems=problems, status=422 if problems else 200)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("dossiers:report_tasks", pk=report.pk)


def _faults(rows: Sequence[TaskRow], problems: Sequence[Problem]) -> list[Fault]:
    found = []
    before = None
    for problem in problems:
        text = getattr(rows[problem.place], problem.field)
        leave = "" if problem.place == before else leave_of(problem)
        found.append(Fault(problem, text, input_of(problem), leave))
        before = problem.place
    return found


def _confirm(request: HttpRequest, user: User, report: Report, sent: QueryDict) -> HttpResponse:
    try:
        rows, seen = unpack(report, str(sent["bang"]))
        if request.method != "POST":  # brought back after the session had ended
            return _preview(request, report, rows)
        is_new = actions.import_tasks(
            report=report,
            rows=rows,
            keep=sent.get("cach") != "thay",
            seen=seen,
            by=user,
            at=timezone.now(),
        )
    except actions.Outdated:
        return _preview(request, report, rows, changed=True, status=409)
    except Refused as refused:
        messages.error(request, str(refused))
        return _preview(request, report, rows, status=409)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("dossiers:report_tasks", pk=report.pk)
    done = f"Đã nhập {number(len(rows))} dòng vào phụ lục."
    messages.success(request, done if is_new else "Các dòng này đã được nhập.")
    return redirect("dossiers:report_tasks", pk=report.pk)


# --- What they share ------------------------------------------------------------------------------


def _report(
    request: HttpRequest, user: User, pk: int, *, to_write: bool = False
) -> tuple[Report, bool]:
    """The report, and whether it is open to this person; an author who is late is told so."""
    rows = Report.objects.visible_to(user)
    if to_write or request.method == "POST":
        rows = rows.written_by(user)
    report = get_object_or_404(rows.with_subjects(), pk=pk)
    return report, Report.objects.editable_by(user).filter(pk=pk).exists()


def _kept(request: HttpRequest, user: User) -> dict[str, Any]:
    """That text typed before the session ended comes back."""
    return {
        "keep_token": keep_token(user.pk),
        "restored": request.method != "POST" and typed(request) is not None,
    }


def _trail(user: User, report: Report, *more: tuple[str, str]) -> Trail:
    here = reverse("dossiers:report_tasks", args=(report.pk,)) if more else ""
    return of_report(user, report, ("Phụ lục công việc", here), *more)


def _place(report: Report, task: ReportTask | None, anchor: str) -> str:
    """The page of the list that the row stands on."""
    address = reverse("dossiers:report_tasks", args=(report.pk,))
    shown = (task.position - 1) // PER_PAGE + 1 if task else 1
    return f"{address}{f'?trang={shown}' if shown > 1 else ''}#{anchor}"


def _lines(
    rows: Sequence[TaskRow], before: int, tasks: Sequence[ReportTask | None] = ()
) -> list[Line]:
    found = []
    for place, row in enumerate(rows):
        before += not row.is_heading
        order = "" if row.is_heading else number(before)
        found.append(Line(order, row, tasks[place] if tasks else None))
    return found


def _labelled(row: TaskRow) -> list[tuple[str, str]]:
    return [(LABELS[field], getattr(row, field)) for field in LABELS if getattr(row, field)]


def _download(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=sheets.XLSX,
        headers={"Content-Disposition": f'attachment; filename="{name}.xlsx"'},
    )
