"""Dates and numbers in templates as an office writes them."""

from datetime import datetime

from django import template
from django.utils import timezone

from emulation import vietnamese

register = template.Library()
register.filter("vnum", vietnamese.number)
# An instant is the day that it is here, not in UTC.
register.filter("vdate", vietnamese.short_date, expects_localtime=True)
register.filter("longdate", vietnamese.long_date, expects_localtime=True)


@register.filter
def vdatetime(value: datetime | None) -> str:
    """14:30 31/12/2024, local time."""
    return timezone.localtime(value).strftime("%H:%M %d/%m/%Y") if value else ""
