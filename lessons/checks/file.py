"""`file`: a path exists in a container, its volumes included (`docker cp` would find it)."""

from typing import ClassVar

from django.utils.translation import gettext as _

from sandbox.snapshot import Question, Snapshot

from .base import Outcome
from .selection import ContainerSelection
from .words import container_as_seen, container_as_wanted, nothing_seen


class FileCheck(ContainerSelection):
    kind: ClassVar[str] = "file"

    path: str

    def question(self) -> Question:
        return Question(files=frozenset({self.path}))

    def evaluate(self, snapshot: Snapshot) -> Outcome:
        candidates = self.selected(snapshot)
        holders = [container for container in candidates if self.path in container.files]
        values = {"path": self.path, "container": container_as_wanted(self)}
        expected = _("%(container)s in which %(path)s exists.") % values
        if not candidates:
            return Outcome(False, nothing_seen(snapshot), expected)
        if not holders:
            values["container"] = container_as_seen(candidates[0])
            return Outcome(False, _("%(container)s has no %(path)s.") % values, expected)
        values["container"] = container_as_seen(holders[0])
        return Outcome(True, _("%(container)s has %(path)s.") % values, expected)
