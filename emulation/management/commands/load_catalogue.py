"""Load instruments, titles, coefficients, base salaries and voting rules; safe to run again."""

from typing import Any

from django.core.management.base import BaseCommand

from emulation.actions.catalogue import load_catalogue


class Command(BaseCommand):
    help = "Nạp danh mục văn bản, danh hiệu, hệ số, mức lương cơ sở và tỷ lệ phiếu."

    def handle(self, *args: Any, **options: Any) -> None:
        for table, rows in load_catalogue().items():
            self.stdout.write(f"{table}: {rows}")
