"""How often somebody may do what costs others something, or helps to guess."""

import hashlib
import math
import time
from dataclasses import dataclass
from typing import Literal

from asgiref.sync import sync_to_async
from django.core.cache import cache
from django.utils.translation import ngettext

Whose = Literal["person", "account", "address"]


class TooOften(Exception):
    """Somebody has to wait; `seconds` says how long, `whose` what was counted."""

    def __init__(self, whose: Whose, seconds: float) -> None:
        super().__init__(f"{whose}: {seconds:.0f} s to wait")
        self.whose = whose
        self.seconds = math.ceil(seconds)

    @property
    def wait(self) -> str:
        """How long, in the reader's language."""
        if self.seconds < 60:
            return ngettext("%(count)d second", "%(count)d seconds", self.seconds) % {
                "count": self.seconds
            }
        minutes = math.ceil(self.seconds / 60)
        return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}


def cache_key(who: str | int) -> str:
    """A name may hold anything, and is nobody's business in Redis."""
    return hashlib.sha256(str(who).encode()).hexdigest()


@dataclass(frozen=True)
class Limit:
    """So many times in each period of so many seconds, for each person, account or address.

    Counted in Django's cache: one process's memory, or Redis where there are several.
    """

    name: str
    times: int
    seconds: int
    whose: Whose

    def spend(self, who: str | int) -> None:
        """Count once more. Raises TooOften beyond the limit."""
        period, passed = divmod(time.time(), self.seconds)
        key = f"limit.{self.name}.{period:.0f}.{cache_key(who)}"
        cache.add(key, 0, timeout=self.seconds)
        try:
            used = cache.incr(key)
        except ValueError:  # the period ended this very moment
            used = 1
        if used > self.times:
            raise TooOften(self.whose, self.seconds - passed)

    async def aspend(self, who: str | int) -> None:
        """The same for async views: Redis must not hold up the event loop."""
        await sync_to_async(self.spend, thread_sensitive=False)(who)
