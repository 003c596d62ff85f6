"""The list of campaigns and the page of one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, F, Max, Min, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.views.decorators.http import require_safe

from campaigns.forms.plans import CampaignFilter
from campaigns.models import (
    Applies,
    Area,
    Basis,
    Campaign,
    Criterion,
    DossierPart,
    Offer,
    Registration,
    Target,
    Theme,
)
from campaigns.views import status
from campaigns.workflow import CAMPAIGN
from emulation.models import Role, Step, User

PER_PAGE = 20
DEFAULT_SORT = (F("start_date").desc(nulls_last=True), "name", "pk")
SORTS = {
    "thoi-gian": F("start_date"),
    "trang-thai": F("state"),
    "so": F("number"),
    "don-vi": F("participant_count"),
}


@require_safe
def campaign_list(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    mine = Campaign.objects.visible_to(user)
    form = CampaignFilter(
        request.GET,
        years=_years(mine),
        drafts=bool(user.agency_ids_as("OFFICE", "DIRECTOR")),
    )
    rows = mine.select_related("agency").with_counts().annotate(sent_count=_sent())
    if form.is_valid():
        rows = _filtered(rows, form.cleaned_data)
    sort = request.GET.get("xep", "")
    key = SORTS.get(sort.removeprefix("-"))
    if key is not None:
        order = key.desc(nulls_last=True) if sort.startswith("-") else key.asc(nulls_last=True)
        rows = rows.order_by(order, "name", "pk")
    else:
        # Counting drops the order of the model.
        sort, rows = "", rows.order_by(*DEFAULT_SORT)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("trang"))
    return render(
        request,
        "campaigns/list.html",
        {
            "form": form,
            "page": page,
            "rows": [(row, status.TONES[row.state]) for row in page],
            "sort": sort,
            "query": _query(request, "trang"),
            "sort_query": _query(request, "trang", "xep"),
            "filtered": bool(_query(request, "trang", "xep")),
            "may_create": bool(user.agency_ids_as("OFFICE")),
            "several_agencies": len(user.agency_ids) > 1,
        },
    )


def trail(*places: tuple[str, str], campaign: Campaign | None = None) -> list[tuple[str, str]]:
    """The way here for components/breadcrumb.html; the last place is the page itself."""
    found = [("Phong trào", reverse("campaigns:list"))]
    if campaign is not None:
        name = (
            f"Kế hoạch {campaign.number}" if campaign.number else Truncator(campaign.name).chars(60)
        )
        found.append((name, reverse("campaigns:detail", args=(campaign.slug,))))
    return [*found, *places]


def _sent() -> Count:
    sent = (Registration.State.SUBMITTED, Registration.State.ACCEPTED)
    return Count("registrations", filter=Q(registrations__state__in=sent), distinct=True)


def _years(rows: Any) -> list[int]:
    span = rows.aggregate(first=Min("start_date"), last=Max("end_date"), final=Max("start_date"))
    first, last = span["first"], span["last"] or span["final"]
    if first is None or last is None:
        return []
    return list(range(last.year, first.year - 1, -1))


def _filtered(rows: Any, wanted: dict[str, Any]) -> Any:
    rows = rows.matching(wanted["q"])
    if wanted["state"]:
        rows = rows.filter(state=wanted["state"])
    if wanted["kind"]:
        rows = rows.filter(kind=wanted["kind"])
    return rows.in_year(wanted["year"]) if wanted["year"] else rows


def _query(request: HttpRequest, *without: str) -> str:
    kept = request.GET.copy()
    for name in without:
        kept.pop(name, None)
    for name in [name for name, value in kept.items() if not value]:
        kept.pop(name)
    return kept.urlencode()


@dataclass(frozen=True)
class Node:
    """A row of a tree with those below it."""

    row: Area | Target
    children: list[Node] = field(default_factory=list)


def tree(rows: Iterable[Area | Target]) -> list[Node]:
    nodes = {row.pk: Node(row) for row in rows}
    roots: list[Node] = []
    for node in nodes.values():
        parent = nodes.get(node.row.parent_id) if node.row.parent_id else None
        (parent.children if parent else roots).append(node)
    return roots


@dataclass(frozen=True)
class OfferCard:
    offer: Offer
    decider: str
    criteria: list[Criterion]


@require_safe
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    campaign = get_object_or_404(
        Campaign.objects.visible_to(user)
        .select_related("agency", "instrument")
        .prefetch_related("milestones", "criteria", "participants__unit"),
        slug=slug,
    )
    roles = user.roles_for(agency_id=campaign.agency_id)
    today = timezone.localdate()
    milestones = list(campaign.milestones.all())
    steps = list(Step.objects.about(campaign).select_related("by__individual").order_by("-pk"))
    overseer = bool(roles & {Role.OFFICE, Role.DIRECTOR})
    offers = list(campaign.offers.select_related("title"))
    context = {
        "campaign": campaign,
        "trail": trail(campaign=campaign),
        "status": status.case_status(campaign, milestones, steps, today),
        "phases": status.phases(campaign, milestones, today),
        "acts": campaign_acts(campaign, roles),
        "may_edit": Role.OFFICE in roles and campaign.state == Campaign.State.DRAFT,
        "is_office": Role.OFFICE in roles,
        "is_overseer": overseer,
        "may_set_dates": Role.OFFICE in roles
        and campaign.state in (Campaign.State.DRAFT, Campaign.State.LAUNCHED),
        "facts": _facts(campaign),
        "themes": _by_label(campaign.themes.all(), Theme.Origin),
        "bases": _by_label(campaign.bases.select_related("parent"), Basis.Kind),
        "anniversaries": list(campaign.anniversaries.all()),
        "texts": _texts(campaign),
        "targets": tree(campaign.targets.all()),
        "areas": tree(campaign.areas.all()),
        "moments": status.timeline(milestones, today),
        "offers": _offer_cards(offers, campaign),
        "same_eligible": _same_eligible(offers),
        "criteria": _common_criteria(campaign),
        "parts": _parts(campaign),
        "statements": list(campaign.statements.all()),
        "duties": list(campaign.duties.all()),
        "recipients": list(campaign.recipients.all()),
        "participants": [p.unit for p in campaign.participants.all()],
        "remarks": list(campaign.remarks.all()) if overseer else [],
        "own_units": own_units(campaign, user),
        "steps": steps if overseer else [],
    }
    context["sections"] = _sections(context)
    return render(request, "campaigns/detail.html", context)


def campaign_acts(campaign: Campaign, roles: frozenset[str]) -> list[dict[str, Any]]:
    return [
        {
            "key": act.key,
            "label": act.label,
            "reason": act.reason,
            "needs_note": act.needs_note,
            "tone": "primary" if act.key in ("launch", "close") else "",
            "note_label": "Lý do" if act.needs_note else "",
            "url": reverse("campaigns:act", args=(campaign.slug, act.key)),
        }
        for act in CAMPAIGN.acts(campaign, roles=roles)
        if act.key != "reopen" or campaign.state == Campaign.State.CLOSED
    ]


def own_units(campaign: Campaign, user: User) -> list[dict[str, Any]]:
    """The units that the user heads in this campaign, each with its registration."""
    heads = [p.unit for p in campaign.participants.all() if p.unit_id in user.unit_ids]
    if not heads or campaign.state == Campaign.State.DRAFT:
        return []
    registered = {
        row.unit_id: row for row in Registration.objects.filter(campaign=campaign, unit__in=heads)
    }
    found = []
    for unit in heads:
        row = registered.get(unit.pk)
        label = row.get_state_display() if row else "Chưa đăng ký"
        tone = status.REGISTRATION_TONES[row.state if row else ""]
        found.append({"unit": unit, "label": label, "tone": tone})
    return found


def _facts(campaign: Campaign) -> list[tuple[str, str]]:
    number = campaign.number or (
        f"Chưa có số ({campaign.symbol})" if campaign.symbol else "Chưa có số"
    )
    issued = ", ".join(filter(None, [campaign.place, campaign.issued]))
    return [
        ("Số, ký hiệu", number),
        ("Ban hành", issued if campaign.issued else ""),
        ("Cơ quan phát động", campaign.agency.name),
        ("Hình thức thi đua", campaign.get_kind_display()),
        ("Thời gian thực hiện", campaign.period),
        ("Đăng ký thi đua", campaign.get_registration_rule_display()),
    ]


def _texts(campaign: Campaign) -> dict[str, list[tuple[str, str]]]:
    """The plan's own words, by part of the page; what the plan does not say is left out."""
    groups = {
        "opening": ("occasion",),
        "aims": ("purpose", "requirements"),
        "awards": ("award_principle", "exclusion"),
        "wrap_up": ("wrap_up", "closing"),
    }
    meta = Campaign._meta
    found: dict[str, list[tuple[str, str]]] = {}
    for group, names in groups.items():
        texts = [(str(meta.get_field(n).verbose_name), getattr(campaign, n)) for n in names]  # type: ignore[union-attr]
        found[group] = [(f"{label[:1].upper()}{label[1:]}", text) for label, text in texts if text]
    return found


