"""Ordering papers: the row first; a worker makes the file."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from campaigns.models import Campaign
from dossiers.actions.issuing import Days, days_of_minutes, free_code, particulars
from dossiers.documents import (
    Paper,
    address_of,
    bound_snapshot,
    freeze,
    handed_in,
    papers_in,
    report_paper,
    template_version,
)
from dossiers.models import Attachment, Batch, BatchItem, Document, DocumentPart, Dossier, Report
from dossiers.models.documents import Lane
from emulation.models import Role, User
from emulation.queue import enqueue
from emulation.workflow import Refused

RENDER = "dossiers.render_document"
# More workers of one queue than this need not be woken at once.
MOST_AWAKE = 16
# The contents have it whole, in the snapshot.
LONGEST_TITLE = 300
State = Document.State
Kind = Document.Kind
# Of a document that is to be made anew, as if it had never been tried.
UNTRIED = {"state": State.PENDING, "error": "", "attempts": 0, "not_before": None}


@transaction.atomic
def order_report(*, report: Report, by: User, at: datetime) -> Document:
    """
    The paper of one report as it was handed in, else as it stands now.

    What has not changed is not made again.
    """
    locked = Report.objects.select_for_update(of=("self",)).with_subjects().get(pk=report.pk)
    paper = handed_in(locked) or report_paper(locked, on=None, today=timezone.localdate(at))
    made = Document.objects.filter(report=locked, dossier=None, superseded_by=None).order_by("pk")
    document = _paper(
        paper, made.last(), campaign=locked.nomination.campaign, dossier=None, by=by, at=at
    )
    queue([document], at=at)
    return document


@transaction.atomic
def order_dossier(*, dossier: Dossier, by: User, at: datetime) -> list[Document]:
    """
    All papers of a dossier and the bound whole, the latter last.

    Papers of a submitted dossier say what was submitted, and are issued; those of an open one are
    drafts, in a line of their own. A paper that says what the last one says is that one.
    """
    locked = Dossier.objects.select_for_update(of=("self",)).with_context().get(pk=dossier.pk)
    _require_makers(by, locked)
    documents = _order([locked], by=by, at=at)[locked.pk]
    queue(documents, at=at)
    return documents


@transaction.atomic
def order_batch(*, campaign: Campaign, by: User, at: datetime) -> Batch:
    """All papers of all dossiers submitted in a campaign; the last batch when nothing changed."""
    require_office(by, campaign.agency_id)
    locked = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    dossiers = list(
        Dossier.objects.filter(campaign=locked, state__in=("submitted", "accepted"))
        .select_for_update(of=("self",))
        .with_context()
        .order_by("unit__position", "unit__name", "decider", "pk")
    )
    if not dossiers:
        raise Refused("Chưa có đơn vị nào trình hồ sơ nên chưa có gì để tạo.")
    found = _order(dossiers, by=by, at=at)
    documents = [document for dossier in dossiers for document in found[dossier.pk]]
    queue(documents, at=at)
    before = Batch.objects.filter(campaign=locked).order_by("pk").last()
    pks = [document.pk for document in documents]
    if before and sorted(before.items.values_list("document_id", flat=True)) == sorted(pks):
        return before
    batch = Batch.objects.create(campaign=locked, created_by=by, created_at=at)
    BatchItem.objects.bulk_create(BatchItem(batch=batch, document_id=pk) for pk in pks)
    return batch


def _order(dossiers: Sequence[Dossier], *, by: User, at: datetime) -> dict[int, list[Document]]:
    """
    The papers of locked dossiers, by dossier, the bound whole last.

    Rows that are looked up for one dossier are looked up for all at once: of a batch most are the
    same as last time.
    """
    locked = {dossier.pk: dossier for dossier in dossiers}
    rows = Document.objects.filter(dossier__in=dossiers, superseded_by=None).order_by("pk")
    last: dict[tuple[Any, ...], Document] = {}
    for row in rows.defer("signing_places"):
        row.dossier = locked[row.dossier_id or 0]
        last[row.dossier_id, row.code is not None, row.kind, row.report_id] = row
    today = timezone.localdate(at)
    frozen = {
        dossier.pk: (None if dossier.is_open else dossier.snapshot)
        or freeze(dossier, on=None, today=today)
        for dossier in dossiers
    }
    pks = {row["pk"] for snapshot in frozen.values() for row in snapshot["attachments"]}
    attachments = Attachment.objects.in_bulk(pks)
    days = days_of_minutes(dossiers)
    made = {
        dossier.pk: _order_one(dossier, frozen[dossier.pk], last, attachments, days, by=by, at=at)
        for dossier in dossiers
    }
    _drop_drafts([dossier for dossier in dossiers if not dossier.is_open])
    return made


def _order_one(
    dossier: Dossier,
    frozen: dict[str, Any],
    last: dict[tuple[Any, ...], Document],
    attachments: dict[int, Attachment],
    days: Days,
    *,
    by: User,
    at: datetime,
) -> list[Document]:
    issues = not dossier.is_open
    papers = papers_in(frozen)
    if not any(paper.kind == Kind.REPORT for paper in papers):
        raise Refused("Hồ sơ chưa có báo cáo thành tích nào nên chưa tạo được văn bản.")
    documents = [
        _paper(
            paper,
            last.get((dossier.pk, issues, paper.kind, paper.report)),
            campaign=dossier.campaign,
            dossier=dossier,
            issue=particulars(dossier, frozen, paper, days) if issues else None,
            by=by,
            at=at,
        )
        for paper in papers
    ]
    enclosed = [attachments[row["pk"]] for row in frozen["attachments"]]
    before = last.get((dossier.pk, issues, Kind.DOSSIER, None))
    bound = _bound(dossier, frozen, papers, documents, enclosed, before, by=by, at=at)
    return [*documents, bound]


@transaction.atomic
def retry(*, document: Document, by: User, at: datetime) -> None:
    """Try a failed paper again, with the parts and the whole that failed with it."""
    rows = Document.objects.select_related("campaign", "dossier__campaign")
    locked = rows.select_for_update(of=("self",)).get(pk=document.pk)
    if locked.dossier:
        _require_makers(by, locked.dossier)
    if locked.batch_id:
        require_office(by, locked.campaign.agency_id)
    if locked.state != State.FAILED:
        raise Refused("Văn bản này không bị lỗi nên không cần tạo lại.")
    family = {locked.pk, *locked.bound_in.values_list("bound_id", flat=True)}
    family |= set(locked.parts.exclude(document=None).values_list("document_id", flat=True))
    _try_again(Document.objects.filter(pk__in=family), at=at)


@transaction.atomic
def retry_failed(*, batch: Batch, by: User, at: datetime) -> int:
    """Try every failed paper of a batch again; how many there were."""
    require_office(by, batch.campaign.agency_id)
    return _try_again(batch.documents.all(), at=at)


def require_office(by: User, agency_id: int) -> None:
    if Role.OFFICE not in by.roles_for(agency_id=agency_id):
        raise Refused("Chỉ Văn phòng Sở tạo văn bản cho toàn bộ hồ sơ của phong trào.")


def may_order(by: User, dossier: Dossier) -> bool:
    """The unit's head; the office once the dossier is submitted."""
    roles = by.roles_for(agency_id=dossier.campaign.agency_id, unit_id=dossier.unit_id)
    return Role.UNIT_HEAD in roles or (Role.OFFICE in roles and not dossier.is_open)


