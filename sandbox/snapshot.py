"""What a learner's engine looked like at one moment, as plain values.

A snapshot is the only thing lessons see of an engine: checks are pure functions of it.
"""

import dataclasses
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

# The names that the engine gives to volumes without one.
_ANONYMOUS = re.compile(r"[0-9a-f]{64}")
# What timeout(1) ends with.
TOOK_TOO_LONG = 124


class Status(StrEnum):
    """A container's state, as `docker inspect` names it."""

    CREATED = "created"
    RUNNING = "running"
    PAUSED = "paused"
    RESTARTING = "restarting"
    REMOVING = "removing"
    EXITED = "exited"
    DEAD = "dead"


@dataclass(frozen=True, order=True)
class Command:
    """A program run as the learner, in ~/work; it is to look, and to change nothing."""

    words: tuple[str, ...]
    seconds: int = 3


@dataclass(frozen=True)
class Ran:
    """How a command or a script ended, and of what it wrote as much as is kept."""

    exit_code: int
    output: str = ""

    @property
    def took_too_long(self) -> bool:
        return self.exit_code == TOOK_TOO_LONG


@dataclass(frozen=True)
class Question:
    """What a snapshot must hold beyond the cheap lists: asked only where a check needs it.

    `files` are paths to look for in containers, `contents` those of which to read a little;
    `logs` are names of containers.
    """

    changes: bool = False
    files: frozenset[str] = frozenset()
    contents: frozenset[str] = frozenset()
    logs: frozenset[str] = frozenset()
    images: bool = False
    networks: bool = False
    commands: frozenset[Command] = frozenset()

    def __or__(self, other: "Question") -> "Question":
        return Question(
            *(
                getattr(self, each.name) | getattr(other, each.name)
                for each in dataclasses.fields(self)
            )
        )


@dataclass(frozen=True)
class Details:
    """What only `docker image inspect` and `docker history` show of an image."""

    layers: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    entrypoint: tuple[str, ...] = ()
    user: str = ""
    env: Mapping[str, str] = field(default_factory=dict)
    exposed: frozenset[str] = frozenset()  # such as 80/tcp
    healthcheck: bool = False
    made_from_container: str = ""  # its id, where the image was committed
    history: tuple[str, ...] = ()  # one line a step, the newest first


@dataclass(frozen=True)
class Image:
    """`digests` are names in registries that it was pulled from or pushed to; `size` in bytes."""

    id: str
    tags: tuple[str, ...] = ()
    digests: tuple[str, ...] = ()
    size: int = 0
    parent: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    details: Details | None = None

    def name(self) -> str:
        """A tag, or the beginning of its id."""
        return self.tags[0] if self.tags else self.id.removeprefix("sha256:")[:12]


@dataclass(frozen=True)
class Mount:
    kind: str  # bind, volume or tmpfs
    source: str  # a volume's name, a folder of the sandbox, or nothing
    target: str
    read_only: bool = False


@dataclass(frozen=True)
class Attachment:
    """A container on a network; it has an address while it runs."""

    network: str
    address: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Publication:
    """A container's port that the sandbox opens; `host` is 0 until the engine has chosen one."""

    host: int
    container: int
    protocol: str = "tcp"


@dataclass(frozen=True)
class Limits:
    """0 is none; `memory` in bytes, `cpus` in processors."""

    memory: int = 0
    cpus: float = 0.0


@dataclass(frozen=True)
class Container:
    """`pid`, `ipc` and `network_mode` are as typed, with the other container's name for its id."""

    id: str
    name: str
    image: str
    status: Status
    image_id: str = ""
    exit_code: int = 0
    interactive: bool = False
    tty: bool = False
    command: tuple[str, ...] = ()
    user: str = ""
    env: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()
    ports: tuple[Publication, ...] = ()
    mounts: tuple[Mount, ...] = ()
    restart: str = "no"
    restart_count: int = 0
    limits: Limits = Limits()
    health: str = ""  # starting, healthy or unhealthy
    oom_killed: bool = False
    pid: str = ""
    ipc: str = ""
    network_mode: str = ""
    read_only: bool = False
    restarted: bool = False
    changed_paths: frozenset[str] = frozenset()
    files: frozenset[str] = frozenset()
    contents: Mapping[str, str] = field(default_factory=dict)
    log: str | None = None

    @property
    def addresses(self) -> tuple[str, ...]:
        return tuple(place.address for place in self.attachments if place.address)

    @property
    def networks(self) -> tuple[str, ...]:
        return tuple(place.network for place in self.attachments)

    @property
    def volumes(self) -> tuple[str, ...]:
        return tuple(mount.source for mount in self.mounts if mount.kind == "volume")

    @property
    def project(self) -> str:
        """The Compose project it belongs to."""
        return self.labels.get("com.docker.compose.project", "")

    @property
    def service(self) -> str:
        return self.labels.get("com.docker.compose.service", "")


@dataclass(frozen=True)
class Volume:
    name: str
    driver: str = "local"
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def anonymous(self) -> bool:
        return _ANONYMOUS.fullmatch(self.name) is not None


@dataclass(frozen=True)
class Network:
    name: str
    driver: str = "bridge"
    internal: bool = False
    subnets: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Snapshot:
    """Fields that a Question asks for are empty where it did not ask."""

    images: tuple[Image, ...] = ()
    containers: tuple[Container, ...] = ()
    volumes: tuple[Volume, ...] = ()
    networks: tuple[Network, ...] = ()
    ran: Mapping[Command, Ran] = field(default_factory=dict)
    # More objects than we look at: a check may then say "not found" about one that exists.
    truncated: bool = field(default=False, compare=False)

    def image(self, reference: str) -> Image | None:
        """The image with this tag."""
        wanted = full_reference(reference)
        return next((image for image in self.images if wanted in image.tags), None)

    def has_run(self, commands: Iterable[Command]) -> bool:
        """Whether it can tell how all of these ended."""
        return all(command in self.ran for command in commands)


def full_reference(reference: str) -> str:
    """`ubuntu` as the engine lists it: `ubuntu:latest`."""
    name = reference.rpartition("/")[2]
    return reference if ":" in name or "@" in name else f"{reference}:latest"
