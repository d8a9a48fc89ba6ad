"""A sandbox's states, and the only function that moves one from a state to the next.

    starting → ready → claimed → ending → gone
       │  └────────────↗          ↑
       └→ failed        (from any live state)

A move is one conditional update: of two processes that want the same one, the second is told no.
So a process may be killed between any two moves; what it left is taken up by `keeping`.
"""

from datetime import timedelta
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.utils import timezone

from .models import Sandbox

State = Sandbox.State

MOVES: dict[str, set[str]] = {
    State.STARTING: {State.READY, State.CLAIMED, State.ENDING, State.FAILED},
    State.READY: {State.CLAIMED, State.ENDING},
    State.CLAIMED: {State.ENDING},
    State.ENDING: {State.GONE},
    State.GONE: set(),
    State.FAILED: set(),
}


def move_now(sandbox: Sandbox, to: Sandbox.State, **changes: Any) -> bool:
    """Whether this call moved it: False where another process has moved it meanwhile.

    Raises ValueError for a move that is none, IntegrityError where a learner would own two.
    """
    if to not in MOVES[sandbox.state]:
        raise ValueError(f"a sandbox does not go from {sandbox.state} to {to}")
    changes |= {"state": to}
    if to == State.CLAIMED:
        now = timezone.now()
        most = timedelta(minutes=settings.SANDBOX_MAX_MINUTES)
        changes |= {"claimed_at": now, "active_at": now, "ends_at": now + most}
    if to in (State.GONE, State.FAILED):
        changes |= {"ended_at": timezone.now()}
    if "reason" in changes:
        changes["reason"] = changes["reason"][:200]
    moved = Sandbox.objects.filter(pk=sandbox.pk, state=sandbox.state).update(**changes)
    sandbox.refresh_from_db()
    return bool(moved)


async def move(sandbox: Sandbox, to: Sandbox.State, **changes: Any) -> bool:
    """As `move_now`, from the event loop."""
    return await sync_to_async(move_now)(sandbox, to, **changes)
