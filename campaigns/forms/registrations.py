"""One line of a unit's registration."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from campaigns.models import Area, Offer, Registration, RegistrationLine
from emulation.models import Individual, Unit

COLLECTIVE = "tap-the"


class LineForm(forms.Form):
    """Who, which title, in which area, promising what; the action judges whether they fit."""

    subject = forms.ChoiceField(label="Tập thể, cá nhân đăng ký")
    offer = forms.ModelChoiceField(
        label="Hình thức khen thưởng hướng tới",
        queryset=Offer.objects.none(),
        empty_label="Chọn hình thức",
    )
    area = forms.ModelChoiceField(
        label="Lĩnh vực",
        queryset=Area.objects.none(),
        required=False,
        empty_label="Không chọn",
    )
    commitment = forms.CharField(
        label="Nội dung đăng ký, cam kết",
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Việc gì, đến mức nào, khi nào xong.",
    )

    def __init__(
        self,
        *args: Any,
        registration: Registration,
        on: date,
        line: RegistrationLine | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        campaign, unit = registration.campaign, registration.unit
        self.people = {
            str(person.pk): person for person in Individual.objects.serving(on).filter(unit=unit)
        }
        self.unit = unit
        if line is None:
            self.fields["subject"].choices = [  # type: ignore[attr-defined]
                ("", "Chọn tập thể hoặc cá nhân"),
                (COLLECTIVE, f"Tập thể {unit.name}"),
                (
                    "Cá nhân",
                    [(pk, f"{p.full_name} – {p.position}") for pk, p in self.people.items()],
                ),
            ]
        else:
            del self.fields["subject"]  # Another subject is another line.
            self.initial.update(offer=line.offer_id, area=line.area_id, commitment=line.commitment)
        self.fields["offer"].queryset = campaign.offers.select_related("title")  # type: ignore[attr-defined]
        areas = campaign.areas.filter(registrable=True)
        if areas:
            self.fields["area"].queryset = areas  # type: ignore[attr-defined]
        else:
            del self.fields["area"]

    def line_data(self) -> dict[str, Any]:
        data = {"area": None, **self.cleaned_data}
        if "subject" in data:
            data["subject"] = self._subject(data["subject"])
        return data

    def _subject(self, value: str) -> Individual | Unit:
        return self.unit if value == COLLECTIVE else self.people[value]
