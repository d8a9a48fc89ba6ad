"""`manage.py lessons new`: a folder to begin from, which passes lint and can be proven."""

import shlex
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import CommandError
from django.db import DatabaseError
from django.utils import translation
from django.utils.translation import gettext as _

from lessons.catalogue import CONTENT, next_position
from lessons.faults import LessonError
from lessons.scaffolding import begin

HELP = "begin a lesson: a small one in both languages, to be changed"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("slug", metavar="SLUG", help="its name: small letters, digits, hyphens")
    parser.add_argument("--folder", type=Path, default=CONTENT, help="where lessons are")
    parser.add_argument("--language", default="en", help="ja or en: of what is printed")


def handle(out: TextIO, options: dict[str, Any]) -> None:
    """Raises CommandError."""
    with translation.override(options["language"]):
        try:
            own = begin(options["slug"], options["folder"], _position())
        except LessonError as error:
            raise CommandError(str(error)) from None
        except FileExistsError:
            path = options["folder"] / options["slug"]
            raise CommandError(_("There is a folder %(path)s already.") % {"path": path}) from None
        except OSError as error:
            words = _("This can't be written: %(reason)s.")
            raise CommandError(words % {"reason": error.strerror or error}) from None
        for line in _what_to_do(own):
            out.write(f"{line}\n")


def _position() -> int:
    """Learners find it after the site's own lessons; without a database, nobody knows of any."""
    try:
        return next_position()
    except DatabaseError:
        return 1


def _what_to_do(own: Path) -> Iterator[str]:
    """From here to learners, in the order of docs/authoring/first-lesson.md."""
    folder, lessons = shlex.quote(str(own)), shlex.quote(str(own.parent))
    commands = (
        (f"preview {folder}", _("a page that follows every save")),
        (f"lint {folder}", _("what learners would stumble over")),
        (f"prove --folder {lessons} {own.name}", _("does each task do what it says?")),
        (f"import {folder}", _("publish it")),
    )
    yield str(own)
    yield _("It works as it is. Make it yours: lesson.yml, and the texts in steps/. Then:")
    for command, words in commands:
        yield f"  ./classroom lessons {command}  # {words}"
