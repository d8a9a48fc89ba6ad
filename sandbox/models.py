"""A learner's sandbox, as the database knows it: the one truth of who owns which container."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone


class Sandbox(models.Model):
    """One throwaway engine, from its start to its end; `lifecycle` moves it from state to state."""

    class State(models.TextChoices):
        STARTING = "starting"
        READY = "ready"  # waits in the pool for somebody
        CLAIMED = "claimed"
        ENDING = "ending"  # its container is being removed
        GONE = "gone"
        FAILED = "failed"

    LIVE = (State.STARTING, State.READY, State.CLAIMED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Nobody, while it waits in the pool.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="sandboxes"
    )
    state = models.CharField(max_length=10, choices=State, default=State.STARTING)
    image = models.CharField(max_length=200, blank=True)
    container = models.CharField(max_length=64, blank=True)
    # Why it ended (`endings`) or failed, for the operator.
    reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    claimed_at = models.DateTimeField(null=True, blank=True)
    active_at = models.DateTimeField(default=timezone.now)
    # When its time is over, as long as the learner does not extend it.
    ends_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            # Two tabs that ask at once must get one sandbox.
            models.UniqueConstraint(
                fields=["owner"],
                condition=models.Q(state__in=["starting", "claimed"]),
                name="one_live_sandbox_a_learner",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="ready") | models.Q(owner__isnull=True),
                name="the_pool_belongs_to_nobody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.id} ({self.state})"
