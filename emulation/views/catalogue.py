"""The catalogue of law: read by all, corrected by the administrator."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from emulation.actions.catalogue import edit_law_row
from emulation.forms.catalogue import law_form
from emulation.models import BaseSalary, Instrument, PrizeCoefficient, Role, Title, VotingRule
from emulation.models.law import LawRow
from emulation.views.access import role_required
from emulation.views.acts import perform

TABLES: dict[str, type[LawRow]] = {
    "van-ban": Instrument,
    "danh-hieu": Title,
    "he-so": PrizeCoefficient,
    "luong-co-so": BaseSalary,
    "ty-le-phieu": VotingRule,
}


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    names = dict(Title.objects.order_by("valid_from").values_list("code", "name"))
    money = list(PrizeCoefficient.objects.select_related("instrument"))
    ballots = list(VotingRule.objects.select_related("instrument"))
    return render(
        request,
        "emulation/catalogue.html",
        {
            "instruments": list(Instrument.objects.prefetch_related("replaces")),
            "titles": list(Title.objects.select_related("instrument")),
            "coefficients": [(row, names.get(row.title_code, row.title_code)) for row in money],
            "ballots": [(row, names.get(row.title_code, row.title_code)) for row in ballots],
            "salaries": list(BaseSalary.objects.all()),
            "today": timezone.localdate(),
            "may_edit": Role.ADMIN in request.user.roles,  # type: ignore[union-attr]
        },
    )


@require_http_methods(["GET", "POST"])
@role_required(Role.ADMIN)
def catalogue_edit(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    if kind not in TABLES:
        raise Http404
    row = get_object_or_404(TABLES[kind]._default_manager.all(), pk=pk)
    form = law_form(row, request.POST or None)
    if request.method == "POST" and form.is_valid():
        fresh = TABLES[kind]._default_manager.get(pk=pk)
        if perform(
            request, lambda: edit_law_row(row=fresh, fields=form.cleaned_data), form=form
        ):
            messages.success(request, "Đã lưu. Lần nạp danh mục sau không ghi đè dòng này.")
            return redirect(f"{reverse('emulation:catalogue')}#{kind}")
    return render(
        request, "emulation/catalogue_edit.html", {"form": form, "row": row, "kind": kind}
    )
