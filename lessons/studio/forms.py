"""What instructors type in the studio."""

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from lessons.files import LONGEST_PATH, MAX_BYTES, MAX_PICTURE_BYTES, is_picture
from lessons.names import LONGEST_SLUG, SLUG


class BeginForm(forms.Form):
    slug = forms.RegexField(
        rf"^{SLUG}\Z",
        label=_("Name in the address"),
        help_text=_("Small letters, digits and hyphens, such as healthchecks."),
        max_length=LONGEST_SLUG,
    )


class StepForm(forms.Form):
    step = forms.RegexField(
        rf"^{SLUG}\Z",
        label=_("Name of the step"),
        help_text=_("Small letters, digits and hyphens. It stands in the address of its page."),
        max_length=LONGEST_SLUG,
    )


class PictureForm(forms.Form):
    step = forms.CharField(required=False, max_length=LONGEST_SLUG, widget=forms.HiddenInput)
    picture = forms.FileField(
        label=_("Image"),
        help_text=_("PNG, WebP, JPEG or SVG, up to 512 KiB and 4,000 pixels."),
        widget=forms.FileInput({"accept": ".png,.webp,.jpg,.jpeg,.svg"}),
    )
    ja = forms.CharField(
        label=_("What it shows, in Japanese"),
        help_text=_("For those who can't see it."),
        max_length=200,
    )
    en = forms.CharField(label=_("What it shows, in English"), max_length=200)

    def clean_picture(self) -> UploadedFile:
        picture: UploadedFile = self.cleaned_data["picture"]
        if (picture.size or 0) > MAX_PICTURE_BYTES:
            words = _("This file is larger than %(size)d KiB.")
            raise forms.ValidationError(words % {"size": MAX_PICTURE_BYTES // 1024})
        return picture


class FileForm(forms.Form):
    path = forms.CharField(max_length=LONGEST_PATH, widget=forms.HiddenInput)
    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    # As many line ends of two characters as there may be bytes; what is saved has its own bound.
    text = forms.CharField(required=False, strip=False, max_length=2 * MAX_BYTES)

    def clean_path(self) -> str:
        """Images are uploaded."""
        path: str = self.cleaned_data["path"]
        if is_picture(path):
            raise forms.ValidationError(_("This file has no place in a lesson."))
        return path

    def content(self) -> bytes:
        """As files have it; browsers send another line end."""
        text: str = self.cleaned_data["text"]
        return text.replace("\r\n", "\n").encode()

    def why(self) -> str:
        """What is wrong with what was sent, in a sentence."""
        return " ".join(str(words) for errors in self.errors.values() for words in errors)
