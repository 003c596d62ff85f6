from campaigns.views.editing import act, create, duplicate, edit, milestone, participants
from campaigns.views.pages import campaign_list, detail
from campaigns.views.registrations import (
    registration,
    registration_act,
    registration_line_add,
    registration_line_edit,
    registration_line_remove,
    registration_start,
    registrations,
)
from campaigns.views.rows import row_edit, row_move, row_remove, rows

__all__ = [
    "act",
    "campaign_list",
    "create",
    "detail",
    "duplicate",
    "edit",
    "milestone",
    "participants",
    "registration",
    "registration_act",
    "registration_line_add",
    "registration_line_edit",
    "registration_line_remove",
    "registration_start",
    "registrations",
    "row_edit",
    "row_move",
    "row_remove",
    "rows",
]
