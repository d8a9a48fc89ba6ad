"""`container`: one container that is all the author says."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from django.utils.translation import gettext as _

from sandbox.snapshot import Container, Snapshot, Status

from .base import Outcome
from .selection import ContainerSelection
from .words import container_as_seen, container_as_wanted, nothing_seen, sentence, status_word


class ContainerCheck(ContainerSelection):
    kind: ClassVar[str] = "container"

    status: Literal["created", "running", "paused", "exited"] | None = None
    interactive: bool | None = None
    tty: bool | None = None
    command: tuple[str, ...] | None = None
    has_address: bool | None = None
    exit_code: int | None = None
    restarted: bool | None = None

    def evaluate(self, snapshot: Snapshot) -> Outcome:
        candidates = self.selected(snapshot)
        expected = sentence(container_as_wanted(self), self._wishes())
        if not candidates:
            return Outcome(False, nothing_seen(snapshot), expected)
        nearest = min(candidates, key=lambda container: len(list(self._faults(container))))
        faults = list(self._faults(nearest))
        return Outcome(not faults, sentence(container_as_seen(nearest), faults), expected)

    def _wishes(self) -> Iterator[str]:
        """What is asked of the container, in words."""
        if self.status is not None:
            yield status_word(Status(self.status))
        if self.interactive:
            yield _("with -i")
        if self.tty:
            yield _("with -t")
        if self.command is not None:
            yield _("running %(command)s") % {"command": " ".join(self.command)}
        if self.has_address:
            yield _("with an IP address")
        if self.exit_code is not None:
            yield _("ended with code %(code)s") % {"code": self.exit_code}
        if self.restarted:
            yield _("started again")

    def _faults(self, container: Container) -> Iterator[str]:
        """Where the container differs from what is asked, in words."""
        if self.status is not None and container.status != self.status:
            yield _("which is %(status)s") % {"status": status_word(container.status)}
        if self.interactive is not None and container.interactive != self.interactive:
            yield _("with -i") if container.interactive else _("without -i")
        if self.tty is not None and container.tty != self.tty:
            yield _("with -t") if container.tty else _("without -t")
        if self.command is not None and container.command != self.command:
            yield _("running %(command)s") % {"command": " ".join(container.command)[:60]}
        if self.has_address is not None and bool(container.addresses) != self.has_address:
            yield _("with an IP address") if container.addresses else _("without an IP address")
        if self.exit_code is not None and container.exit_code != self.exit_code:
            yield _("ended with code %(code)s") % {"code": container.exit_code}
        if self.restarted is not None and container.restarted != self.restarted:
            yield _("started again") if container.restarted else _("not started again")
