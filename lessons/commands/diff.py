"""`manage.py lessons diff`: what changed from one version of a lesson to another."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from lessons.differences import difference
from lessons.faults import LessonError

from .lint import printable
from .states import State, folder_state, version_numbers, version_state

HELP = "show what changed between two versions of a lesson, or in a folder since the newest one"


def add_arguments(parser: ArgumentParser) -> None:
    words = "a lesson of this site, or a lesson's folder"
    parser.add_argument("lesson", metavar="SLUG|FOLDER", help=words)
    words = "two versions; the last two if none is named"
    parser.add_argument("versions", nargs="*", type=int, metavar="VERSION", help=words)


def handle(out: TextIO, options: dict[str, Any]) -> None:
    """Raises CommandError."""
    try:
        before, after = _states(options["lesson"], options["versions"])
    except LessonError as error:
        raise CommandError(str(error)) from None
    for line in difference(before.files, after.files, before.name, after.name):
        out.write(f"{printable(line)}\n")


def _states(lesson: str, numbers: list[int]) -> tuple[State, State]:
    """Raises CommandError, LessonError."""
    folder = Path(lesson)
    if folder.is_dir() and not numbers:
        now = folder_state(folder)
        return version_state(now.slug), now
    if not numbers:
        numbers = version_numbers(lesson)[-2:]
    if len(numbers) != 2:
        raise CommandError(_("There are no two versions to compare."))
    before, after = (version_state(lesson, number) for number in numbers)
    return before, after
