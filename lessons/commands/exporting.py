"""`manage.py lessons export`: a lesson as a zip archive, as its author wrote it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from lessons.faults import LessonError
from lessons.transfer import as_archive

from .states import folder_state, version_state

HELP = "write a lesson to a zip archive"


def add_arguments(parser: ArgumentParser) -> None:
    words = "a lesson of this site, or a lesson's folder"
    parser.add_argument("lesson", metavar="SLUG|FOLDER", help=words)
    parser.add_argument("--version", type=int, dest="number", help="of the site's; the newest one")
    parser.add_argument("--output", type=Path, metavar="FILE", help="instead of SLUG.zip")


def handle(out: TextIO, options: dict[str, Any]) -> None:
    """Raises CommandError."""
    folder = Path(options["lesson"])
    try:
        if folder.is_dir():
            state = folder_state(folder)
        else:
            state = version_state(options["lesson"], options["number"])
        output = options["output"] or Path(f"{state.slug}.zip")
        output.write_bytes(as_archive(state.slug, state.files))
    except LessonError as error:
        raise CommandError(str(error)) from None
    except OSError as error:
        words = _("This can't be written: %(reason)s.")
        raise CommandError(words % {"reason": error.strerror or error}) from None
    out.write(f"{output}\n")
