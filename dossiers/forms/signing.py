"""Input of one signature: which key, where on the page, and its secret."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from dossiers.actions.signing import BY_NAME, CORNER
from dossiers.models import Document
from dossiers.signing.keys import Key


class SignForm(forms.Form):
    key = forms.ChoiceField(label="Chữ ký số", error_messages={"required": "Hãy chọn chữ ký số."})
    place = forms.ChoiceField(label="Vị trí trên văn bản")
    secret = forms.CharField(
        label="Mã PIN hoặc mật khẩu của khóa",
        required=False,
        strip=False,
        max_length=200,
        help_text="Chỉ dùng cho lần ký này, không được lưu lại.",
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, document: Document, keys: Sequence[Key], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has_keys = bool(keys)
        self.has_trial = any(key.trial for key in keys)
        choice = self.fields["key"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(key.slug, key.label) for key in keys]
        place = self.fields["place"]
        assert isinstance(place, forms.ChoiceField)
        named = [(str(i), row["label"]) for i, row in enumerate(document.signing_places)]
        if named:
            place.choices = [
                (BY_NAME, "Theo họ tên người ký"),
                *named,
                (CORNER, "Góc trên bên phải trang đầu"),
            ]
        else:
            place.choices = [(CORNER, "Góc trên bên phải trang đầu")]
            place.widget = forms.HiddenInput()
            place.initial = CORNER
        if not any(key.asks_secret for key in keys):
            del self.fields["secret"]
