"""People and the organisation."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from emulation.forms.people import PeopleFilter, UnitsFilter
from emulation.models import Individual, Rating, Succession, Unit, User
from emulation.vietnamese import short_date
from emulation.views.lists import address_without, page_of, sorted_by

ORDERS = {
    "ten": ("sort_key",),
    "ma": ("staff_code",),
    "don-vi": ("unit__position", "unit__name", "unit", "sort_key"),
}


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """By given name in Vietnamese order; found with or without diacritics."""
    user: User = request.user  # type: ignore[assignment]
    rows = Individual.objects.visible_to(user).serving(timezone.localdate()).select_related("unit")
    form = PeopleFilter(request.GET, user=user)
    if form.is_valid():
        rows = rows.matching(form.cleaned_data["q"])
        if form.cleaned_data["unit"]:
            rows = rows.filter(unit=form.cleaned_data["unit"])
    rows, sort = sorted_by(request, rows, ORDERS)
    page, query = page_of(request, rows)
    return render(
        request,
        "emulation/people.html",
        {
            "form": form,
            "page": page,
            "query": query,
            "sort": sort,
            "sort_query": address_without(request, "trang", "xep"),
        },
    )


@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    found = get_object_or_404(
        Individual.objects.visible_to(user).select_related("unit", "agency"), pk=pk
    )
    today = timezone.localdate()
    facts = [
        ("Mã số", found.staff_code),
        ("Chức vụ", found.position),
        ("Đơn vị công tác", found.unit.name),
        ("Cơ quan", found.agency.name),
        ("Đối tượng", found.get_kind_display()),
        ("Nghề nghiệp", found.occupation),
        ("Giới tính", found.get_gender_display()),
        *([("Bí danh", found.alias)] if found.alias else []),
    ]
    personal = [
        ("Ngày sinh", short_date(found.birth_date)),
        ("Quê quán", found.home_town),
        ("Nơi thường trú", found.residence),
    ]
    return render(
        request,
        "emulation/person.html",
        {
            "person": found,
            "facts": facts,
            "personal": personal if user.may_read_personal_data(found) else [],
            "ratings": list(found.ratings.all()),
            "left": found.valid_to if found.valid_to and found.valid_to < today else None,
        },
    )


@require_safe
def units(request: HttpRequest) -> HttpResponse:
    """The tree as it stands, or stood, on a day."""
    user: User = request.user  # type: ignore[assignment]
    today = timezone.localdate()
    form = UnitsFilter(request.GET)
    on, query = today, ""
    if form.is_valid():
        on, query = form.cleaned_data["on"] or today, form.cleaned_data["q"]
    rows = Unit.objects.visible_to(user).current(on)
    found = set(rows.matching(query).values_list("pk", flat=True))
    tree = _tree(list(rows), found)
    return render(
        request,
        "emulation/units.html",
        {"form": form, "tree": tree, "on": on, "is_today": on == today, "count": len(found)},
    )


def _tree(rows: list[Unit], found: set[int]) -> list[tuple[int, Unit, bool]]:
    """Depth first: each unit of `found` and the units above it, with depth and whether found.

    A unit whose parent is not among `rows` stands at the top.
    """
    children: dict[int | None, list[Unit]] = {}
    shown = {row.pk for row in rows}
    for row in rows:
        children.setdefault(row.parent_id if row.parent_id in shown else None, []).append(row)

    def below(parent: int | None, depth: int) -> Iterable[tuple[int, Unit, bool]]:
        for row in children.get(parent, []):
            inside = list(below(row.pk, depth + 1))
            if row.pk in found or inside:
                yield depth, row, row.pk in found
                yield from inside

    return list(below(None, 0))


@require_safe
def unit(request: HttpRequest, code: str) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    today = timezone.localdate()
    found = get_object_or_404(
        Unit.objects.visible_to(user).select_related("parent", "agency"), code=code
    )
    facts = [
        ("Loại", found.get_kind_display()),
        ("Đơn vị cấp trên", found.parent.name if found.parent else ""),
        ("Ký hiệu văn bản", found.symbol),
        ("Hoạt động", _period(found.valid_from, found.valid_to)),
        ("Trụ sở", found.address),
        ("Điện thoại", found.phone),
        ("Trang thông tin điện tử", found.website),
    ]
    texts = [
        ("Chức năng, nhiệm vụ", found.functions),
        ("Quá trình thành lập", found.established),
    ]
    members = Individual.objects.visible_to(user).serving(today).filter(unit=found)
    changes = Succession.objects.select_related("predecessor", "successor").order_by(
        "effective_date", "pk"
    )
    before = list(changes.filter(successor=found))
    after = list(changes.filter(predecessor=found))
    others = [row.predecessor_id for row in before] + [row.successor_id for row in after]
    seen = set(Unit.objects.visible_to(user).filter(pk__in=others).values_list("pk", flat=True))
    return render(
        request,
        "emulation/unit.html",
        {
            "unit": found,
            "facts": facts,
            "texts": texts,
            "members": list(members),
            "ratings": list(Rating.objects.visible_to(user).filter(unit=found)),
            "came_from": [(row, _url(row.predecessor, seen)) for row in before],
            "went_to": [(row, _url(row.successor, seen)) for row in after],
            "ended": found.valid_to if found.valid_to and found.valid_to < today else None,
        },
    )


def _url(row: Unit, seen: set[int]) -> str:
    """A unit of another agency is named, for history needs it, but not linked."""
    return reverse("emulation:unit", args=[row.code]) if row.pk in seen else ""


def _period(start: date | None, end: date | None) -> str:
    days = [f"từ {short_date(start)}"] if start else []
    if end:
        days.append(f"đến hết {short_date(end)}")
    text = " ".join(days)
    return text[:1].upper() + text[1:]
