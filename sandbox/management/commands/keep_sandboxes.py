"""The keeper: runs beside the site, ends what is idle, too old or left behind, fills the pool."""

import logging
import time
from collections.abc import Callable
from typing import Any

from asgiref.sync import async_to_sync
from django.core.management.base import BaseCommand, CommandParser
from django.db import InterfaceError, OperationalError, close_old_connections

from hakoniwa.accounts.guests import forget_guests
from sandbox.errors import SandboxError
from sandbox.keeping import forget_old_rows, keep_once, save_work
from sandbox.pool import refill, refill_when_quiet
from sandbox.queue import forget_those_who_left
from sandbox.work import forget_old_work

log = logging.getLogger(__name__)

# A pool of one is refilled before the next learner has read a sentence.
POOL_SECONDS = 1.0
# What nobody can use any more is looked for now and then.
FORGET_SECONDS = 3600.0


class Command(BaseCommand):
    help = "End sandboxes that are idle, too old or left behind, and keep the pool filled."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=int, default=30, help="seconds between two rounds")
        parser.add_argument(
            "--once",
            action="store_true",
            help="one round only, and the pool filled, whatever else runs",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        tidied_at = -FORGET_SECONDS
        fill = async_to_sync(refill if options["once"] else refill_when_quiet)
        while True:
            self._do(keep_once)
            self._do(save_work)
            if time.monotonic() - tidied_at >= FORGET_SECONDS:
                self._do(forget_old_rows)
                self._do(forget_guests)
                self._do(forget_old_work)
                self._do(forget_those_who_left)
                tidied_at = time.monotonic()
            next_round = time.monotonic() + options["every"]
            while (left := next_round - time.monotonic()) > 0:
                more = self._do(fill)
                if options["once"] and not more:
                    return
                if not more:  # after a failure not before the next round
                    time.sleep(left if more is None else min(left, POOL_SECONDS))

    def _do(self, work: Callable[[], bool | None]) -> bool | None:
        """What the work answers; None where something is away for a while."""
        close_old_connections()
        try:
            return work()
        except SandboxError as error:
            log.warning("the sandbox engine does not answer: %s", error)
        except (OperationalError, InterfaceError) as error:
            # A database on a server of its own may be restarted; nobody would restart us.
            log.warning("the database does not answer: %s", error)
        except Exception:
            log.exception("the keeper goes on all the same")
        return None
