"""`log`: a container has written some text (`docker logs` would show it)."""

from typing import ClassVar

from django.utils.translation import gettext as _

from sandbox.snapshot import Question, Snapshot

from .base import Check, Outcome
from .texts import Sought, is_in


class LogCheck(Check):
    kind: ClassVar[str] = "log"

    name: str
    contains: Sought

    def question(self) -> Question:
        return Question(logs=frozenset({self.name}))

    def evaluate(self, snapshot: Snapshot) -> Outcome:
        values = {"name": self.name, "text": self.contains}
        expected = _("“%(text)s” in the log of the container %(name)s.") % values
        container = next((one for one in snapshot.containers if one.name == self.name), None)
        if container is None:
            seen = _("There is no container called %(name)s.") % values
            return Outcome(False, seen, expected)
        if is_in(container.log or "", self.contains):
            seen = _("The log of %(name)s has “%(text)s”.") % values
            return Outcome(True, seen, expected)
        if not container.log:
            return Outcome(False, _("The log of %(name)s is empty.") % values, expected)
        seen = _("The log of %(name)s does not have “%(text)s”.") % values
        return Outcome(False, seen, expected)
