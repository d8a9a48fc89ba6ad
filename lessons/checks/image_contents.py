"""What an image tells the engine about containers that will be made from it."""

from collections.abc import Callable, Iterator
from typing import Annotated

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy
from pydantic import BeforeValidator, StringConstraints

from sandbox.snapshot import Details, Image

from .base import Check
from .pairs import Wanted, with_env, with_labels
from .traits import Trait, V, all_of, equal, shown
from .users import as_root_words, is_root, user_words

PORTS = {
    True: ngettext_lazy(
        "with the exposed port %(these)s", "with the exposed ports %(these)s", "number"
    ),
    False: ngettext_lazy(
        "without the exposed port %(these)s", "without the exposed ports %(these)s", "number"
    ),
}
HISTORY = {
    True: gettext_lazy("with %(these)s in its history"),
    False: gettext_lazy("without %(these)s in its history"),
}

Exposed = Annotated[
    str,
    BeforeValidator(str, json_schema_input_type=int | str),
    StringConstraints(pattern=r"^[0-9]{1,5}(/(tcp|udp))?$"),
]


class ContentFields(Check):
    """Fields of `image`."""

    command: tuple[str, ...] | None = None
    entrypoint: tuple[str, ...] | None = None
    user: str | None = None
    as_root: bool | None = None
    exposed: tuple[Exposed, ...] | None = None
    healthcheck: bool | None = None
    env: Wanted | None = None
    labels: Wanted | None = None
    history: str | None = None

    def asks_for_contents(self) -> bool:
        fields = ContentFields.model_fields.keys() - {"labels"}
        return any(getattr(self, name) is not None for name in fields)

    def contents(self) -> Iterator[Trait[Image]]:
        yield from self._programs()
        if self.exposed is not None:
            yield all_of(self.exposed, _is_exposed, PORTS)
        if self.env is not None:
            yield with_env(self.env, _of(lambda details: details.env))
        if self.labels is not None:
            yield with_labels(self.labels, lambda one: one.labels)
        if (text := self.history) is not None:
            yield all_of([text], _is_in_history, HISTORY)

    def _programs(self) -> Iterator[Trait[Image]]:
        if self.command is not None:
            yield equal(
                self.command,
                _of(lambda details: details.command),
                lambda words: _("running %(command)s") % {"command": shown(" ".join(words))},
            )
        if self.entrypoint is not None:
            yield equal(
                self.entrypoint,
                _of(lambda details: details.entrypoint),
                lambda words: (
                    _("with the entrypoint %(command)s") % {"command": shown(" ".join(words))}
                ),
            )
        if self.user is not None:
            yield equal(self.user, _of(lambda details: details.user), user_words)
        if self.as_root is not None:
            yield equal(self.as_root, _of(lambda details: is_root(details.user)), as_root_words)
        if self.healthcheck is not None:
            yield equal(
                self.healthcheck,
                _of(lambda details: details.healthcheck),
                lambda yes: _("with a health check") if yes else _("without a health check"),
            )


def unread() -> str:
    return _("one of too many to look into")


def _of(read: Callable[[Details], V]) -> Callable[[Image], V]:
    return lambda image: read(image.details or Details())


def _is_exposed(image: Image, port: str) -> bool:
    return (port if "/" in port else f"{port}/tcp") in (image.details or Details()).exposed


def _is_in_history(image: Image, text: str) -> bool:
    return any(text in step for step in (image.details or Details()).history)
