"""The first account of a new site, its password shown once."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from hakoniwa.accounts.services import create_first_instructor


class Command(BaseCommand):
    help = "Make the first instructor, and print a one-time password; does nothing if there is one."

    def handle(self, *args: Any, **options: Any) -> None:
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
