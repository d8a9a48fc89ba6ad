"""What the rest of the site may do with sandboxes."""

import asyncio
import contextlib
import time
from datetime import timedelta

from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer
from django.utils import timezone

from hakoniwa import background
from hakoniwa.accounts.models import User

from . import containers, preload, seats, work
from .containers import in_engine_thread
from .endings import Ending
from .errors import ClassroomFull, EngineDown, SandboxError, SandboxGone
from .lifecycle import State, move
from .memory import give as give_memory
from .models import QueuePlace, Sandbox
from .starting import START_SECONDS, start


def learner_group(learner_id: int) -> str:
    """The channel-layer group that hears when something changes in a learner's sandbox."""
    return f"learner.{learner_id}"


async def current_sandbox(learner: User) -> Sandbox | None:
    """The learner's sandbox, if they have one that is ready to use."""
    return await Sandbox.objects.filter(owner=learner, state=State.CLAIMED).afirst()


async def sandbox_of(learner: User, sandbox_id: str) -> Sandbox:
    """The sandbox with this id, if it is the learner's own and alive.

    Raises SandboxGone else: whether another learner has such a sandbox is nobody's business.
    """
    sandbox = await Sandbox.objects.filter(
        pk=sandbox_id, owner=learner, state=State.CLAIMED
    ).afirst()
    if sandbox is None:
        ended = await Sandbox.objects.filter(pk=sandbox_id, owner=learner).afirst()
        raise SandboxGone(f"{sandbox_id} for {learner.pk}", ended.reason if ended else "")
    await make_sure_it_runs(sandbox)
    return sandbox


async def make_sure_it_runs(sandbox: Sandbox) -> None:
    """Raises SandboxGone where the sandbox's container has stopped; the sandbox is ended then."""
    if not await in_engine_thread(containers.is_running, sandbox.container):
        await sandbox.arefresh_from_db()  # where it was ended, it says why
        await end(sandbox, Ending.STOPPED)
        raise SandboxGone(str(sandbox.pk), sandbox.reason)


async def claim(learner: User, images: str = "", memory: int = 0) -> Sandbox:
    """The learner's sandbox: the one they have, else one of the pool's, else a new one.

    `images`: what their lesson needs, as `preload.asked` has it; it may come a little later.
    `memory`: what it needs, in bytes, where that is more than usual.
    Raises ClassroomFull where they have to wait: they are in the queue then. Raises SandboxError
    (one of its kinds) for all else; each has a sentence for the learner.
    """
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        # A browser that goes away must not leave a start half-way.
        sandbox = await background.finish(_take_and_start(learner, images))
        if sandbox.state == State.CLAIMED:
            try:
                sandbox = await sandbox_of(learner, str(sandbox.pk))
                await background.finish(work.restore(sandbox))
                await give_memory(sandbox, memory)
                if memory:
                    await announce(sandbox)  # whether there was room for it
                await _have_pulled(sandbox, images)
                return sandbox
            except SandboxGone:
                continue
        if sandbox.created_at < timezone.now() - timedelta(seconds=START_SECONDS):
            await end(sandbox, Ending.UNFINISHED)
            continue
        await asyncio.sleep(0.2)
    raise SandboxError("the start by another tab took too long")


async def end(sandbox: Sandbox, reason: str) -> None:
    """Remove a sandbox and all that is in it, once the learner's ~/work is saved.

    Raises EngineDown where it can't be removed now; the keeper goes on with it.
    """
    if sandbox.state in Sandbox.LIVE:
        await work.save(sandbox)
        await move(sandbox, State.ENDING, reason=reason)
    if sandbox.state != State.ENDING:
        return
    if sandbox.container:
        await in_engine_thread(containers.remove_container, sandbox.container)
    await move(sandbox, State.GONE)


async def start_afresh(learner: User, images: str = "", memory: int = 0) -> Sandbox:
    """A new sandbox in the place of the learner's own, whatever has become of that.

    Raises SandboxError (one of its kinds).
    """
    if sandbox := await current_sandbox(learner):
        await background.finish(_exchange(sandbox, images))
    return await claim(learner, images, memory)


async def mark_active(sandbox: Sandbox) -> None:
    """Note that somebody is using the sandbox, and let the lesson look at it."""
    if sandbox.active_at < timezone.now() - timedelta(minutes=1):
        sandbox.active_at = timezone.now()
        await sandbox.asave(update_fields=["active_at"])
    await announce(sandbox)


async def announce(sandbox: Sandbox) -> None:
    """Let the lesson that the learner has open look at the sandbox."""
    if sandbox.owner_id and (layer := get_channel_layer()):
        await layer.group_send(learner_group(sandbox.owner_id), {"type": "sandbox.changed"})


async def _take_and_start(learner: User, images: str) -> Sandbox:
    """The learner's sandbox, which another tab may be starting."""
    seat = await sync_to_async(seats.take)(learner, images)
    if seat is None:
        raise ClassroomFull(f"{learner.pk} waits for a seat")
    if seat.is_new:
        await _start_for_its_owner(seat.sandbox)
    return seat.sandbox


async def _have_pulled(sandbox: Sandbox, images: str) -> None:
    """Once for each lesson that the learner opens: what they remove afterwards stays away."""
    if images and sandbox.images != images:
        sandbox.images = images
        await sandbox.asave(update_fields=["images"])
        background.start(preload.pull(sandbox), "pulling what a lesson needs")


async def _exchange(sandbox: Sandbox, images: str) -> None:
    await work.save(sandbox)
    new = await sync_to_async(seats.exchange)(sandbox, Ending.AFRESH, images)
    with contextlib.suppress(EngineDown):  # the keeper goes on with it
        await end(sandbox, Ending.AFRESH)
    if new is not None:
        await _start_for_its_owner(new)


async def _start_for_its_owner(sandbox: Sandbox) -> None:
    if sandbox.state == State.STARTING:
        await start(sandbox)
        await move(sandbox, State.CLAIMED)
        await QueuePlace.objects.filter(learner=sandbox.owner_id).adelete()
    await announce(sandbox)
