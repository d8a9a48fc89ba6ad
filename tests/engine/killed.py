"""A process of the site that is killed in the middle of something: run as a program by a test.

killed.py ACTION FUNCTION WHEN     killed before or after the call; for the actions see `act`
killed.py tidy                     what the keeper makes of it two minutes later, as JSON
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django

django.setup()

from asgiref.sync import async_to_sync  # noqa: E402
from django.utils import timezone  # noqa: E402

from hakoniwa.accounts.models import User  # noqa: E402
from sandbox import containers, pool, queue, seats, services, starting  # noqa: E402
from sandbox.keeping import keep_once  # noqa: E402
from sandbox.models import Sandbox  # noqa: E402


def dying(call: Callable[..., Any], to: str, when: str) -> Callable[..., Any]:
    """The call, around which the process is killed; `to`: only for a move to this state."""

    def die(*arguments: Any) -> None:
        if to in ("", *arguments):
            os.kill(os.getpid(), signal.SIGKILL)

    async def moving(*arguments: Any, **changes: Any) -> Any:
        if when == "before":
            die(*arguments)
        answer = await call(*arguments, **changes)
        die(*arguments)
        return answer

    def calling(*arguments: Any, **changes: Any) -> Any:
        if when == "before":
            die(*arguments)
        answer = call(*arguments, **changes)
        die(*arguments)
        return answer

    return moving if asyncio.iscoroutinefunction(call) else calling


def act(action: str, function: str, when: str) -> None:
    learner, _created = User.objects.get_or_create(username="learner", name="learner")
    sandbox = prepare(action, learner)
    if function in Sandbox.State.values:
        for module in (pool, services, starting):
            module.move = dying(module.move, function, when)  # type: ignore[attr-defined]
        seats.move_now = dying(seats.move_now, function, when)  # type: ignore[attr-defined]
    else:
        module = seats if function == "take" else containers
        setattr(module, function, dying(getattr(module, function), "", when))
    if sandbox is not None:
        async_to_sync(services.end)(sandbox, "a test")
    elif action == "refill":
        async_to_sync(pool.refill)()
    else:
        async_to_sync(services.claim)(learner)


def prepare(action: str, learner: User) -> Sandbox | None:
    """What there is before: the sandbox to end, one in the pool, or a place in the queue."""
    if action == "end":
        return async_to_sync(services.claim)(learner)
    if action == "claim from the pool":
        async_to_sync(pool.refill)()
    if action == "turn":
        queue.join(learner, timezone.now())
    return None


def tidy() -> None:
    two_minutes_ago = timezone.now() - timedelta(minutes=2)
    Sandbox.objects.filter(state=Sandbox.State.STARTING).update(created_at=two_minutes_ago)
    keep_once()
    found: dict[str, Any] = {
        "states": sorted(Sandbox.objects.values_list("state", flat=True)),
        "owned": sorted(
            Sandbox.objects.filter(state__in=Sandbox.LIVE).values_list("container", flat=True)
        ),
        "running": sorted(containers.containers_of_this_site()),
        "next": next((place.learner.name for place in queue.waiting(timezone.now())), None),
    }
    for container in found["running"]:
        containers.remove_container(container)
    Sandbox.objects.all().delete()
    User.objects.all().delete()
    print(json.dumps(found))


if __name__ == "__main__":
    tidy() if sys.argv[1] == "tidy" else act(*sys.argv[1:])
