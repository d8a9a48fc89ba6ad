"""`file`: a path exists in a container, its volumes included (`docker cp` would find it)."""

from typing import ClassVar

from django.utils.translation import gettext as _

from sandbox.snapshot import Container, Question, Snapshot

from .base import Outcome
from .selection import ContainerSelection
from .texts import Sought, is_in
from .words import container_as_seen, container_as_wanted, nothing_seen


class FileCheck(ContainerSelection):
    kind: ClassVar[str] = "file"

    path: str
    contains: Sought | None = None

    def question(self) -> Question:
        paths = frozenset({self.path})
        return Question(files=paths, contents=paths if self.contains else frozenset())

    def evaluate(self, snapshot: Snapshot) -> Outcome:
        candidates = self.selected(snapshot)
        expected = self._expected()
        if not candidates:
            return Outcome(False, nothing_seen(snapshot), expected)
        holders = [container for container in candidates if self.path in container.files]
        right = [container for container in holders if self._is_right(container)]
        spoken_of = (right or holders or candidates)[0]
        values = {
            "path": self.path,
            "container": container_as_seen(spoken_of),
            "text": self.contains,
        }
        if not holders:
            return Outcome(False, _("%(container)s has no %(path)s.") % values, expected)
        if not right:
            seen = _("%(container)s has %(path)s, but “%(text)s” is not in it.") % values
            return Outcome(False, seen, expected)
        return Outcome(True, _("%(container)s has %(path)s.") % values, expected)

    def _is_right(self, container: Container) -> bool:
        return not self.contains or is_in(container.contents.get(self.path, ""), self.contains)

    def _expected(self) -> str:
        values = {
            "path": self.path,
            "container": container_as_wanted(self),
            "text": self.contains,
        }
        if self.contains:
            return _("%(container)s in which %(path)s contains “%(text)s”.") % values
        return _("%(container)s in which %(path)s exists.") % values
