"""Whom the unit nominates for what, and why."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.urls import reverse

from awards.actions import collectives_of, people_of
from awards.forms.versioned import VersionedForm
from awards.models import Nomination
from awards.rules import campaign_ground
from campaigns.models import Campaign, Offer
from emulation.models import Individual, SubjectKind, Unit

NOT_FOR_SUBJECT = "Phong trào không xét hình thức này cho đối tượng đã chọn."


class NominationForm(VersionedForm):
    """The offers follow the chosen subject; nothing but the unit's own people is on the list."""

    subject = forms.ChoiceField(
        label="Tập thể, cá nhân",
        error_messages={"invalid_choice": "Bạn chỉ được đề cử người và tập thể của đơn vị mình."},
    )
    offer = forms.ModelChoiceField(
        Offer.objects.none(),
        label="Hình thức đề nghị",
        empty_label="Chọn hình thức",
        error_messages={"invalid_choice": NOT_FOR_SUBJECT},
    )
    legal_ground = forms.CharField(
        label="Căn cứ (điểm, khoản, điều)",
        max_length=200,
        required=False,
        help_text="Gợi ý theo hình thức; ghi vào Tờ trình. Ví dụ: điểm a khoản 1 Điều 74.",
    )
    summary = forms.CharField(
        label="Tóm tắt thành tích",
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 6}),
        help_text="Hai đến năm dòng, dùng trong danh sách trích ngang.",
    )

    def __init__(self, *args: Any, campaign: Campaign, unit: Unit, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.collectives = {c.pk: c for c in collectives_of(unit)}
        self.people = {p.pk: p for p in people_of(unit, on=on)}
        self.offers = list(campaign.offers.select_related("title__instrument"))
        subject = self.fields["subject"]
        assert isinstance(subject, forms.ChoiceField)
        subject.choices = self._subjects()
        offer = self.fields["offer"]
        assert isinstance(offer, forms.ModelChoiceField)
        offer.queryset = campaign.offers.select_related("title").filter(
            pk__in=[o.pk for o in self.offers_for_subject()]
        )
        self._refresh_on_change(reverse("awards:criteria", args=(campaign.slug, unit.pk)))

    def chosen_subject(self) -> Individual | Unit | None:
        """The subject that the form shows now, valid or not yet saved."""
        kind, _, number = str(self["subject"].value() or "").partition("-")
        pk = int(number) if number.isdecimal() else 0
        if kind == SubjectKind.INDIVIDUAL:
            return self.people.get(pk)
        return self.collectives.get(pk) if kind == SubjectKind.COLLECTIVE else None

    def chosen_offer(self) -> Offer | None:
        value = self["offer"].value()
        return next((o for o in self.offers_for_subject() if str(o.pk) == str(value)), None)

    def offers_for_subject(self) -> list[Offer]:
        """What the chosen subject may receive; before the choice, what anybody of the unit may."""
        subject = self.chosen_subject()
        subjects: list[Individual | Unit] = (
            [subject] if subject else [*self.collectives.values(), *self.people.values()]
        )
        return [o for o in self.offers if any(may_receive(o, s) for s in subjects)]

    def suggestion(self) -> str:
        return suggested_ground(self.chosen_offer(), self.chosen_subject())

    def new_ground(self) -> str:
        """A suggestion for the box, unless somebody wrote a ground of their own there."""
        written = str(self["legal_ground"].value() or "").strip()
        subjects = [None, *self.collectives.values(), *list(self.people.values())[:1]]
        ours = {suggested_ground(o, s) for o in self.offers for s in subjects}
        suggestion = self.suggestion()
        return suggestion if suggestion != written and (not written or written in ours) else ""

    def ground(self) -> str:
        """What the box holds once the suggestion is in it."""
        return self.new_ground() or str(self["legal_ground"].value() or "")

    def action_fields(self) -> dict[str, Any]:
        """What `nominate` and `update_nomination` take."""
        data = self.cleaned_data
        return {
            "subject": self.chosen_subject(),
            "offer": data["offer"],
            "legal_ground": data["legal_ground"],
            "summary": data["summary"],
        }

    def _subjects(self) -> list[Any]:
        collectives = [(f"collective-{u.pk}", u.name) for u in self.collectives.values()]
        people = [
            (f"individual-{p.pk}", f"{p.full_name} – {p.position}") for p in self.people.values()
        ]
        groups = [("Tập thể", collectives), ("Cá nhân", people)]
        return [("", "Chọn tập thể hoặc cá nhân"), *[g for g in groups if g[1]]]

    def _refresh_on_change(self, url: str) -> None:
        for name in ("subject", "offer", "legal_ground"):
            self.fields[name].widget.attrs.update(
                {
                    "hx-get": url,
                    "hx-trigger": "change",
                    "hx-target": "#criteria",
                    "hx-include": "#id_subject, #id_offer, #id_legal_ground",
                }
            )


def may_receive(offer: Offer, subject: Individual | Unit) -> bool:
    if isinstance(subject, Individual):
        return offer.for_individual
    return offer.for_collective and (subject.is_agency or not offer.agency_only)


def suggested_ground(offer: Offer | None, subject: Individual | Unit | None) -> str:
    """The plan's own ground, else what the title's article says of campaigns."""
    if offer is None:
        return ""
    kind = ""
    if subject:
        is_person = isinstance(subject, Individual)
        kind = SubjectKind.INDIVIDUAL.value if is_person else SubjectKind.COLLECTIVE.value
    return offer.legal_ground or campaign_ground(
        title=offer.title.code, subject=kind, article=offer.title.article
    )


def initial_of(nomination: Nomination) -> dict[str, Any]:
    kind = nomination.subject_kind.value
    return {
        "subject": f"{kind}-{nomination.individual_id or nomination.collective_id}",
        "offer": nomination.offer_id,
        "legal_ground": nomination.legal_ground,
        "summary": nomination.summary,
        "version": nomination.version,
    }
