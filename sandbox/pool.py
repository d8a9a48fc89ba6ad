"""Engines that have started before anybody asks, so that a claim takes no time."""

from django.conf import settings

from hakoniwa.accounts.models import User

from .lifecycle import State, move
from .models import Sandbox
from .starting import capacity, start


async def take(learner: User) -> Sandbox | None:
    """A ready sandbox, which is the learner's now; None where the pool is empty.

    Raises IntegrityError where the learner has got one meanwhile, in another tab.
    """
    while True:
        ready = Sandbox.objects.filter(state=State.READY, image=settings.SANDBOX_IMAGE)
        sandbox = await ready.order_by("created_at").afirst()
        if sandbox is None or await move(sandbox, State.CLAIMED, owner=learner):
            return sandbox


async def refill() -> bool:
    """Start one more if the pool wants it; whether it may want another at once.

    One at a time and never while a learner waits for a start: theirs comes first.
    Raises SandboxError (one of its kinds) where it does not start.
    """
    live = Sandbox.objects.filter(state__in=Sandbox.LIVE)
    if await live.filter(state=State.READY).acount() >= settings.SANDBOX_POOL:
        return False
    if await live.filter(state=State.STARTING).aexists() or await live.acount() >= capacity():
        return False
    sandbox = await Sandbox.objects.acreate(image=settings.SANDBOX_IMAGE)
    await start(sandbox)
    return await move(sandbox, State.READY)
