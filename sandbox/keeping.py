"""Ending what is idle, too old or left behind."""

import logging
from datetime import timedelta

from asgiref.sync import async_to_sync
from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from . import containers
from .errors import SandboxError
from .models import Sandbox
from .services import START_SECONDS, end

log = logging.getLogger(__name__)


def keep_once() -> None:
    """One round: time limits first, then what the database and the engine disagree about."""
    for sandbox in _overdue():
        _end(sandbox, "its time was over")
    running = containers.containers_of_this_site()
    for sandbox in Sandbox.objects.filter(state=Sandbox.State.READY):
        if sandbox.container not in running:
            _end(sandbox, "the container was gone")
    for container, sandbox_id in running.items():
        if not Sandbox.objects.filter(pk=sandbox_id, state__in=Sandbox.LIVE).exists():
            log.info("removing container %s, which nobody owns", container[:12])
            containers.remove_container(container)


def _overdue() -> list[Sandbox]:
    now = timezone.now()
    idle = now - timedelta(minutes=settings.SANDBOX_IDLE_MINUTES)
    oldest = now - timedelta(minutes=settings.SANDBOX_MAX_MINUTES)
    unfinished = now - timedelta(seconds=3 * START_SECONDS)
    return list(
        Sandbox.objects.filter(
            Q(state=Sandbox.State.READY, active_at__lt=idle)
            | Q(state=Sandbox.State.READY, created_at__lt=oldest)
            | Q(state=Sandbox.State.STARTING, created_at__lt=unfinished)
        )
    )


def _end(sandbox: Sandbox, reason: str) -> None:
    try:
        async_to_sync(end)(sandbox, reason)
        log.info("sandbox %s ended: %s", sandbox.pk, reason)
    except SandboxError as error:
        log.warning("sandbox %s could not be ended: %s", sandbox.pk, error)
