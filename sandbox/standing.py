"""How a learner's sandbox stands: until when it lasts, or the place in the queue for one."""

from dataclasses import asdict, dataclass
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.utils import timezone

from hakoniwa.accounts.models import User

from .errors import SandboxGone
from .models import Sandbox
from .seats import place_of
from .services import announce, current_sandbox
from .time_limits import extend, idle_at, latest_end

# A warning leaves time to come back to the page from elsewhere.
WARN_BEFORE_SECONDS = 600


@dataclass(frozen=True)
class Standing:
    """What is told, with times as seconds from now: a browser's clock may be wrong."""

    state: str  # claimed, queued, turn or none
    told: dict[str, Any]


async def standing_of(learner: User) -> Standing:
    """How it stands now."""
    if sandbox := await current_sandbox(learner):
        return claimed(sandbox)
    waits = await sync_to_async(place_of)(learner)
    if waits is None:
        return Standing("none", {})
    place, its_turn = waits
    return Standing("turn" if its_turn else "queued", asdict(place))


async def standing_after_extending(learner: User) -> Standing:
    """Raises NoMoreTime where the end is fixed, SandboxGone where there is no sandbox."""
    sandbox = await current_sandbox(learner)
    if sandbox is None:
        raise SandboxGone(f"{learner.pk} has none")
    await extend(sandbox)
    await announce(sandbox)
    return claimed(sandbox)


def claimed(sandbox: Sandbox) -> Standing:
    """Until when it lasts, if somebody types and if nobody does."""
    now = timezone.now()
    ends = sandbox.ends_at or latest_end(sandbox)
    told = {
        "ends_in": round((ends - now).total_seconds()),
        "idle_in": round((idle_at(sandbox) - now).total_seconds()),
        "warn_before": min(WARN_BEFORE_SECONDS, settings.SANDBOX_IDLE_MINUTES * 30),
        "may_extend": ends < latest_end(sandbox),
    }
    return Standing("claimed", told)
