"""Ending what is idle, too old or left behind."""

import logging
from datetime import timedelta

from asgiref.sync import async_to_sync
from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from . import containers
from .errors import SandboxError
from .lifecycle import State
from .models import Sandbox
from .services import end
from .starting import START_SECONDS

log = logging.getLogger(__name__)


def keep_once() -> None:
    """One round: time limits first, then what the database and the engine disagree about."""
    for sandbox in _overdue():
        _end(sandbox, "its time was over")
    # Rows first: one that starts while the engine is asked must not seem to lack its container.
    started = list(Sandbox.objects.filter(state__in=[State.READY, State.CLAIMED]))
    found = containers.containers_of_this_site()
    for sandbox in started:
        if sandbox.container not in found:
            _end(sandbox, "the container was gone")
    for container, sandbox_id in found.items():
        owned = Sandbox.objects.filter(pk=sandbox_id, state__in=[*Sandbox.LIVE, State.ENDING])
        if not owned.exists():
            log.info("removing container %s, which nobody owns", container[:12])
            containers.remove_container(container)


def _overdue() -> list[Sandbox]:
    """What has had its time, what is of an older image, and what a killed process left half-way."""
    now = timezone.now()
    idle = now - timedelta(minutes=settings.SANDBOX_IDLE_MINUTES)
    oldest = now - timedelta(minutes=settings.SANDBOX_MAX_MINUTES)
    unfinished = now - timedelta(seconds=2 * START_SECONDS)
    return list(
        Sandbox.objects.filter(
            Q(state=State.CLAIMED, active_at__lt=idle)
            | Q(state=State.CLAIMED, claimed_at__lt=oldest)
            | Q(state=State.CLAIMED, owner=None)
            | (Q(state=State.READY) & ~Q(image=settings.SANDBOX_IMAGE))
            | Q(state=State.STARTING, created_at__lt=unfinished)
            | Q(state=State.ENDING)
        )
    )


def _end(sandbox: Sandbox, reason: str) -> None:
    try:
        async_to_sync(end)(sandbox, reason)
        log.info("sandbox %s ended: %s", sandbox.pk, sandbox.reason)
    except SandboxError as error:
        log.warning("sandbox %s could not be ended: %s", sandbox.pk, error)
