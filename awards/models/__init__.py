from awards.models.eligibility import Candidate, candidate, facts, findings
from awards.models.meetings import Meeting, MeetingAttendee, MeetingVote
from awards.models.nominations import Nomination

__all__ = [
    "Candidate",
    "Meeting",
    "MeetingAttendee",
    "MeetingVote",
    "Nomination",
    "candidate",
    "facts",
    "findings",
]