def _by_label(rows: Iterable[Theme | Basis], choices: Any) -> list[tuple[str, list[Any]]]:
    """Rows under the label of their origin or kind, in the order of the choices."""
    held: dict[str, list[Any]] = {value: [] for value in choices.values}
    for row in rows:
        held[row.origin if isinstance(row, Theme) else row.kind].append(row)
    return [(choices(value).label, found) for value, found in held.items() if found]


def _offer_cards(offers: Sequence[Offer], campaign: Campaign) -> list[OfferCard]:
    return [
        OfferCard(
            offer,
            offer.title.get_decider_display(),
            [c for c in campaign.criteria.all() if c.offer_id == offer.pk],
        )
        for offer in offers
    ]


def _same_eligible(offers: Sequence[Offer]) -> Offer | None:
    """Some offer, when all of them say the same about who may receive them."""
    said = {(o.collective_eligible, o.individual_eligible) for o in offers}
    return offers[0] if len(offers) > 1 and len(said) == 1 and any(*said) else None


def _common_criteria(campaign: Campaign) -> list[tuple[str, list[Criterion]]]:
    rows = [c for c in campaign.criteria.all() if c.offer_id is None]
    order = (Applies.BOTH, Applies.COLLECTIVE, Applies.INDIVIDUAL)
    found = [(applies.label, [c for c in rows if c.applies == applies]) for applies in order]
    return [(label, some) for label, some in found if some]


