from dossiers.actions.dossiers import (
    act_on_dossier,
    add_attachment,
    open_dossier,
    remove_attachment,
)
from dossiers.actions.reports import (
    MAX_CHARS,
    WRITTEN,
    EntryKey,
    Outdated,
    save_report,
    start_report,
)

__all__ = [
    "MAX_CHARS",
    "WRITTEN",
    "EntryKey",
    "Outdated",
    "act_on_dossier",
    "add_attachment",
    "open_dossier",
    "remove_attachment",
    "save_report",
    "start_report",
]
