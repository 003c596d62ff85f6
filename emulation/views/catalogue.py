"""The catalogue of law: read by all, corrected by the administrator."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from emulation.actions.catalogue import add_instrument, edit_law_row
from emulation.forms.catalogue import CatalogueFilter, instrument_form, law_form
from emulation.middleware import keep_token
from emulation.models import BaseSalary, Instrument, PrizeCoefficient, Role, Title, User, VotingRule
from emulation.models.law import LawRow
from emulation.views.access import role_required
from emulation.views.acts import perform, typed

# The key stands in the address and is the id of the section.
TABLES: dict[str, tuple[str, type[LawRow]]] = {
    "van-ban": ("Văn bản", Instrument),
    "danh-hieu": ("Danh hiệu, hình thức", Title),
    "he-so": ("Hệ số tiền thưởng", PrizeCoefficient),
    "luong-co-so": ("Mức lương cơ sở", BaseSalary),
    "ty-le-phieu": ("Tỷ lệ phiếu", VotingRule),
}


@dataclass(frozen=True)
class Line:
    """A row as the page shows it: the title it is about, and whether it is in force."""

    row: LawRow
    title: str
    in_force: bool


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    today = timezone.localdate()
    form = CatalogueFilter(request.GET)
    on, only = today, False
    if form.is_valid():
        on, only = form.cleaned_data["on"] or today, form.cleaned_data["only"]
    titles = list(Title.objects.select_related("instrument"))
    names = {title.code: title.name for title in sorted(titles, key=_since)}

    def lines(rows: Iterable[LawRow]) -> list[Line]:
        found = []
        for row in rows:
            code = getattr(row, "title_code", "")
            found.append(Line(row, names.get(code, code), row.is_in_force(on)))
        return [line for line in found if line.in_force or not only]

    instruments = Instrument.objects.prefetch_related("replaces", "replaced_by").order_by("code")
    return render(
        request,
        "emulation/catalogue.html",
        {
            "form": form,
            "sections": [(key, label) for key, (label, _) in TABLES.items()],
            "instruments": lines(sorted(instruments, key=_since)),
            "titles": lines(titles),
            "coefficients": lines(PrizeCoefficient.objects.select_related("instrument")),
            "salaries": lines(BaseSalary.objects.order_by("valid_from")),
            "ballots": lines(VotingRule.objects.select_related("instrument")),
            "on": on,
            "is_today": on == today,
            "may_edit": Role.ADMIN in user.roles,
        },
    )


@require_http_methods(["GET", "POST"])
@role_required(Role.ADMIN)
def catalogue_edit(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    if kind not in TABLES:
        raise Http404
    label, table = TABLES[kind]
    row = get_object_or_404(table._default_manager.all(), pk=pk)
    name = _name(row)
    form = law_form(row, typed(request))
    if (
        request.method == "POST"
        and form.is_valid()
        and perform(
            request,
            lambda: edit_law_row(row=row, fields=form.cleaned_data),
            done="Đã lưu. Lần nạp danh mục sau không ghi đè dòng này.",
            form=form,
        )
    ):
        return redirect(_section(kind))
    return render(
        request,
        "emulation/catalogue_edit.html",
        {
            "form": form,
            "name": name,
            "label": label,
            "back": _section(kind),
            "keep": f"law-{kind}-{pk}",
            "keep_token": keep_token(request.user.pk or 0),
            "restored": request.method == "GET" and form.is_bound,
        },
    )


@require_http_methods(["GET", "POST"])
@role_required(Role.ADMIN)
def instrument_add(request: HttpRequest) -> HttpResponse:
    """The next law or decree; everything else in the catalogue may then cite it."""
    form = instrument_form(typed(request))
    if (
        request.method == "POST"
        and form.is_valid()
        and perform(
            request,
            lambda: add_instrument(fields=form.cleaned_data),
            done=f"Đã thêm văn bản số {form.cleaned_data['number']}.",
            form=form,
        )
    ):
        return redirect(_section("van-ban"))
    context = {
        "form": form,
        "name": "Thêm văn bản",
        "label": "Văn bản",
        "back": _section("van-ban"),
        "keep": "law-new",
        "keep_token": keep_token(request.user.pk or 0),
        "restored": request.method == "GET" and form.is_bound,
    }
    return render(request, "emulation/catalogue_edit.html", context)


def _since(row: LawRow) -> date:
    """To put rows without a first day first: databases disagree on where NULL stands."""
    return row.valid_from or date.min


def _section(kind: str) -> str:
    return f"{reverse('emulation:catalogue')}#{kind}"


def _name(row: LawRow) -> str:
    """What a row is about, in words."""
    code = getattr(row, "title_code", "")
    if not code:
        return row.basis if isinstance(row, BaseSalary) else str(row)
    titles = sorted(Title.objects.filter(code=code).order_by("pk"), key=_since)
    return titles[-1].name if titles else code
