"""The shape of a step's Markdown."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from django.utils.translation import gettext as _

from lessons import placeholders
from lessons.faults import Fault
from lessons.files import LANGUAGES, is_step_text
from lessons.markdown import SIGN, signs_in
from lessons.variables import filled_in

from .reading import LONGEST_TEXT, Reading
from .rules import error, warning

# The page itself has the first level, and no style for more than these.
FIRST_LEVEL, LAST_LEVEL = 2, 4
# What is shown as it is written; but a task's title may hold code.
PLAIN = (("title",), ("summary",), ("term",))


@error("heading-order")
def heading_order(reading: Reading) -> Iterator[Fault]:
    """Headings begin at `##` and leave no level out."""
    for path, text in reading.texts.items():
        above = FIRST_LEVEL - 1
        for level, line in text.headings():
            if level < FIRST_LEVEL:
                words = _("The page's own title is the heading of the first level.")
                yield Fault(path, line, 1, words, _("Begin with `##`."))
            elif level > above + 1:
                values = {"mark": "#" * level, "fitting": "#" * (above + 1)}
                words = _("A heading with `%(mark)s` leaves a level out.") % values
                yield Fault(path, line, 1, words, _("Write it with `%(fitting)s`.") % values)
            elif level > LAST_LEVEL:
                words = _("Headings below `####` are shown as plain text.")
                yield Fault(path, line, 1, words)
            above = max(level, FIRST_LEVEL)


@error("placeholder")
def placeholder(reading: Reading) -> Iterator[Fault]:
    """No learner reads what the studio wrote for the author to replace."""
    words = _("This is what the studio put here.")
    for way, value in reading.mappings():
        for language in value.keys() & placeholders.TASK.keys():
            if value[language] in (placeholders.TASK[language], placeholders.STEP[language]):
                yield reading.fault((*way, language), words, _("Write your own title."))
    for path, text in reading.texts.items():
        if text.written.strip() == placeholders.TEXT[text.language].strip():
            yield Fault(path, 1, 1, words, _("Write your own text."))


@warning("literal-markup")
def literal_markup(reading: Reading) -> Iterator[Fault]:
    """No learner sees the signs that were to make something bold, or code."""
    words = _("Learners see `%(sign)s` here as it is written.")
    suggestion = _("Close it, or leave it out; a title is plain text.")
    for path, text in reading.texts.items():
        for sign, line in signs_in(text.filled):
            yield Fault(path, line, 1, words % {"sign": sign}, suggestion)
    for way, value in reading.mappings():
        is_plain = way[-1:] in PLAIN and "tasks" not in way
        for language in LANGUAGES if "variables" not in way else ():
            said = filled_in(value.get(language), reading.values)
            if not isinstance(said, str):
                continue
            if found := SIGN.search(said) if is_plain else next(signs_in(said), None):
                yield reading.fault((*way, language), words % {"sign": found[0]}, suggestion)


@error("alt-text")
def alt_text(reading: Reading) -> Iterator[Fault]:
    """Whoever can't see an image is told what it shows."""
    for path, text in reading.texts.items():
        for shown in text.pictures():
            if not shown.alt.strip():
                words = _("This image has no words for those who can't see it.")
            elif shown.alt.strip() in (shown.path, PurePosixPath(shown.path).name):
                words = _("A file's name tells nobody what an image shows.")
            else:
                continue
            suggestion = _("Say what it shows, as in `![A container in a box](images/box.svg)`.")
            yield Fault(path, shown.line, shown.column, words, suggestion)


@error("too-long")
def too_long(reading: Reading) -> Iterator[Fault]:
    """A step is read in some minutes; the other rules look at nothing longer."""
    for path, content in reading.files.items():
        if is_step_text(path) and len(content.decode(errors="replace")) > LONGEST_TEXT:
            words = _("This text is longer than %(number)d characters.") % {"number": LONGEST_TEXT}
            yield Fault(path, 1, 1, words, _("Make two steps of it."))
