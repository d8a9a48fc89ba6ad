"""`manage.py lessons import`: lessons from an archive, a folder or a Git repository."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import CommandError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from lessons.catalogue import load_files
from lessons.faults import LessonError
from lessons.files import write_into
from lessons.lint import Severity, lint
from lessons.models import Lesson, LessonVersion
from lessons.transfer import Lessons, lessons_from

from .lint import printable

HELP = "take lessons from a zip archive, a folder or a Git repository"


def add_arguments(parser: ArgumentParser) -> None:
    words = "a zip archive, a folder, or an address with https://, ssh:// or file://"
    parser.add_argument("source", metavar="SOURCE", help=words)
    words = "write them there, instead of loading them into this site"
    parser.add_argument("--folder", type=Path, help=words)
    parser.add_argument("--language", default="en", help="ja or en: of what is printed")


def handle(out: TextIO, options: dict[str, Any]) -> None:
    """All of them or, where one has an error, none. Raises CommandError."""
    with translation.override(options["language"]):
        try:
            lessons = lessons_from(options["source"])
            _look_at(lessons, out)
            lines = _write(lessons, options["folder"]) if options["folder"] else _load(lessons)
        except LessonError as error:
            raise CommandError(printable(str(error))) from None
        for line in lines:
            out.write(f"{line}\n")


def _look_at(lessons: Lessons, out: TextIO) -> None:
    """Prints what lint finds. Raises CommandError where there is an error."""
    known = {*lessons, *Lesson.objects.offered().values_list("slug", flat=True)}
    found = [(name, one) for name, files in lessons.items() for one in lint(files, name, known)]
    for name, finding in found:
        out.write(f"{printable(f'{name}/{finding}')}\n")
    if any(finding.severity is Severity.ERROR for _name, finding in found):
        raise CommandError(_("Nothing was imported."))


def _write(lessons: Lessons, folder: Path) -> list[str]:
    """Raises CommandError where a folder is there already or can't be written."""
    if there := [str(folder / name) for name in lessons if (folder / name).exists()]:
        raise CommandError(_("There is a folder %(path)s already.") % {"path": there[0]})
    try:
        for name, files in lessons.items():
            write_into(folder / name, files)
    except OSError as error:
        words = _("This can't be written: %(reason)s.")
        raise CommandError(words % {"reason": error.strerror or error}) from None
    return [str(folder / name) for name in lessons]


def _load(lessons: Lessons) -> list[str]:
    """Raises LessonError."""
    with transaction.atomic():
        loaded = {name: load_files(files, name) for name, files in lessons.items()}
    return [f"{name}: {_what_became_of(version)}" for name, version in loaded.items()]


def _what_became_of(version: LessonVersion | None) -> str:
    if version is None:
        return _("unchanged")
    words = _("version %(number)d") % {"number": version.number}
    if version.lesson.withdrawn_at is None:
        return words
    undo = f"withdraw {version.lesson.slug} --undo"
    return words + " " + _("(withdrawn; `%(command)s` brings it back)") % {"command": undo}
