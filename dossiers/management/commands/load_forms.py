"""Load the report forms of the decrees; safe to run again, after load_catalogue."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from dossiers.actions.report_forms import load_forms


class Command(BaseCommand):
    help = "Nạp các mẫu báo cáo thành tích theo nghị định."

    def handle(self, *args: Any, **options: Any) -> None:
        loaded = load_forms(at=timezone.now())
        self.stdout.write(f"Mẫu báo cáo thành tích: {loaded.forms}")
        if loaded.left:
            self.stdout.write("Giữ nguyên vì đã chỉnh sửa tại cơ quan:")
        for name in loaded.left:
            self.stdout.write(f"  {name}")
