"""`manage.py lessons new`: a folder to begin from, which passes lint and can be proven."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from lessons.catalogue import CONTENT
from lessons.faults import LessonError
from lessons.scaffolding import begin

HELP = "begin a lesson: a small one in both languages, to be changed"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("slug", metavar="SLUG", help="its name: small letters, digits, hyphens")
    parser.add_argument("--folder", type=Path, default=CONTENT, help="where lessons are")


def handle(out: TextIO, options: dict[str, Any]) -> None:
    """Raises CommandError."""
    try:
        out.write(f"{begin(options['slug'], options['folder'])}\n")
    except LessonError as error:
        raise CommandError(str(error)) from None
    except FileExistsError:
        path = options["folder"] / options["slug"]
        raise CommandError(_("There is a folder %(path)s already.") % {"path": path}) from None
    except OSError as error:
        words = _("This can't be written: %(reason)s.")
        raise CommandError(words % {"reason": error.strerror or error}) from None
