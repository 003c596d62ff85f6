"""Phrases that several documents share: letterhead, signers, citations, names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypedDict

from awards.models import Nomination
from campaigns.models import Campaign
from emulation.models import Individual, Instrument, RoleGrant, Unit
from emulation.vietnamese import long_date, number

LAW_KINDS = ("Nghị định", "Thông tư", "Quyết định", "Nghị quyết")


class Dated(TypedDict):
    """Place and day of a paper; what is not known yet stays blank for the pen."""

    place: str
    date: str | None
    year: str


class Letterhead(Dated):
    superior: str
    agency: str
    number: str
    symbol: str


class Signer(TypedDict):
    lines: list[str]
    hint: str
    name: str
    dated: Dated | None


class Meta(TypedDict):
    title: str
    author: str


def short_authority(name: str) -> str:
    """Names in a letterhead abbreviate what everybody knows."""
    return name.replace("Ủy ban nhân dân", "UBND").replace("Hội đồng nhân dân", "HĐND")


def letterhead(unit: Unit, *, on: date | None, symbol: str = "", place: bool = True) -> Letterhead:
    """`symbol` is that of the kind (TTr, BB); without it the paper never bears a number."""
    return {
        "superior": short_authority(unit.parent.name) if unit.parent else "",
        "agency": unit.name,
        "number": "",
        "symbol": f"{symbol}-{unit.symbol}" if symbol and unit.symbol else symbol,
        "place": place_of(unit) if place else "",
        "date": on.isoformat() if on and place else None,
        "year": "",
    }


def place_of(unit: Unit) -> str:
    return unit.place or (unit.agency.place if unit.agency else "")


def head_of(unit: Unit, on: date) -> Individual | None:
    """Who leads the unit on that day; of several the one who has led it longest."""
    grant = (
        RoleGrant.objects.in_force(on)
        .filter(role="UNIT_HEAD", unit=unit, user__individual__isnull=False)
        .select_related("user__individual")
        .order_by("valid_from", "pk")
        .first()
    )
    return grant.user.individual if grant else None


def signer(lines: Sequence[str], name: str = "", hint: str = "") -> Signer:
    return {"lines": list(lines), "hint": hint, "name": name, "dated": None}


def authority(
    position: str, *, body: str = "", order_of: str = "", delegated: bool = False
) -> list[str]:
    """
    By what right somebody in this position signs, and the position: the lines above a signature.

    TM. for a `body` that decides together, KT. for the head whose deputy signs, TL. by the order of
    `order_of`, TUQ. when that right was `delegated` in writing, Q. for an acting head.
    """
    lines = []
    if body:
        lines.append(f"TM. {body}")
    if order_of:
        lines.append(f"{'TUQ' if delegated else 'TL'}. {order_of}")
    lower = position.lower()
    for acting in ("quyền ", "q. "):
        if lower.startswith(acting):
            return [*lines, f"Q. {_capital(position[len(acting) :])}"]
    # A deputy who has charge of the unit signs for nobody above: there is no head.
    if lower.startswith("phó ") and not lower.endswith(("phụ trách", "(phụ trách)")):
        lines.append(f"KT. {_capital(position[4:])}")
    return [*lines, position]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def head_signer(head: Individual | None) -> Signer:
    """The head of a unit, or who signs in the head's place."""
    if head is None:
        return signer(["Thủ trưởng đơn vị"])
    return signer(authority(head.position), head.full_name)


def polite(person: Individual) -> str:
    form = "Bà" if person.gender == Individual.Gender.FEMALE else "Ông"
    return f"{form} {person.full_name}"


def subject_line(nomination: Nomination) -> str:
    """The subject in a running list: "Bà Hoàng Thị Én, Chuyên viên"."""
    person = nomination.individual
    return f"{polite(person)}, {person.position}" if person else nomination.subject_name


def movement(campaign: Campaign) -> str:
    """The campaign inside a sentence: what the plan launches, without "Phát động"."""
    name = campaign.name.removeprefix("Phát động ").strip()
    return name[:1].lower() + name[1:]


def counts(nominations: Iterable[Nomination]) -> str:
    """02 tập thể, 05 cá nhân."""
    nominations = list(nominations)
    people = sum(n.individual_id is not None for n in nominations)
    pairs = ((len(nominations) - people, "tập thể"), (people, "cá nhân"))
    return ", ".join(f"{padded(count)} {noun}" for count, noun in pairs if count)


def padded(count: int) -> str:
    return f"{count:02d}" if count < 10 else number(count)


def cite(instrument: Instrument) -> str:
    """The first citation of a document: kind, number, date, issuer, subject (NĐ 30/2020)."""
    day = f" {long_date(instrument.issued_date)}" if instrument.issued_date else ""
    kind = next((k for k in LAW_KINDS if instrument.name.startswith(k)), "")
    if not kind:  # a law is cited without its number
        return f"{instrument.name}{day}"
    issuer = f" của {instrument.issuer}" if instrument.issuer else ""
    return f"{kind} số {instrument.number}{day}{issuer}{instrument.name.removeprefix(kind)}"


def cite_plan(campaign: Campaign) -> str:
    number_text = f" số {campaign.number}" if campaign.number else ""
    day = f" {long_date(campaign.issued_date)}" if campaign.number and campaign.issued_date else ""
    name = campaign.name[:1].lower() + campaign.name[1:]
    return f"Kế hoạch{number_text}{day} của {campaign.agency.name} {name}"
