"""Load the plans in campaigns/plans/ as draft campaigns; those that exist are left alone."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from campaigns.actions import import_plan, participating_units
from campaigns.models import Campaign
from emulation.models import Role, RoleGrant, Unit, User
from emulation.workflow import Refused

PLANS = Path(__file__).resolve().parents[2] / "plans"


class Command(BaseCommand):
    help = "Nạp các kế hoạch trong campaigns/plans/ thành phong trào dự thảo; không ghi đè."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--by", default="", help="tên đăng nhập của người nạp")
        parser.add_argument("--from", dest="folder", default=str(PLANS), help="thư mục kế hoạch")

    def handle(self, *args: Any, **options: Any) -> None:
        files = sorted(Path(options["folder"]).glob("*.json"))
        if not files:
            raise CommandError(f"Không có kế hoạch nào trong {options['folder']}.")
        for path in files:
            self.stdout.write(f"{path.stem}: {self._load(path, options['by'])}")

    def _load(self, path: Path, username: str) -> str:
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise CommandError(f"{path.name}: không đọc được ({error}).") from error
        if Campaign.objects.filter(slug=data.get("slug")).exists():
            return "đã có, giữ nguyên"
        agency = Unit.objects.agencies().filter(code=data.get("agency")).first()
        if agency is None:
            return f"bỏ qua, chưa có cơ quan {data.get('agency')}"
        at = timezone.now()
        # Of an agency that was merged since, the units of the plan's own days.
        units = list(participating_units(agency, timezone.localdate(at))) or list(
            participating_units(agency, date.fromisoformat(data.get("issued") or data["start"]))
        )
        try:
            import_plan(data=data, by=_office(agency, username), at=at, participants=units)
        except ValidationError as error:
            raise CommandError(f"{path.name}:\n" + "\n".join(error.messages)) from error
        except Refused as refused:
            raise CommandError(f"{path.name}: {refused}") from refused
        return "đã nạp"


def _office(agency: Unit, username: str) -> User:
    """Who loads: the account that is named, else the first that holds the office of the agency."""
    if username:
        found = User.objects.filter(username=username).first()
    else:
        grant = (
            RoleGrant.objects.in_force(timezone.localdate())
            .filter(role=Role.OFFICE, unit=agency, user__is_active=True)
            .select_related("user")
            .first()
        )
        found = grant.user if grant else None
    if found is None:
        raise CommandError(f"{agency}: chưa có tài khoản Văn phòng Sở để nạp kế hoạch.")
    return found
