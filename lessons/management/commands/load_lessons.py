"""Loads the lessons in lessons/content into the database."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from lessons.catalogue import CONTENT, load_lessons


class Command(BaseCommand):
    help = "Load every lesson; what changed becomes a new version, what is wrong is named."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=CONTENT)

    def handle(self, *args: Any, **options: Any) -> None:
        loaded, errors = load_lessons(options["folder"])
        for version in loaded:
            self.stdout.write(f"{version.lesson.slug}: version {version.number}")
        if errors:
            raise CommandError("\n".join(str(error) for error in errors))
