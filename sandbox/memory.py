"""More memory than usual, for a sandbox whose lesson says that it needs it."""

import logging
from math import ceil

from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import QueryDict

from . import containers, seats
from .capacity import size_in_bytes
from .containers import in_engine_thread
from .models import Sandbox

log = logging.getLogger(__name__)


def most() -> int:
    """What this site gives one sandbox at most, in bytes."""
    return max(size_in_bytes(settings.SANDBOX_MEMORY_MOST), _usual())


def asked(query: QueryDict) -> int:
    """What the address of a claim asks for, in bytes and as far as the site gives it; else 0."""
    written = query.get("memory", "")
    return min(int(written), most()) if written.isdecimal() and len(written) < 20 else 0


async def give(sandbox: Sandbox, memory: int) -> None:
    """Let it use so many bytes where the machine has room for that; it never gets less by it.

    Where it has none, the sandbox is short of memory from now on. Raises SandboxError.
    """
    if memory <= _usual():
        return
    has_room = await sync_to_async(seats.widen)(sandbox, ceil(memory / _usual()))
    sandbox.short_of_memory = not has_room
    await sandbox.asave(update_fields=["short_of_memory"])
    if has_room:
        await in_engine_thread(containers.give_memory, sandbox.container, memory)
    else:
        log.warning("no room to give sandbox %s %d bytes of memory", sandbox.pk, memory)


def is_short(sandbox: Sandbox, memory: int) -> bool:
    """Whether a lesson that needs so many bytes was refused them."""
    if memory <= _usual():
        return False
    return Sandbox.objects.filter(pk=sandbox.pk, short_of_memory=True).exists()


def _usual() -> int:
    return size_in_bytes(settings.SANDBOX_MEMORY)
