"""The editor of achievement reports, for collectives and individuals alike."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from awards.models import Nomination
from awards.views.workspace import actor, workspace_of
from campaigns.models import RegistrationLine, Statement
from dossiers import actions, prose
from dossiers.forms import ReportEditor
from dossiers.forms.reports import field_name
from dossiers.models import (
    FormSection,
    Ratings,
    Report,
    rating_sentence,
    rating_year,
    readiness_of,
    registered_lines,
    sections_for,
    subject_facts,
    unexpected,
)
from dossiers.views.similar import likenesses
from dossiers.views.trails import of_report
from emulation.middleware import keep_token
from emulation.models import User
from emulation.models.law import Mark
from emulation.templatetags.vietnamese import vdatetime
from emulation.views.acts import add_errors, typed
from emulation.views.looks import leave_trace
from emulation.workflow import Refused

Row = FormSection | Statement
PK = re.compile(r"[0-9]{1,18}", re.ASCII)


@dataclass
class Heading:
    """One heading on the page: what the data say under it, what was written, where to write."""

    id: str
    title: str
    numeral: str = ""
    hint: str = ""
    required: bool = False
    facts: list[tuple[str, str]] = field(default_factory=list)
    facts_url: str = ""
    lines: Sequence[RegistrationLine] | None = None
    sentence: str = ""
    warning: str = ""
    writable: bool = False
    text: str = ""
    box: BoundField | None = None
    theirs: str | None = None

    @property
    def blocks(self) -> list[prose.Block]:
        return prose.blocks(self.text)

    @property
    def their_blocks(self) -> list[prose.Block]:
        return prose.blocks(self.theirs or "")


@dataclass(frozen=True)
class Item:
    """A line of the checklist beside the editor."""

    id: str
    title: str
    is_there: bool


@require_POST
def report_start(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the report of a nomination, or go to the one there is."""
    user = actor(request)
    nomination = get_object_or_404(Nomination.objects.visible_to(user).with_subjects(), pk=pk)
    try:
        report = actions.start_report(nomination=nomination, by=user, at=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
        place = workspace_of(user, nomination)
        if not place.is_reader:
            return redirect("home")
        return redirect("dossiers:unit_case", slug=place.campaign.slug, unit_pk=place.unit.pk)
    return redirect("dossiers:report", pk=report.pk)


@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """The editor, for those who write it while it is open; else the report as it stands."""
    user = actor(request)
    rows = Report.objects.visible_to(user).with_subjects()
    if request.method == "POST":
        return _save(request, user, get_object_or_404(rows.written_by(user), pk=pk))
    found = get_object_or_404(rows, pk=pk)
    if not Report.objects.editable_by(user).filter(pk=pk).exists():
        trace_report(request, found, "Báo cáo thành tích")
        return _page(request, user, found, None)
    unsaved = typed(request)
    form = _form(found, unsaved)
    return _page(request, user, found, form, restored=unsaved is not None)


@require_POST
def report_save(request: HttpRequest, pk: int) -> HttpResponse:
    """Autosave: what htmx sends while somebody types."""
    user = actor(request)
    found = get_object_or_404(Report.objects.editable_by(user).with_subjects(), pk=pk)
    form = _form(found, request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    try:
        saved = actions.save_report(
            report=found,
            version=form.cleaned_data["version"] or 0,
            entries=form.entries(),
            by=user,
            at=timezone.now(),
        )
    except actions.Outdated:
        return HttpResponse(status=409)
    except Refused:
        return HttpResponse(status=404)
    except ValidationError:
        return HttpResponse(status=422)
    response = render(
        request,
        "dossiers/_report_checklist.html",
        {"items": _checklist(found), "swap": True},
    )
    response["X-Version"] = str(saved.version)
    return response


def _save(request: HttpRequest, user: User, found: Report) -> HttpResponse:
    form = _form(found, request.POST)
    if not form.is_valid():
        return _page(request, user, found, form, status=422)
    try:
        actions.save_report(
            report=found,
            version=form.cleaned_data["version"] or 0,
            entries=form.entries(),
            by=user,
            at=timezone.now(),
        )
    except actions.Outdated:
        found.refresh_from_db()
        return _page(request, user, found, form, conflict=True, status=409)
    except Refused as refused:
        messages.error(request, f"{refused} Nội dung bạn vừa gõ còn trên trang này để sao lại.")
        return _page(request, user, found, form, closed=True, status=409)
    except ValidationError as error:
        add_errors(form, error)
        return _page(request, user, found, form, status=422)
    messages.success(request, "Đã lưu báo cáo.")
    actions.ask_to_compare(campaign=found.nomination.campaign)
    if "back" in request.POST:
        return redirect(_back(user, found))
    return redirect("dossiers:report", pk=found.pk)


def _form(found: Report, data: QueryDict | None) -> ReportEditor:
    texts = _texts(found)
    rows = _writable(found, sections_for(found, _typed_sections(data or {})))
    if data is not None:
        data = data.copy()
        for name in map(field_name, rows):
            # A box that the page did not have yet shows what is stored, not an empty text.
            data.setdefault(name, texts.get(name, ""))
    return ReportEditor(data, rows=rows, texts=texts, initial={"version": found.version})


def _typed_sections(data: Mapping[str, object]) -> set[int]:
    """The sections under which something stands in what was sent."""
    names = (name.partition("-") for name, text in data.items() if str(text).strip())
    return {int(pk) for kind, _, pk in names if kind == "section" and PK.fullmatch(pk)}


def _page(
    request: HttpRequest,
    user: User,
    found: Report,
    form: ReportEditor | None,
    *,
    conflict: bool = False,
    closed: bool = False,
    restored: bool = False,
    status: int = 200,
) -> HttpResponse:
    nomination = found.nomination
    headings = _outline(user, found, form)
    if form is not None and form.is_bound:
        sent = str(form["version"].value() or "0")
        conflict = conflict or sent != str(found.version)
        if conflict:
            _compare(headings, form)
    return render(
        request,
        "dossiers/report.html",
        {
            "report": found,
            "nomination": nomination,
            "trail": of_report(user, found),
            "headings": headings,
            "items": _checklist(found),
            "unexpected": unexpected(nomination, found.form),
            "is_unverified": any(s.mark == Mark.BACKGROUND for s in sections_for(found)),
            "form": form,
            # The next save is made over what stands beside it now.
            "version": str(found.version),
            "conflict": conflict and any(h.theirs is not None for h in headings),
            "closed": closed,
            "restored": restored,
            "keep_token": keep_token(user.pk),
            "back_url": _back(user, found),
            "saved": _saved(found),
            "versions_url": reverse("dossiers:report_versions", args=(found.pk,))
            if found.version and Report.objects.written_by(user).filter(pk=found.pk).exists()
            else "",
            "task_count": found.tasks.count(),
            "similar": likenesses(user, [found]),
            "autosave_url": ""
            if conflict or closed
            else reverse("dossiers:report_save", args=(found.pk,)),
        },
        status=status,
    )


def trace_report(request: HttpRequest, found: Report, what: str) -> None:
    """The trace of a look at a report, unless it is of an own unit or about oneself."""
    nomination = found.nomination
    unit, person = nomination.unit_id, nomination.individual_id
    leave_trace(request, found, what, unit_id=unit, individual_id=person)


def _back(user: User, found: Report) -> str:
    """Where the person came from: the unit's page, or the own list of things to do."""
    place = workspace_of(user, found.nomination)
    if not place.is_reader:
        return reverse("home")
    return reverse("dossiers:unit_case", args=(place.campaign.slug, place.unit.pk))


def _saved(found: Report) -> str:
    if found.updated_at is None or found.updated_by is None:
        return "Chưa lưu lần nào"
    return f"{found.updated_by} lưu lúc {vdatetime(found.updated_at)}"


def _texts(found: Report) -> dict[str, str]:
    """The stored text of each box."""
    return {
        f"section-{e.section_id}" if e.section_id else f"statement-{e.statement_id}": e.text
        for e in found.entries.all()
    }


def _writable(found: Report, sections: Sequence[FormSection]) -> list[Row]:
    rows: list[Row] = []
    for section in sections:
        if section.kind == FormSection.Kind.STATEMENTS:
            rows += found.nomination.campaign.statements.all()
        elif section.kind in actions.WRITTEN:
            rows.append(section)
    return rows


def _outline(user: User, found: Report, form: ReportEditor | None) -> list[Heading]:
    """The headings in the order of the form, the plan's statements in their place."""
    texts = _texts(found)
    headings = []
    for section in sections_for(found, _typed_sections(form.data if form else {})):
        if section.kind == FormSection.Kind.STATEMENTS:
            if section.numeral:
                headings.append(Heading(section.code, section.heading, section.numeral))
            for statement in found.nomination.campaign.statements.all():
                headings.append(_of_statement(found, statement))
                _put_text(headings[-1], statement, texts, form)
            continue
        heading = Heading(
            id=section.code,
            title=section.heading,
            numeral=section.numeral,
            hint=section.hint,
            required=section.required,
        )
        if section.kind == FormSection.Kind.FACTS:
            heading.facts = subject_facts(found.nomination)
            heading.facts_url = _facts_url(user, found.nomination)
        elif section.kind == FormSection.Kind.TARGETS:
            heading.lines = registered_lines(found.nomination)
        if section.kind in actions.WRITTEN:
            _put_text(heading, section, texts, form)
        headings.append(heading)
    return headings


def _put_text(heading: Heading, row: Row, texts: dict[str, str], form: ReportEditor | None) -> None:
    heading.id = field_name(row)
    heading.writable = True
    heading.text = texts.get(heading.id, "")
    heading.box = form[heading.id] if form is not None else None


def _of_statement(found: Report, statement: Statement) -> Heading:
    """What the plan obliges to state; the rating states itself from its decision."""
    hint = statement.text if statement.text != statement.heading else ""
    heading = Heading(id="", title=statement.heading, hint=hint, required=True)
    if statement.key != Statement.Key.RATING:
        return heading
    nomination = found.nomination
    year = rating_year(statement, nomination.campaign)
    rating = Ratings([nomination], [year] if year else []).of(nomination, year)
    heading.sentence = rating_sentence(rating) if rating else ""
    if not heading.sentence:
        when = f" năm {year}" if year else ""
        missing = "kết quả xếp loại" if rating is None else "quyết định xếp loại"
        heading.warning = (
            f"Chưa có {missing}{when} trong dữ liệu: hãy ghi số, ngày, cơ quan ban hành quyết định "
            "và mức xếp loại, hoặc đề nghị quản trị bổ sung dữ liệu."
        )
    heading.hint = "Tự lấy từ dữ liệu xếp loại; có thể bổ sung bên dưới." if rating else ""
    return heading


def _checklist(found: Report) -> list[Item]:
    """What the report has to hold, in the order of the page."""
    missing = set(readiness_of([found.nomination])[found.nomination_id].missing)
    return [
        Item(field_name(row), row.heading, row.heading not in missing)
        for row in _writable(found, sections_for(found))
        if isinstance(row, Statement) or row.required
    ]


def _compare(headings: Sequence[Heading], form: ReportEditor) -> None:
    """Put the stored text beside each box in which something else was typed."""
    for heading in headings:
        if heading.box is None or heading.id not in form.data:
            continue
        mine = prose.normal(str(heading.box.value() or ""))
        if mine != heading.text:
            heading.theirs = heading.text


def _facts_url(user: User, nomination: Nomination) -> str:
    """Where the person can be looked up by those who may."""
    if nomination.unit_id not in user.unit_ids:
        return ""
    if nomination.individual_id:
        return reverse("emulation:person", args=(nomination.individual_id,))
    assert nomination.collective is not None
    return reverse("emulation:unit", args=(nomination.collective.code,))
