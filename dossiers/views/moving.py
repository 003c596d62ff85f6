"""Taking a report into another form: what goes where, and what waits for a place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from awards.views.workspace import actor
from dossiers import actions, prose
from dossiers.models import Forms, FormSection, Report, ReportEntry, ReportForm
from dossiers.models.moving import headings_of, in_place, leftovers, sections_of_others, transfer
from dossiers.views.trails import of_report
from emulation.models import User
from emulation.views.acts import whole_number
from emulation.workflow import Refused

EXCERPT = 160
MOVE = "Chuyển sang mẫu khác"


@dataclass(frozen=True)
class Moving:
    """What the editor says about the form: another one to take, and texts that wait for a place."""

    url: str
    expected: str
    waiting: int


@dataclass(frozen=True)
class Text:
    """A text that has no place in the form of the report."""

    section: FormSection
    text: str

    @property
    def pk(self) -> str:
        return str(self.section.pk)

    @property
    def blocks(self) -> list[prose.Block]:
        return prose.blocks(self.text)


@dataclass(frozen=True)
class Kept:
    old: str
    new: str
    excerpt: str


def moving_of(found: Report) -> Moving | None:
    """For those who write the report; None when there is nothing to say."""
    fitting = Forms(timezone.localdate()).fitting(found.nomination)
    others = [form for form in fitting if form.pk != found.form_id]
    waiting = len(leftovers(found))
    if not others and not waiting:
        return None
    expected = fitting[0].cited if others and fitting[0].pk != found.form_id else ""
    url = reverse("dossiers:report_move", args=(found.pk,))
    return Moving(url if others else "", expected, waiting)


def as_of_now(found: Report, data: QueryDict) -> QueryDict:
    """What was typed before the form was changed, in the boxes of the form that it has now."""
    placed, rest = in_place(found, data.dict())  # type: ignore[arg-type]
    old = {f"section-{row.pk}" for row in sections_of_others(found, (data,))}
    copy = data.copy()
    for name in old - {f"section-{pk}" for pk in rest}:
        del copy[name]
    for name in placed.keys() - data.keys():
        copy[name] = placed[name]
    return copy


def strays(found: Report, data: Mapping[str, object]) -> list[Text]:
    """What was typed before the form was changed, and is nowhere in the form that it has now."""
    typed = {name: prose.normal(str(text)) for name, text in data.items()}
    rows = {row.pk: row for row in sections_of_others(found, (typed,))}
    if not rows:
        return []
    stored = {entry.section_id: entry.text for entry in leftovers(found)}
    _, rest = in_place(found, typed)
    return [Text(rows[pk], text) for pk, text in rest.items() if stored.get(pk) != text]


@require_http_methods(["GET", "POST"])
def report_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Where each text would go in another form (`mau`); the POST takes it there."""
    user = actor(request)
    rows = Report.objects.visible_to(user).with_subjects()
    if request.method == "GET":
        found = get_object_or_404(Report.objects.editable_by(user).with_subjects(), pk=pk)
        return _page(request, user, found)
    found = get_object_or_404(rows.written_by(user), pk=pk)
    form = get_object_or_404(ReportForm.objects.visible_to(user), code=request.POST.get("form", ""))
    names = (name.partition("-") for name in request.POST)
    into = {
        whole_number(number): whole_number(request.POST[f"to-{number}"])
        for kind, _, number in names
        if kind == "to" and request.POST[f"to-{number}"]
    }
    try:
        actions.change_form(
            report=found,
            form=form,
            version=whole_number(request.POST.get("over", "")),
            into=into,
            by=user,
            at=timezone.now(),
        )
    except actions.Outdated as outdated:
        messages.error(request, str(outdated))
        return _page(request, user, rows.get(pk=pk), status=409)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("dossiers:report", pk=pk)
    except ValidationError as error:
        for text in error.messages:
            messages.error(request, text)
        return _page(request, user, rows.get(pk=pk), status=422)
    waiting = len(leftovers(rows.get(pk=pk)))
    messages.success(request, f"Đã chuyển báo cáo sang {form.cited}.")
    if waiting:
        messages.warning(request, f"Còn {waiting} nội dung của mẫu trước chưa có chỗ.")
        return redirect("dossiers:report_move", pk=pk)
    return redirect("dossiers:report", pk=pk)


@require_POST
def report_leftover(request: HttpRequest, pk: int, section_pk: int) -> HttpResponse:
    """Put a text that has no place under a heading (`to`), or away."""
    user = actor(request)
    found = get_object_or_404(
        Report.objects.visible_to(user).written_by(user).with_subjects(), pk=pk
    )
    into = whole_number(request.POST.get("to", ""))
    if "add" in request.POST and not into:
        messages.error(request, "Hãy chọn mục để chép nội dung vào.")
        return redirect("dossiers:report_move", pk=pk)
    try:
        actions.settle_leftover(
            report=found,
            section=section_pk,
            into=into if "add" in request.POST else None,
            version=whole_number(request.POST.get("over", "")),
            by=user,
            at=timezone.now(),
        )
    except actions.Outdated as outdated:
        messages.error(request, str(outdated))
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("dossiers:report", pk=pk)
    except ValidationError as error:
        for text in error.messages:
            messages.error(request, text)
    else:
        messages.success(
            request,
            "Đã chép nội dung vào mục đã chọn."
            if into and "add" in request.POST
            else "Đã cất nội dung; các phiên bản của báo cáo vẫn giữ.",
        )
    is_left = bool(leftovers(found))
    return redirect("dossiers:report_move" if is_left else "dossiers:report", pk=pk)


def _page(request: HttpRequest, user: User, found: Report, *, status: int = 200) -> HttpResponse:
    forms = Forms(timezone.localdate())
    options = [form for form in forms.fitting(found.nomination) if form.pk != found.form_id]
    asked = request.POST.get("form", "") or request.GET.get("mau", "")
    target = next((form for form in options if form.code == asked), options[0] if options else None)
    plan = transfer(found, target) if target else None
    chosen = {key[3:]: value for key, value in request.POST.items() if key.startswith("to-")}
    waiting = _texts(leftovers(found))
    heading = MOVE if target or not waiting else "Nội dung chưa có chỗ trong mẫu"
    context = {
        "report": found,
        "nomination": found.nomination,
        "version": str(found.version),
        "waiting": waiting,
        "headings": _choices(headings_of(found.form, found)),
        "target": target,
        "options": options,
        "reason": "" if target else forms.choose(found.nomination).reason,
        "kept": [
            Kept(str(entry), place.heading, _excerpt(entry.text)) for entry, place in plan.kept
        ]
        if plan
        else [],
        "left": [(text, chosen.get(text.pk, "")) for text in _texts(plan.left)] if plan else [],
        "empty": plan.empty if plan else [],
        "has_statements": plan.has_statements if plan else True,
        "statements": found.entries.filter(section=None).count(),
        "targets": _choices(headings_of(target, found)) if target else [],
        "heading": heading,
        "trail": of_report(user, found, (heading, "")),
    }
    return render(request, "dossiers/report_move.html", context, status=status)


def _texts(entries: Sequence[ReportEntry]) -> list[Text]:
    return [Text(entry.section, entry.text) for entry in entries if entry.section]


def _choices(sections: Sequence[FormSection]) -> list[tuple[str, str]]:
    return [(str(section.pk), section.heading) for section in sections]


def _excerpt(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= EXCERPT else f"{words[:EXCERPT].rsplit(' ', 1)[0]}…"
