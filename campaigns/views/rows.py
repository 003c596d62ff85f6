"""The rows of a plan: one page per subject to add, change, order and take away."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from campaigns.actions import add_row, move_row, remove_row, update_row
from campaigns.forms.rows import SECTIONS, Section
from campaigns.models import Area, Basis, Campaign, Criterion, Milestone, Offer, Target, Theme
from campaigns.models.contents import PlanRow
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
    if (
        request.method == "POST"
        and form.is_valid()
        and perform(
            request,
            lambda: add_row(
                campaign=campaign,
                model=subject.model,
                data=form.row_data(),
                by=user,
                at=timezone.now(),
            ),
            done=f"Đã thêm vào mục {subject.title.lower()}.",
            form=form,
        )
    ):
        return redirect("campaigns:rows", slug=slug, section=section)
    return render(
        request,
        "campaigns/rows.html",
        {
            "section": subject,
            "form": form,
            "rows": _listed(campaign, subject),
            **editing(campaign, section),
            **keeping(request, f"{section}-{campaign.pk}"),
        },
    )


@require_http_methods(["GET", "POST"])
def row_edit(request: HttpRequest, slug: str, section: str, pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    campaign = editable(user, slug, writing=request.method == "POST")
    subject = _section(section)
    row = _row(campaign, subject, pk)
    form = subject.form(sent(request), instance=row, campaign=campaign, user=user)
    if (
        request.method == "POST"
        and form.is_valid()
        and perform(
            request,
            lambda: update_row(
                row=_row(campaign, subject, pk), data=form.row_data(), by=user, at=timezone.now()
            ),
            done="Đã lưu.",
            form=form,
        )
    ):
        return redirect("campaigns:rows", slug=slug, section=section)
    return render(
        request,
        "campaigns/row_edit.html",
        {
            "section": subject,
            "form": form,
            "row": row,
            **editing(campaign, section),
            **keeping(request, f"{section}-{campaign.pk}-{row.pk}"),
        },
    )


@require_POST
def row_remove(request: HttpRequest, slug: str, section: str, pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    campaign = editable(user, slug, writing=True)
    row = _row(campaign, _section(section), pk)
    perform(request, lambda: remove_row(row=row, by=user, at=timezone.now()), done="Đã xóa.")
    return redirect("campaigns:rows", slug=slug, section=section)


@require_POST
def row_move(request: HttpRequest, slug: str, section: str, pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    campaign = editable(user, slug, writing=True)
    row, up = _row(campaign, _section(section), pk), request.POST.get("huong") == "len"
    perform(request, lambda: move_row(row=row, up=up, by=user, at=timezone.now()))
    return redirect("campaigns:rows", slug=slug, section=section)


def _section(key: str) -> Section:
    try:
        return SECTIONS[key]
    except KeyError:
        raise Http404 from None


def _row(campaign: Campaign, section: Section, pk: int) -> PlanRow:
    found: PlanRow = get_object_or_404(section.model, campaign=campaign, pk=pk)
    return found


def _listed(campaign: Campaign, section: Section) -> list[dict[str, Any]]:
    """Depth first, each row with how deep it stands and a line about it."""
    found = section.rows(campaign)
    if section.model is Offer:
        found = found.select_related("title")
    if section.model is Criterion:
        found = found.select_related("offer__title")
    if section.model not in (Area, Target):
        return [_line(row, 0) for row in found]
    lines: list[dict[str, Any]] = []

    def walk(nodes: list[Node], depth: int) -> None:
        for node in nodes:
            lines.append(_line(node.row, depth))
            walk(node.children, depth + 1)

    walk(tree(found), 0)
    return lines


def _line(row: Any, depth: int) -> dict[str, Any]:
    return {"row": row, "depth": min(depth, 3), "about": _about(row)}


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
