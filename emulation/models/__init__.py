from emulation.models.accounts import Role, RoleGrant, User
from emulation.models.history import Look, Step
from emulation.models.law import (
    BaseSalary,
    Decider,
    Instrument,
    PrizeCoefficient,
    SubjectKind,
    Title,
    VotingRule,
)
from emulation.models.people import Individual, Level, Rating
from emulation.models.units import Succession, Unit

__all__ = [
    "BaseSalary",
    "Decider",
    "Individual",
    "Instrument",
    "Level",
    "Look",
    "PrizeCoefficient",
    "Rating",
    "Role",
    "RoleGrant",
    "Step",
    "SubjectKind",
    "Succession",
    "Title",
    "Unit",
    "User",
    "VotingRule",
]
