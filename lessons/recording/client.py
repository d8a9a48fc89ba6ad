"""What the docker command knows: contexts, and registries that it is signed in to."""

from collections.abc import Iterator
from typing import Any

from sandbox import looks
from sandbox.snapshot import Snapshot


def client_candidates(before: Snapshot, after: Snapshot) -> Iterator[dict[str, Any]]:
    commands = (looks.contexts_command(), looks.logins_command())
    if not (before.has_run(commands) and after.has_run(commands)):
        return
    then, now = (looks.contexts_in(one.ran[commands[0]]) for one in (before, after))
    for context in now:
        if context.name not in {one.name for one in then}:
            yield {"context": {"name": context.name, "endpoint": context.endpoint}}
        if context.current:
            yield {"context": {"name": context.name, "current": True}}
    for context in then:
        yield {"not": {"context": {"name": context.name}}}
    then_logins, now_logins = (looks.logins_in(one.ran[commands[1]]) for one in (before, after))
    for login in now_logins:
        yield {"login": {"registry": login.registry}}
    for login in then_logins:
        yield {"not": {"login": {"registry": login.registry}}}
