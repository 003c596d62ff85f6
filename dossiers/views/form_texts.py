"""The report forms of the decrees: read by all, their wording corrected by the office."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from awards.views.workspace import actor
from campaigns.models import Applies
from dossiers import actions, documents
from dossiers.comparing import changes
from dossiers.forms.form_texts import FormEditor
from dossiers.models import FormSection, ReportForm
from dossiers.models.form_texts import (
    FORM_COLUMNS,
    FORM_NAMES,
    Part,
    Wording,
    order_of,
    spoken,
    wording_of,
)
from dossiers.rendering import RenderingError, render_pdf
from dossiers.views.versions import Change, two_of
from emulation.limits import Limit, take
from emulation.middleware import keep_token
from emulation.models import Title, User
from emulation.models.law import Mark
from emulation.templatetags.vietnamese import vdatetime
from emulation.views.acts import add_errors, perform, typed, whole_number
from emulation.views.errors import too_many
from emulation.workflow import Refused

SAMPLES = Limit("form-sample", times=20, seconds=5 * 60)
TOO_OFTEN = "Đã in thử quá nhiều lần."
SHOWN = 50
NOTHING = Part("", {})


@require_safe
def report_forms(request: HttpRequest) -> HttpResponse:
    user, today = actor(request), timezone.localdate()
    rows = (
        ReportForm.objects.visible_to(user)
        .select_related("instrument")
        .annotate(
            corrections=Count(
                "revisions",
                filter=Q(revisions__saved_by__isnull=False, revisions__number__gt=1),
                distinct=True,
            ),
            unsure=Count(
                "sections",
                filter=Q(sections__retired=False, sections__mark=Mark.BACKGROUND),
                distinct=True,
            ),
        )
        .order_by("code")
    )
    newest = sorted(rows, key=lambda row: row.valid_from or date.min, reverse=True)
    context = {
        "lines": [{"row": row, "in_force": row.is_in_force(today)} for row in newest],
        "trail": form_trail(),
    }
    return render(request, "dossiers/forms.html", context)


@require_safe
def report_form(request: HttpRequest, code: str) -> HttpResponse:
    user, today = actor(request), timezone.localdate()
    form = _visible(user, code)
    sections = list(FormSection.objects.filter(form=form))
    context = {
        "form": form,
        "in_force": form.is_in_force(today),
        "is_coming": form.valid_from is not None and form.valid_from > today,
        "title": Title.objects.filter(code=form.title_code).order_by("pk").first(),
        "facts": [(FORM_NAMES[name], _value(form, name)) for name in FORM_COLUMNS],
        "sections": [row for row in sections if not row.retired],
        "retired": [row for row in sections if row.retired],
        "last": form.revisions.select_related("saved_by__individual").first(),
        "may_edit": _may_edit(user, form),
        "trail": form_trail(form),
    }
    return render(request, "dossiers/form.html", context)


@require_http_methods(["GET", "POST"])
def report_form_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Correct the wording; with `review` only what would change is shown."""
    user = actor(request)
    form = editable_form(user, code)
    editor = FormEditor(form, typed(request))
    if request.method == "GET":
        return _edit_page(request, form, editor)
    if not editor.is_valid():
        return _edit_page(request, form, editor, status=422)
    if "review" in request.POST:
        return _edit_page(request, form, editor, review=True)
    try:
        saved = actions.correct_form(
            form=form,
            revision=editor.revision,
            wording=editor.wording(),
            note=editor.lines.cleaned_data["note"],
            by=user,
            at=timezone.now(),
        )
    except actions.Outdated:
        return _edit_page(request, form, editor, status=409)
    except Refused as refused:
        messages.error(request, str(refused))
        return _edit_page(request, form, editor, status=409)
    except ValidationError as error:
        add_errors(editor.lines, error)
        return _edit_page(request, form, editor, status=422)
    if saved.revision == form.revision:
        messages.success(request, "Không có gì thay đổi nên mẫu vẫn ở phiên bản cũ.")
    else:
        messages.success(request, f"Đã lưu câu chữ của mẫu thành phiên bản {saved.revision}.")
    return redirect("dossiers:form", code=form.code)


@require_POST
def report_form_sample(request: HttpRequest, code: str) -> HttpResponse:
    """The PDF of an invented report in the wording that was typed; nothing is stored."""
    user, now = actor(request), timezone.now()
    form = editable_form(user, code)
    editor = FormEditor(form, request.POST)
    if not editor.is_valid():
        return _edit_page(request, form, editor, status=422)
    wait = take(SAMPLES, str(user.pk), at=now)
    if wait:
        return too_many(request, wait, TOO_OFTEN)
    try:
        paper = actions.sample_report(
            form=form,
            wording=editor.wording(),
            applies=request.POST.get("sample", ""),
            by=user,
            at=now,
        )
        content = render_pdf(documents.html(paper.kind, paper.snapshot))
    except ValidationError as error:
        add_errors(editor.lines, error)
        return _edit_page(request, form, editor, status=422)
    except (Refused, RenderingError) as refused:
        messages.error(request, str(refused))
        return _edit_page(request, form, editor, status=409)
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="in-thu-{form.code}.pdf"'},
    )


