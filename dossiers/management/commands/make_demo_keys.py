"""Give the demo keys to sign with; a real installation lists its own, see SIGNING_KEYS."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from dossiers.demo.keys import make_keys, wanted_keys


class Command(BaseCommand):
    help = "Tạo khóa ký số thử nghiệm cho dữ liệu dùng thử; không thay khóa đã có."

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.DEMO and settings.EMBEDDED):
            raise CommandError("Chỉ tạo khóa thử nghiệm khi chạy thử trên một máy (DEMO).")
        now = timezone.now()
        made = make_keys(
            settings.VAR_DIR / "signing",
            wanted_keys(settings.DEMO_AGENCY, on=timezone.localdate(now)),
            passphrase=settings.DEMO_PASSWORD,
            at=now,
        )
        if made:
            self.stdout.write("khóa ký số thử nghiệm: đã tạo")
