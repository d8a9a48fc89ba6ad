"""The images that a lesson's commands need."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from lessons.document import Lesson
from lessons.faults import Fault
from sandbox.image_set import image_set
from sandbox.snapshot import full_reference

from .reading import Reading
from .rules import error, warning
from .shell import DockerCommand, docker_commands


@error("image-not-in-mirror")
def image_not_in_mirror(reading: Reading) -> Iterator[Fault]:
    """A sandbox can pull only what the classroom's mirror has."""
    if reading.lesson is None:
        return
    named = [
        (image, reading.fault(("images", index), ""))
        for index, image in enumerate(reading.lesson.images)
    ]
    for image, place in [*named, *_pulled(reading, reading.lesson)]:
        if full_reference(image) not in image_set():
            words = _("The classroom's mirror has no `%(image)s`.") % {"image": image[:80]}
            suggestion = _("It has: %(known)s.") % {"known": ", ".join(sorted(image_set()))}
            yield Fault(place.file, place.line, place.column, words, suggestion)


@warning("image-undeclared")
def image_undeclared(reading: Reading) -> Iterator[Fault]:
    """`images` names what the commands pull, so that learners are told of stand-ins."""
    if reading.lesson is None:
        return
    declared = (*reading.lesson.images, *reading.lesson.preload)
    seen = {full_reference(image) for image in declared}
    for image, place in _pulled(reading, reading.lesson):
        if full_reference(image) in image_set() - seen:
            seen.add(full_reference(image))
            words = _("`images` in `lesson.yml` doesn't name `%(image)s`.") % {"image": image[:80]}
            yield Fault(place.file, place.line, place.column, words, _("Add it there."))


def _pulled(reading: Reading, lesson: Lesson) -> Iterator[tuple[str, Fault]]:
    """The images of `docker run` and the like, each with its place, but for those made here."""
    commands = [*_commands(reading, lesson)]
    made = {full_reference(command.made_image) for command, _place in commands}
    for command, place in commands:
        image = command.image
        # `$image` is known when it runs; `localhost:5000/…` is in the learner's own registry.
        elsewhere = "$" in image or image.startswith(("localhost", "127."))
        if image and not elsewhere and full_reference(image) not in made:
            yield image, place


def _commands(reading: Reading, lesson: Lesson) -> Iterator[tuple[DockerCommand, Fault]]:
    """All that is run where things go right, with its place."""
    for path, text in reading.texts.items():
        for command, line in text.commands:
            yield command, Fault(path, line)
    for command in docker_commands(lesson.setup):
        yield command, reading.fault(("setup",), "")
    for (way, _written), task in zip(reading.tasks(), lesson.tasks(), strict=True):
        for command in docker_commands(task.solve):
            yield command, reading.fault((*way, "solve"), "")
