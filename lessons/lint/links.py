"""Where links and images lead. The site may be offline, so of the internet's only the shape."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from lessons.faults import Fault, meant
from lessons.files import is_picture

from .reading import Reading
from .rules import error
from .scripts import is_script

TO_A_STEP = re.compile(r"\.\./([a-z0-9-]+)/")
STEP_FILE = re.compile(r"(?:\.{1,2}/)*(?:steps/)?([a-z0-9-]+)(?:\.(?:ja|en))?\.md")
SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
HOST = re.compile(r"(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W_]{2,}|localhost|[0-9.]+|[0-9a-f:]+")


@error("dead-link")
def dead_link(reading: Reading) -> Iterator[Fault]:
    """Links within the lesson lead to a step, images are in its folder."""
    for path, text in reading.texts.items():
        for target, line, column in text.links():
            if not _leads_outside(target) and (said := _of_relative(target, reading)):
                yield Fault(path, line, column, *said)
        for shown in text.pictures():
            if not is_picture(shown.path) or shown.path not in reading.files:
                words = _("There is no image `%(path)s` in this lesson.")
                close = meant(shown.path, filter(is_picture, reading.files))
                yield Fault(
                    path, shown.line, shown.column, words % {"path": shown.path[:80]}, close
                )


@error("link-shape")
def link_shape(reading: Reading) -> Iterator[Fault]:
    """An address on the internet has a shape that can lead somewhere."""
    for path, text in reading.texts.items():
        for target, line, column in text.links():
            if _leads_outside(target) and not is_script(target) and not _has_shape(target):
                words = _("`%(target)s` is no address that a browser could open.")
                suggestion = _("Write the whole address, with `https://`.")
                yield Fault(path, line, column, words % {"target": target[:80]}, suggestion)


def _leads_outside(target: str) -> bool:
    return bool(SCHEME.match(target)) or target.startswith("//")


def _of_relative(target: str, reading: Reading) -> tuple[str, str] | None:
    """What is wrong with a link within the site, and what to do; None where it leads to a step."""
    steps = {text.step for text in reading.texts.values()}
    if reading.lesson is not None:
        steps = {page.id for page in reading.lesson.pages()}
    to_step = TO_A_STEP.fullmatch(target)
    if to_step and to_step[1] in steps:
        return None
    if target.startswith("#"):
        return _("Headings have no names that a link could lead to."), _(
            "Name the heading in words."
        )
    words = _("`%(target)s` leads nowhere on a lesson's page.") % {"target": target[:80]}
    named = to_step or STEP_FILE.fullmatch(target)
    if named and named[1] in steps:
        return words, _("Write `../%(step)s/`.") % {"step": named[1]}
    return words, _("A link to another step is `../<id>/`.")


def _has_shape(target: str) -> bool:
    try:
        parts = urlsplit(target)
        _port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    if re.search(r"\s", target) or parts.scheme not in ("http", "https"):
        return False
    return len(host) < 254 and bool(HOST.fullmatch(host))
