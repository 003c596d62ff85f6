"""Addresses of a unit's meeting, what a browser sends from them, and what a person reads."""

from __future__ import annotations

import html
import re
from typing import Any

from django.urls import reverse

from awards.models import Meeting
from tests.awards.conftest import Story


def address(story: Story, route: str, *more: str) -> str:
    return reverse(f"awards:{route}", args=(story.campaign.slug, story.people.unit.pk, *more))


def text(response: Any) -> str:
    """What a person reads: without markup, spaces as one."""
    plain = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", html.unescape(plain))


def choice(person: Any) -> str:
    return f"individual-{person.pk}"


def nomination_data(story: Story, subject: str, **values: Any) -> dict[str, Any]:
    return {
        "subject": subject,
        "offer": story.offer.pk,
        "legal_ground": "Điều 75",
        "summary": "Hoàn thành xuất sắc nhiệm vụ.",
        "version": "0",
    } | values


def meeting_data(meeting: Meeting, **values: Any) -> dict[str, Any]:
    """A complete record; everybody present votes for everybody."""
    members = sorted(meeting.present_ids())
    data: dict[str, Any] = {
        "version": meeting.version,
        "date": "28/07/2025",
        "starts_at": "14:00",
        "ends_at": "16:30",
        "place": "Phòng họp số 2",
        "chair": members[0],
        "secretary": members[1],
        "required_percent": "50",
        "discussion": "Thống nhất cao.",
    }
    data |= {f"present_{pk}": "on" for pk in members}
    for nomination in meeting.nominations():
        data |= {
            f"in_favour_{nomination.pk}": len(members),
            f"against_{nomination.pk}": "",
            f"abstained_{nomination.pk}": "",
        }
    data |= values
    return {key: value for key, value in data.items() if value is not None}
