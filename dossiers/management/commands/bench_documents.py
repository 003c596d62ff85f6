"""How long our whole job takes for a campaign's documents, beside WeasyPrint alone."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from io import BytesIO
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from dossiers import actions, rendering
from dossiers.binding import Front, bind
from dossiers.documents import html, parts_of
from dossiers.documents.making import front_html
from dossiers.management.commands.make_dossiers import find_campaign, find_office_user
from dossiers.management.temporary_worker import temporary_worker
from dossiers.models import Batch, Document
from emulation.workflow import Refused

LIMIT_SECONDS = 1800


class Command(BaseCommand):
    help = "Đo thời gian tạo văn bản của một phong trào so với riêng WeasyPrint trên cùng HTML."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("campaign", help="mã phong trào, ví dụ lang-son-2024")

    def handle(self, *args: Any, **options: Any) -> None:
        campaign = find_campaign(options["campaign"])
        by = find_office_user(campaign, "")
        try:
            batch = actions.order_batch(campaign=campaign, by=by, at=timezone.now(), fresh=True)
        except Refused as refused:
            raise CommandError(str(refused)) from None
        try:
            self._measure(batch)
        finally:
            actions.discard(batch=batch)

    def _measure(self, batch: Batch) -> None:
        rows = list(batch.documents.exclude(kind=Document.Kind.DOSSIER).order_by("pk"))
        pages = [html(row.kind, row.snapshot) for row in rows]
        # Before and after, so that a machine that is busy for a while slows both sides alike.
        before = _weasyprint_alone(pages)
        self._run_worker(batch)
        self._report(batch, before, _weasyprint_alone(pages))

    def _run_worker(self, batch: Batch) -> None:
        with temporary_worker(1) as worker:
            limit = time.monotonic() + LIMIT_SECONDS
            while batch.documents.filter(state__in=("pending", "rendering")).exists():
                if worker.is_dead or time.monotonic() > limit:
                    raise CommandError(f"Tiến trình đã dừng:\n{worker.last_words()}")
                time.sleep(0.5)

    def _report(self, batch: Batch, before: list[float], after: list[float]) -> None:
        rows = list(batch.documents.order_by("pk"))
        failed = [row for row in rows if row.state == Document.State.FAILED]
        if failed:
            raise CommandError(f"{failed[0]}: {failed[0].error}")
        papers = [row for row in rows if row.kind != Document.Kind.DOSSIER]
        bound = [row for row in rows if row.kind == Document.Kind.DOSSIER]
        own, binding = [_seconds(row) for row in papers], [_seconds(row) for row in bound]
        alone = [sum(pair) / 2 for pair in zip(before, after, strict=True)]
        fronts = _weasyprint_alone([_front_of(row) for row in bound])
        began = min(row.started_at for row in rows if row.started_at)
        ended = max(row.rendered_at for row in rows if row.rendered_at)
        whole = (ended - began).total_seconds()
        nothing_else = sum(alone) + sum(fronts)
        pages = sum(row.pages or 0 for row in papers)
        self.stdout.write(
            f"{len(papers)} văn bản ({pages} trang), {len(bound)} hồ sơ đóng tập; một tiến trình\n"
            f"{'':42}{'trung vị':>10}{'tổng':>10}\n"
            f"{_row('Mỗi văn bản, toàn bộ công việc', own)}"
            f"{_row('Mỗi văn bản, riêng WeasyPrint cùng HTML', alone)}"
            f"{_row('Mỗi hồ sơ đóng tập, toàn bộ công việc', binding)}"
            f"{_row('Mỗi hồ sơ đóng tập, riêng WeasyPrint', fronts)}"
            f"{'Cả đợt, kể cả hàng đợi':42}{'':>10}{whole:>8.2f} s\n\n"
            f"Mỗi văn bản: {median(own) / median(alone):.3f} lần WeasyPrint\n"
            f"Cả đợt:      {whole / nothing_else:.3f} lần WeasyPrint"
        )


def _row(label: str, seconds: list[float]) -> str:
    return f"{label:42}{median(seconds) * 1000:>7.0f} ms{sum(seconds):>8.2f} s\n"


def _seconds(document: Document) -> float:
    """From the claim to the row that says the file is there."""
    assert document.started_at is not None
    assert document.rendered_at is not None
    return (document.rendered_at - document.started_at).total_seconds()


def _front_of(document: Document) -> str:
    """The HTML that was laid out when the dossier was bound."""
    asked: list[str] = []

    def front(context: Front) -> str:
        asked.append(front_html(document, context))
        return asked[-1]

    bind(parts_of(document, lambda file: Path(file.path)), front, BytesIO())
    return asked[-1]


def _weasyprint_alone(pages: list[str]) -> list[float]:
    """
    Nothing but WeasyPrint, in this process, on HTML that is ready.

    It is given what we keep too: the style sheet parsed and the fonts searched once.
    """
    from weasyprint import HTML

    style_sheet, fonts = rendering.style()
    seconds = []
    with TemporaryDirectory() as folder:
        target = Path(folder) / "alone.pdf"
        HTML(string=pages[0]).write_pdf(target, stylesheets=[style_sheet], font_config=fonts)
        for page in pages:
            began = time.perf_counter()
            HTML(string=page).write_pdf(target, stylesheets=[style_sheet], font_config=fonts)
            seconds.append(time.perf_counter() - began)
    return seconds
