from dossiers.models.documents import Batch, BatchItem, Document, DocumentPart
from dossiers.models.dossiers import Attachment, Dossier
from dossiers.models.reports import FormSection, Report, ReportEntry, ReportForm

__all__ = [
    "Attachment",
    "Batch",
    "BatchItem",
    "Document",
    "DocumentPart",
    "Dossier",
    "FormSection",
    "Report",
    "ReportEntry",
    "ReportForm",
]
