"""The rows of a plan: one page per subject to add, change, order and take away."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from campaigns.actions import add_row, move_row, remove_row, update_row
from campaigns.actions.rows import GONE, rows_of, stamps
from campaigns.forms.rows import SECTIONS, RowForm, Section
from campaigns.models import Area, Basis, Campaign, Criterion, Milestone, Offer, Target, Theme
from campaigns.models.contents import PlanRow
from campaigns.views.conflicts import Difference, set_against
from campaigns.views.editing import editable, editing, keeping, sent
from campaigns.views.pages import Node, tree
from emulation.models import SubjectKind, User
from emulation.views.acts import perform


@require_http_methods(["GET", "POST"])
def rows(request: HttpRequest, slug: str, section: str) -> HttpResponse:
    """What stands there, and a form for one more."""
    user: User = request.user  # type: ignore[assignment]
    campaign = editable(user, slug, writing=request.method == "POST")
    subject = _section(section)
    form = subject.form(sent(request), campaign=campaign, user=user)
    if request.method == "POST" and form.is_valid():
        made: list[tuple[PlanRow, bool]] = []
        if perform(
            request,
            lambda: made.append(
                add_row(
                    campaign=campaign,
                    model=subject.model,
                    data=form.row_data(),
                    by=user,
                    at=timezone.now(),
                )
            ),
            form=form,
        ):
            title = subject.title.lower()
            if made[0][1]:
                messages.success(request, f"Đã thêm vào mục {title}.")
            else:
                text = f"Dòng này đã có trong mục {title} nên không thêm lần nữa."
                messages.success(request, text)
            return redirect("campaigns:rows", slug=slug, section=section)
    return _rows_page(request, campaign, subject, form)


@require_http_methods(["GET", "POST"])
def row_edit(request: HttpRequest, slug: str, section: str, pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    campaign = editable(user, slug, writing=request.method == "POST")
    subject, data = _section(section), sent(request)
    row = _row(campaign, subject, pk)
    if row is None:
        if data is None:
            raise Http404
        return _gone(request, user, campaign, subject, data)
    form = subject.form(data, instance=row, campaign=campaign, user=user)
    differences: list[Difference] = []
    if request.method == "POST":
        if form.is_valid() and perform(
            request,
            lambda: update_row(
                row=row,
                version=form.shown_version,
                data=form.row_data(),
                by=user,
                at=timezone.now(),
            ),
            done="Đã lưu.",
            form=form,
        ):
            return redirect("campaigns:rows", slug=slug, section=section)
        now = _row(campaign, subject, pk)
        if now is None:
            return _gone(request, user, campaign, subject, data)
        differences = set_against(form, subject.form(instance=now, campaign=campaign, user=user))
    return render(
        request,
        "campaigns/row_edit.html",
        {
            "section": subject,
            "form": form,
            "row": row,
            "version": form.shown_version,
            "differences": differences,
            **editing(campaign, section),
            **keeping(request, f"{section}-{campaign.pk}-{pk}"),
        },
    )


@require_POST
def row_remove(request: HttpRequest, slug: str, section: str, pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    campaign = editable(user, slug, writing=True)
    row, seen = _row(campaign, _section(section), pk), request.POST.get("seen", "")
    if row is None:
        messages.info(request, "Dòng này đã được xóa trước đó.")
    else:
        perform(
            request,
            lambda: remove_row(row=row, seen=seen, by=user, at=timezone.now()),
            done="Đã xóa.",
        )
    return redirect("campaigns:rows", slug=slug, section=section)


@require_POST
def row_move(request: HttpRequest, slug: str, section: str, pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    campaign = editable(user, slug, writing=True)
    row, up = _row(campaign, _section(section), pk), request.POST.get("huong") == "len"
    if row is None:
        messages.error(request, GONE)
    else:
        perform(request, lambda: move_row(row=row, up=up, by=user, at=timezone.now()))
    return redirect("campaigns:rows", slug=slug, section=section)


def _rows_page(
    request: HttpRequest, campaign: Campaign, subject: Section, form: RowForm
) -> HttpResponse:
    return render(
        request,
        "campaigns/rows.html",
        {
            "section": subject,
            "form": form,
            "rows": _listed(campaign, subject),
            **editing(campaign, subject.key),
            **keeping(request, f"{subject.key}-{campaign.pk}"),
        },
    )


def _gone(
    request: HttpRequest, user: User, campaign: Campaign, subject: Section, data: Any
) -> HttpResponse:
    """What was typed in a row that somebody took away meanwhile, to be added as a new one."""
    text = "Nội dung bạn vừa gõ còn trong biểu mẫu “Thêm” bên dưới."
    messages.error(request, f"{GONE} {text}")
    form = subject.form(data, campaign=campaign, user=user)
    return _rows_page(request, campaign, subject, form)


def _section(key: str) -> Section:
    try:
        return SECTIONS[key]
    except KeyError:
        raise Http404 from None


def _row(campaign: Campaign, section: Section, pk: int) -> PlanRow | None:
    """None for one that is there no longer."""
    found: PlanRow | None = rows_of(campaign, section.model).filter(pk=pk).first()
    return found


def _listed(campaign: Campaign, section: Section) -> list[dict[str, Any]]:
    """Depth first, each row with how deep it stands and a line about it."""
    found, seen = section.rows(campaign), stamps(campaign, section.model)
    if section.model is Offer:
        found = found.select_related("title")
    if section.model is Criterion:
        found = found.select_related("offer__title")
    if section.model not in (Area, Target):
        return [_line(row, 0, seen) for row in found]
    lines: list[dict[str, Any]] = []

    def walk(nodes: list[Node], depth: int) -> None:
        for node in nodes:
            lines.append(_line(node.row, depth, seen))
            walk(node.children, depth + 1)

    walk(tree(found), 0)
    return lines


def _line(row: Any, depth: int, seen: dict[int, str]) -> dict[str, Any]:
    # Between the two readings somebody may have added a row: it is not yet to be taken away.
    return {
        "row": row,
        "depth": min(depth, 3),
        "about": _about(row),
        "seen": seen.get(row.pk, ""),
    }


def _about(row: Any) -> str:
    """What the row says besides its name, on one line."""
    if isinstance(row, Theme):
        return row.get_origin_display()
    if isinstance(row, Basis):
        return row.get_kind_display()
    if isinstance(row, Milestone):
        return f"{row.get_kind_display()} · {row.when}{' · quá hạn không nhận' if row.hard else ''}"
    if isinstance(row, Target):
        return " · ".join(filter(None, [row.number, row.measure, row.due]))
    if isinstance(row, Area):
        return " · ".join(filter(None, [row.number, "lĩnh vực đăng ký" if row.registrable else ""]))
    if isinstance(row, Offer):
        kinds = (SubjectKind.COLLECTIVE, SubjectKind.INDIVIDUAL)
        who = ", ".join(str(kind.label) for kind in kinds if row.receives(kind))
        return f"{who} · báo cáo {row.get_report_kind_display().lower()}"
    if isinstance(row, Criterion):
        offer = str(row.offer) if row.offer else "mọi hình thức"
        return f"{row.get_applies_display()} · {offer} · {row.get_kind_display()}"
    return ""
