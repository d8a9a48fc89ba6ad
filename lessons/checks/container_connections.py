"""What connects a container with others and with the sandbox: networks, ports, mounts, sharing."""

from collections.abc import Iterator
from typing import Annotated, Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy
from pydantic import BeforeValidator, StringConstraints

from lessons.bilingual import Part
from sandbox.snapshot import Container, Mount, Publication

from .selection import ContainerSelection
from .traits import Trait, all_of, equal, shown

MOUNTS = {
    True: ngettext_lazy("with the mount %(these)s", "with the mounts %(these)s", "number"),
    False: ngettext_lazy("without the mount %(these)s", "without the mounts %(these)s", "number"),
}
NETWORKS = {
    True: ngettext_lazy("on the network %(these)s", "on the networks %(these)s", "number"),
    False: ngettext_lazy("not on the network %(these)s", "not on the networks %(these)s", "number"),
}
PORTS = {
    True: ngettext_lazy(
        "with the published port %(these)s", "with the published ports %(these)s", "number"
    ),
    False: ngettext_lazy(
        "without the published port %(these)s", "without the published ports %(these)s", "number"
    ),
}

Port = Annotated[
    str,
    BeforeValidator(str, json_schema_input_type=int | str),
    StringConstraints(pattern=r"^([0-9]{1,5}:)?[0-9]{1,5}(/(tcp|udp))?$"),
]
Shared = Annotated[str, StringConstraints(pattern=r"^(host|container:[a-zA-Z0-9][a-zA-Z0-9_.-]+)$")]


class WantedMount(Part):
    """What is left out may be anything."""

    type: Literal["bind", "volume", "tmpfs"] | None = None
    source: str | None = None
    target: str | None = None
    read_only: bool | None = None

    def fits(self, mount: Mount) -> bool:
        return (
            self.type in (None, mount.kind)
            and self.source in (None, mount.source)
            and self.target in (None, mount.target)
            and self.read_only in (None, mount.read_only)
        )

    def __str__(self) -> str:
        """As after `-v`, with the type in front."""
        where = ":".join(part for part in (self.source, self.target) if part)
        access = {True: ":ro", False: ":rw", None: ""}[self.read_only]
        return " ".join(part for part in (self.type, where + access) if part)


class ConnectionFields(ContainerSelection):
    """Fields of `container`."""

    has_address: bool | None = None
    networks: tuple[str, ...] | None = None
    network_mode: Shared | Literal["none", "bridge"] | None = None
    published: tuple[Port, ...] | None = None
    mounts: tuple[WantedMount, ...] | None = None
    pid: Shared | None = None
    ipc: Shared | None = None

    def connections(self) -> Iterator[Trait[Container]]:
        yield from self._network()
        if self.mounts is not None:
            yield all_of(self.mounts, lambda one, wanted: any(map(wanted.fits, one.mounts)), MOUNTS)
        if self.pid is not None:
            yield equal(
                self.pid,
                lambda one: one.pid,
                lambda mode: _("with processes of %(whom)s") % {"whom": _whom(mode)},
            )
        if self.ipc is not None:
            yield equal(
                self.ipc,
                lambda one: one.ipc,
                lambda mode: _("with shared memory of %(whom)s") % {"whom": _whom(mode)},
            )

    def _network(self) -> Iterator[Trait[Container]]:
        if self.has_address is not None:
            yield equal(
                self.has_address,
                lambda one: bool(one.addresses),
                lambda yes: _("with an IP address") if yes else _("without an IP address"),
            )
        if self.networks is not None:
            yield all_of(self.networks, lambda one, name: name in one.networks, NETWORKS)
        if self.network_mode is not None:
            yield equal(self.network_mode, lambda one: one.network_mode, _network_words)
        if self.published is not None:
            yield all_of(self.published, is_published, PORTS)


def is_published(container: Container, written: str) -> bool:
    """`8080:80` is just this; `80` is that port of the container, wherever it is open."""
    ports, _slash, protocol = written.partition("/")
    host, _colon, inner = ports.rpartition(":")
    return any(
        port.container == int(inner)
        and port.protocol == (protocol or "tcp")
        and (not host or port.host == int(host))
        for port in container.ports
    )


def port_words(port: Publication) -> str:
    return f"{port.host}:{port.container}" + ("" if port.protocol == "tcp" else f"/{port.protocol}")


def _network_words(mode: str) -> str:
    match mode:
        case "none":
            return _("without a network")
        case "bridge":
            return _("on the default network")
    return _("with the network of %(whom)s") % {"whom": _whom(mode)}


def _whom(mode: str) -> str:
    """Whose namespace it is."""
    kind, _colon, other = mode.partition(":")
    match kind:
        case "host":
            return _("the host")
        case "container":
            return _("the container %(name)s") % {"name": shown(other, 40)}
        case "" | "private" | "shareable":
            return _("its own")
    return shown(mode, 40)
