"""Adding the form of the next decree, and correcting by what law and when a form holds."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from awards.views.workspace import actor
from dossiers import actions
from dossiers.forms.form_basis import BasisForm, NewForm
from dossiers.models import ReportForm, uses_of
from dossiers.models.form_texts import basis_of, wording_of
from dossiers.views.form_texts import changes_between, editable_form, form_trail, who_moved
from emulation.middleware import keep_token
from emulation.views.acts import add_errors, perform, typed
from emulation.workflow import Refused


@require_http_methods(["GET", "POST"])
def report_form_add(request: HttpRequest, code: str) -> HttpResponse:
    """A form of its own, which reads as this one until it is corrected."""
    user = actor(request)
    source = editable_form(user, code)
    form = NewForm(typed(request), source=source)
    status = 200
    if request.method == "POST":
        if form.is_valid() and perform(
            request,
            lambda: actions.add_form(
                source=source,
                values=form.values(),
                overlap=form.cleaned_data["overlap"],
                by=user,
                at=timezone.now(),
            ),
            done="Đã thêm mẫu. Câu chữ chép từ mẫu cũ và chưa đối chiếu: hãy sửa theo văn bản mới.",
            form=form,
        ):
            return redirect("dossiers:form", code=form.cleaned_data["code"])
        status = 422
    context = {
        "source": source,
        "form": form,
        "keep_token": keep_token(user.pk),
        "restored": request.method == "GET" and form.is_bound,
        "trail": form_trail(source, "Thêm mẫu từ mẫu này"),
    }
    return render(request, "dossiers/form_add.html", context, status=status)


@require_http_methods(["GET", "POST"])
def report_form_basis(request: HttpRequest, code: str) -> HttpResponse:
    user = actor(request)
    row = editable_form(user, code)
    form = BasisForm(typed(request), instance=row, initial={"revision": row.revision})
    if request.method == "GET":
        return _page(request, row, form)
    if not form.is_valid():
        return _page(request, row, form, status=422)
    try:
        saved = actions.correct_basis(
            form=row,
            revision=form.cleaned_data["revision"],
            values=form.values(),
            overlap=form.cleaned_data["overlap"],
            note=form.cleaned_data["note"],
            by=user,
            at=timezone.now(),
        )
    except actions.Outdated:
        return _page(request, row, form, status=409)
    except Refused as refused:
        messages.error(request, str(refused))
        return _page(request, row, form, status=409)
    except ValidationError as error:
        add_errors(form, error)
        return _page(request, row, form, status=422)
    if saved.revision == row.revision:
        messages.success(request, "Không có gì thay đổi nên mẫu vẫn ở phiên bản cũ.")
    else:
        messages.success(
            request, f"Đã lưu căn cứ và thời hạn của mẫu thành phiên bản {saved.revision}."
        )
    return redirect("dossiers:form", code=row.code)


def _page(
    request: HttpRequest, row: ReportForm, form: BasisForm, *, status: int = 200
) -> HttpResponse:
    """What was typed stays; over a newer revision, it stands beside what that says."""
    stored = editable_form(actor(request), row.code)
    sent = str(form["revision"].value() or "0")
    has_moved = form.is_bound and sent != str(stored.revision)
    changes = []
    if has_moved and form.is_valid():
        wording = wording_of(stored)
        for name, value in form.values().items():
            setattr(row, name, value)
        changes = changes_between(wording, wording | {"basis": basis_of(row)})
    context = {
        "row": stored,
        "form": form,
        "uses": uses_of(stored),
        "conflict": who_moved(stored) if has_moved else "",
        "changes": changes,
        # The next save is made over what stands here now.
        "revision": str(stored.revision),
        "keep_token": keep_token(actor(request).pk),
        "restored": request.method == "GET" and form.is_bound,
        "trail": form_trail(stored, "Sửa căn cứ, thời hạn"),
    }
    return render(request, "dossiers/form_basis.html", context, status=status)