def _require_makers(by: User, dossier: Dossier) -> None:
    if not may_order(by, dossier):
        raise Refused(
            "Chỉ trưởng đơn vị và Văn phòng Sở (khi hồ sơ đã trình) tạo văn bản của hồ sơ."
        )


def _try_again(documents: Any, *, at: datetime) -> int:
    failed = list(documents.filter(state=State.FAILED).order_by("pk").values_list("pk", flat=True))
    Document.objects.filter(pk__in=failed, state=State.FAILED).update(**UNTRIED)
    queue(list(Document.objects.filter(pk__in=failed).order_by("pk")), at=at)
    return len(failed)


def queue(documents: Sequence[Document], *, at: datetime) -> int:
    """
    Wake workers for what they could take up now; how many documents that is.

    A worker that is awake goes on until nothing waits, so a few messages do for any number of
    documents, and a message that gets lost loses no document.
    """
    rows = Document.objects.filter(pk__in=[document.pk for document in documents])
    waiting = list(rows.claimable(at).order_by("pk").only("pk", "kind", "code"))
    for lane in Lane:
        for document in [row for row in waiting if row.lane == lane][:MOST_AWAKE]:
            enqueue(RENDER, document.pk, queue=lane)
    return len(waiting)


def _paper(
    paper: Paper,
    last: Document | None,
    *,
    campaign: Campaign,
    dossier: Dossier | None,
    by: User,
    at: datetime,
    issue: dict[str, Any] | None = None,
) -> Document:
    document, _ = settle(
        last,
        issue,
        kind=paper.kind,
        campaign=campaign,
        dossier=dossier,
        report_id=paper.report,
        subject=paper.subject,
        form_version=paper.form_version,
        snapshot=paper.snapshot,
        created_by=by,
        created_at=at,
    )
    return document


