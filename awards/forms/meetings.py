"""The record of the review meeting: one form for the facts, who came, and the votes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone

from awards.actions import Count, Presence, vote_field
from awards.forms.versioned import VersionedForm
from awards.models import Meeting, MeetingAttendee, MeetingVote, Nomination
from emulation.models import Individual


@dataclass(frozen=True)
class AttendanceRow:
    individual: Individual
    present: forms.BoundField
    reason: forms.BoundField


@dataclass(frozen=True)
class VoteRow:
    nomination: Nomination
    in_favour: forms.BoundField
    against: forms.BoundField
    abstained: forms.BoundField
    errors: list[str]


class MeetingForm(VersionedForm):
    """Unfinished records may be saved; what contradicts itself may not."""

    date = forms.DateField(
        label="Ngày họp",
        required=False,
        widget=forms.DateInput({"placeholder": "dd/mm/yyyy", "inputmode": "numeric"}),
        error_messages={"invalid": "Nhập ngày theo dạng dd/mm/yyyy, ví dụ 28/07/2025."},
    )
    starts_at = forms.TimeField(
        label="Bắt đầu",
        required=False,
        widget=forms.TimeInput({"placeholder": "HH:MM", "inputmode": "numeric"}, format="%H:%M"),
        error_messages={"invalid": "Nhập giờ theo dạng HH:MM, ví dụ 14:00."},
    )
    ends_at = forms.TimeField(
        label="Kết thúc",
        required=False,
        widget=forms.TimeInput({"placeholder": "HH:MM", "inputmode": "numeric"}, format="%H:%M"),
        error_messages={"invalid": "Nhập giờ theo dạng HH:MM, ví dụ 16:30."},
    )
    place = forms.CharField(label="Địa điểm", max_length=200, required=False)
    chair = forms.ModelChoiceField(
        Individual.objects.none(), label="Chủ trì", required=False, empty_label="Chọn người"
    )
    secretary = forms.ModelChoiceField(
        Individual.objects.none(), label="Thư ký", required=False, empty_label="Chọn người"
    )
    required_percent = forms.IntegerField(
        label="Tỷ lệ đồng ý phải vượt (%)",
        min_value=0,
        max_value=99,
        help_text="Được lựa chọn khi số phiếu đồng ý trên tỷ lệ này so với số người có mặt.",
    )
    discussion = forms.CharField(
        label="Nội dung trao đổi",
        max_length=20000,
        required=False,
        widget=forms.Textarea({"rows": 8}),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        meeting: Meeting,
        members: Iterable[Individual],
        nominations: Iterable[Nomination],
    ) -> None:
        attendees = {a.individual_id: a for a in meeting.attendees.select_related("individual")}
        votes = {v.nomination_id: v for v in meeting.votes.all()}
        people = {m.pk: m for m in members} | {
            a.individual_id: a.individual for a in attendees.values()
        }
        self.people = dict(sorted(people.items(), key=lambda item: (item[1].sort_key, item[0])))
        self.nominations = {n.pk: n for n in nominations}
        super().__init__(data, initial=_initial(meeting))
        for name in ("chair", "secretary"):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = Individual.objects.filter(pk__in=self.people)
        for field in self.fields.values():
            select = isinstance(field, forms.ModelChoiceField)
            field.widget.attrs["class"] = "form-select" if select else "form-control"
        for pk in self.people:
            self._add_attendance(pk, attendees.get(pk))
        for pk in self.nominations:
            self._add_vote(pk, votes.get(pk))

    def attendance_rows(self) -> list[AttendanceRow]:
        return [
            AttendanceRow(who, self[f"present_{pk}"], self[f"reason_{pk}"])
            for pk, who in self.people.items()
        ]

    def vote_rows(self) -> list[VoteRow]:
        rows = []
        for pk, nomination in self.nominations.items():
            fields = [self[name] for name in _vote_names(pk)]
            errors = list(dict.fromkeys(str(e) for field in fields for e in field.errors))
            rows.append(VoteRow(nomination, fields[0], fields[1], fields[2], errors))
        return rows

    def present_count(self) -> int:
        """Of those shown as present now, saved or not."""
        return sum(bool(row.present.value()) for row in self.attendance_rows())

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        day, start, end = data.get("date"), data.get("starts_at"), data.get("ends_at")
        if day and not start and "starts_at" not in self.errors:
            self.add_error("starts_at", "Nhập giờ bắt đầu.")
        if (start or end) and not day and "date" not in self.errors:
            self.add_error("date", "Nhập ngày họp.")
        return data

    def action_fields(self) -> dict[str, Any]:
        """What `save_meeting` takes."""
        data = self.cleaned_data
        return {
            "version": data["version"] or 0,
            "starts_at": _moment(data["date"], data["starts_at"]),
            "ends_at": _moment(data["date"], data["ends_at"]),
            "place": data["place"],
            "chair": data["chair"],
            "secretary": data["secretary"],
            "discussion": data["discussion"],
            "required_percent": data["required_percent"],
            "attendance": {
                pk: Presence(data[f"present_{pk}"], data[f"reason_{pk}"]) for pk in self.people
            },
            "votes": {pk: self._count(pk) for pk in self.nominations},
        }

    def _count(self, pk: int) -> Count | None:
        """Empty boxes beside a filled one are zeros; three empty ones are no vote."""
        numbers = [self.cleaned_data[name] for name in _vote_names(pk)]
        if all(n is None for n in numbers):
            return None
        return Count(*(n or 0 for n in numbers))

    def _add_attendance(self, pk: int, row: MeetingAttendee | None) -> None:
        name = self.people[pk].full_name
        self.fields[f"present_{pk}"] = forms.BooleanField(
            label=f"{name} có mặt",
            required=False,
            initial=row.present if row else True,
            widget=forms.CheckboxInput({"class": "form-check-input", "data-present": ""}),
        )
        self.fields[f"reason_{pk}"] = forms.CharField(
            label=f"Lý do vắng của {name}",
            max_length=200,
            required=False,
            initial=row.reason if row else "",
            widget=forms.TextInput({"class": "form-control", "placeholder": "Lý do vắng"}),
        )

    def _add_vote(self, pk: int, vote: MeetingVote | None) -> None:
        who = self.nominations[pk].subject_name
        labels = ("đồng ý", "không đồng ý", "không biểu quyết")
        counts = (vote.in_favour, vote.against, vote.abstained) if vote else (None, None, None)
        for name, label, count in zip(_vote_names(pk), labels, counts, strict=True):
            self.fields[name] = forms.IntegerField(
                label=f"Số phiếu {label}: {who}",
                required=False,
                min_value=0,
                max_value=9999,
                initial=count,
                error_messages={"invalid": "Nhập số nguyên."},
                widget=forms.NumberInput(
                    {"class": "form-control text-end", "data-vote": "", "inputmode": "numeric"}
                ),
            )


def _vote_names(pk: int) -> tuple[str, str, str]:
    return vote_field(pk), f"against_{pk}", f"abstained_{pk}"


def _moment(day: date | None, hour: time | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, hour)) if day and hour else None


def _initial(meeting: Meeting) -> dict[str, Any]:
    start = timezone.localtime(meeting.starts_at) if meeting.starts_at else None
    end = timezone.localtime(meeting.ends_at) if meeting.ends_at else None
    return {
        "date": start.date() if start else None,
        "starts_at": start.time() if start else None,
        "ends_at": end.time() if end else None,
        "place": meeting.place,
        "chair": meeting.chair_id,
        "secretary": meeting.secretary_id,
        "discussion": meeting.discussion,
        "required_percent": meeting.required_percent,
        "version": meeting.version,
    }
