from dossiers.views.attachments import attachment, attachment_add, attachment_remove
from dossiers.views.dossiers import dossier, dossier_act, dossier_list, dossier_open
from dossiers.views.home import home
from dossiers.views.progress import overview, unit_case
from dossiers.views.registers import (
    register,
    register_export,
    register_last,
    register_number,
)
from dossiers.views.reports import report, report_save, report_start

__all__ = [
    "attachment",
    "attachment_add",
    "attachment_remove",
    "dossier",
    "dossier_act",
    "dossier_list",
    "dossier_open",
    "home",
    "overview",
    "register",
    "register_export",
    "register_last",
    "register_number",
    "report",
    "report_save",
    "report_start",
    "unit_case",
]
