"""The images that a lesson's commands need."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from lessons.document import Lesson
from lessons.faults import Fault
from sandbox.image_set import image_set
from sandbox.snapshot import full_reference

from .built_on import named_images
from .reading import Reading
from .rules import error, warning
from .shell import DockerCommand, docker_commands, registry_of


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
        # `$image` is known when it runs.
        if command.image and "$" not in command.image and full_reference(command.image) not in made:
            yield _short(command.image), place
    for path, text in reading.texts.items():
        for fence in text.fences():
            for image, line in named_images(fence.content) if fence.is_file else ():
                if full_reference(image) not in made and not registry_of(image):
                    yield _short(image), Fault(path, fence.line + line)


def _short(image: str) -> str:
    return image.removeprefix("docker.io/").removeprefix("library/")


def _commands(reading: Reading, lesson: Lesson) -> Iterator[tuple[DockerCommand, Fault]]:
    """All that is run where things go right, with its place."""
    for path, text in reading.texts.items():
        for command, line in text.commands:
            # Of the learner's own registry, or to show that another one can't be reached.
            if not command.registry:
                yield command, Fault(path, line)
    for command in docker_commands(lesson.setup):
        yield command, reading.fault(("setup",), "")
    for (way, _written), task in zip(reading.tasks(), lesson.tasks(), strict=True):
        for command in docker_commands(task.solve):
            if command.is_from_elsewhere or not command.registry:
                yield command, reading.fault((*way, "solve"), "")
