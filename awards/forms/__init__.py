from awards.forms.meetings import MeetingForm
from awards.forms.nominations import NominationForm, suggested_ground

__all__ = ["MeetingForm", "NominationForm", "suggested_ground"]