@require_safe
def report_form_history(request: HttpRequest, code: str) -> HttpResponse:
    """The revisions, and what changed between two of them (`tu`, `den`: else the last two)."""
    user = actor(request)
    form = _visible(user, code)
    rows = list(form.revisions.select_related("saved_by__individual")[: SHOWN + 1])
    old, new = two_of(rows, request.GET)
    context = {
        "form": form,
        "rows": rows[:SHOWN],
        "old": old,
        "new": new,
        "changes": changes_between(old.content, new.content) if old and new else [],
        "current": form.revision,
        "restore_url": reverse("dossiers:form_restore", args=(form.code, old.number))
        if _may_edit(user, form) and old and old.number != form.revision
        else "",
        "trail": form_trail(form, "Các phiên bản"),
    }
    return render(request, "dossiers/form_history.html", context)


@require_POST
def report_form_restore(request: HttpRequest, code: str, number: int) -> HttpResponse:
    user = actor(request)
    form = editable_form(user, code)
    revision = get_object_or_404(form.revisions.select_related("form"), number=number)
    over, now = whole_number(request.POST.get("over", "")), timezone.now()
    perform(
        request,
        lambda: actions.restore_form(revision=revision, over=over, by=user, at=now),
        done=f"Đã khôi phục câu chữ của phiên bản {number} thành phiên bản mới.",
    )
    return redirect("dossiers:form_history", code=form.code)


def _value(form: ReportForm, column: str) -> str:
    return str(Mark(form.mark).label) if column == "mark" else str(getattr(form, column))


def _visible(user: User, code: str) -> ReportForm:
    rows = ReportForm.objects.visible_to(user).select_related("instrument")
    return get_object_or_404(rows, code=code)


def editable_form(user: User, code: str) -> ReportForm:
    rows = ReportForm.objects.editable_by(user).select_related("instrument")
    return get_object_or_404(rows, code=code)


def _may_edit(user: User, form: ReportForm) -> bool:
    return ReportForm.objects.editable_by(user).filter(pk=form.pk).exists()


def form_trail(form: ReportForm | None = None, last: str = "") -> list[tuple[str, str]]:
    trail = [
        ("Danh mục", reverse("emulation:catalogue")),
        ("Mẫu báo cáo thành tích", reverse("dossiers:forms")),
    ]
    if form:
        name = f"{form.number}, {form.instrument.number}"
        trail.append((name, reverse("dossiers:form", args=(form.code,))))
    if last:
        trail.append((last, ""))
    return trail


def _edit_page(
    request: HttpRequest,
    form: ReportForm,
    editor: FormEditor,
    *,
    review: bool = False,
    status: int = 200,
) -> HttpResponse:
    """What was typed stays; over a newer revision, it stands beside what that says."""
    form.refresh_from_db(fields=["revision"])
    is_valid = editor.is_bound and editor.is_valid()
    sent = str(editor.lines["revision"].value() or "0") if editor.is_bound else ""
    has_moved = editor.is_bound and sent != str(form.revision)
    would = changes_between(wording_of(form), editor.wording()) if is_valid else []
    context = {
        "form": form,
        "editor": editor,
        "review": review and not has_moved,
        "conflict": who_moved(form) if has_moved and (would or not is_valid) else "",
        "changes": would if review or has_moved else [],
        "can_compare": is_valid,
        # The next save is made over what stands here now.
        "revision": str(form.revision),
        "sides": [(side, Applies(side).label) for side in actions.sides_of(form)],
        "keep_token": keep_token(actor(request).pk),
        "restored": request.method == "GET" and editor.is_bound,
        "trail": form_trail(form, "Sửa câu chữ"),
    }
    return render(request, "dossiers/form_edit.html", context, status=status)


def who_moved(form: ReportForm) -> str:
    last = form.revisions.select_related("saved_by__individual").first()
    if last is None or last.saved_by is None:
        return "Mẫu vừa được nạp lại"
    return f"{last.saved_by} đã sửa mẫu này lúc {vdatetime(last.saved_at)}: {last.note}"


def changes_between(old: Wording, new: Wording) -> list[Change]:
    """In the order of the newer one; what that has no longer stands last."""
    before, after = spoken(old), spoken(new)
    found = []
    for key in dict.fromkeys((*after, *before)):
        was, now = before.get(key), after.get(key)
        a, b = _differing(was.lines if was else {}, now.lines if now else {})
        if a != b:
            found.append(Change((now or was or NOTHING).title, changes(a, b)))
    places = order_of(old), order_of(new)
    if list(places[0]) != list(places[1]):
        # Under today's names, so that only the order differs.
        names = {**places[0], **places[1]}
        a, b = ("\n".join(names[key] for key in place) for place in places)
        found.append(Change("Thứ tự các mục", changes(a, b)))
    return found


def _differing(old: dict[str, str], new: dict[str, str]) -> tuple[str, str]:
    """The lines in which they differ, each with its name."""
    names = [name for name in dict.fromkeys((*new, *old)) if new.get(name) != old.get(name)]
    a, b = (
        "\n".join(f"{name}: {lines[name]}".removeprefix(": ") for name in names if lines.get(name))
        for lines in (old, new)
    )
    return a, b
