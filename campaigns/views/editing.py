"""The office draws up, changes and launches a campaign."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from campaigns.actions import (
    act_on_campaign,
    create_campaign,
    duplicate_campaign,
    save_participants,
    set_milestone_date,
    update_campaign,
)
from campaigns.forms.plans import CampaignForm, MilestoneForm, NewCampaignForm, ParticipantsForm
from campaigns.forms.rows import SECTIONS
from campaigns.models import Campaign, Milestone
from campaigns.views.conflicts import Difference, set_against
from campaigns.views.pages import trail
from campaigns.workflow import CAMPAIGN
from emulation.middleware import keep_token
from emulation.models import Role, User
from emulation.views.access import role_required
from emulation.views.acts import perform

DONE = {
    "launch": "Đã phát động phong trào.",
    "close": "Đã tổng kết phong trào.",
    "reopen": "Đã mở lại phong trào.",
    "archive": "Đã đưa phong trào vào lưu trữ.",
}


@require_http_methods(["GET", "POST"])
@role_required(Role.OFFICE)
def create(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    form = NewCampaignForm(sent(request), user=user)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        agency, made = data.pop("agency"), list[Campaign]()
        if perform(
            request,
            lambda: made.append(
                create_campaign(agency=agency, data=data, by=user, at=timezone.now())
            ),
            done="Đã lập kế hoạch dự thảo. Hãy bổ sung nội dung rồi phát động.",
            form=form,
        ):
            return redirect("campaigns:edit", slug=made[0].slug)
    return render(
        request,
        "campaigns/create.html",
        {"form": form, "trail": trail(("Lập kế hoạch", "")), **keeping(request, "campaign-new")},
    )


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """The plan's own fields; rows have pages of their own."""
    user: User = request.user  # type: ignore[assignment]
    campaign = editable(user, slug, writing=request.method == "POST")
    form = CampaignForm(sent(request), instance=campaign)
    differences: list[Difference] = []
    if request.method == "POST":
        if form.is_valid() and perform(
            request,
            lambda: update_campaign(
                campaign=campaign,
                version=form.shown_version,
                data=form.cleaned_data,
                by=user,
                at=timezone.now(),
            ),
            done="Đã lưu kế hoạch.",
            form=form,
        ):
            return redirect("campaigns:edit", slug=slug)
        now = Campaign.objects.visible_to(user).get(pk=campaign.pk)
        differences = set_against(form, CampaignForm(instance=now))
    return render(
        request,
        "campaigns/edit.html",
        {
            "form": form,
            "version": form.shown_version,
            "differences": differences,
            **editing(Campaign.objects.visible_to(user).get(pk=campaign.pk), ""),
            **keeping(request, f"campaign-{campaign.pk}"),
        },
    )


@require_POST
def duplicate(request: HttpRequest, slug: str) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    campaign = get_object_or_404(Campaign.objects.visible_to(user).run_by(user), slug=slug)
    made = list[Campaign]()
    if perform(
        request,
        lambda: made.append(duplicate_campaign(campaign=campaign, by=user, at=timezone.now())),
        done="Đã nhân bản thành kế hoạch dự thảo mới. Hãy sửa tên, thời gian và các mốc.",
    ):
        return redirect("campaigns:edit", slug=made[0].slug)
    return redirect("campaigns:detail", slug=slug)


@require_POST
def act(request: HttpRequest, slug: str, act: str) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    campaign = get_object_or_404(Campaign.objects.visible_to(user), slug=slug)
    if act not in CAMPAIGN.transitions:
        raise Http404
    note = request.POST.get("note", "")
    perform(
        request,
        lambda: act_on_campaign(campaign=campaign, act=act, by=user, at=timezone.now(), note=note),
        done=DONE[act],
    )
    return redirect("campaigns:detail", slug=slug)


