"""`container`: one container that is all the author says."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from django.utils.translation import gettext as _

from sandbox.snapshot import Container, Snapshot, Status

from .base import Outcome
from .container_connections import ConnectionFields
from .container_limits import LimitFields
from .pairs import Wanted, with_env, with_labels
from .traits import Trait, equal, judge, shown
from .users import as_root_words, is_root, user_words
from .words import container_as_seen, container_as_wanted, nothing_seen, status_word


class ContainerCheck(ConnectionFields, LimitFields):
    kind: ClassVar[str] = "container"

    status: Literal["created", "running", "paused", "exited"] | None = None
    interactive: bool | None = None
    tty: bool | None = None
    command: tuple[str, ...] | None = None
    exit_code: int | None = None
    restarted: bool | None = None
    up_to_date: bool | None = None
    health: Literal["starting", "healthy", "unhealthy"] | None = None
    user: str | None = None
    as_root: bool | None = None
    env: Wanted | None = None
    labels: Wanted | None = None

    def evaluate(self, snapshot: Snapshot) -> Outcome:
        traits = [
            *self._state(snapshot),
            *self._configuration(),
            *self.connections(),
            *self.limits(),
        ]
        return judge(
            self.selected(snapshot),
            traits,
            container_as_seen,
            container_as_wanted(self),
            nothing_seen(snapshot),
        )

    def _state(self, snapshot: Snapshot) -> Iterator[Trait[Container]]:
        if self.status is not None:
            wanted = Status(self.status)

            def other_status(one: Container) -> str | None:
                if one.status == wanted:
                    return None
                return _("which is %(status)s") % {"status": status_word(one.status)}

            yield Trait(status_word(wanted), other_status)
        if self.exit_code is not None:
            yield equal(
                self.exit_code,
                lambda one: one.exit_code,
                lambda code: _("ended with code %(code)s") % {"code": code},
            )
        if self.restarted is not None:
            yield equal(
                self.restarted,
                lambda one: one.restarted,
                lambda yes: _("started again") if yes else _("not started again"),
            )
        if self.up_to_date is not None:
            yield equal(self.up_to_date, lambda one: _is_up_to_date(one, snapshot), _date_words)
        if self.health is not None:
            yield equal(str(self.health), lambda one: one.health, _health_words)

    def _configuration(self) -> Iterator[Trait[Container]]:
        if self.interactive is not None:
            yield equal(
                self.interactive,
                lambda one: one.interactive,
                lambda yes: _("with -i") if yes else _("without -i"),
            )
        if self.tty is not None:
            yield equal(
                self.tty, lambda one: one.tty, lambda yes: _("with -t") if yes else _("without -t")
            )
        if self.command is not None:
            yield equal(
                self.command,
                lambda one: one.command,
                lambda words: _("running %(command)s") % {"command": shown(" ".join(words))},
            )
        if self.user is not None:
            yield equal(self.user, lambda one: one.user, user_words)
        if self.as_root is not None:
            yield equal(self.as_root, lambda one: is_root(one.user), as_root_words)
        if self.env is not None:
            yield with_env(self.env, lambda one: one.env)
        if self.labels is not None:
            yield with_labels(self.labels, lambda one: one.labels)


def _is_up_to_date(container: Container, snapshot: Snapshot) -> bool:
    image = snapshot.image(container.image)
    return image is not None and image.id == container.image_id


def _date_words(yes: bool) -> str:
    if yes:
        return _("made from its image as it is now")
    return _("made from an older version of its image")


def _health_words(health: str) -> str:
    return {
        "starting": _("whose health check has not answered yet"),
        "healthy": _("whose health check succeeds"),
        "unhealthy": _("whose health check fails"),
    }.get(health, _("without a health check"))
