"""The first account of a new site, its password shown once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _

from hakoniwa.accounts.services import create_first_instructor


class Command(BaseCommand):
    help = "Make the first instructor, and print a one-time password; does nothing if there is one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--language", default="en", help="ja or en: of what is printed")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(options["language"]):
            created = create_first_instructor()
            if created is None:
                return
            instructor, password, cohort = created
            self.stdout.write(
                _(
                    "Instructor: %(name)s\nOne-time password (shown only now): %(password)s\n"
                    "Class code for your learners: %(code)s"
                )
                % {"name": instructor.name, "password": password, "code": cohort.code}
            )
