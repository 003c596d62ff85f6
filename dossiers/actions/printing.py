"""Ordering files to be printed: the pages of a batch that are signed by hand, or all of them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from dossiers.actions.documents import queue, require_office, settle
from dossiers.documents.prints import SIGNED, print_snapshot
from dossiers.models import Batch, Document, DocumentPart
from emulation.models import User
from emulation.workflow import Refused


@transaction.atomic
def order_print(*, batch: Batch, kind: str, sort: str, by: User, at: datetime) -> Document:
    """
    One file of the papers of a batch, of one kind of paper or (`sort` "") of all.

    Papers that could not be made or were annulled are left out; the file waits for those still to
    be made.
    """
    require_office(by, batch.campaign.agency_id)
    if kind not in Document.PRINTS or (sort and sort not in SIGNED):
        raise Refused("Hãy chọn loại văn bản cần in.")
    locked = Batch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    items = (
        locked.items.filter(document__kind__in=[sort] if sort else SIGNED)
        .filter(document__annulled_at=None)
        .exclude(document__state=Document.State.FAILED)
        .select_related("document__dossier__unit")
        .defer("document__snapshot")
    )
    # In the order of the batch, which is that of the dossiers and of the papers in each.
    papers = [item.document for item in items.order_by("pk")]
    if not papers:
        raise Refused("Đợt này chưa có văn bản nào thuộc loại đã chọn.")
    last = Document.objects.filter(
        batch=locked, kind=kind, snapshot__sort=sort, superseded_by=None
    ).order_by("pk")
    document, is_same = settle(
        last.last(),
        None,
        kind=kind,
        campaign=locked.campaign,
        dossier=None,
        report_id=None,
        batch=locked,
        subject=Document.Kind(sort).label if sort else "Tất cả văn bản của đợt",
        form_version="",
        snapshot=print_snapshot(locked, kind, sort, papers),
        created_by=by,
        created_at=at,
    )
    if not is_same:
        document.parts.all().delete()
        DocumentPart.objects.bulk_create(
            DocumentPart(bound=document, position=position, title=paper.subject, document=paper)
            for position, paper in enumerate(papers)
        )
    queue([document], at=at)
    return document
