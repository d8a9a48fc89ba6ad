"""What there is to say of a container, as the fields of a check: only what its image and Docker
would not have made so anyway.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.snapshot import Container, Details, Image, Mount, Publication, Snapshot, Status

from .chance import FIRST_RANDOM_PORT, has_own_name

DEFAULT_NETWORKS = {"bridge", "host", "none"}
STATES = {Status.CREATED, Status.RUNNING, Status.PAUSED, Status.EXITED}
# A program's own codes; above them are those of signals.
LAST_EXIT_CODE = 127
BYTES = 1
UNITS = (("g", 1024**3), ("m", 1024**2), ("k", 1024), ("", BYTES))


def traits(one: Container, snapshot: Snapshot) -> dict[str, Any]:
    """Whatever is as Docker has it by itself is left out."""
    image = next((image for image in snapshot.images if image.id == one.image_id), None)
    found = {
        **_state(one),
        **_programs(one, image),
        "networks": [name for name in one.networks if name not in DEFAULT_NETWORKS],
        "network_mode": _shared(one.network_mode, snapshot) or _none(one.network_mode),
        "pid": _shared(one.pid, snapshot),
        "ipc": _shared(one.ipc, snapshot),
        "published": list(dict.fromkeys(map(_port, one.ports))),
        "mounts": [*_mounts(one, snapshot)],
        "memory": _size(one.limits.memory),
        "cpus": one.limits.cpus,
        "read_only": one.read_only,
        "restart": one.restart if one.restart != "no" else "",
    }
    return {name: value for name, value in found.items() if value}


def _state(one: Container) -> dict[str, Any]:
    ended_itself = one.status is Status.EXITED and one.exit_code <= LAST_EXIT_CODE
    return {
        "status": str(one.status) if one.status in STATES else "",
        "exit_code": one.exit_code if ended_itself else 0,
        "oom_killed": one.oom_killed,
        # By a learner; the engine's own restarts are counted.
        "restarted": one.restarted and not one.restart_count,
        "restarts": min(one.restart_count, 1),
    }


def _programs(one: Container, image: Image | None) -> dict[str, Any]:
    details = (image and image.details) or Details()
    labels = image.labels if image else {}
    return {
        "interactive": one.interactive,
        "tty": one.tty,
        "command": _command(one, details),
        "user": one.user if one.user != details.user else "",
        "health": one.health if one.health != "starting" and not details.healthcheck else "",
        "env": _beyond(one.env, details.env),
        "labels": {
            name: value
            for name, value in _beyond(one.labels, labels).items()
            if not name.startswith(("com.docker.", "desktop.docker."))
        },
    }


def _command(one: Container, details: Details) -> list[str]:
    """Only where nothing else tells what it was run for: it has ended and nobody named it."""
    if one.status is not Status.EXITED or has_own_name(one):
        return []
    by_itself = (*details.entrypoint, *details.command)
    return list(one.command) if one.command != by_itself else []


def _beyond(found: Mapping[str, str], by_itself: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in found.items() if by_itself.get(name) != value}


def _shared(mode: str, snapshot: Snapshot) -> str:
    """Another container's, or the host's."""
    kind, _colon, name = mode.partition(":")
    other = next((one for one in snapshot.containers if one.name == name), None)
    shares = kind == "container" and other is not None and has_own_name(other)
    return mode if mode == "host" or shares else ""


def _none(mode: str) -> str:
    return mode if mode == "none" else ""


def _port(port: Publication) -> str:
    host = f"{port.host}:" if 0 < port.host < FIRST_RANDOM_PORT else ""
    return f"{host}{port.container}" + ("" if port.protocol == "tcp" else f"/{port.protocol}")


def _mounts(one: Container, snapshot: Snapshot) -> Iterator[dict[str, Any]]:
    """Volumes without a name are left out: an image makes them by itself."""
    anonymous = {volume.name for volume in snapshot.volumes if volume.anonymous}
    for mount in sorted(one.mounts, key=lambda mount: mount.target):
        if mount.kind in ("bind", "volume", "tmpfs") and mount.source not in anonymous:
            yield _mount(mount)


def _mount(mount: Mount) -> dict[str, Any]:
    written: dict[str, Any] = {"type": mount.kind}
    if mount.source:
        written["source"] = mount.source
    written["target"] = mount.target
    return written | ({"read_only": True} if mount.read_only else {})


def _size(size: int) -> str:
    """In the largest unit in which it is a whole number."""
    if size <= 0:
        return ""
    unit, factor = next((unit, factor) for unit, factor in UNITS if size % factor == 0)
    return f"{size // factor}{unit}"
