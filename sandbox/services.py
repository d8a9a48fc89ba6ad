"""What the rest of the site may do with sandboxes."""

import asyncio
import logging
import time
from datetime import timedelta
from pathlib import Path

from channels.layers import get_channel_layer
from django.conf import settings
from django.db import IntegrityError
from django.utils import timezone
from docker.utils import parse_bytes

from hakoniwa.accounts.models import User

from . import containers
from .containers import in_engine_thread
from .errors import ClassroomFull, EngineAnswerError, EngineDown, SandboxError, SandboxGone
from .learner_engine import learner_engine
from .models import Sandbox

log = logging.getLogger(__name__)

# A start takes 0.5 s, and some 20 s when a whole class arrives at once.
START_SECONDS = 40
ANSWER_POLL_SECONDS = 0.05


def learner_group(learner_id: int) -> str:
    """The channel-layer group that hears when something changes in a learner's sandbox."""
    return f"learner.{learner_id}"


async def current_sandbox(learner: User) -> Sandbox | None:
    """The learner's sandbox that is ready, if there is one."""
    return await Sandbox.objects.filter(owner=learner, state=Sandbox.State.READY).afirst()


async def sandbox_of(learner: User, sandbox_id: str) -> Sandbox:
    """The sandbox with this id, if it is the learner's own and alive.

    Raises SandboxGone else: whether another learner has such a sandbox is nobody's business.
    """
    sandbox = await Sandbox.objects.filter(
        pk=sandbox_id, owner=learner, state=Sandbox.State.READY
    ).afirst()
    if sandbox is None:
        raise SandboxGone(f"{sandbox_id} for {learner.pk}")
    await make_sure_it_runs(sandbox)
    return sandbox


async def make_sure_it_runs(sandbox: Sandbox) -> None:
    """Raises SandboxGone where the sandbox's container has stopped; the sandbox is ended then."""
    if not await in_engine_thread(containers.is_running, sandbox.container):
        await end(sandbox, "the container has stopped")
        raise SandboxGone(str(sandbox.pk))


async def claim(learner: User, language: str) -> Sandbox:
    """The learner's sandbox: the one they have, else a new one, ready to use.

    Raises SandboxError (one of its kinds) with a sentence for the learner.
    """
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        sandbox = await Sandbox.objects.filter(owner=learner, state__in=Sandbox.LIVE).afirst()
        if sandbox is None:
            try:
                return await _start(learner, language)
            except IntegrityError:
                continue  # another tab was quicker: take the one it is starting
        if sandbox.state == Sandbox.State.READY:
            try:
                return await sandbox_of(learner, str(sandbox.pk))
            except SandboxGone:
                continue
        if sandbox.created_at < timezone.now() - timedelta(seconds=START_SECONDS):
            await end(sandbox, "the start was never finished")
            continue
        await asyncio.sleep(0.2)
    raise SandboxError("the start by another tab took too long")


async def end(sandbox: Sandbox, reason: str) -> None:
    """Remove a sandbox and all that is in it. Raises EngineDown where it can't be removed."""
    if sandbox.container:
        await in_engine_thread(containers.remove_container, sandbox.container)
    await _close(sandbox, Sandbox.State.ENDED, reason)


async def mark_active(sandbox: Sandbox) -> None:
    """Note that somebody is using the sandbox, and let the lesson look at it."""
    if sandbox.active_at < timezone.now() - timedelta(minutes=1):
        sandbox.active_at = timezone.now()
        await sandbox.asave(update_fields=["active_at"])
    await _announce(sandbox)


def capacity() -> int:
    """How many sandboxes this machine may hold at once."""
    if settings.SANDBOX_MAX:
        return int(settings.SANDBOX_MAX)
    total = next(
        int(line.split()[1]) * 1024
        for line in Path("/proc/meminfo").read_text().splitlines()
        if line.startswith("MemTotal:")
    )
    # Few learners use all they may at one time; an idle sandbox takes 42 MiB (measured), so half
    # of the limit each is generous, and a fifth of the machine stays for the site itself.
    return max(1, int(total * 0.8 / (parse_bytes(settings.SANDBOX_MEMORY) / 2)))


async def _start(learner: User, language: str) -> Sandbox:
    if await Sandbox.objects.filter(state__in=Sandbox.LIVE).acount() >= capacity():
        raise ClassroomFull(f"{capacity()} sandboxes are in use")
    sandbox = await Sandbox.objects.acreate(owner=learner)
    try:
        sandbox.container = await in_engine_thread(
            containers.start_container, str(sandbox.pk), language
        )
        await sandbox.asave(update_fields=["container"])
        await _wait_until_it_answers(sandbox)
    except SandboxError as error:
        log.error("sandbox %s did not start: %s", sandbox.pk, error)
        await _give_up(sandbox, str(error))
        raise
    sandbox.state = Sandbox.State.READY
    await sandbox.asave(update_fields=["state"])
    await _announce(sandbox)
    return sandbox


async def _announce(sandbox: Sandbox) -> None:
    """Let the lesson that the learner has open look at the sandbox."""
    if layer := get_channel_layer():
        await layer.group_send(learner_group(sandbox.owner_id), {"type": "sandbox.changed"})


async def _wait_until_it_answers(sandbox: Sandbox) -> None:
    """Raises SandboxError where the engine inside never comes up."""
    deadline = time.monotonic() + START_SECONDS
    last = "no try"
    while time.monotonic() < deadline:
        try:
            async with learner_engine(sandbox.container) as engine:
                await engine.get("/version")
                return
        except EngineAnswerError as error:
            last = str(error)
            await asyncio.sleep(ANSWER_POLL_SECONDS)
    raise SandboxError(f"the engine inside did not answer: {last}")


async def _give_up(sandbox: Sandbox, reason: str) -> None:
    if sandbox.container:
        try:
            await in_engine_thread(containers.remove_container, sandbox.container)
        except EngineDown as error:
            log.warning("sandbox %s is left for the keeper: %s", sandbox.pk, error)
    await _close(sandbox, Sandbox.State.FAILED, reason)


async def _close(sandbox: Sandbox, state: Sandbox.State, reason: str) -> None:
    sandbox.state = state
    sandbox.reason = reason[:200]
    sandbox.ended_at = timezone.now()
    await sandbox.asave(update_fields=["state", "reason", "ended_at"])
