"""Compose projects that came up, were scaled, stopped or taken down."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sandbox.snapshot import Snapshot, Status


def compose_candidates(before: Snapshot, after: Snapshot) -> Iterator[dict[str, Any]]:
    old, new = _projects(before), _projects(after)
    for project, services in new.items():
        running = {name: count for (name, up), count in sorted(services.items()) if up}
        if running:
            then = old.get(project, Counter())
            yield _check(
                project,
                {name: _number(count, then[name, True]) for name, count in running.items()},
            )
        for name, up in sorted(services):
            if not up and name not in running:
                stopped = {"project": project, "service": name, "status": "exited"}
                yield {"container": stopped}
    for project, services in old.items():
        names = dict.fromkeys(sorted(name for name, _up in services))
        yield {"not": _check(project, names, running=False)}


def _number(now: int, then: int) -> int | None:
    """One of each goes without saying."""
    return now if now > 1 or then > 1 else None


def _check(project: str, services: dict[str, int | None], running: bool = True) -> dict[str, Any]:
    fields: dict[str, Any] = {"project": project, "services": services}
    return {"compose": fields if running else fields | {"running": False}}


def _projects(snapshot: Snapshot) -> dict[str, Counter[tuple[str, bool]]]:
    """How many containers each project has of each service, those that run and those that don't."""
    found: dict[str, Counter[tuple[str, bool]]] = {}
    for one in snapshot.containers:
        if one.project and one.service:
            services = found.setdefault(one.project, Counter())
            services[one.service, one.status is Status.RUNNING] += 1
    return found
