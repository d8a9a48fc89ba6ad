"""The folders of lessons that a subcommand is given."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from lessons.catalogue import CONTENT
from lessons.loader import folders_in


def add_folders(parser: ArgumentParser) -> None:
    words = "a lesson's folder, or one with lessons in it; this site's own if none is named"
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER", help=words)


def lesson_folders(named: list[Path]) -> list[Path]:
    """Each lesson's folder, in the order of their names. Raises CommandError."""
    found: list[Path] = []
    for folder in named or [CONTENT]:
        inner = folders_in(folder)
        if not inner and not folder.is_dir():
            raise CommandError(_("There is no folder %(path)s.") % {"path": folder})
        # A folder without lesson.yml is looked at all the same: that it is missing is what's wrong.
        found += inner or [folder]
    return found
