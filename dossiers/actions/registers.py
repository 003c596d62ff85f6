"""Numbers of papers, given one after another under a lock (NĐ 30/2020/NĐ-CP, Điều 15)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from dossiers.documents import Paper, number_of, papers_in, says_the_same
from dossiers.models import Document, Dossier, Register, RegisterEntry
from emulation.actions import record_step
from emulation.models import Role, Unit, User
from emulation.vietnamese import short_date
from emulation.workflow import Refused

Series = Register.Series
# Vietnamese letters alone: those of other scripts look like them and are not found again.
SIGNS = "[0-9A-Za-zÀ-ÃÈ-ÊÌÍÒ-ÕÙÚÝà-ãè-êìíò-õùúýĂăĐđĨĩŨũƠơƯưẠ-ỹ&]+"
SYMBOL = re.compile(f"{SIGNS}(-{SIGNS})*")
# A register on paper that long is none; it keeps a slip of the finger from using up the numbers.
HIGHEST = 99_999


@transaction.atomic
def give_number(
    *,
    unit: Unit,
    series: str = Series.GENERAL,
    symbol: str,
    kind: str = "",
    dossier: Dossier | None = None,
    subject: str,
    date: date,
    by: User,
    at: datetime,
) -> RegisterEntry:
    """The next number of the unit's register of that year; whoever asks meanwhile waits."""
    register = _locked(unit=unit, series=series, year=date.year)
    register.last += 1
    register.save(update_fields=["last"])
    return RegisterEntry.objects.create(
        register=register,
        ordinal=register.last,
        symbol=symbol,
        kind=kind,
        dossier=dossier,
        subject=_shortened(subject),
        date=date,
        given_by=by,
        given_at=at,
    )


def numbers_for(*, dossier: Dossier, on: date, by: User, at: datetime) -> Callable[[Paper], str]:
    """
    How the papers of a dossier that is being submitted get their numbers.

    Each submission is a new Tờ trình. The record of the meeting is one paper, whichever dossiers
    it goes into and however often: it keeps its number as long as it says the same and counts.
    """

    def number(paper: Paper) -> str:
        if paper.kind == Document.Kind.MINUTES:
            # The lock comes first: of two dossiers submitted at once the second sees the first.
            _locked(unit=dossier.unit, series=Series.GENERAL, year=on.year)
            given = _given_before(dossier, paper)
            if given:
                return given
        header = paper.snapshot["header"]
        entry = give_number(
            unit=dossier.unit,
            symbol=header["symbol"],
            kind=paper.kind,
            dossier=dossier,
            subject=f"{paper.snapshot['title'].capitalize()}: {paper.snapshot['subject']}",
            date=on,
            by=by,
            at=at,
        )
        return f"{entry.ordinal:02d}"

    return number


@transaction.atomic
def register_paper(
    *, unit: Unit, series: str, symbol: str, subject: str, date: date, by: User, at: datetime
) -> RegisterEntry:
    """A number for a paper that was made outside."""
    _require_keeper(unit, series, by)
    symbol, this_year = unicodedata.normalize("NFC", symbol), timezone.localdate(at).year
    if date.year < this_year - 1:
        raise ValidationError({"date": f"Chỉ cấp số trong sổ năm {this_year - 1} và {this_year}."})
    register = _locked(unit=unit, series=series, year=date.year)
    last = register.entries.order_by("ordinal").last()
    if date > timezone.localdate(at):
        raise ValidationError({"date": "Ngày văn bản chưa tới nên chưa cấp số được."})
    if last and date < last.date:
        raise ValidationError(
            {"date": f"Số liền trước ({last}) đã cấp cho ngày {short_date(last.date)}."}
        )
    if not SYMBOL.fullmatch(symbol):
        raise ValidationError(
            {"symbol": "Ký hiệu gồm chữ và số, nối bằng dấu gạch ngang, ví dụ BC-CCHC."}
        )
    return give_number(
        unit=unit, series=series, symbol=symbol, subject=subject, date=date, by=by, at=at
    )


@transaction.atomic
def set_last(*, unit: Unit, series: str, year: int, last: int, by: User, at: datetime) -> Register:
    """
    Go on from the number that the register on paper has reached.

    A slip can be put right, but never to below a number that was given here.
    """
    _require_keeper(unit, series, by)
    if year > timezone.localdate(at).year:
        raise ValidationError({"last": f"Sổ năm {year} chưa mở."})
    register = _locked(unit=unit, series=series, year=year)
    before = register.last
    if last == before:
        raise ValidationError({"last": f"Sổ đang ở số {before:02d}."})
    given = register.entries.aggregate(Max("ordinal"))["ordinal__max"] or 0
    if last < given:
        raise ValidationError(
            {"last": f"Sổ đã cấp số {given:02d} cho một văn bản: không lùi về trước số đó được."}
        )
    if last > HIGHEST:
        raise ValidationError({"last": f"Số lớn nhất là {HIGHEST}."})
    register.last = last
    register.save(update_fields=["last"])
    record_step(
        subject=register,
        act="set_last",
        label="Đặt số hiện tại của sổ",
        before=(str(before), f"Số {before:02d}"),
        after=(str(last), f"Số {last:02d}"),
        by=by,
        at=at,
    )
    return register


def _locked(*, unit: Unit, series: str, year: int) -> Register:
    """The register, opened now unless it is there, and held until the transaction ends."""
    Register.objects.get_or_create(unit=unit, year=year, series=series)
    return Register.objects.select_for_update().get(unit=unit, year=year, series=series)


def _given_before(dossier: Dossier, minutes: Paper) -> str:
    """The number under which the same text went into a dossier of the unit already."""
    dossiers = Dossier.objects.filter(
        campaign=dossier.campaign_id, unit=dossier.unit_id, snapshot__isnull=False
    )
    papers = Document.objects.filter(dossier__in=dossiers, kind=minutes.kind)
    ended = papers.filter(annulled_at__isnull=False).order_by("pk")
    void = set(ended.values_list("number", flat=True))
    for snapshot in dossiers.order_by("-submitted_at", "pk").values_list("snapshot", flat=True):
        for paper in papers_in(snapshot or {}):
            if paper.kind != minutes.kind or number_of(paper) in {"", *void}:
                continue
            given = str(paper.snapshot["header"]["number"])
            paper.snapshot["header"]["number"] = ""
            if says_the_same(minutes, paper):
                return given
    return ""


def _require_keeper(unit: Unit, series: str, by: User) -> None:
    roles = by.roles_for(agency_id=unit.agency_id or unit.pk, unit_id=unit.pk)
    if Role.OFFICE in roles and (unit.is_agency or series == Series.GENERAL):
        return
    if series == Series.COUNCIL:
        raise Refused("Chỉ Văn phòng Sở cấp số văn bản của Hội đồng, trong sổ của Sở.")
    if Role.UNIT_HEAD not in roles:
        raise Refused("Chỉ trưởng đơn vị và Văn phòng Sở cấp số văn bản của đơn vị.")


def _shortened(subject: str) -> str:
    plain = unicodedata.normalize("NFC", subject)
    text = " ".join("".join(c if c.isprintable() else " " for c in plain).split())
    return text if len(text) <= 300 else f"{text[:299].rstrip()}…"
