"""`compose`: the services of a Compose project, as their containers' labels tell them."""

from collections import Counter
from collections.abc import Mapping
from typing import Annotated, ClassVar

from django.utils.translation import gettext as _
from pydantic import Field

from sandbox.snapshot import Snapshot, Status

from .base import Check, Outcome
from .traits import listed, sentence


class ComposeCheck(Check):
    kind: ClassVar[str] = "compose"

    project: str
    # How many containers of each; without a number, at least one.
    services: Annotated[dict[str, int | None], Field(min_length=1, max_length=30)]
    running: bool = True

    def evaluate(self, snapshot: Snapshot) -> Outcome:
        values = {"project": self.project}
        members = [one for one in snapshot.containers if one.project == self.project]
        expected = sentence(
            _("The Compose project %(project)s") % values, [self._list(self.services)]
        )
        if not members:
            seen = _("There is no Compose project called %(project)s.") % values
            return Outcome(False, seen, expected)
        counted = Counter(
            one.service for one in members if not self.running or one.status == Status.RUNNING
        )
        passed = all(
            counted[service] >= 1 if number is None else counted[service] == number
            for service, number in self.services.items()
        )
        found = {service: counted[service] for service in self.services}
        seen = sentence(_("The Compose project %(project)s") % values, [self._list(found)])
        return Outcome(passed, seen, expected)

    def _list(self, services: Mapping[str, int | None]) -> str:
        these = listed(
            service if number is None else f"{service} × {number}"
            for service, number in services.items()
        )
        if self.running:
            return _("with running containers of %(these)s") % {"these": these}
        return _("with containers of %(these)s") % {"these": these}
