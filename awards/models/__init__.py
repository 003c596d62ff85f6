from awards.models.meetings import Meeting, MeetingAttendee, MeetingVote
from awards.models.nominations import Nomination

__all__ = ["Meeting", "MeetingAttendee", "MeetingVote", "Nomination"]