@require_http_methods(["GET", "POST"])
def milestone(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Set or change when something is due, also after the launch."""
    user: User = request.user  # type: ignore[assignment]
    campaign = get_object_or_404(Campaign.objects.visible_to(user).run_by(user), slug=slug)
    row = get_object_or_404(Milestone, campaign=campaign, pk=pk)
    form = MilestoneForm(sent(request), instance=row)
    differences: list[Difference] = []
    if request.method == "POST":
        data = form.cleaned_data if form.is_valid() else {}
        if data and perform(
            request,
            lambda: set_milestone_date(
                milestone=row,
                version=form.shown_version,
                day=data["date"],
                precision=data["date_precision"],
                inclusive=data["inclusive"],
                by=user,
                at=timezone.now(),
            ),
            done="Đã lưu mốc thời gian.",
            form=form,
        ):
            return redirect(reverse("campaigns:detail", args=(slug,)) + "#moc-thoi-gian")
        now = Milestone.objects.filter(pk=pk).first()
        differences = set_against(form, MilestoneForm(instance=now) if now else None)
    context = {
        "campaign": campaign,
        "milestone": row,
        "form": form,
        "version": form.shown_version,
        "differences": differences,
        "trail": trail(("Ấn định thời gian", ""), campaign=campaign),
        **keeping(request, f"milestone-{row.pk}"),
    }
    return render(request, "campaigns/milestone.html", context)


@require_http_methods(["GET", "POST"])
def participants(request: HttpRequest, slug: str) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    campaign = get_object_or_404(
        Campaign.objects.visible_to(user).run_by(user).select_related("agency"), slug=slug
    )
    present = list(campaign.participants.values_list("unit_id", flat=True))
    form = ParticipantsForm(
        sent(request),
        campaign=campaign,
        on=timezone.localdate(),
        initial={"units": present},
    )
    if (
        request.method == "POST"
        and form.is_valid()
        and perform(
            request,
            lambda: save_participants(
                campaign=campaign,
                units=form.cleaned_data["units"],
                by=user,
                at=timezone.now(),
            ),
            done="Đã lưu danh sách đơn vị tham gia.",
            form=form,
        )
    ):
        return redirect("campaigns:participants", slug=slug)
    return render(
        request,
        "campaigns/participants.html",
        {
            "form": form,
            **editing(campaign, "don-vi"),
            **keeping(request, f"participants-{campaign.pk}"),
        },
    )


def sent(request: HttpRequest) -> Any:
    """What was posted, or what an expired session kept of it; None on a fresh page."""
    if request.method == "POST":
        return request.POST
    return getattr(request, "unsaved", None)


def keeping(request: HttpRequest, key: str) -> dict[str, Any]:
    """What a form needs so that its text survives a crash and an expired session."""
    return {
        "keep": key,
        "keep_token": keep_token(request.user.pk or 0),
        "restored": request.method != "POST" and bool(getattr(request, "unsaved", None)),
    }


def editable(user: User, slug: str, *, writing: bool) -> Campaign:
    """The draft that the office writes. Who posts when it has just been launched gets the reason
    from the action, and keeps what was typed."""
    rows = Campaign.objects.visible_to(user).run_by(user)
    if not writing:
        rows = rows.editable_by(user)
    return get_object_or_404(rows.select_related("agency"), slug=slug)


def editing(campaign: Campaign, here: str) -> dict[str, Any]:
    """The frame of the editing pages: the subjects of the plan, each with how many rows it has."""
    counts = {section.key: section.rows(campaign).count() for section in SECTIONS.values()}
    places = [
        (
            key,
            section.title,
            section.icon,
            counts[key],
            reverse("campaigns:rows", args=(campaign.slug, key)),
        )
        for key, section in SECTIONS.items()
    ]
    units = campaign.participants.count()
    people = reverse("campaigns:participants", args=(campaign.slug,))
    places.append(("don-vi", "Đơn vị tham gia", "building", units, people))
    is_draft = campaign.state == Campaign.State.DRAFT
    return {
        "campaign": campaign,
        "places": places,
        "here": here,
        "is_draft": is_draft,
        "trail": trail(("Soạn kế hoạch", ""), campaign=campaign),
    }
