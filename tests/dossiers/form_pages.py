"""What a browser sends from the page that corrects a report form."""

from __future__ import annotations

from dossiers.forms.form_texts import FormEditor
from dossiers.models import ReportForm


def form_data(form: ReportForm, **changes: str) -> dict[str, str]:
    """Everything as it is, but for `changes`: by column, or "code-column" of a section."""
    form.refresh_from_db()
    editor = FormEditor(form, None)
    data = {"note": "Theo nguyên văn Nghị định"}
    for part in (editor.lines, *editor.sections, *editor.added):
        for bound in part:
            value = bound.value()
            if value is True:
                data[bound.html_name] = "on"
            elif value not in (None, False):
                data.setdefault(bound.html_name, str(value))
    return data | changes
