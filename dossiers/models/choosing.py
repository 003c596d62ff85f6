"""Which form a report is written in: one choice, by the law in force on the day it is begun."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from awards.models import Nomination
from campaigns.models import Applies
from dossiers.models.documents import Document
from dossiers.models.reports import Report, ReportForm
from emulation.models import Instrument
from emulation.vietnamese import short_date


@dataclass(frozen=True)
class Choice:
    """A form, or in its place the reason why there is none."""

    form: ReportForm | None
    reason: str = ""


class Forms:
    """The forms of the catalogue as they stand on a day, read once for many nominations."""

    def __init__(self, on: date) -> None:
        self.on = on
        self._all = {form.code: form for form in ReportForm.objects.select_related("instrument")}

    def choose(self, nomination: Nomination) -> Choice:
        """
        The form in force for the kind of report that the award asks for and the kind of subject.

        Where several are, the plan's word counts: the form that it names, then any of its decree.
        A form that the plan names is not used before or after its time: the law of the day has
        one of the same kind in its place.
        """
        named = nomination.campaign.form_code
        if named and named not in self._all:
            return Choice(
                None, f"Kế hoạch ghi mẫu “{named}” nhưng danh mục mẫu báo cáo chưa có mẫu này."
            )
        fitting = self.fitting(nomination)
        if not fitting:
            kind = nomination.offer.get_report_kind_display().lower()
            return Choice(
                None,
                f"Ngày {short_date(self.on)} không có mẫu báo cáo “{kind}” nào cho "
                f"{nomination.subject_kind.label.lower()} còn hiệu lực trong danh mục mẫu báo cáo.",
            )
        return Choice(fitting[0])

    def fitting(self, nomination: Nomination) -> list[ReportForm]:
        """Those in force of the right kind, the one to choose first."""
        campaign = nomination.campaign
        found = (form for form in self._fitting(nomination) if form.is_in_force(self.on))
        return sorted(
            found,
            key=lambda form: (
                form.code == campaign.form_code,
                form.title_code != "",
                form.instrument_id == campaign.instrument_id,
                form.valid_from or date.min,
                form.code,
            ),
            reverse=True,
        )

    def _fitting(self, nomination: Nomination) -> Iterable[ReportForm]:
        """Those of the right kind, of any time."""
        offer = nomination.offer
        return (
            form
            for form in self._all.values()
            if form.kind == offer.report_kind
            and form.applies in (Applies.BOTH, nomination.subject_kind)
            and form.title_code in ("", offer.title.code)
        )


@dataclass(frozen=True)
class Uses:
    """What was made on a form and keeps what it says, and what is still being written on it."""

    papers: int
    reports: int


def uses_of(form: ReportForm) -> Uses:
    return Uses(
        Document.objects.filter(
            form_version__startswith=f"{form.code}/", state=Document.State.READY
        ).count(),
        Report.objects.filter(form=form, locked_at=None).count(),
    )


def unexpected(nomination: Nomination, form: ReportForm) -> str:
    """Why the report has another form than the award asks for, or the plan names; else ""."""
    offer = nomination.offer
    if form.kind != offer.report_kind:
        asked, kept = offer.get_report_kind_display(), form.get_kind_display()
        return (
            f"Hình thức khen thưởng này cần báo cáo “{asked.lower()}”; báo cáo đã lập giữ mẫu "
            f"“{kept.lower()}”."
        )
    decree: Instrument | None = nomination.campaign.instrument
    if decree is None or decree.pk == form.instrument_id:
        return ""
    used = f"báo cáo này dùng mẫu của văn bản số {form.instrument.number}"
    if decree.valid_to and form.valid_from and decree.valid_to < form.valid_from:
        ended = short_date(decree.valid_to + timedelta(days=1))
        return f"Kế hoạch dẫn văn bản số {decree.number}, hết hiệu lực từ {ended}; {used}."
    return f"Kế hoạch dẫn văn bản số {decree.number}; {used}."
