"""`manage.py lessons translated`: records that both languages of lessons say the same now."""

from argparse import ArgumentParser
from typing import Any, TextIO

from django.core.management.base import CommandError

from lessons.faults import LessonError
from lessons.files import TRANSLATIONS, files_in
from lessons.loader import read_lesson
from lessons.translations import record

from .folders import add_folders, lesson_folders

HELP = "record that both languages say the same now, once somebody has compared them"


def add_arguments(parser: ArgumentParser) -> None:
    add_folders(parser)


def handle(out: TextIO, options: dict[str, Any]) -> None:
    """Raises CommandError for a lesson that can't be read."""
    for folder in lesson_folders(options["folders"]):
        try:
            files = files_in(folder)
            read_lesson(files, folder.resolve().name)
        except LessonError as error:
            raise CommandError(str(error)) from None
        (folder / TRANSLATIONS).write_bytes(record(files))
        out.write(f"{folder / TRANSLATIONS}\n")
