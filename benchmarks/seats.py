"""A class at the site: guests, each with a sandbox, and as many shells in it as a page may have."""

import math
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from benchmarks.fresh_sandbox import on_the_engine
from benchmarks.served_site import Guest
from benchmarks.terminals import Address

SHELLS = ("main", "2", "3", "4", "5", "6")
# More than the site starts at once.
AT_A_TIME = 6


@dataclass(frozen=True)
class Seat:
    """A guest and their sandbox."""

    guest: Guest
    sandbox: str

    @classmethod
    def claimed_by(cls, guest: Guest) -> "Seat":
        return cls(guest, guest.claim_sandbox())

    @property
    def container(self) -> str:
        return f"hakoniwa-{self.sandbox}"

    def own(self) -> list[Address]:
        """The shells as the site serves them."""
        return [Address.at_the_site(self.guest, self.sandbox, shell) for shell in SHELLS]

    def at_terminado(self, server: str, *, in_tmux: bool = False) -> list[Address]:
        """As many shells in the same sandbox; those in a tmux are others than the site's."""
        sessions = [f"peer-{shell}" if in_tmux else "" for shell in SHELLS]
        return [Address.at_terminado(server, self.container, session) for session in sessions]


@contextmanager
def seats(site: str, count: int) -> Iterator[list[Seat]]:
    """So many guests with a sandbox each; the sandboxes are removed at the end."""

    def one(_number: int) -> Seat:
        return Seat.claimed_by(Guest(site))

    try:
        with ThreadPoolExecutor(AT_A_TIME) as threads:
            yield list(threads.map(one, range(count)))
    finally:
        remove_sandboxes()


def remove_sandboxes() -> None:
    """All that the benchmark's site has."""
    label = f"label=hakoniwa.site={os.environ['HAKONIWA_SITE']}"
    if found := on_the_engine("ps", "--all", "--quiet", "--filter", label).split():
        on_the_engine("rm", "--force", "--volumes", *found)


def seats_for(terminals: int) -> int:
    """How many sandboxes have that many shells."""
    return math.ceil(terminals / len(SHELLS))
