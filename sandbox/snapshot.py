"""What a learner's engine looked like at one moment, as plain values.

A snapshot is the only thing lessons see of an engine: checks are pure functions of it.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class Status(StrEnum):
    """A container's state, as `docker inspect` names it."""

    CREATED = "created"
    RUNNING = "running"
    PAUSED = "paused"
    RESTARTING = "restarting"
    REMOVING = "removing"
    EXITED = "exited"
    DEAD = "dead"


@dataclass(frozen=True)
class Question:
    """What a snapshot must hold beyond the cheap lists: asked only where a check needs it."""

    changes: bool = False
    files: frozenset[str] = frozenset()

    def __or__(self, other: "Question") -> "Question":
        return Question(self.changes or other.changes, self.files | other.files)


@dataclass(frozen=True)
class Image:
    id: str
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Container:
    id: str
    name: str
    image: str
    status: Status
    exit_code: int = 0
    interactive: bool = False
    tty: bool = False
    command: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()
    restarted: bool = False
    changed_paths: frozenset[str] = frozenset()
    files: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Snapshot:
    images: tuple[Image, ...] = ()
    containers: tuple[Container, ...] = ()
    volumes: tuple[str, ...] = ()
    # More objects than we look at: a check may then say "not found" about one that exists.
    truncated: bool = field(default=False, compare=False)


def full_reference(reference: str) -> str:
    """`ubuntu` as the engine lists it: `ubuntu:latest`."""
    name = reference.rpartition("/")[2]
    return reference if ":" in name or "@" in name else f"{reference}:latest"
