from dossiers.forms.dossiers import AttachmentForm, DossierFilter, OverviewFilter
from dossiers.forms.registers import LastForm, NumberForm, RegisterFilter
from dossiers.forms.reports import ReportEditor

__all__ = [
    "AttachmentForm",
    "DossierFilter",
    "LastForm",
    "NumberForm",
    "OverviewFilter",
    "RegisterFilter",
    "ReportEditor",
]
