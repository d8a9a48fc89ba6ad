"""The shape of a step's Markdown."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from django.utils.translation import gettext as _

from lessons.faults import Fault
from lessons.files import is_step_text

from .reading import LONGEST_TEXT, Reading
from .rules import error

# The page itself has the first level, and no style for more than these.
FIRST_LEVEL, LAST_LEVEL = 2, 4


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
