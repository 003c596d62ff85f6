from awards.views.meetings import meeting, meeting_act, meeting_start
from awards.views.nominations import (
    criteria,
    nominate,
    nomination,
    nomination_edit,
    nomination_withdraw,
    nominations,
)

__all__ = [
    "criteria",
    "meeting",
    "meeting_act",
    "meeting_start",
    "nominate",
    "nomination",
    "nomination_edit",
    "nomination_withdraw",
    "nominations",
]
