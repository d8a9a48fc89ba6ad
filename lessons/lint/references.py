"""What refers to other things, and what nothing refers to."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from lessons.faults import Fault, meant
from lessons.files import LANGUAGES, is_picture, is_step_text
from lessons.glossary import TermLink, is_linked
from lessons.markdown import render_step

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


@warning("unused-term")
def unused_term(reading: Reading) -> Iterator[Fault]:
    """Every term of the glossary is used somewhere, in each language."""
    if reading.lesson is None:
        return
    for language in LANGUAGES if reading.lesson.glossary else ():
        written = [getattr(each.term, language) for each in reading.lesson.glossary]
        links = tuple(TermLink(words, number) for number, words in enumerate(written))
        texts = [text for text in reading.texts.values() if text.language == language]
        pages = [render_step(text.filled, language, (), links) for text in texts]
        around = "\n".join(_words_around(reading, language)).lower()
        for number, words in enumerate(written):
            linked = any(is_linked(number, page) for page in pages)
            if not linked and words.lower() not in around:
                said = _("`%(term)s` is not used anywhere.") % {"term": words[:80]}
                yield reading.fault(("glossary", number, "term", language), said)


def _words_around(reading: Reading, language: str) -> Iterator[str]:
    """What `lesson.yml` says in this language outside of the glossary."""
    for way, value in reading.mappings():
        if way[:1] != ("glossary",) and isinstance(value.get(language), str):
            yield value[language]


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
