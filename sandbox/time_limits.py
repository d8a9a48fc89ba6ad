"""How long a sandbox lasts: while somebody types, and to a time that can be put off."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from .errors import NoMoreTime
from .lifecycle import State
from .models import Sandbox

# Ten of these are the usual maximum, as WCAG 2.2, success criterion 2.2.1 asks of a time limit.
EXTENSION = timedelta(minutes=30)


def idle_at(sandbox: Sandbox) -> datetime:
    """When it ends if nobody types any more."""
    return sandbox.active_at + timedelta(minutes=settings.SANDBOX_IDLE_MINUTES)


def latest_end(sandbox: Sandbox) -> datetime:
    """Beyond this it can't be extended."""
    most = settings.SANDBOX_MAX_MINUTES + settings.SANDBOX_EXTEND_MINUTES
    return (sandbox.claimed_at or timezone.now()) + timedelta(minutes=most)


def was_idle(now: datetime) -> Q:
    since = now - timedelta(minutes=settings.SANDBOX_IDLE_MINUTES)
    return Q(state=State.CLAIMED, active_at__lt=since)


def had_its_time(now: datetime) -> Q:
    return Q(state=State.CLAIMED, ends_at__lt=now)


async def extend(sandbox: Sandbox) -> None:
    """Somebody is there and wants to go on: idle time begins anew, a near end is put off.

    Two tabs that ask at once get one extension. Raises NoMoreTime where the end is fixed.
    """
    now = timezone.now()
    mine = Sandbox.objects.filter(pk=sandbox.pk, state=State.CLAIMED)
    await mine.aupdate(active_at=now)
    end = sandbox.ends_at
    if end is not None and end < now + EXTENSION:
        later = min(end + EXTENSION, latest_end(sandbox))
        if later <= end:
            raise NoMoreTime(str(sandbox.pk))
        await mine.filter(ends_at=end).aupdate(ends_at=later)
    await sandbox.arefresh_from_db()
