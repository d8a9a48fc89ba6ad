"""What instructors type in the studio."""

from django import forms
from django.utils.translation import gettext_lazy as _

from lessons.files import LONGEST_PATH, MAX_BYTES
from lessons.names import LONGEST_SLUG, SLUG


class BeginForm(forms.Form):
    slug = forms.RegexField(
        rf"^{SLUG}\Z",
        label=_("Name in the address"),
        help_text=_("Small letters, digits and hyphens, such as healthchecks."),
        max_length=LONGEST_SLUG,
    )


class FileForm(forms.Form):
    path = forms.CharField(max_length=LONGEST_PATH, widget=forms.HiddenInput)
    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    text = forms.CharField(required=False, strip=False, max_length=MAX_BYTES)

    def content(self) -> bytes:
        """As files have it; browsers send another line end."""
        text: str = self.cleaned_data["text"]
        return text.replace("\r\n", "\n").encode()
