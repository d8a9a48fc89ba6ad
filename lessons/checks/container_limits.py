"""What a container may use, and what the engine does when it ends or uses too much."""

from collections.abc import Iterator
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sandbox.snapshot import Container

from .amounts import Size, size_words
from .selection import ContainerSelection
from .traits import Trait, equal


class LimitFields(ContainerSelection):
    """Fields of `container`."""

    memory: Size | None = None
    most_memory: Size | None = None
    cpus: float | None = None
    most_cpus: float | None = None
    read_only: bool | None = None
    oom_killed: bool | None = None
    restart: Literal["no", "always", "unless-stopped", "on-failure"] | None = None
    restarts: int | None = None

    def limits(self) -> Iterator[Trait[Container]]:
        yield from self._amounts()
        if self.read_only is not None:
            yield equal(self.read_only, lambda one: one.read_only, _read_only_words)
        if self.oom_killed is not None:
            yield equal(self.oom_killed, lambda one: one.oom_killed, _oom_words)
        if self.restart is not None:
            yield equal(
                str(self.restart),
                lambda one: one.restart,
                lambda policy: _("with the restart policy %(policy)s") % {"policy": policy[:20]},
            )
        if (least := self.restarts) is not None:
            wish = ngettext(
                "restarted by the engine at least %(number)d time",
                "restarted by the engine at least %(number)d times",
                least,
            )
            yield Trait(
                wish % {"number": least},
                lambda one: None if one.restart_count >= least else _restarts(one),
            )

    def _amounts(self) -> Iterator[Trait[Container]]:
        if self.memory is not None:
            yield equal(self.memory, lambda one: one.limits.memory, _memory_words)
        if (most := self.most_memory) is not None:
            yield Trait(
                _("with a memory limit of at most %(size)s") % {"size": size_words(most)},
                lambda one: (
                    None if 0 < one.limits.memory <= most else _memory_words(one.limits.memory)
                ),
            )
        if self.cpus is not None:
            yield equal(self.cpus, lambda one: one.limits.cpus, _cpu_words)
        if (most_cpus := self.most_cpus) is not None:
            yield Trait(
                _most_cpus_words(most_cpus),
                lambda one: (
                    None if 0 < one.limits.cpus <= most_cpus else _cpu_words(one.limits.cpus)
                ),
            )


def _memory_words(size: int) -> str:
    if size <= 0:
        return _("without a memory limit")
    return _("with a memory limit of %(size)s") % {"size": size_words(size)}


def _cpu_words(cpus: float) -> str:
    if cpus <= 0:
        return _("without a CPU limit")
    words = ngettext(
        "with a limit of %(number)s CPU", "with a limit of %(number)s CPUs", _counted(cpus)
    )
    return words % {"number": f"{cpus:g}"}


def _most_cpus_words(cpus: float) -> str:
    words = ngettext(
        "with a limit of at most %(number)s CPU",
        "with a limit of at most %(number)s CPUs",
        _counted(cpus),
    )
    return words % {"number": f"{cpus:g}"}


def _counted(number: float) -> int:
    """As languages count: half of one is not one."""
    return 1 if number == 1 else 2


def _read_only_words(yes: bool) -> str:
    return _("with a read-only file system") if yes else _("with a writable file system")


def _oom_words(yes: bool) -> str:
    return _("stopped for lack of memory") if yes else _("not stopped for lack of memory")


def _restarts(one: Container) -> str:
    words = ngettext(
        "restarted by the engine %(number)d time",
        "restarted by the engine %(number)d times",
        one.restart_count,
    )
    return words % {"number": one.restart_count}
