"""A process of the site that is killed in the middle of something: run as a program by a test.

killed.py ACTION FUNCTION WHEN     claim, refill or end; killed before or after the call
killed.py tidy                     what the keeper makes of it two minutes later, as JSON
"""

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
from sandbox import containers, pool, services, starting  # noqa: E402
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

    def calling(*arguments: Any) -> Any:
        if when == "before":
            die(*arguments)
        answer = call(*arguments)
        die(*arguments)
        return answer

    return moving if to else calling


def act(action: str, function: str, when: str) -> None:
    learner, _created = User.objects.get_or_create(username="learner", name="learner")
    sandbox = async_to_sync(services.claim)(learner) if action == "end" else None
    if function in Sandbox.State.values:
        for module in (pool, services, starting):
            module.move = dying(module.move, function, when)  # type: ignore[attr-defined]
    else:
        setattr(containers, function, dying(getattr(containers, function), "", when))
    if sandbox is not None:
        async_to_sync(services.end)(sandbox, "a test")
    elif action == "claim":
        async_to_sync(services.claim)(learner)
    else:
        async_to_sync(pool.refill)()


def tidy() -> None:
    two_minutes_ago = timezone.now() - timedelta(minutes=2)
    Sandbox.objects.filter(state=Sandbox.State.STARTING).update(created_at=two_minutes_ago)
    keep_once()
    found = {
        "states": sorted(Sandbox.objects.values_list("state", flat=True)),
        "owned": sorted(
            Sandbox.objects.filter(state__in=Sandbox.LIVE).values_list("container", flat=True)
        ),
        "running": sorted(containers.containers_of_this_site()),
    }
    for container in found["running"]:
        containers.remove_container(container)
    Sandbox.objects.all().delete()
    print(json.dumps(found))


if __name__ == "__main__":
    tidy() if sys.argv[1] == "tidy" else act(*sys.argv[1:])
