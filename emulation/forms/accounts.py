"""Input for accounts and role grants."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.auth.forms import PasswordResetForm
from django.utils import timezone

from emulation.models import Individual, Role, RoleGrant, Unit, User


class PersonField(forms.ModelChoiceField[Individual]):
    """Namesakes are told apart by staff code and unit."""

    def label_from_instance(self, obj: Individual) -> str:
        return f"{obj.full_name} ({obj.staff_code}) – {obj.unit.name}"


class AccountFilter(forms.Form):
    q = forms.CharField(
        label="Tên, mã số, tên đăng nhập",
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "có dấu hoặc không dấu", "type": "search"}),
    )


class AccountForm(forms.Form):
    individual = PersonField(
        label="Cá nhân", queryset=Individual.objects.none(), empty_label="Chọn người"
    )
    username = forms.RegexField(
        r"^[a-z0-9][a-z0-9._-]*$",
        label="Tên đăng nhập",
        max_length=150,
        help_text="Chữ thường không dấu, chữ số, dấu chấm, dấu gạch.",
        error_messages={"invalid": "Chỉ dùng chữ thường không dấu, chữ số, dấu chấm, dấu gạch."},
    )
    email = forms.EmailField(label="Thư điện tử", help_text="Nơi nhận liên kết đặt mật khẩu.")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        without = Individual.objects.editable_by(user).serving(timezone.localdate())
        choices = without.filter(account=None).select_related("unit")
        self.fields["individual"].queryset = choices  # type: ignore[attr-defined]


class GrantForm(forms.ModelForm[RoleGrant]):
    class Meta:
        model = RoleGrant
        fields = ("role", "unit", "valid_from", "valid_to")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.editable_by(user)  # type: ignore[attr-defined]
        self.fields["unit"].empty_label = "Chọn đơn vị"  # type: ignore[attr-defined]
        self.fields["role"].choices = [("", "Chọn vai trò"), *Role.choices]  # type: ignore[attr-defined]
        self.fields["valid_from"].initial = timezone.localdate
        self.fields["valid_to"].help_text = "Để trống khi chưa ấn định."
        for name in ("valid_from", "valid_to"):
            self.fields[name].widget.attrs["placeholder"] = "31/12/2024"


class EndForm(forms.Form):
    valid_to = forms.DateField(label="Đến hết ngày")


class FirstPasswordForm(PasswordResetForm):
    """Also for accounts that have no password yet: the first link may have expired unused."""

    email = forms.EmailField(
        label="Thư điện tử", max_length=254, widget=forms.EmailInput({"autocomplete": "email"})
    )

    def get_users(self, email: str) -> Iterable[Any]:
        return User.objects.filter(email__iexact=email, is_active=True).order_by("pk")
