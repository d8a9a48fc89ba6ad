"""Nothing that a lesson shows runs in the browser."""

import re
from collections.abc import Iterator
from dataclasses import replace

from django.utils.translation import gettext as _

from lessons.drawings import size_of
from lessons.faults import Fault, LessonError

from .reading import Reading
from .rules import error

SCHEME = re.compile(r"\s*(?:java|vb)script\s*:|\s*data\s*:\s*text/html", re.IGNORECASE)
ACTIVE = re.compile(
    r"<\s{0,9}/?\s{0,9}(?:\w{1,20}:)?(?:script|iframe|object|embed|base|meta|link|style|form|foreignobject)\b"
    r"|\son[a-z]{1,40}\s{0,9}=|(?:java|vb)script\s{0,9}:|<!entity\b",
    re.IGNORECASE,
)


def is_script(target: str) -> bool:
    """Whether following this link would run something."""
    return bool(SCHEME.match(target))


@error("script")
def script(reading: Reading) -> Iterator[Fault]:
    """No script, in Markdown or in an SVG."""
    words = _("This would run in the browser; a lesson has no scripts.")
    for path, text in reading.texts.items():
        for html, line, column in text.html():
            if ACTIVE.search(html):
                yield Fault(path, line, column, words)
        for target, line, column in text.links():
            if is_script(target):
                yield Fault(path, line, column, words)
    for path, content in reading.files.items():
        if path.endswith(".svg") and ACTIVE.search(content.decode(errors="replace")):
            try:
                size_of(path, content)
            except LessonError as error:
                yield from (replace(fault, words=words) for fault in error.faults)


@error("raw-html")
def raw_html(reading: Reading) -> Iterator[Fault]:
    """HTML would be shown as it is written."""
    for path, text in reading.texts.items():
        for html, line, column in text.html():
            if not ACTIVE.search(html):
                words = _("HTML is shown as it is written, comments too.")
                yield Fault(path, line, column, words, _("Write it in Markdown."))
