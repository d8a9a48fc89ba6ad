"""What an engine answers about a container, and the container that a snapshot shows."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Annotated

from pydantic import Field

from .answers import Answer, Number, Pairs, Some, Text, Words
from .environment import as_mapping
from .errors import EngineAnswerError
from .snapshot import (
    Attachment,
    Container,
    Limits,
    Mount,
    Publication,
    Status,
    full_reference,
)

ContainerId = Annotated[str, Field(pattern=r"^[0-9a-f]{12,64}$")]
SHARED_WITH = "container:"


class _Health(Answer):
    Status: Words = ""


class _State(Answer):
    Status: Text
    ExitCode: Number = 0
    FinishedAt: Text = ""
    OOMKilled: bool = False
    Health: _Health | None = None


class _Config(Answer):
    Image: Words = ""
    OpenStdin: bool = False
    Tty: bool = False
    User: Words = ""
    Env: Some[Words] = None
    Labels: Pairs[Words] = None


class _Binding(Answer):
    HostPort: Words = ""


class _RestartPolicy(Answer):
    Name: Words = ""


class _HostConfig(Answer):
    NetworkMode: Words = ""
    PidMode: Words = ""
    IpcMode: Words = ""
    RestartPolicy: _RestartPolicy = _RestartPolicy()
    Memory: Number = 0
    NanoCpus: Number = 0
    CpuQuota: Number = 0
    CpuPeriod: Number = 0
    ReadonlyRootfs: bool = False
    Tmpfs: Pairs[Words] = None
    PortBindings: Pairs[Some[_Binding]] = None


class _Mount(Answer):
    Type: Words = ""
    Name: Words = ""
    Source: Words = ""
    Destination: Words = ""
    RW: bool = True


class _Endpoint(Answer):
    IPAddress: Words = ""
    Aliases: Some[Words] = None


class _NetworkSettings(Answer):
    Networks: Pairs[_Endpoint] = None
    Ports: Pairs[Some[_Binding]] = None


class ContainerAnswer(Answer):
    """`GET /containers/{id}/json`."""

    Id: ContainerId
    Name: Text
    Image: Text = ""
    Path: Words = ""
    Args: Some[Words] = None
    RestartCount: Number = 0
    State: _State
    Config: _Config
    HostConfig: _HostConfig = _HostConfig()
    Mounts: Some[_Mount] = None
    NetworkSettings: _NetworkSettings


def observed(answer: ContainerAnswer, tags: Mapping[str, tuple[str, ...]]) -> Container:
    """Raises EngineAnswerError for a state that there is not."""
    state, config, host = answer.State, answer.Config, answer.HostConfig
    status = _status(state.Status)
    return Container(
        id=answer.Id,
        name=answer.Name.removeprefix("/"),
        image=_image_name(answer, tags),
        image_id=answer.Image,
        status=status,
        exit_code=state.ExitCode,
        interactive=config.OpenStdin,
        tty=config.Tty,
        command=(answer.Path, *(answer.Args or [])),
        user=config.User,
        env=as_mapping(config.Env),
        labels=config.Labels or {},
        attachments=tuple(
            Attachment(network, place.IPAddress, tuple(place.Aliases or ()))
            for network, place in (answer.NetworkSettings.Networks or {}).items()
        ),
        ports=tuple(_ports(answer)),
        mounts=tuple(_mounts(answer)),
        restart=host.RestartPolicy.Name or "no",
        restart_count=answer.RestartCount,
        limits=Limits(host.Memory, _cpus(host)),
        health=state.Health.Status if state.Health else "",
        oom_killed=state.OOMKilled,
        pid=host.PidMode,
        ipc=host.IpcMode,
        network_mode="bridge" if host.NetworkMode == "default" else host.NetworkMode,
        read_only=host.ReadonlyRootfs,
        # The engine writes year 1 for "never".
        restarted=status == Status.RUNNING and not state.FinishedAt.startswith("0001-"),
    )


def with_names_for_ids(containers: list[Container]) -> tuple[Container, ...]:
    """`container:<id>` is what a learner knows as `container:<name>`."""
    names = {SHARED_WITH + one.id: SHARED_WITH + one.name for one in containers}
    return tuple(
        replace(
            container,
            pid=names.get(container.pid, container.pid),
            ipc=names.get(container.ipc, container.ipc),
            network_mode=names.get(container.network_mode, container.network_mode),
        )
        for container in containers
    )


def _ports(answer: ContainerAnswer) -> Iterator[Publication]:
    """Those that are open, or, where it has ended, those that were.

    One that was only created has opened none: its port may be another's, and so it can't start.
    """
    if answer.State.Status == Status.CREATED:
        return
    opened = {port: found for port, found in (answer.NetworkSettings.Ports or {}).items() if found}
    seen = set()
    for port, bindings in (opened or answer.HostConfig.PortBindings or {}).items():
        number, _slash, protocol = port.partition("/")
        for binding in bindings or []:
            with suppress(ValueError):
                # IPv4 and IPv6 are two bindings of one port.
                seen.add(Publication(int(binding.HostPort or 0), int(number), protocol or "tcp"))
    yield from sorted(seen, key=lambda port: (port.container, port.host, port.protocol))


def _mounts(answer: ContainerAnswer) -> Iterator[Mount]:
    for mount in answer.Mounts or []:
        source = mount.Name if mount.Type == "volume" else mount.Source
        yield Mount(mount.Type, source, mount.Destination, not mount.RW)
    for target in answer.HostConfig.Tmpfs or {}:
        yield Mount("tmpfs", "", target)


def _cpus(host: _HostConfig) -> float:
    if host.NanoCpus:
        return host.NanoCpus / 1e9
    return host.CpuQuota / host.CpuPeriod if host.CpuQuota > 0 and host.CpuPeriod > 0 else 0.0


def _image_name(answer: ContainerAnswer, tags: Mapping[str, tuple[str, ...]]) -> str:
    """The image as a tag, even where the learner named it by its id."""
    typed = full_reference(answer.Config.Image)
    known = tags.get(answer.Image, ())
    return typed if typed in known or not known else known[0]


def _status(word: str) -> Status:
    try:
        return Status(word)
    except ValueError:
        raise EngineAnswerError(f"no container state: {word[:40]!r}") from None
