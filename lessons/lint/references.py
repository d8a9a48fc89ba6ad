"""What refers to other things, and what nothing refers to."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from lessons.faults import Fault, meant
from lessons.files import is_picture, is_step_text

from .reading import Reading
from .rules import warning


@warning("unknown-prerequisite")
def unknown_prerequisite(reading: Reading) -> Iterator[Fault]:
    """A prerequisite is a lesson that there is."""
    if reading.lesson is None or reading.known is None:
        return
    for index, slug in enumerate(reading.lesson.prerequisites):
        if slug not in reading.known:
            words = _("There is no lesson `%(slug)s` beside this one.") % {"slug": slug}
            yield reading.fault(("prerequisites", index), words, meant(slug, reading.known))


@warning("unused-file")
def unused_file(reading: Reading) -> Iterator[Fault]:
    """Every file is shown somewhere."""
    if reading.lesson is None:
        return
    steps = {step.id for step in reading.lesson.steps}
    shown = {picture.path for text in reading.texts.values() for picture in text.pictures()}
    for path in sorted(reading.files):
        step = path.removeprefix("steps/").split(".")[0]
        if is_step_text(path) and step not in steps:
            steps.add(step)  # once for both languages
            yield Fault(path, words=_("No step in `lesson.yml` has this text."))
        elif is_picture(path) and path not in shown:
            yield Fault(path, words=_("No step shows this image."))
