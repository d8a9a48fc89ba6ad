"""Ending what is idle, too old or left behind."""

import logging
import time
from collections.abc import Iterator
from datetime import timedelta

from asgiref.sync import async_to_sync
from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone

from . import containers
from .endings import Ending
from .errors import SandboxError
from .lifecycle import State
from .models import Sandbox
from .preload import asked_for_lately
from .seats import surplus_of_the_pool
from .services import end
from .starting import START_SECONDS
from .time_limits import had_its_time, was_idle
from .work import save

log = logging.getLogger(__name__)

# Older than any start takes: until then it may still get its container.
ORPHAN_AFTER = timedelta(minutes=1)
# What a sandbox that dies may lose of its learner's ~/work.
SAVE_EVERY = timedelta(minutes=3)
# Sandboxes that are slow to answer must not keep the keeper from its other duties.
SAVE_AT_MOST = timedelta(seconds=30)
# How long an operator can look up what became of a sandbox.
KEEP_ROWS = timedelta(days=30)


def keep_once() -> None:
    """One round: time limits first, then what the database and the engine disagree about."""
    for sandbox, reason in _overdue():
        _end(sandbox, reason)
    # Rows first: one that starts while the engine is asked must not seem to lack its container.
    started = list(Sandbox.objects.filter(state__in=[State.READY, State.CLAIMED]))
    found = containers.containers_of_this_site()
    for sandbox in started:
        if sandbox.container not in found:
            _end(sandbox, Ending.LOST)
    owned = Sandbox.objects.filter(state__in=[*Sandbox.LIVE, State.ENDING])
    sandboxes = {str(sandbox_id) for sandbox_id in owned.values_list("pk", flat=True)}
    for container, sandbox_id in found.items():
        if sandbox_id not in sandboxes:
            log.info("removing container %s, which nobody owns", container[:12])
            containers.remove_container(container)
    for volume in containers.orphan_volumes(older_than=ORPHAN_AFTER):
        log.info("removing volume %s, which no container has", volume[:12])
        containers.remove_volume(volume)


def save_work() -> None:
    """Save what may have changed since the last time, so that a sandbox that dies loses little."""
    deadline = time.monotonic() + SAVE_AT_MOST.total_seconds()
    for sandbox in _not_saved_lately():
        async_to_sync(save)(sandbox)
        if time.monotonic() > deadline:
            return


def forget_old_rows() -> None:
    """Remove what says no more than that a sandbox was there a month ago."""
    ended = Sandbox.objects.filter(state__in=[State.GONE, State.FAILED])
    ended.filter(ended_at__lt=timezone.now() - KEEP_ROWS).delete()


def _not_saved_lately() -> Iterator[Sandbox]:
    """Those in use, whoever waits longest first."""
    before = timezone.now() - SAVE_EVERY
    tried = F("owner__saved_work__tried_at")
    new = Q(owner__saved_work=None) & Q(claimed_at__lt=before)
    again = Q(owner__saved_work__tried_at__lt=before) & Q(active_at__gt=tried - SAVE_EVERY)
    mine = Sandbox.objects.filter(state=State.CLAIMED, owner__isnull=False)
    return mine.filter(new | again).order_by(tried.asc(nulls_first=True)).iterator()


def _overdue() -> Iterator[tuple[Sandbox, str]]:
    """What has had its time, what is of an older image, and what a killed process left half-way."""
    now = timezone.now()
    unfinished = now - timedelta(seconds=2 * START_SECONDS)
    reasons: dict[str, Q] = {
        Ending.IDLE: was_idle(now),
        Ending.TIME: had_its_time(now),
        Ending.OWNERLESS: Q(state=State.CLAIMED, owner=None),
        Ending.OLD_IMAGE: Q(state=State.READY) & ~Q(image=settings.SANDBOX_IMAGE),
        Ending.NOT_ASKED_FOR: Q(state=State.READY) & ~Q(images__in=["", *asked_for_lately()]),
        Ending.UNFINISHED: Q(state=State.STARTING, created_at__lt=unfinished)
        | Q(state=State.ENDING),
    }
    for reason, which in reasons.items():
        for sandbox in Sandbox.objects.filter(which):
            yield sandbox, reason
    for sandbox in surplus_of_the_pool(now):
        yield sandbox, Ending.NOT_RESERVED


def _end(sandbox: Sandbox, reason: str) -> None:
    try:
        async_to_sync(end)(sandbox, reason)
        log.info("sandbox %s ended: %s", sandbox.pk, sandbox.reason)
    except SandboxError as error:
        log.warning("sandbox %s could not be ended: %s", sandbox.pk, error)
