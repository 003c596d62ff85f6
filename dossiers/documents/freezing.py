"""Everything that a dossier's papers say, taken from the rows into one snapshot."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils import timezone

from awards.models import Meeting, MeetingVote, Nomination
from awards.rules import passes
from campaigns.models import Statement
from dossiers import prose
from dossiers.documents.phrases import (
    Signer,
    cite,
    cite_plan,
    counts,
    head_of,
    head_signer,
    letterhead,
    movement,
    padded,
    place_of,
    polite,
    short_authority,
    signer,
    subject_line,
)
from dossiers.documents.reports import Paper, report_paper
from dossiers.models import Attachment, Dossier, Ratings, Report, rating_year
from emulation.models import Decider, Individual, Instrument, Rating
from emulation.vietnamese import number, short_date

LETTERS = "abcdđeghiklmnopqrstuvxy"


def freeze(
    dossier: Dossier,
    *,
    on: date | None,
    today: date,
    number: Callable[[Paper], str] | None = None,
    previous: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """
    The snapshot of a dossier, to be kept when it is submitted.

    `on` is the day its papers are dated, None while it is a draft; `today` decides who is in
    office; `number` gives a paper that bears one its number, once its text is settled. A paper
    whose rows are not there yet (a meeting not held) is left out. A report that says what it said
    in the `previous` snapshot keeps its day: it is not written again because it is sent again.
    """
    dossier = Dossier.objects.select_related(
        "campaign__agency__parent", "campaign__instrument", "unit__parent", "unit__agency"
    ).get(pk=dossier.pk)
    nominations = _nominations(dossier)
    meeting = (
        Meeting.objects.filter(campaign=dossier.campaign_id, unit=dossier.unit_id)
        .select_related("chair", "secretary", "unit")
        .first()
    )
    head = head_of(dossier.unit, today)
    minutes = _numbered(_minutes(dossier, meeting), number) if meeting else None
    cited = number_of(minutes) if minutes else ""
    letter = _numbered(_letter(dossier, nominations, meeting, head, on=on, minutes=cited), number)
    papers = [letter, *([minutes] if minutes else [])]
    papers.append(_list(dossier, nominations, meeting, head, on=on, letter=number_of(letter)))
    reports = {
        report.nomination_id: report
        for report in Report.objects.with_subjects()
        .filter(nomination__in=nominations)
        .select_related("nomination__unit__parent", "nomination__unit__agency")
        .prefetch_related("entries", "tasks", "form__sections", "nomination__campaign__statements")
    }
    before = {paper.report: paper for paper in papers_in(previous or {}) if paper.report}
    papers += [
        _report(reports[nomination.pk], before.get(reports[nomination.pk].pk), on=on, today=today)
        for nomination in nominations
        if nomination.pk in reports
    ]
    return {
        "papers": [asdict(paper) for paper in papers],
        "cover": _cover(dossier, nominations, on or today),
        "attachments": [
            {"pk": row.pk, "title": _attachment_title(row), "name": row.name, "sha256": row.sha256}
            for row in dossier.attachments.current().select_related("part")
        ],
    }


def papers_in(snapshot: dict[str, Any]) -> list[Paper]:
    return [Paper(**paper) for paper in snapshot.get("papers", ())]


def handed_in(report: Report) -> Paper | None:
    """The report as it lies in a submitted dossier."""
    if report.locked_at is None:
        return None
    nomination = report.nomination
    dossiers = Dossier.objects.filter(
        campaign=nomination.campaign_id, unit=nomination.unit_id, snapshot__isnull=False
    )
    papers = (
        paper
        for snapshot in dossiers.order_by("-pk").values_list("snapshot", flat=True)
        for paper in papers_in(snapshot or {})
    )
    return next((paper for paper in papers if paper.report == report.pk), None)


def number_of(paper: Paper) -> str:
    """05/TTr-CCHC; "" while it has none."""
    header = paper.snapshot.get("header", {})
    return f"{header['number']}/{header['symbol']}" if header.get("number") else ""


def says_the_same(made: Paper, stored: Paper) -> bool:
    """Whether a paper says what was stored as JSON."""
    return bool(json.loads(json.dumps(asdict(made))) == asdict(stored))


def _numbered(paper: Paper, number: Callable[[Paper], str] | None) -> Paper:
    if number is not None:
        paper.snapshot["header"]["number"] = number(paper)
    return paper


def _report(report: Report, before: Paper | None, *, on: date | None, today: date) -> Paper:
    """The report dated `on`, unless it says what it said on the day it was sent `before`."""
    day = before.snapshot["header"]["date"] if before else None
    if before and on and day:
        again = report_paper(report, on=date.fromisoformat(day), today=today)
        if before.form_version.partition("/")[0] == report.form.code:
            # What was corrected in the form and is not printed makes no paper new.
            again = replace(again, form_version=before.form_version)
        if says_the_same(again, before):
            return again
    return report_paper(report, on=on, today=today)


def _nominations(dossier: Dossier) -> list[Nomination]:
    """What the unit proposes to this deciding level, collectives first."""
    rows = Nomination.objects.with_subjects().filter(
        campaign=dossier.campaign_id, unit=dossier.unit_id, offer__title__decider=dossier.decider
    )
    if Meeting.objects.filter(
        campaign=dossier.campaign_id, unit=dossier.unit_id, state=Meeting.State.CONCLUDED
    ).exists():
        rows = rows.chosen()
    return list(rows)


def _attachment_title(attachment: Attachment) -> str:
    name = attachment.name.rpartition(".")[0] or attachment.name
    return f"{attachment.part.name}: {name}" if attachment.part else name


# --- Tờ trình -------------------------------------------------------------------------------------


def _letter(
    dossier: Dossier,
    nominations: Sequence[Nomination],
    meeting: Meeting | None,
    head: Individual | None,
    *,
    on: date | None,
    minutes: str,
) -> Paper:
    unit, campaign = dossier.unit, dossier.campaign
    to = _addressees(dossier)
    awards = list(dict.fromkeys(str(nomination.offer) for nomination in nominations))
    request = (
        f"Thực hiện {cite_plan(campaign)}, {unit.name} đã tổ chức tổng kết, "
        f"bình xét thành tích của tập thể, cá nhân trong phong trào thi đua. "
        f"{unit.name} kính trình {to[0]} xem xét, "
        f"{'quyết định tặng' if _decides(dossier) else 'trình cấp có thẩm quyền tặng'} "
        f"{_list_of(awards)} cho {counts(nominations)}, cụ thể như sau:"
    )
    snapshot: dict[str, Any] = {
        "meta": {"title": f"Tờ trình đề nghị khen thưởng – {unit.name}", "author": unit.name},
        "header": letterhead(unit, on=on, symbol="TTr"),
        "title": "TỜ TRÌNH",
        "subject": f"Về việc đề nghị tặng {_list_of(awards)} trong {movement(campaign)}",
        "addressees": to,
        "bases": [f"Căn cứ {text}" for text in _bases(dossier, meeting, on, minutes)],
        "opening": prose.blocks(request),
        "groups": [
            _letter_group(str(position), award, [n for n in nominations if str(n.offer) == award])
            for position, award in enumerate(awards, 1)
        ],
        "attachments": "(Có biên bản họp bình xét, danh sách trích ngang và "
        "báo cáo thành tích kèm theo)",
        "closing": f"{unit.name} kính trình {to[0]} xem xét, quyết định",
        "recipients": ["Như trên", f"Lưu: VT, {unit.symbol}" if unit.symbol else "Lưu: VT"],
        "signing": [[head_signer(head)]],
    }
    return Paper("letter", unit.name, "Tờ trình đề nghị khen thưởng", "", "", snapshot)


def _letter_group(position: str, award: str, nominations: Sequence[Nomination]) -> dict[str, Any]:
    kinds = (
        ("Tập thể", [n for n in nominations if n.individual_id is None]),
        ("Cá nhân", [n for n in nominations if n.individual_id is not None]),
    )
    grounds = dict.fromkeys(n.legal_ground.strip() for n in nominations if n.legal_ground.strip())
    return {
        "number": position,
        "heading": award,
        "ground": "; ".join(grounds).rstrip("."),
        "lists": [
            {
                "number": LETTERS[i],
                "heading": f"{label} ({padded(len(rows))})",
                "lines": [subject_line(nomination) for nomination in rows],
            }
            for i, (label, rows) in enumerate(kind for kind in kinds if kind[1])
        ],
    }


def _decides(dossier: Dossier) -> bool:
    return dossier.decider in (Decider.AGENCY, Decider.COMMUNE)


def _addressees(dossier: Dossier) -> list[str]:
    """A unit submits to its agency, which submits upward what it does not decide itself."""
    agency = dossier.campaign.agency
    if dossier.unit_id == agency.pk:
        return [dossier.get_decider_display()]
    return [
        f"Giám đốc {agency.name}",
        f"Hội đồng Thi đua - Khen thưởng {agency.short_name or agency.name}",
    ]


def _bases(dossier: Dossier, meeting: Meeting | None, on: date | None, minutes: str) -> list[str]:
    campaign = dossier.campaign
    day = on or campaign.end_date or campaign.start_date
    found = []
    if day:
        laws = Instrument.objects.in_force(day).filter(code__startswith="luat-")
        found += [cite(law) for law in laws.order_by("valid_from", "code")]
    if campaign.instrument:
        found.append(cite(campaign.instrument.as_of(day) if day else campaign.instrument))
    found.append(cite_plan(campaign))
    if meeting and meeting.starts_at:
        day = timezone.localdate(meeting.starts_at)
        which = f"Biên bản số {minutes}" if minutes else "Biên bản"
        found.append(f"{which} họp bình xét ngày {short_date(day)} của {dossier.unit.name}")
    return found


def _list_of(names: Sequence[str]) -> str:
    return ", ".join(names[:-1]) + (" và " if len(names) > 1 else "") + "".join(names[-1:])


# --- Biên bản -------------------------------------------------------------------------------------


def _minutes(dossier: Dossier, meeting: Meeting) -> Paper:
    unit = dossier.unit
    attendees = list(meeting.attendees.select_related("individual"))
    present = [row.individual for row in attendees if row.present]
    votes = list(
        meeting.votes.select_related(
            "nomination__individual", "nomination__collective", "nomination__offer__title"
        )
    )
    chosen = [vote.nomination for vote in votes if _is_chosen(vote, meeting, len(present))]
    starts, ends = meeting.starts_at, meeting.ends_at
    signers: list[Signer] = [
        signer(["Thư ký"], meeting.secretary.full_name if meeting.secretary else ""),
        signer(["Chủ tọa"], meeting.chair.full_name if meeting.chair else ""),
    ]
    snapshot: dict[str, Any] = {
        "meta": {"title": f"Biên bản họp bình xét – {unit.name}", "author": unit.name},
        "header": letterhead(unit, on=None, symbol="BB", place=False),
        "title": "BIÊN BẢN",
        "subject": f"Họp bình xét khen thưởng {movement(dossier.campaign)}",
        "starts": _moment(starts),
        "ends": _moment(ends),
        "place": meeting.place,
        "present": [_person(person) for person in present],
        "absent": [
            {**_person(row.individual), "reason": row.reason or "không rõ"}
            for row in attendees
            if not row.present
        ],
        "invited": len(attendees),
        "chair": _person(meeting.chair),
        "secretary": _person(meeting.secretary),
        "content": prose.blocks(meeting.discussion),
        "method": "Cuộc họp biểu quyết đối với từng trường hợp, kết quả như sau:",
        "votes": [_vote(vote, meeting, len(present)) for vote in votes],
        "ratio_base": f"Tỷ lệ đồng ý tính trên tổng số {padded(len(present))} người có mặt; "
        f"được đề nghị khi tỷ lệ trên {meeting.required_percent}%.",
        "conclusion": _conclusion(chosen),
        "recipients": [
            f"Lãnh đạo {unit.name}",
            f"Lưu: VT, {unit.symbol}" if unit.symbol else "Lưu: VT",
        ],
        "signing": [signers],
    }
    return Paper("minutes", unit.name, "Biên bản họp bình xét khen thưởng", "", "", snapshot)


def _moment(value: Any) -> dict[str, str]:
    local = timezone.localtime(value) if value else None
    return {
        "date": local.date().isoformat() if local else "",
        "time": local.strftime("%H:%M") if local else "",
    }


def _person(person: Individual | None) -> dict[str, str]:
    if person is None:
        return {"name": "……………", "position": ""}
    return {"name": polite(person), "position": person.position}


def share(vote: MeetingVote, present: int) -> Decimal:
    """Votes in favour of a hundred people present, to two digits."""
    base = Decimal(present or 1)
    return (Decimal(vote.in_favour * 100) / base).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _is_chosen(vote: MeetingVote, meeting: Meeting, present: int) -> bool:
    """By the exact count: the rounded share is only for reading."""
    return passes(
        in_favour=vote.in_favour, present=present, required_percent=meeting.required_percent
    )


def _vote(vote: MeetingVote, meeting: Meeting, present: int) -> dict[str, Any]:
    nomination = vote.nomination
    person = nomination.individual
    return {
        "subject": nomination.subject_name,
        "position": person.position if person else "",
        "title": str(nomination.offer),
        "agree": vote.in_favour,
        "against": vote.against,
        "abstain": vote.abstained,
        "ratio": str(share(vote, present)),
        "result": "Đề nghị" if _is_chosen(vote, meeting, present) else "Không đề nghị",
    }


def _conclusion(chosen: Sequence[Nomination]) -> list[prose.Block]:
    if not chosen:
        return prose.blocks("Cuộc họp không đề nghị khen thưởng trường hợp nào.")
    lines = [f"Cuộc họp thống nhất đề nghị khen thưởng {counts(chosen)}, cụ thể:"]
    for award in dict.fromkeys(str(nomination.offer) for nomination in chosen):
        names = [subject_line(n) for n in chosen if str(n.offer) == award]
        lines.append(f"- {award}: {'; '.join(names)}.")
    return prose.blocks("\n".join(lines))


# --- Danh sách trích ngang ------------------------------------------------------------------------


def _list(
    dossier: Dossier,
    nominations: Sequence[Nomination],
    meeting: Meeting | None,
    head: Individual | None,
    *,
    on: date | None,
    letter: str,
) -> Paper:
    unit = dossier.unit
    year = _rating_year(dossier)
    ratings = Ratings(nominations, [year] if year else [])
    present = meeting.attendees.filter(present=True).count() if meeting else 0
    votes = {vote.nomination_id: vote for vote in meeting.votes.all()} if meeting else {}

    def row(nomination: Nomination) -> dict[str, str]:
        rating = ratings.of(nomination, year)
        return _list_row(nomination, rating, votes.get(nomination.pk), present)

    kinds = (
        ("Tập thể", [row(n) for n in nominations if n.individual_id is None]),
        ("Cá nhân", [row(n) for n in nominations if n.individual_id is not None]),
    )
    awards = list(dict.fromkeys(str(nomination.offer) for nomination in nominations))
    day = f" số {letter}" if letter else ""
    day += f" ngày {short_date(on)}" if on else ""
    snapshot: dict[str, Any] = {
        "meta": {"title": f"Danh sách đề nghị khen thưởng – {unit.name}", "author": unit.name},
        "header": letterhead(unit, on=None, place=False),
        "title": "DANH SÁCH TRÍCH NGANG",
        "subject": f"Tập thể, cá nhân đề nghị tặng {_list_of(awards)}",
        "scope": f"(Kèm theo Tờ trình{day} của {unit.name})",
        "rating_year": str(year) if year else "",
        "groups": [
            {"numeral": "I" * i, "heading": label, "rows": rows}
            for i, (label, rows) in enumerate((k for k in kinds if k[1]), 1)
        ],
        "total": f"Danh sách gồm {counts(nominations)}",
        "signing": [[signer(["Người lập danh sách"]), head_signer(head)]],
    }
    return Paper("list", unit.name, "Danh sách trích ngang", "", "", snapshot)


def _list_row(
    nomination: Nomination, rating: Rating | None, vote: MeetingVote | None, present: int
) -> dict[str, str]:
    person = nomination.individual
    return {
        "name": nomination.subject_name,
        "born": str(person.birth_date.year) if person and person.birth_date else "",
        "post": f"{person.position}, {person.unit.name}" if person else "",
        "rating": rating.get_level_display() if rating else "",
        "summary": prose.normal(nomination.summary),
        "vote": f"{vote.in_favour}/{present} ({number(share(vote, present))}%)" if vote else "",
        "award": str(nomination.offer),
        "ground": nomination.legal_ground,
    }


def _rating_year(dossier: Dossier) -> int | None:
    """The year whose rating the plan asks for."""
    rows = dossier.campaign.statements.filter(key=Statement.Key.RATING)
    statement = rows.first()
    return rating_year(statement, dossier.campaign) if statement else None


# --- Bìa hồ sơ ------------------------------------------------------------------------------------


def _cover(dossier: Dossier, nominations: Sequence[Nomination], day: date) -> dict[str, Any]:
    unit, campaign = dossier.unit, dossier.campaign
    awards = list(dict.fromkeys(str(nomination.offer) for nomination in nominations))
    decider = dossier.get_decider_display()
    if dossier.decider == Decider.AGENCY:
        decider = f"Giám đốc {campaign.agency.name}"
    facts = [
        ["Đơn vị đề nghị", unit.name],
        ["Cấp quyết định khen thưởng", decider],
        ["Hình thức đề nghị", "; ".join(awards)],
        ["Số lượng đề nghị", counts(nominations)],
    ]
    if campaign.dossier_copies:
        facts.append(["Số lượng hồ sơ", f"{padded(campaign.dossier_copies)} bộ"])
    place = place_of(unit)
    movement_text = movement(campaign)
    return {
        "superior": short_authority(unit.parent.name) if unit.parent else "",
        "agency": unit.name,
        "title": "Hồ sơ đề nghị khen thưởng",
        "campaign": movement_text[:1].upper() + movement_text[1:],
        "facts": facts,
        "foot": f"{place}, năm {day.year}" if place else f"Năm {day.year}",
    }
