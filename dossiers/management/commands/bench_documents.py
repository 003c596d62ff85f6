"""How fast papers are made: beside other programs, by several workers, and a second time."""

from __future__ import annotations

import gc
import os
import time
from argparse import ArgumentParser
from pathlib import Path
from statistics import mean, median
from tempfile import TemporaryDirectory
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from campaigns.models import Campaign
from dossiers import actions, rendering
from dossiers.management.bench import alone, content, rivals
from dossiers.management.bench.batches import Run, ready_workers, run
from dossiers.management.bench.rivals import Taken
from dossiers.management.commands.make_dossiers import find_campaign, find_office_user
from dossiers.models import Document
from emulation.models import User
from emulation.workflow import Refused

WORKERS = (1, 2, 4)


class Command(BaseCommand):
    help = "Đo thời gian tạo văn bản: so với chương trình khác, theo số tiến trình, khi tạo lại."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("campaign", help="mã phong trào, ví dụ lang-son-2024")
        parser.add_argument("--count", type=int, help="số văn bản của đợt (500; với --long: 2000)")
        parser.add_argument(
            "--each", type=int, default=100, help="số văn bản đem so từng cái với chương trình khác"
        )
        parser.add_argument(
            "--long", action="store_true", help="chỉ đo bộ nhớ của tiến trình qua nhiều văn bản"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        campaign = find_campaign(options["campaign"])
        by = find_office_user(campaign, "")
        try:
            count = options["count"] or (2000 if options["long"] else 500)
            with content.copies(campaign, count) as copy:
                if options["long"]:
                    self._long(copy, by)
                else:
                    each = self._each(copy, by, options["each"])
                    self._batches(copy, by, each)
        except Refused as refused:
            raise CommandError(str(refused)) from None

    # --- Document by document ---------------------------------------------------------------------

    def _each(self, campaign: Campaign, by: User, number: int) -> list[Taken]:
        batch = actions.order_batch(campaign=campaign, by=by, at=timezone.now())
        rows = batch.documents.order_by("pk")
        bound = list(rows.filter(kind=Document.Kind.DOSSIER))
        papers: list[Document] = []
        while bound and len(papers) < number:
            parts = bound.pop(0).parts.exclude(document=None).select_related("document")
            papers += [part.document for part in parts if part.document]
        pages = [alone.page_of(row) for row in papers]
        # As a worker does when it starts.
        rendering.load()
        rendering.style()
        gc.collect()
        gc.freeze()
        with TemporaryDirectory(prefix="bench-") as folder:
            pair = alone.measure(papers, Path(folder))
            fronts = rows.filter(kind=Document.Kind.DOSSIER, parts__document__in=papers)
            binding = alone.measure(list(fronts.distinct()), Path(folder))
        gc.unfreeze()
        made = Document.objects.filter(pk__in=[row.pk for row in papers])
        count = sum(pages or 0 for pages in made.values_list("pages", flat=True))
        found = [
            Taken("WeasyPrint một mình", pair.alone),
            Taken("Toàn bộ công việc của Thi đua", pair.whole),
            *rivals.libreoffice(pages),
            rivals.chromium(pages),
        ]
        title = f"Từng văn bản: {len(papers)} văn bản, {count} trang, một tiến trình"
        self._say(f"{title}\n{'':44}{'trung vị':>12}{'trung bình':>12}{'so với WeasyPrint':>20}")
        for taken in found:
            self._say(_line(taken, pair.alone))
        dossiers = sum(binding.whole) / sum(binding.alone)
        whole = (sum(pair.whole) + sum(binding.whole)) / (sum(pair.alone) + sum(binding.alone))
        self._say(
            f"Hồ sơ đóng tập ({len(binding.whole)}): {median(binding.whole) * 1000:.0f} ms, "
            f"gấp {dossiers:.2f} lần riêng phần bìa và mục lục bằng WeasyPrint\n"
            f"Tất cả, kể cả đóng tập: {whole:.3f} lần WeasyPrint một mình\n"
        )
        content.forget(campaign)
        return found

    # --- Batches ----------------------------------------------------------------------------------

    def _batches(self, campaign: Campaign, by: User, each: list[Taken]) -> None:
        head = ("tiến trình", "văn bản", "giây", "văn bản/giây", "hiệu suất", "bộ nhớ lớn nhất")
        self._say("Cả đợt, kể cả đặt việc, hàng đợi và đóng tập\n" + _cells(*head))
        runs: list[Run] = []
        for number in WORKERS:
            if runs:
                content.forget(campaign)
            with ready_workers(number) as worker:
                runs.append(run(campaign, by, worker, number))
            now = runs[-1]
            efficiency = now.pace / runs[0].pace / number
            self._say(
                _cells(
                    str(number),
                    str(now.documents),
                    f"{now.ordered + now.seconds:.1f}",
                    f"{now.pace:.2f}",
                    f"{efficiency:.0%}",
                    f"{now.peak:.0f} MB",
                )
            )
        office = next((taken for taken in each if taken.name.startswith("LibreOffice")), None)
        if office and office.seconds:
            for now in (runs[0], runs[-1]):
                ratio = now.pace * mean(office.seconds)
                self._say(f"{now.workers} tiến trình: nhanh gấp {ratio:.2f} lần LibreOffice")
        self._again(campaign, by, runs[-1])

    def _again(self, campaign: Campaign, by: User, first: Run) -> None:
        """The same batch once more, and then with three reports changed."""
        whole = first.ordered + first.seconds
        with ready_workers(first.workers) as worker:
            same = run(campaign, by, worker, first.workers)
            content.change(campaign, 3)
            changed = run(campaign, by, worker, first.workers)
        again = same.ordered + same.seconds
        self._say(
            f"\nKhông có gì thay đổi: {again:.3f} giây, phải tạo {same.documents} văn bản, "
            f"nhanh gấp {whole / again:.0f} lần\n"
            f"Ba báo cáo thay đổi: {changed.ordered + changed.seconds:.2f} giây, "
            f"phải tạo {changed.documents} văn bản"
        )

    def _long(self, campaign: Campaign, by: User) -> None:
        """Whether workers grow with the documents that they make."""
        number = min(4, os.cpu_count() or 1)
        self._say("Bộ nhớ trung bình của một tiến trình theo số văn bản đã tạo")
        began = time.perf_counter()
        with ready_workers(number) as worker:
            found = run(
                campaign,
                by,
                worker,
                number,
                every=100,
                told=lambda done, memory: self._say(f"{done:>8} văn bản{memory:>10.1f} MB"),
            )
        self._say(
            f"{found.documents} văn bản, {number} tiến trình, "
            f"{time.perf_counter() - began:.0f} giây, lớn nhất {found.peak:.0f} MB"
        )

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def _line(taken: Taken, alone: list[float]) -> str:
    if not taken.seconds:
        return f"{taken.name:44}{taken.note:>24}"
    each, ratio = mean(taken.seconds), mean(taken.seconds) / mean(alone)
    times = f"{median(taken.seconds) * 1000:>9.0f} ms{each * 1000:>9.0f} ms"
    return f"{taken.name:44}{times}{ratio:>20.3f} {taken.note}".rstrip()


def _cells(*texts: str) -> str:
    return "".join(f"{text:>17}" for text in texts)
