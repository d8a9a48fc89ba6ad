"""A learner's sandbox, as the database knows it: the one truth of who owns which container."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone


class Sandbox(models.Model):
    """One throwaway engine, from its start to its end."""

    class State(models.TextChoices):
        STARTING = "starting"
        READY = "ready"
        ENDED = "ended"
        FAILED = "failed"

    LIVE = (State.STARTING, State.READY)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sandboxes"
    )
    state = models.CharField(max_length=10, choices=State, default=State.STARTING)
    container = models.CharField(max_length=64, blank=True)
    # Why it ended or failed, for the operator.
    reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    active_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            # Two tabs that ask at once must get one sandbox.
            models.UniqueConstraint(
                fields=["owner"],
                condition=models.Q(state__in=["starting", "ready"]),
                name="one_live_sandbox_a_learner",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.id} ({self.state})"
