"""`network`: a network exists, and is all the author says."""

from collections.abc import Iterator
from typing import ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from sandbox.snapshot import Network, Question, Snapshot

from .base import Check, Outcome
from .pairs import Wanted, with_labels
from .traits import Trait, all_of, equal, judge, listed, shown

MEMBERS = {
    True: ngettext_lazy(
        "with the container %(these)s on it", "with the containers %(these)s on it", "number"
    ),
    False: ngettext_lazy(
        "without the container %(these)s on it", "without the containers %(these)s on it", "number"
    ),
}


class NetworkCheck(Check):
    kind: ClassVar[str] = "network"

    name: str
    driver: str | None = None
    internal: bool | None = None
    subnet: str | None = None
    containers: tuple[str, ...] | None = None
    labels: Wanted | None = None

    def question(self) -> Question:
        return Question(networks=True)

    def evaluate(self, snapshot: Snapshot) -> Outcome:
        values = {"network": self.name}
        return judge(
            [network for network in snapshot.networks if network.name == self.name],
            [*self._traits(), *self._members(snapshot)],
            lambda _network: _("The network %(network)s is here") % values,
            _("A network called %(network)s") % values,
            _("There is no network called %(network)s.") % values,
        )

    def _traits(self) -> Iterator[Trait[Network]]:
        if self.driver is not None:
            yield equal(
                self.driver,
                lambda network: network.driver,
                lambda driver: _("with the driver %(driver)s") % {"driver": shown(driver, 40)},
            )
        if self.internal is not None:
            yield equal(
                self.internal,
                lambda network: network.internal,
                lambda yes: _("without a way out") if yes else _("with a way out"),
            )
        if (subnet := self.subnet) is not None:

            def other(network: Network) -> str | None:
                if subnet in network.subnets:
                    return None
                return _("with the subnet %(subnet)s") % {"subnet": listed(network.subnets)}

            yield Trait(_("with the subnet %(subnet)s") % {"subnet": subnet}, other)
        if self.labels is not None:
            yield with_labels(self.labels, lambda network: network.labels)

    def _members(self, snapshot: Snapshot) -> Iterator[Trait[Network]]:
        if self.containers is None:
            return
        members = {one.name for one in snapshot.containers if self.name in one.networks}
        yield all_of(self.containers, lambda _network, name: name in members, MEMBERS)
