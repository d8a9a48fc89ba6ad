"""The way to the internet for sandboxes whose class has it; runs beside the site."""

import asyncio
import contextlib
import resource
import signal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from sandbox.internet.gateway import Gateway


class Command(BaseCommand):
    help = "Let sandboxes of classes that have the internet connect to public addresses."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.INTERNET or not settings.SANDBOX_MIRROR_DIR:
            raise CommandError("HAKONIWA_INTERNET=1 and HAKONIWA_MIRROR_DIR must be set")
        # Two for each connection, of as many sandboxes as there may be.
        _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        with contextlib.suppress(asyncio.CancelledError):
            asyncio.run(self._serve(Path(settings.SANDBOX_MIRROR_DIR, "internet", "gateway.sock")))

    async def _serve(self, path: Path) -> None:
        serving = asyncio.create_task(Gateway(path).serve())
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, serving.cancel)
        await serving
