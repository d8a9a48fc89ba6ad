"""Containers that were made, changed, removed, or written in."""

from collections.abc import Iterator
from typing import Any

from sandbox.snapshot import Container, Snapshot

from .chance import identity, image_of
from .files import written_paths
from .traits import traits

# They come and go while nobody does anything.
BY_THEMSELVES = {"exit_code", "command", "health"}


def container_candidates(before: Snapshot, after: Snapshot) -> Iterator[dict[str, Any]]:
    """Those of Compose are its project's."""
    old = {one.id: one for one in before.containers}
    for one in reversed(after.containers):  # the engine lists the newest first
        if one.project:
            continue
        known = identity(one, after)
        if fields := _fields(old.get(one.id), one, before, after):
            yield {"container": known | fields}
        for path in written_paths(old.get(one.id), one) if known else ():
            yield {"writable_layer": known | {"path": path}}
    names = {one.name for one in after.containers}
    for one in before.containers:
        if one.name not in names and not one.project and (known := identity(one, before)):
            yield {"not": {"container": known}}


def _fields(
    old: Container | None, new: Container, before: Snapshot, after: Snapshot
) -> dict[str, Any]:
    """What is to be said of it beyond what it is known by; nothing where nothing has changed."""
    found = traits(new, after)
    if old is None:
        return image_of(new, after) | found
    then = traits(old, before)
    changed = {
        name: _gained(value, then.get(name))
        for name, value in found.items()
        if value != then.get(name) and name not in BY_THEMSELVES
    }
    if "restart" in then and "restart" not in found:
        changed["restart"] = "no"
    if changed or old.name == new.name:
        return changed
    return image_of(new, after)


def _gained(now: Any, then: Any) -> Any:
    if isinstance(now, list) and isinstance(then, list):
        return [one for one in now if one not in then]
    return now
