"""Input for accounts and role grants."""

from typing import Any

from django import forms

from emulation.models import Individual, RoleGrant, Unit, User


class AccountForm(forms.Form):
    individual = forms.ModelChoiceField(label="Cá nhân", queryset=Individual.objects.none())
    username = forms.SlugField(
        label="Tên đăng nhập", max_length=150, allow_unicode=False,
        help_text="Chữ thường không dấu, số, dấu gạch.",
    )
    email = forms.EmailField(label="Thư điện tử", help_text="Nơi nhận liên kết đặt mật khẩu.")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = Individual.objects.editable_by(user).filter(account=None).select_related("unit")
        self.fields["individual"].queryset = choices  # type: ignore[attr-defined]


class GrantForm(forms.ModelForm[RoleGrant]):
    class Meta:
        model = RoleGrant
        fields = ("role", "unit", "valid_from", "valid_to")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.editable_by(user) | Unit.objects.filter(  # type: ignore[attr-defined]
            pk__in=user.agency_ids_as("ADMIN")
        )


class EndForm(forms.Form):
    valid_to = forms.DateField(label="Đến hết ngày")
