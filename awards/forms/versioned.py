"""A form that knows which version of its row it shows."""

from django import forms
from django.http import QueryDict


class VersionedForm(forms.Form):
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    @property
    def is_stale(self) -> bool:
        """Whether the action found that somebody else had saved meanwhile."""
        return self.has_error("__all__", "stale")

    def take_version(self, version: int) -> None:
        """Show what was typed as a change of this version: saving again is then a decision."""
        assert isinstance(self.data, QueryDict)
        data = self.data.copy()
        data["version"] = str(version)
        self.data = data
