from dossiers.actions.documents import (
    may_order,
    order_batch,
    order_dossier,
    order_report,
    retry,
    retry_failed,
)
from dossiers.actions.dossiers import (
    act_on_dossier,
    add_attachment,
    open_dossier,
    remove_attachment,
)
from dossiers.actions.form_basis import Overlap, add_form, correct_basis
from dossiers.actions.form_samples import sample_report, sides_of
from dossiers.actions.form_texts import correct_form, restore_form
from dossiers.actions.issuing import annul
from dossiers.actions.making import make_document, make_documents, resume_documents
from dossiers.actions.moving import change_form, settle_leftover
from dossiers.actions.printing import order_print
from dossiers.actions.registers import give_number, register_paper, set_last
from dossiers.actions.reports import (
    MAX_CHARS,
    WRITTEN,
    EntryKey,
    Outdated,
    save_report,
    start_report,
)
from dossiers.actions.signing import keys_for, sign, unsignable
from dossiers.actions.similarities import ask_to_compare, compare_reports
from dossiers.actions.tasks import (
    MAX_TASKS,
    add_task,
    edit_task,
    import_tasks,
    move_task,
    remove_task,
)
from dossiers.actions.versions import restore_version

__all__ = [
    "MAX_CHARS",
    "MAX_TASKS",
    "WRITTEN",
    "EntryKey",
    "Outdated",
    "Overlap",
    "act_on_dossier",
    "add_attachment",
    "add_form",
    "add_task",
    "annul",
    "ask_to_compare",
    "change_form",
    "compare_reports",
    "correct_basis",
    "correct_form",
    "edit_task",
    "give_number",
    "import_tasks",
    "keys_for",
    "make_document",
    "make_documents",
    "may_order",
    "move_task",
    "open_dossier",
    "order_batch",
    "order_dossier",
    "order_print",
    "order_report",
    "register_paper",
    "remove_attachment",
    "remove_task",
    "restore_form",
    "restore_version",
    "resume_documents",
    "retry",
    "retry_failed",
    "sample_report",
    "save_report",
    "set_last",
    "settle_leftover",
    "sides_of",
    "sign",
    "start_report",
    "unsignable",
]
