"""`writable_layer`: something was changed in a container's own layer (`docker diff`)."""

from typing import ClassVar

from django.utils.translation import gettext as _

from sandbox.snapshot import Question, Snapshot

from .base import Outcome
from .selection import ContainerSelection
from .words import container_as_seen, container_as_wanted, nothing_seen


class WritableLayerCheck(ContainerSelection):
    kind: ClassVar[str] = "writable_layer"

    path: str | None = None

    def question(self) -> Question:
        return Question(changes=True)

    def evaluate(self, snapshot: Snapshot) -> Outcome:
        candidates = self.selected(snapshot)
        changed = [
            container
            for container in candidates
            if (self.path in container.changed_paths if self.path else container.changed_paths)
        ]
        values = {"path": self.path, "container": container_as_wanted(self)}
        expected = (
            _("%(container)s in whose writable layer %(path)s was changed.") % values
            if self.path
            else _("%(container)s in whose writable layer something was written.") % values
        )
        if not candidates:
            return Outcome(False, nothing_seen(snapshot), expected)
        if not changed:
            values["container"] = container_as_seen(candidates[0])
            seen = (
                _("%(container)s has no change to %(path)s in its writable layer.") % values
                if self.path
                else _("%(container)s has an untouched writable layer.") % values
            )
            return Outcome(False, seen, expected)
        found = self.path or min(changed[0].changed_paths)
        values = {"path": found[:80], "container": container_as_seen(changed[0])}
        return Outcome(
            True,
            _("%(container)s has a change to %(path)s in its writable layer.") % values,
            expected,
        )
