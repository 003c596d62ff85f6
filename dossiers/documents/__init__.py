"""Kind of document → template and content: from rows to a snapshot, from a snapshot to HTML."""

from dossiers.documents.archives import is_lost, zipped
from dossiers.documents.binders import bound_snapshot, parts_of
from dossiers.documents.editions import as_made, edition_of
from dossiers.documents.freezing import freeze, handed_in, number_of, papers_in, says_the_same
from dossiers.documents.naming import display_name, flat_name, free_name
from dossiers.documents.pages import TEMPLATES, html
from dossiers.documents.prints import SIGNED
from dossiers.documents.reports import Paper, report_paper
from dossiers.documents.verification import Verification, address_of, verification_of
from dossiers.documents.versions import template_version

__all__ = [
    "SIGNED",
    "TEMPLATES",
    "Paper",
    "Verification",
    "address_of",
    "as_made",
    "bound_snapshot",
    "display_name",
    "edition_of",
    "flat_name",
    "free_name",
    "freeze",
    "handed_in",
    "html",
    "is_lost",
    "number_of",
    "papers_in",
    "parts_of",
    "report_paper",
    "says_the_same",
    "template_version",
    "verification_of",
    "zipped",
]
