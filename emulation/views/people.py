"""People and the organisation."""

from __future__ import annotations

from datetime import date

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from emulation.forms.people import PeopleFilter, UnitsFilter
from emulation.models import Individual, Rating, Succession, Unit, User
from emulation.vietnamese import short_date

PER_PAGE = 30


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """By given name in Vietnamese order; found with or without diacritics."""
    user: User = request.user  # type: ignore[assignment]
    today = timezone.localdate()
    rows = Individual.objects.visible_to(user).serving(today).select_related("unit")
    form = PeopleFilter(request.GET, user=user)
    if form.is_valid():
        rows = rows.matching(form.cleaned_data["q"])
        if form.cleaned_data["unit"]:
            rows = rows.filter(unit=form.cleaned_data["unit"])
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("trang"))
    return render(
        request,
        "emulation/people.html",
        {"form": form, "page": page, "query": _query(request)},
    )


@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    found = get_object_or_404(
        Individual.objects.visible_to(user).select_related("unit", "agency"), pk=pk
    )
    facts = [
        ("Mã số", found.staff_code),
        ("Bí danh", found.alias),
        ("Giới tính", found.get_gender_display()),
        ("Ngày sinh", short_date(found.birth_date)),
        ("Quê quán", found.home_town),
        ("Nơi thường trú", found.residence),
        ("Đối tượng", found.get_kind_display()),
        ("Chức vụ", found.position),
        ("Đơn vị công tác", found.unit.name),
    ]
    return render(
        request,
        "emulation/person.html",
        {"person": found, "facts": facts, "ratings": list(found.ratings.all())},
    )


@require_safe
def units(request: HttpRequest) -> HttpResponse:
    """The tree as it stands, or stood, on a day."""
    user: User = request.user  # type: ignore[assignment]
    form = UnitsFilter(request.GET)
    on, query = timezone.localdate(), ""
    if form.is_valid():
        on, query = form.cleaned_data["on"] or on, form.cleaned_data["q"]
    rows = list(Unit.objects.visible_to(user).current(on).select_related("parent"))
    tree = _tree(rows)
    if query:
        found = set(
            Unit.objects.visible_to(user).current(on).matching(query).values_list("pk", flat=True)
        )
        tree = [(depth, row) for depth, row in tree if row.pk in found]
    return render(request, "emulation/units.html", {"form": form, "tree": tree, "on": on})


def _tree(rows: list[Unit]) -> list[tuple[int, Unit]]:
    """Depth first, each unit with its depth; a unit whose parent is not shown is a root."""
    children: dict[int | None, list[Unit]] = {}
    shown = {row.pk for row in rows}
    for row in rows:
        parent = row.parent_id if row.parent_id in shown else None
        children.setdefault(parent, []).append(row)
    found: list[tuple[int, Unit]] = []

    def walk(parent: int | None, depth: int) -> None:
        for row in children.get(parent, []):
            found.append((depth, row))
            walk(row.pk, depth + 1)

    walk(None, 0)
    return found


@require_safe
def unit(request: HttpRequest, code: str) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    found = get_object_or_404(
        Unit.objects.visible_to(user).select_related("parent", "agency"), code=code
    )
    succession = Succession.objects.select_related("predecessor", "successor")
    facts = [
        ("Loại", found.get_kind_display()),
        ("Đơn vị cấp trên", found.parent.name if found.parent else ""),
        ("Ký hiệu văn bản", found.symbol),
        ("Hoạt động", _period(found.valid_from, found.valid_to)),
        ("Trụ sở", found.address),
        ("Điện thoại", found.phone),
        ("Trang thông tin điện tử", found.website),
        ("Chức năng, nhiệm vụ", found.functions),
        ("Quá trình thành lập", found.established),
    ]
    members = Individual.objects.visible_to(user).serving(timezone.localdate()).filter(unit=found)
    return render(
        request,
        "emulation/unit.html",
        {
            "unit": found,
            "facts": facts,
            "members": list(members),
            "ratings": list(Rating.objects.visible_to(user).filter(unit=found)),
            "came_from": list(succession.filter(successor=found)),
            "went_to": list(succession.filter(predecessor=found)),
        },
    )


def _period(start: date | None, end: date | None) -> str:
    if end:
        return f"{'Từ ' + short_date(start) + ' ' if start else ''}đến {short_date(end)}".strip()
    return f"Từ {short_date(start)}" if start else "Đang hoạt động"


def _query(request: HttpRequest) -> str:
    """The address's filters without the page number, for the pagination's links."""
    kept = request.GET.copy()
    kept.pop("trang", None)
    return kept.urlencode()
