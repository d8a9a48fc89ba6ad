"""Refuses to let anybody in where a sandbox does not hold: for whoever starts the site."""

import sys
from typing import Any

from asgiref.sync import async_to_sync
from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _

from sandbox.errors import SandboxError
from sandbox.isolation import breaches


class Command(BaseCommand):
    help = "Start a sandbox, try to get out of it, and fail where anything succeeds."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--language", default="en", help="ja or en: of what is printed")
        parser.add_argument(
            "--also",
            action="append",
            default=[],
            metavar="PATH",
            help="a path in the sandbox that must not open for writing either",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(options["language"]):
            try:
                found = async_to_sync(breaches)(options["also"])
            except SandboxError as error:
                self.stderr.write(
                    _(
                        "Cause: it could not be tried whether sandboxes hold on this machine "
                        "(%(error)s).\n"
                        "Remedy: look at what ./classroom doctor says and at the engine's log, "
                        "then try again."
                    )
                    % {"error": error}
                )
                sys.exit(1)
            if found:
                self.stderr.write(
                    _(
                        "What succeeded in a sandbox, and must not:\n%(found)s\n"
                        "Cause: sandboxes do not hold on this machine, so nobody is let in.\n"
                        "Remedy: install the kernel's and Docker's updates, restart the machine "
                        "and try again. If it stays, use another machine, and tell the makers of "
                        "Hakoniwa what is written above."
                    )
                    % {"found": "\n".join(found)}
                )
                sys.exit(1)
