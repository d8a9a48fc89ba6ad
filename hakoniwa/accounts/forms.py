"""What people type to come in."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _


class NewPassword(forms.CharField):
    """A password being chosen: long enough, and not one that everybody tries."""

    def __init__(self, **kwargs: Any) -> None:
        attributes = {"autocomplete": "new-password"}
        super().__init__(
            label=_("Password"),
            help_text=_("At least 8 characters."),
            max_length=128,
            strip=False,
            widget=forms.PasswordInput(attrs=attributes),
            **kwargs,
        )

    def validate(self, value: str) -> None:
        super().validate(value)
        validate_password(value)


class CodeField(forms.CharField):
    """A class code, as an instructor wrote it on the board."""

    def __init__(self, **kwargs: Any) -> None:
        attributes = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        super().__init__(
            label=_("Class code"),
            max_length=20,
            widget=forms.TextInput(attrs=attributes),
            **kwargs,
        )


class NameField(forms.CharField):
    """The name a person is called by in class."""

    def __init__(self, **kwargs: Any) -> None:
        attributes = {"autocomplete": "username"}
        super().__init__(
            label=_("Your name"),
            max_length=60,
            widget=forms.TextInput(attrs=attributes),
            **kwargs,
        )


class JoinForm(forms.Form):
    code = CodeField()
    name = NameField()
    password = NewPassword()


class SignInForm(forms.Form):
    code = CodeField(required=False, help_text=_("Instructors leave this empty."))
    name = NameField()
    password = forms.CharField(
        label=_("Password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class ChoosePasswordForm(forms.Form):
    password = NewPassword()


class OpenClassForm(forms.Form):
    name = forms.CharField(label=_("Name of the class"), max_length=80)
