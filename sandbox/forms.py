"""What an instructor types to reserve seats."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class MinuteField(forms.DateTimeField):
    """A day and a time, in the site's time zone, from the browser's own picker."""

    def __init__(self, **kwargs: Any) -> None:
        picker = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=picker, **kwargs)


class ReserveForm(forms.Form):
    seats = forms.IntegerField(label=_("How many seats"), min_value=1, max_value=1000)
    starts_at = MinuteField(label=_("From"))
    ends_at = MinuteField(label=_("Until"))
