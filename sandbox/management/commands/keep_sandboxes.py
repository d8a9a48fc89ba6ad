"""The keeper: runs beside the site and ends what is idle, too old or left behind."""

import logging
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import InterfaceError, OperationalError, close_old_connections

from sandbox.errors import SandboxError
from sandbox.keeping import keep_once

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "End sandboxes that are idle, too old or left behind; runs until it is stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=int, default=30, help="seconds between two rounds")
        parser.add_argument("--once", action="store_true", help="one round only")

    def handle(self, *args: Any, **options: Any) -> None:
        while True:
            close_old_connections()
            try:
                keep_once()
            except SandboxError as error:
                log.warning("the sandbox engine does not answer: %s", error)
            except (OperationalError, InterfaceError) as error:
                # A database on a server of its own may be restarted; nobody would restart us.
                log.warning("the database does not answer: %s", error)
            if options["once"]:
                return
            time.sleep(options["every"])
