"""Load the demo; safe to run again, after load_catalogue and load_forms: what exists stays."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from dossiers.demo.cases import load_campaigns
from dossiers.demo.directory import load_directory


class Command(BaseCommand):
    help = "Nạp dữ liệu dùng thử còn thiếu; không sửa, không xóa dữ liệu đã có."

    def handle(self, *args: Any, **options: Any) -> None:
        new = load_directory(password=settings.DEMO_PASSWORD) | load_campaigns()
        for name, count in new.items():
            self.stdout.write(f"{name}: thêm {count}")
