from dossiers.models.choosing import Choice, Forms, Uses, unexpected, uses_of
from dossiers.models.documents import Batch, BatchItem, Document, DocumentPart
from dossiers.models.dossiers import Attachment, Dossier
from dossiers.models.facts import (
    Ratings,
    Readiness,
    facts_of,
    parts_of,
    rating_sentence,
    rating_year,
    readiness_of,
    registered_lines,
    sections_for,
    subject_facts,
)
from dossiers.models.progress import Case, Deadline, Stage, cases_of, deadline_of
from dossiers.models.registers import Register, RegisterEntry
from dossiers.models.reports import FormSection, Report, ReportEntry, ReportForm
from dossiers.models.signatures import Signature
from dossiers.models.tasks import ReportTask, TaskRow
from dossiers.models.versions import FormRevision, ReportVersion, Similarity

__all__ = [
    "Attachment",
    "Batch",
    "BatchItem",
    "Case",
    "Choice",
    "Deadline",
    "Document",
    "DocumentPart",
    "Dossier",
    "FormRevision",
    "FormSection",
    "Forms",
    "Ratings",
    "Readiness",
    "Register",
    "RegisterEntry",
    "Report",
    "ReportEntry",
    "ReportForm",
    "ReportTask",
    "ReportVersion",
    "Signature",
    "Similarity",
    "Stage",
    "TaskRow",
    "Uses",
    "cases_of",
    "deadline_of",
    "facts_of",
    "parts_of",
    "rating_sentence",
    "rating_year",
    "readiness_of",
    "registered_lines",
    "sections_for",
    "subject_facts",
    "unexpected",
    "uses_of",
]
