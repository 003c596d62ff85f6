from campaigns.actions.campaigns import (
    act_on_campaign,
    create_campaign,
    duplicate_campaign,
    participating_units,
    save_participants,
    set_milestone_date,
    update_campaign,
)
from campaigns.actions.plans import import_plan
from campaigns.actions.registrations import (
    act_on_registration,
    add_registration_line,
    remove_registration_line,
    start_registration,
    update_registration_line,
)
from campaigns.actions.rows import add_row, move_row, remove_row, update_row

__all__ = [
    "act_on_campaign",
    "act_on_registration",
    "add_registration_line",
    "add_row",
    "create_campaign",
    "duplicate_campaign",
    "import_plan",
    "move_row",
    "participating_units",
    "remove_registration_line",
    "remove_row",
    "save_participants",
    "set_milestone_date",
    "start_registration",
    "update_campaign",
    "update_registration_line",
    "update_row",
]
