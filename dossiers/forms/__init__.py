from dossiers.forms.dossiers import AttachmentForm, DossierFilter, OverviewFilter
from dossiers.forms.reports import ReportEditor

__all__ = ["AttachmentForm", "DossierFilter", "OverviewFilter", "ReportEditor"]
