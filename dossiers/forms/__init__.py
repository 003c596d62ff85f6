from dossiers.forms.dossiers import AttachmentForm, DossierFilter, OverviewFilter
from dossiers.forms.registers import LastForm, NumberForm, RegisterFilter
from dossiers.forms.reports import ReportEditor
from dossiers.forms.signing import SignForm

__all__ = [
    "AttachmentForm",
    "DossierFilter",
    "LastForm",
    "NumberForm",
    "OverviewFilter",
    "RegisterFilter",
    "ReportEditor",
    "SignForm",
]
