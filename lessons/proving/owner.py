"""A fresh sandbox that belongs to nobody who learns, gone with all that is in it afterwards."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

from asgiref.sync import sync_to_async
from django.utils import timezone

from hakoniwa import background
from hakoniwa.accounts.models import User
from sandbox import preload, seats, services
from sandbox.endings import Ending
from sandbox.errors import ClassroomFull, SandboxError
from sandbox.models import Sandbox
from sandbox.starting import START_SECONDS

# More than a case takes. Where this process is killed, the keeper ends the sandbox after so long.
LONGEST_CASE = timedelta(minutes=6)
QUEUE_SECONDS = 600.0
ASK_AGAIN_SECONDS = 2.0


@asynccontextmanager
async def fresh_sandbox(images: Collection[str], memory: int = 0) -> AsyncIterator[Sandbox]:
    """One with these images and this memory (in bytes, 0: as usual), claimed as any learner's is;
    ended however the block ends.

    Waits its turn in a full classroom. Raises SandboxError (one of its kinds).
    """
    # A guest whom nobody is signed in as: were it left behind, it would be forgotten like others.
    owner = await User.objects.acreate(
        username=f"proof:{secrets.token_hex(12)}", name="proof", role=User.Role.GUEST
    )
    try:
        sandbox = await _claim(owner, memory)
        await needed_still(sandbox)
        sandbox.images = preload.references(images)
        await sandbox.asave(update_fields=["images"])
        await preload.pull(sandbox)
        yield sandbox
    finally:
        await background.finish(_leave_nothing_of(owner))


async def needed_still(sandbox: Sandbox) -> None:
    """It may last for one case more."""
    now = timezone.now()
    sandbox.ends_at, sandbox.active_at = now + LONGEST_CASE, now
    await sandbox.asave(update_fields=["ends_at", "active_at"])


async def _claim(owner: User, memory: int) -> Sandbox:
    """Raises ClassroomFull after QUEUE_SECONDS, and whatever else a claim raises."""
    loop = asyncio.get_running_loop()
    end = loop.time() + QUEUE_SECONDS
    while True:
        try:
            return await services.claim(owner, memory=memory)
        except ClassroomFull:
            if loop.time() > end:
                raise
        # To ask is to keep one's place.
        await sync_to_async(seats.place_of)(owner)
        await asyncio.sleep(ASK_AGAIN_SECONDS)


async def _leave_nothing_of(owner: User) -> None:
    starting = owner.sandboxes.filter(state=Sandbox.State.STARTING)
    for _look in range(START_SECONDS * 10):
        if not await starting.aexists():
            break
        await asyncio.sleep(0.1)  # a start goes on although its claim was cancelled
    async for sandbox in owner.sandboxes.filter(state__in=[*Sandbox.LIVE, Sandbox.State.ENDING]):
        with suppress(SandboxError):  # the keeper goes on with it
            await services.end(sandbox, Ending.PROVEN)
    await owner.adelete()
