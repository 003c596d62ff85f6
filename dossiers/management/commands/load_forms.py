"""Load the report forms of the decrees; safe to run again, after load_catalogue."""

from typing import Any

from django.core.management.base import BaseCommand

from dossiers.actions.forms import load_forms


class Command(BaseCommand):
    help = "Nạp các mẫu báo cáo thành tích theo nghị định."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Mẫu báo cáo thành tích: {load_forms()}")
