"""`volume`: a named volume exists, and is all the author says."""

from collections.abc import Iterator
from typing import ClassVar

from django.utils.translation import gettext as _

from sandbox.snapshot import Snapshot, Volume

from .base import Check, Outcome
from .pairs import Wanted, with_labels
from .traits import Trait, equal, judge


class VolumeCheck(Check):
    kind: ClassVar[str] = "volume"

    name: str
    used: bool | None = None
    labels: Wanted | None = None

    def evaluate(self, snapshot: Snapshot) -> Outcome:
        values = {"volume": self.name}
        return judge(
            [volume for volume in snapshot.volumes if volume.name == self.name],
            [*self._traits(snapshot)],
            lambda _volume: _("The volume %(volume)s is here") % values,
            _("A volume called %(volume)s") % values,
            _("There is no volume called %(volume)s.") % values,
        )

    def _traits(self, snapshot: Snapshot) -> Iterator[Trait[Volume]]:
        if self.used is not None:
            used = {volume for one in snapshot.containers for volume in one.volumes}
            yield equal(
                self.used,
                lambda volume: volume.name in used,
                lambda yes: _("used by a container") if yes else _("used by no container"),
            )
        if self.labels is not None:
            yield with_labels(self.labels, lambda volume: volume.labels)