def _bound(
    dossier: Dossier,
    frozen: dict[str, Any],
    papers: Sequence[Paper],
    documents: Sequence[Document],
    attachments: Sequence[Attachment],
    last: Document | None,
    *,
    by: User,
    at: datetime,
) -> Document:
    document, is_same = settle(
        last,
        None if dossier.is_open else particulars(dossier, frozen, None, {}),
        kind=Kind.DOSSIER,
        campaign=dossier.campaign,
        dossier=dossier,
        report_id=None,
        subject=str(dossier),
        form_version="",
        snapshot=bound_snapshot(frozen, papers, attachments),
        created_by=by,
        created_at=at,
    )
    if is_same:
        return document
    sources: list[dict[str, Any]] = [
        {"title": paper.title[:LONGEST_TITLE], "document": row}
        for paper, row in zip(papers, documents, strict=True)
    ]
    sources += [{"title": row.name, "attachment": row} for row in attachments]
    document.parts.all().delete()
    DocumentPart.objects.bulk_create(
        DocumentPart(bound=document, position=position, **source)
        for position, source in enumerate(sources)
    )
    return document


def drop_older_drafts(document: Document) -> None:
    """Drafts of a report that a newer one, now made, has replaced."""
    older = Document.objects.filter(report=document.report_id, dossier=None, pk__lt=document.pk)
    Document.objects.filter(pk=document.pk).update(supersedes=None)
    _drop(list(older.order_by("pk").only("pk", "kind", "file")))


def _drop_drafts(dossiers: Sequence[Dossier]) -> None:
    """Drafts have served once their dossier is issued; those that a batch lists are kept."""
    rows = Document.objects.filter(dossier__in=dossiers, code=None, batches=None)
    rows = rows.exclude(kind=Kind.SIGNING).order_by("pk")
    _drop(list(rows.only("pk", "kind", "file")))


def _drop(rows: list[Document]) -> None:
    # What supersedes and what binds goes before what it rests on.
    for row in sorted(rows, key=lambda row: (row.kind != Kind.DOSSIER, -row.pk)):
        with contextlib.suppress(ProtectedError):
            row.delete()
            if row.file.name:
                transaction.on_commit(partial(row.file.storage.delete, row.file.name))


def _is_outdated(document: Document) -> bool:
    """Whether a draft was laid out by other templates than today's; an issued paper stays."""
    is_draft = document.code is None and document.state == State.READY
    return is_draft and document.template_version not in ("", template_version())


def _is_void(document: Document) -> bool:
    """Whether a paper was annulled before its dossier was submitted anew, which it cannot join."""
    ended, dossier = document.annulled_at, document.dossier
    return bool(ended and dossier and dossier.submitted_at and dossier.submitted_at > ended)


def settle(
    last: Document | None, issue: dict[str, Any] | None, **values: Any
) -> tuple[Document, bool]:
    """
    The document with this content, and whether it is the last one as it was.

    A last one that was never made takes over the new content, and who ordered that; one that was
    made is superseded.
    `issue` holds number, issuer and day of an issued paper, None of a draft.
    """
    content = {key: values[key] for key in ("snapshot", "form_version", "subject")}
    is_said = last and all(getattr(last, key) == value for key, value in content.items())
    if last and is_said and not (_is_outdated(last) or _is_void(last)):
        if last.state == State.FAILED:
            Document.objects.filter(pk=last.pk, state=State.FAILED).update(**UNTRIED)
            last.refresh_from_db(fields=list(UNTRIED))
        return last, True
    if last:
        unmade = Document.objects.filter(pk=last.pk, state__in=(State.PENDING, State.FAILED))
        ordered = {key: values[key] for key in ("created_by", "created_at")}
        if unmade.update(**content, **ordered, **(issue or {}), **UNTRIED):
            return Document.objects.get(pk=last.pk), False
    if issue is not None:
        code = free_code()
        values |= issue | {"code": code, "address": address_of(code)}
    return Document.objects.create(**values, supersedes=last), False
