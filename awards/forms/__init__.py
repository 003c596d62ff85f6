from awards.forms.meetings import MeetingForm
from awards.forms.nominations import NominationForm

__all__ = ["MeetingForm", "NominationForm"]
