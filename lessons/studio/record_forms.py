"""What an author sends of a recording."""

from django import forms

from lessons.names import LONGEST_SLUG, SLUG
from lessons.recording.proposing import MOST_PROPOSALS
from lessons.recording.solving import LONGEST_SCRIPT


class AddForm(forms.Form):
    """`check`: the numbers of the proposals that are ticked."""

    check = forms.TypedMultipleChoiceField(
        coerce=int, choices=[(number, number) for number in range(MOST_PROPOSALS)], required=False
    )
    step = forms.RegexField(rf"^{SLUG}\Z", max_length=LONGEST_SLUG)
    script = forms.CharField(required=False, strip=False, max_length=LONGEST_SCRIPT)

    def solve(self) -> str:
        """The script; browsers send another line end."""
        text: str = self.cleaned_data["script"].replace("\r\n", "\n").strip("\n")
        return f"{text}\n" if text else ""
