"""The registers of papers: what numbers were given, and giving one by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_POST, require_safe

from awards.views.workspace import actor
from dossiers import actions
from dossiers.documents.registers import register_sheet
from dossiers.forms import LastForm, NumberForm, RegisterFilter
from dossiers.models import Register, RegisterEntry
from dossiers.sheets import XLSX
from emulation.models import Role, Step, Unit, User
from emulation.vietnamese import fold
from emulation.views.acts import perform
from emulation.views.lists import page_of

Series = Register.Series


@dataclass(frozen=True)
class Chosen:
    """The register that a page is about, which may not be opened yet, and its entries."""

    unit: Unit
    year: int
    series: str
    register: Register | None
    entries: QuerySet[RegisterEntry]
    form: RegisterFilter

    @property
    def title(self) -> str:
        kind = "Hội đồng Thi đua - Khen thưởng, " if self.series == Series.COUNCIL else ""
        return f"Sổ đăng ký văn bản {self.year} – {kind}{self.unit.name}"

    @property
    def url(self) -> str:
        return _address(self.unit, self.year, self.series)


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    user = actor(request)
    return _register_page(request, user, _chosen(request, user))


@require_safe
def register_export(request: HttpRequest) -> HttpResponse:
    """What the page shows, as a spreadsheet."""
    chosen = _chosen(request, actor(request))
    rows = chosen.entries.select_related("dossier__unit", "given_by__individual")
    name = f"so-van-ban-{slugify(fold(chosen.unit.name))}-{chosen.year}.xlsx"
    return HttpResponse(
        register_sheet(chosen.title, rows.order_by("ordinal")),
        content_type=XLSX,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_POST
def register_number(request: HttpRequest, unit_pk: int) -> HttpResponse:
    """A number for a paper that was made outside."""
    user, now = actor(request), timezone.now()
    unit = get_object_or_404(Unit.objects.registering(user), pk=unit_pk)
    series = _series(request.POST.get("series", ""))
    form = NumberForm(request.POST, unit=unit, series=series)
    given: list[RegisterEntry] = []
    if form.is_valid():
        values = form.cleaned_data | {"series": series}
        perform(
            request,
            lambda: given.append(actions.register_paper(unit=unit, by=user, at=now, **values)),
            form=form,
        )
    if not given:
        on = timezone.localdate(now)
        chosen = _chosen(request, user, unit=unit, year=on.year, series=series)
        return _register_page(request, user, chosen, number_form=form, status=422)
    entry = given[0]
    messages.success(request, f"Đã cấp số {entry}.")
    return redirect(_address(unit, entry.date.year, series))


@require_POST
def register_last(request: HttpRequest, unit_pk: int) -> HttpResponse:
    """Where the register on paper has got to."""
    user, now = actor(request), timezone.now()
    unit = get_object_or_404(Unit.objects.registering(user), pk=unit_pk)
    series = _series(request.POST.get("series", ""))
    form = LastForm(request.POST)
    if form.is_valid():
        values = form.cleaned_data | {"series": series}
        if perform(
            request,
            lambda: actions.set_last(unit=unit, by=user, at=now, **values),
            done="Đã đặt số hiện tại của sổ.",
            form=form,
        ):
            return redirect(_address(unit, values["year"], series))
    year = form.cleaned_data.get("year") or timezone.localdate(now).year
    chosen = _chosen(request, user, unit=unit, year=year, series=series)
    return _register_page(request, user, chosen, last_form=form, status=422)


def _series(text: str) -> str:
    return text if text in Series.values else Series.GENERAL


def _address(unit: Unit, year: int, series: str) -> str:
    return reverse(
        "dossiers:register", query={"unit": str(unit.pk), "year": str(year), "series": series}
    )


def _chosen(
    request: HttpRequest,
    user: User,
    *,
    unit: Unit | None = None,
    year: int | None = None,
    series: str = "",
) -> Chosen:
    """What the address asks for; what it does not say, or says wrongly, is the nearest at hand."""
    units = Unit.objects.registering(user)
    this_year = timezone.localdate().year
    found = Register.objects.visible_to(user).order_by("-year").values_list("year", flat=True)
    fields: dict[str, Any] = {
        "units": units,
        "years": sorted({*found, this_year}, reverse=True),
        "has_council": Role.OFFICE in user.roles,
    }
    form = RegisterFilter(request.GET, **fields)
    form.is_valid()
    asked = form.cleaned_data
    if unit is None:
        unit = asked.get("unit") or _own(user, units)
        year, series = asked.get("year"), asked.get("series", "")
    year, series = year or this_year, _series(series)
    if not unit.is_agency or Role.OFFICE not in user.roles_for(agency_id=unit.pk):
        series = Series.GENERAL
    shown = {"unit": unit.pk, "year": year, "series": series, "q": asked.get("q", "")}
    rows = RegisterEntry.objects.filter(
        register__unit=unit, register__year=year, register__series=series
    )
    return Chosen(
        unit,
        year,
        series,
        Register.objects.visible_to(user).filter(unit=unit, year=year, series=series).first(),
        rows.matching(shown["q"]),
        RegisterFilter(initial=shown, **fields),
    )


def _other_years(user: User, chosen: Chosen) -> list[tuple[int, str]]:
    """Years in which the same register has numbers, newest first."""
    rows = Register.objects.visible_to(user).filter(
        unit=chosen.unit, series=chosen.series, last__gt=0
    )
    years = rows.exclude(year=chosen.year).order_by("-year").values_list("year", flat=True)
    return [(year, _address(chosen.unit, year, chosen.series)) for year in years]


def _own(user: User, units: QuerySet[Unit]) -> Unit:
    """The office's agency, else the unit that one heads."""
    agencies = user.agency_ids_as(Role.OFFICE)
    unit = (units.filter(pk__in=agencies) if agencies else units).first()
    if unit is None:
        raise PermissionDenied
    return unit


def _register_page(
    request: HttpRequest,
    user: User,
    chosen: Chosen,
    *,
    number_form: NumberForm | None = None,
    last_form: LastForm | None = None,
    status: int = 200,
) -> HttpResponse:
    today = timezone.localdate()
    rows = chosen.entries.select_related("dossier__unit", "given_by__individual")
    page, query = page_of(request, rows.order_by("-ordinal"))
    steps = Step.objects.about(chosen.register) if chosen.register else Step.objects.none()
    context = {
        "chosen": chosen,
        "last": chosen.register.last if chosen.register else 0,
        "page": page,
        "query": query,
        "export_query": urlencode(
            {
                "unit": chosen.unit.pk,
                "year": chosen.year,
                "series": chosen.series,
                "q": request.GET.get("q", "")[:100],
            }
        ),
        "is_filtered": bool(request.GET.get("q")),
        "number_form": number_form or NumberForm(unit=chosen.unit, series=chosen.series, on=today),
        "last_form": last_form or LastForm(initial={"year": chosen.year, "series": chosen.series}),
        "is_current": chosen.year == today.year,
        "other_years": _other_years(user, chosen) if not page.paginator.count else [],
        "steps": list(steps.select_related("by__individual").order_by("-at", "-pk")),
    }
    return render(request, "dossiers/register.html", context, status=status)