def _parts(campaign: Campaign) -> list[tuple[DossierPart, list[str]]]:
    rows = campaign.dossier_parts.prefetch_related("offers__title")
    return [(part, [str(offer) for offer in part.offers.all()]) for part in rows]


def _sections(found: dict[str, Any]) -> list[tuple[str, str]]:
    """The parts of the page that have something to say, for its side navigation."""
    campaign, texts = found["campaign"], found["texts"]
    dossier = (
        found["parts"]
        or found["statements"]
        or campaign.form_text
        or campaign.dossier_copies
        or campaign.submission_text
    )
    parts = (
        ("chu-de", "Chủ đề", found["themes"]),
        ("moc-thoi-gian", "Mốc thời gian", found["moments"]),
        ("boi-canh", "Bối cảnh, căn cứ",
         texts["opening"] or found["bases"] or found["anniversaries"]),
        ("muc-dich", "Mục đích, yêu cầu", texts["aims"]),
        ("chi-tieu", "Chỉ tiêu thi đua", found["targets"]),
        ("noi-dung", "Nội dung thi đua", found["areas"]),
        ("khen-thuong", "Khen thưởng", found["offers"] or found["criteria"] or texts["awards"]),
        ("ho-so", "Hồ sơ đề nghị", dossier),
        ("to-chuc", "Tổng kết, tổ chức thực hiện", texts["wrap_up"] or found["duties"]),
        ("don-vi", "Đơn vị tham gia", found["participants"] or campaign.participants_text),
        ("noi-nhan", "Nơi nhận, ký ban hành", found["recipients"] or campaign.signing_name),
        ("luu-y", "Lưu ý văn bản gốc", found["remarks"]),
        ("dien-bien", "Diễn biến", found["steps"]),
    )  # fmt: skip
    return [(key, label) for key, label, present in parts if present]
