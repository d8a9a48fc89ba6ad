"""`image`: an image with a tag is present in the learner's engine."""

from typing import ClassVar

from django.utils.translation import gettext as _

from sandbox.snapshot import Snapshot, full_reference

from .base import Check, Outcome


class ImageCheck(Check):
    kind: ClassVar[str] = "image"

    reference: str

    def evaluate(self, snapshot: Snapshot) -> Outcome:
        wanted = full_reference(self.reference)
        passed = any(wanted in image.tags for image in snapshot.images)
        if passed:
            seen = _("The image %(image)s is here.") % {"image": wanted}
        elif snapshot.images:
            seen = _("Other images are here, but not %(image)s.") % {"image": wanted}
        else:
            seen = _("There is no image yet.")
        expected = _("The image %(image)s is in your engine.") % {"image": wanted}
        return Outcome(passed, seen, expected)
