"""A plan recorded as data becomes a draft campaign, word for word and row by row."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from campaigns.actions.campaigns import check_office, record
from campaigns.models import (
    Anniversary,
    Applies,
    Area,
    Basis,
    Campaign,
    Criterion,
    DossierPart,
    Duty,
    Milestone,
    Offer,
    Participant,
    Precision,
    Recipient,
    Remark,
    ReportKind,
    Statement,
    Target,
    Theme,
)
from campaigns.models.contents import RATING_UNIT
from emulation.models import Instrument, Level, Title, Unit, User

# The decree that a form belongs to, by the first part of the form's code (ND98-08).
DECREES = {
    "ND91": "91/2017/NĐ-CP",
    "ND98": "98/2023/NĐ-CP",
    "ND152": "152/2025/NĐ-CP",
}
FORM_CODE = re.compile(r"ND([0-9]+)-[A-Z0-9]+(?:-[A-Z0-9]+)*")
# Rules that a criterion may name, and the parameters that each must have.
RULES: Mapping[str, frozenset[str]] = {
    "rating_at_least": frozenset({"year", "level"}),
    "registered": frozenset(),
}

T = TypeVar("T")
M = TypeVar("M", bound=models.Model)


class Entry:
    """One object of the plan file: hands out its values, and says what is wrong and where.

    Errors of the whole file are gathered in one list, so that they are mended in one go.
    """

    def __init__(self, data: Any, place: str, errors: list[str]) -> None:
        self.place, self.errors = place, errors
        if not isinstance(data, dict):
            self.wrong("", "phải là một nhóm các giá trị có tên")
            data = {}
        self.data = dict(data)

    def at(self, key: str) -> str:
        return f"{self.place}.{key}" if self.place and key else self.place or key

    def wrong(self, key: str, what: str) -> None:
        self.errors.append(f"Tại “{self.at(key) or 'kế hoạch'}”: {what}.")

    def take(self, key: str, kind: type[T], default: T) -> T:
        value = self.data.pop(key, None)
        if value is None:
            return default
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.wrong(key, f"giá trị “{value}” không đúng kiểu")
            return default
        return value

    def text(self, key: str, *, required: bool = False) -> str:
        value = self.take(key, str, "").strip()
        if required and not value:
            self.wrong(key, "phải có giá trị")
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        return self.take(key, bool, default)

    def whole(self, key: str) -> int | None:
        value = self.take(key, int, -1)
        if value < -1:
            self.wrong(key, f"số “{value}” phải từ 0 trở lên")
        return value if value >= 0 else None

    def choice(self, key: str, among: type[models.TextChoices], default: str = "") -> str:
        value = self.take(key, str, default)
        if value not in among.values:
            known = ", ".join(str(known) for known in among.values)
            self.wrong(key, f"giá trị “{value}” không hợp lệ, chỉ nhận: {known}")
            return str(among.values[0])
        return value

    def day(self, key: str) -> date | None:
        return self._parsed(key, date.fromisoformat, "không phải ngày dạng năm-tháng-ngày")

    def number(self, key: str) -> Decimal | None:
        return self._parsed(key, Decimal, "không phải là số")

    def measure(self, key: str, unit: str) -> Decimal | None:
        """A number, or the name of a rating level where the unit says that ratings are compared."""
        level = str(self.data.get(key)).upper()
        if unit == RATING_UNIT and level in Level.names:
            self.data.pop(key)
            return Decimal(Level[level].value)
        return self.number(key)

    def _parsed(self, key: str, parse: Callable[[str], T], what: str) -> T | None:
        value = self.take(key, str, "")
        try:
            return parse(value) if value else None
        except (ValueError, InvalidOperation):
            self.wrong(key, f"giá trị “{value}” {what}")
            return None

    def entry(self, key: str) -> Entry:
        return Entry(self.data.pop(key, None) or {}, self.at(key), self.errors)

    def entries(self, key: str) -> list[Entry]:
        found: list[Any] = self.take(key, list, [])
        return [Entry(x, f"{self.at(key)}[{i}]", self.errors) for i, x in enumerate(found, 1)]

    def texts(self, key: str) -> list[str]:
        found: list[Any] = self.take(key, list, [])
        for i, value in enumerate(found, 1):
            if not isinstance(value, str) or not value.strip():
                self.wrong(f"{key}[{i}]", "phải là một dòng chữ")
        return [value for value in found if isinstance(value, str)]

    def close(self) -> None:
        for key in self.data:
            self.wrong(key, "không có mục này trong mẫu kế hoạch")

    def keep(self, row: M, *, constraints: bool = False) -> M:
        """Save `row` if its values fit, and close the entry."""
        self.close()
        links = [field.name for field in row._meta.concrete_fields if field.is_relation]
        before = len(self.errors)
        try:
            row.clean_fields(exclude=links)
            if constraints:
                row.validate_constraints()
        except ValidationError as error:
            self._gather(row, error)
        if len(self.errors) == before:
            row.save()
        return row

    def _gather(self, row: models.Model, error: ValidationError) -> None:
        for name, texts in error.message_dict.items():
            label = "" if name == "__all__" else row._meta.get_field(name).verbose_name  # type: ignore[union-attr]
            for text in texts:
                self.wrong("", f"{label}: {text.rstrip('.')}" if label else text.rstrip("."))


@transaction.atomic
def import_plan(
    *, data: dict[str, Any], by: User, at: datetime, participants: Iterable[Unit] = ()
) -> Campaign:
    """A draft from a plan file; whatever the file says that is not understood refuses the whole.

    An existing campaign of the same slug is never overwritten.
    """
    errors: list[str] = []
    plan = Entry(data, "", errors)
    campaign = _campaign(plan)
    if errors:
        raise ValidationError(errors)
    check_office(campaign, by)
    campaign.save()
    _contents(plan, campaign)
    offers = _offers(plan, campaign)
    criteria = _criteria(plan, campaign, offers)
    _dossier(plan.data.pop("_dossier"), campaign, offers, criteria)
    plan.close()
    units = list(participants)
    errors += [
        f"Đơn vị “{unit}” không thuộc cơ quan phát động."
        for unit in units
        if unit.agency_id != campaign.agency_id
    ]
    if errors:
        raise ValidationError(errors)
    Participant.objects.bulk_create(Participant(campaign=campaign, unit=unit) for unit in units)
    record(campaign, act="create", label="Nạp kế hoạch", by=by, at=at)
    return campaign


def _campaign(plan: Entry) -> Campaign:
    code = plan.text("agency", required=True)
    agency = Unit.objects.agencies().filter(code=code).first()
    if agency is None:
        plan.wrong("agency", f"không có cơ quan nào mang mã “{code}”")
    slug = plan.text("slug", required=True)
    if Campaign.objects.filter(slug=slug).exists():
        plan.wrong("slug", f"đã có phong trào mang mã “{slug}”")
    signing, dossier = plan.entry("signing"), plan.entry("dossier")
    campaign = Campaign(
        agency=agency,
        slug=slug,
        kind=plan.choice("kind", Campaign.Kind),
        name=plan.text("name", required=True),
        number=plan.text("number"),
        symbol=plan.text("symbol"),
        issued_date=plan.day("issued"),
        issued_precision=plan.choice("issued_precision", Precision, Precision.DAY),
        place=plan.text("place"),
        start_date=plan.day("start"),
        end_date=plan.day("end"),
        period_precision=plan.choice("period_precision", Precision, Precision.DAY),
        period_text=plan.text("period_text"),
        registration_rule=plan.choice(
            "registration", Campaign.RegistrationRule, Campaign.RegistrationRule.NONE
        ),
        occasion=plan.text("occasion"),
        purpose=plan.text("purpose"),
        requirements=plan.text("requirements"),
        participants_text=plan.text("participants_text"),
        award_principle=plan.text("award_principle"),
        exclusion=plan.text("exclusion"),
        wrap_up=plan.text("wrap_up"),
        closing=plan.text("closing"),
        dossier_copies=dossier.whole("copies"),
        form_code=dossier.text("form"),
        form_text=dossier.text("form_text"),
        submission_text=dossier.text("submission_text"),
        signing_authority=signing.text("authority"),
        signing_position=signing.text("position"),
        signing_deputy_position=signing.text("deputy_position"),
        signing_name=signing.text("name"),
    )
    signing.close()
    campaign.instrument = _instrument(dossier, campaign.form_code)
    start, end = campaign.start_date, campaign.end_date
    if start and end and end < start:
        plan.wrong("end", "ngày kết thúc phải từ ngày bắt đầu trở đi")
    try:
        campaign.clean_fields(exclude=("agency", "instrument"))
    except ValidationError as error:
        plan._gather(campaign, error)
    plan.data["_dossier"] = dossier
    return campaign


def _instrument(dossier: Entry, form_code: str) -> Instrument | None:
    """The decree of the form that the plan names, or the decree alone where it names no form."""
    number = dossier.text("decree")
    if number and number not in DECREES.values() and not _in_catalogue(number):
        known = ", ".join(DECREES.values())
        dossier.wrong("decree", f"không biết nghị định “{number}”, chỉ nhận: {known}")
        return None
    if form_code:
        of_form = decree_of(form_code=form_code)
        if not of_form:
            dossier.wrong("form", f"không biết mẫu “{form_code}”")
            return None
        if number not in ("", of_form):
            dossier.wrong("decree", f"mẫu “{form_code}” không thuộc Nghị định số {number}")
        number = of_form
    if not number:
        return None
    found = Instrument.objects.filter(number=number).first()
    if found is None:
        dossier.wrong("form", f"danh mục chưa có Nghị định số {number}")
    return found


def decree_of(*, form_code: str) -> str:
    """The number of the decree that a form's code names, such as ND98-08; "" of one unknown.

    Decrees that the catalogue has got since are known by it, the latest of several.
    """
    named = FORM_CODE.fullmatch(form_code)
    if named is None:
        return ""
    if number := DECREES.get(f"ND{named[1]}"):
        return number
    rows = Instrument.objects.filter(number__startswith=f"{named[1]}/", number__endswith="/NĐ-CP")
    return max((row.valid_from or date.min, row.number) for row in rows)[1] if rows else ""


def _in_catalogue(number: str) -> bool:
    return Instrument.objects.filter(number=number, number__endswith="/NĐ-CP").exists()


def _contents(plan: Entry, campaign: Campaign) -> None:
    for i, entry in enumerate(plan.entries("themes")):
        origin = entry.choice("level", Theme.Origin, Theme.Origin.OWN)
        text = entry.text("text", required=True)
        entry.keep(Theme(campaign=campaign, position=i, origin=origin, text=text))
    for i, entry in enumerate(plan.entries("bases")):
        basis = Basis(campaign=campaign, position=i, kind=entry.choice("kind", Basis.Kind))
        basis.number, basis.issuer = entry.text("number"), entry.text("issuer")
        basis.issued_date, basis.text = entry.day("issued"), entry.text("text", required=True)
        entry.keep(basis)
    for i, entry in enumerate(plan.entries("milestones")):
        entry.keep(
            Milestone(
                campaign=campaign,
                position=i,
                kind=entry.choice("kind", Milestone.Kind),
                name=entry.text("name", required=True),
                date=entry.day("date"),
                date_precision=entry.choice("date_precision", Precision, Precision.DAY),
                inclusive=entry.flag("inclusive", default=True),
                hard=entry.flag("hard", default=False),
                text=entry.text("text"),
            )
        )
    _areas(plan.entries("areas"), campaign, None)
    _targets(plan.entries("targets"), campaign, None)
    for i, entry in enumerate(plan.entries("duties")):
        duty = Duty(campaign=campaign, position=i, who=entry.text("who", required=True))
        duty.text = entry.text("text", required=True)
        entry.keep(duty)
    for i, entry in enumerate(plan.entries("remarks")):
        remark = Remark(campaign=campaign, position=i, place=entry.text("place"))
        remark.text = entry.text("text", required=True)
        entry.keep(remark)
    for i, text in enumerate(plan.texts("anniversaries")):
        _line(plan, f"anniversaries[{i + 1}]", Anniversary(position=i, text=text), campaign)
    for i, text in enumerate(plan.texts("recipients")):
        _line(plan, f"recipients[{i + 1}]", Recipient(position=i, text=text), campaign)


def _line(plan: Entry, key: str, row: Anniversary | Recipient, campaign: Campaign) -> None:
    row.campaign = campaign
    Entry({}, plan.at(key), plan.errors).keep(row)


def _areas(entries: list[Entry], campaign: Campaign, parent: Area | None) -> None:
    for i, entry in enumerate(entries):
        children = entry.entries("children")
        area = Area(
            campaign=campaign,
            parent=parent,
            position=i,
            number=entry.text("number"),
            title=entry.text("title"),
            text=entry.text("text"),
            registrable=entry.flag("registrable", default=False),
        )
        if not (area.title or area.text):
            entry.wrong("title", "phải có tiêu đề hoặc nội dung")
        if entry.keep(area).pk:
            _areas(children, campaign, area)


def _targets(entries: list[Entry], campaign: Campaign, parent: Target | None) -> None:
    for i, entry in enumerate(entries):
        children = entry.entries("children")
        unit = entry.text("unit")
        target = Target(
            campaign=campaign,
            parent=parent,
            position=i,
            number=entry.text("number"),
            metric=entry.text("metric", required=True),
            text=entry.text("text"),
            operator=entry.choice("operator", Target.Operator, Target.Operator.NONE),
            value=entry.measure("value", unit),
            unit=unit,
            base=entry.text("base"),
            due_date=entry.day("due"),
            due_inclusive=entry.flag("due_inclusive", default=True),
            note=entry.text("note"),
        )
        if entry.keep(target, constraints=True).pk:
            _targets(children, campaign, target)


def _title(entry: Entry, campaign: Campaign) -> Title | None:
    """The catalogue's row in force on the plan's day; it may begin later than a very old plan."""
    code = entry.text("title", required=True)
    on = campaign.issued_date or campaign.start_date or timezone.localdate()
    rows = Title.objects.filter(code=code)
    found = rows.in_force(on).last() or rows.filter(valid_from__gt=on).first() or rows.last()
    if found is None:
        entry.wrong("title", f"danh mục không có danh hiệu, hình thức mang mã “{code}”")
    return found


def _offers(plan: Entry, campaign: Campaign) -> dict[str, Offer]:
    offers: dict[str, Offer] = {}
    for i, entry in enumerate(plan.entries("offers")):
        title = _title(entry, campaign)
        offer = Offer(
            campaign=campaign,
            title=title,
            position=i,
            label=entry.text("label"),
            for_collective=entry.flag("collective", default=True),
            for_individual=entry.flag("individual", default=True),
            collective_eligible=entry.text("collective_eligible"),
            individual_eligible=entry.text("individual_eligible"),
            agency_only=entry.flag("agency_only", default=False),
            area_required=entry.flag("area_required", default=False),
            report_kind=entry.choice("report_kind", ReportKind, ReportKind.usual(campaign)),
            quota=entry.whole("quota"),
            legal_ground=entry.text("legal_ground"),
            note=entry.text("note"),
            source=entry.text("source"),
        )
        if title is not None and entry.keep(offer, constraints=True).pk:
            offers[title.code] = offer
    return offers


def _offer(entry: Entry, key: str, code: str, offers: dict[str, Offer]) -> Offer | None:
    if code not in offers:
        entry.wrong(key, f"kế hoạch không có hình thức khen thưởng “{code}”")
    return offers.get(code)


def _criteria(plan: Entry, campaign: Campaign, offers: dict[str, Offer]) -> list[Criterion]:
    made = []
    for i, entry in enumerate(plan.entries("criteria")):
        code, rule = entry.text("offer"), entry.text("rule")
        params: dict[str, Any] = entry.take("params", dict, {})
        criterion = Criterion(
            campaign=campaign,
            offer=_offer(entry, "offer", code, offers) if code else None,
            position=i,
            applies=entry.choice("for", Applies, Applies.BOTH),
            kind=Criterion.Kind.AUTOMATIC if rule else Criterion.Kind.ATTESTED,
            rule=rule,
            params=params,
            text=entry.text("text", required=True),
            source=entry.text("source"),
        )
        _check_rule(entry, rule, params)
        made.append(entry.keep(criterion, constraints=True))
    return made


def _check_rule(entry: Entry, rule: str, params: dict[str, Any]) -> None:
    if not rule:
        return
    if rule not in RULES:
        entry.wrong("rule", f"không biết quy tắc “{rule}”")
    elif params.keys() != RULES[rule]:
        needed = ", ".join(sorted(RULES[rule])) or "không có"
        entry.wrong("params", f"tham số của quy tắc phải là: {needed}")
    elif "level" in params and str(params["level"]).upper() not in Level.names:
        entry.wrong("params.level", f"không biết mức xếp loại “{params['level']}”")


def _dossier(
    dossier: Entry, campaign: Campaign, offers: dict[str, Offer], criteria: list[Criterion]
) -> None:
    for i, entry in enumerate(dossier.entries("parts")):
        only = [_offer(entry, "offers", code, offers) for code in entry.texts("offers")]
        part = DossierPart(
            campaign=campaign,
            position=i,
            kind=entry.choice("kind", DossierPart.Kind),
            name=entry.text("name", required=True),
            required=entry.flag("required", default=True),
            applies=entry.choice("for", Applies, Applies.BOTH),
            note=entry.text("note"),
        )
        if entry.keep(part).pk:
            part.offers.set(offer for offer in only if offer is not None)
    years = [c.params["year"] for c in criteria if "year" in c.params]
    for i, entry in enumerate(dossier.entries("statements")):
        key = entry.choice("key", Statement.Key)
        year = entry.whole("year")
        if key == Statement.Key.RATING and year is None:
            # The rating that the report must state is the one that the criteria look at.
            year = next(iter(years), None)
        statement = Statement(campaign=campaign, position=i, key=key, year=year)
        statement.heading = entry.text("heading", required=True)
        statement.text = entry.text("text", required=True)
        statement.source = entry.text("source")
        entry.keep(statement)
    dossier.close()
