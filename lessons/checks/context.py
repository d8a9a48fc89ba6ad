"""`context`: a Docker context, which says where the docker command goes."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from django.utils.translation import gettext as _

from sandbox import looks
from sandbox.snapshot import Command, Ran

from .asking import AskingCheck
from .base import Outcome
from .traits import Trait, equal, judge, shown


class ContextCheck(AskingCheck):
    kind: ClassVar[str] = "context"

    name: str
    current: bool | None = None
    endpoint: str | None = None

    def command(self) -> Command:
        return looks.contexts_command()

    def expected(self) -> str:
        return self._outcome(()).expected

    def verdict(self, ran: Ran) -> tuple[bool, str]:
        outcome = self._outcome(looks.contexts_in(ran))
        return outcome.passed, outcome.seen

    def _outcome(self, contexts: Sequence[looks.Context]) -> Outcome:
        values = {"name": self.name}
        return judge(
            [context for context in contexts if context.name == self.name],
            [*self._traits()],
            lambda _context: _("The context %(name)s is here") % values,
            _("A context called %(name)s") % values,
            _("There is no context called %(name)s.") % values,
        )

    def _traits(self) -> Iterator[Trait[looks.Context]]:
        if self.current is not None:
            yield equal(
                self.current,
                lambda context: context.current,
                lambda yes: _("in use") if yes else _("not in use"),
            )
        if self.endpoint is not None:
            yield equal(
                self.endpoint,
                lambda context: context.endpoint,
                lambda endpoint: _("leading to %(address)s") % {"address": shown(endpoint)},
            )
