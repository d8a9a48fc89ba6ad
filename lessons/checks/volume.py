"""`volume`: a named volume exists."""

from typing import ClassVar

from django.utils.translation import gettext as _

from sandbox.snapshot import Snapshot

from .base import Check, Outcome


class VolumeCheck(Check):
    kind: ClassVar[str] = "volume"

    name: str

    def evaluate(self, snapshot: Snapshot) -> Outcome:
        passed = self.name in snapshot.volumes
        values = {"volume": self.name}
        if passed:
            seen = _("The volume %(volume)s is here.") % values
        else:
            seen = _("There is no volume called %(volume)s.") % values
        return Outcome(passed, seen, _("A volume called %(volume)s.") % values)
