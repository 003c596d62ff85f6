from campaigns.models.campaigns import Campaign, Precision
from campaigns.models.contents import (
    Anniversary,
    Area,
    Basis,
    Duty,
    Milestone,
    Participant,
    Recipient,
    Remark,
    Target,
    Theme,
)
from campaigns.models.offers import Applies, Criterion, DossierPart, Offer, ReportKind, Statement
from campaigns.models.registrations import Registration, RegistrationLine

__all__ = [
    "Anniversary",
    "Applies",
    "Area",
    "Basis",
    "Campaign",
    "Criterion",
    "DossierPart",
    "Duty",
    "Milestone",
    "Offer",
    "Participant",
    "Precision",
    "Recipient",
    "Registration",
    "RegistrationLine",
    "Remark",
    "ReportKind",
    "Statement",
    "Target",
    "Theme",
]
