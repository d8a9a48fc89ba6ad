"""A learner's sandbox, as the database knows it: the one truth of who owns which container."""

import secrets
import uuid
from datetime import datetime, timedelta

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
    # What it was last asked to have pulled before its learner needs it, with spaces between.
    images = models.CharField(max_length=400, blank=True)
    # How many of the classroom's seats it takes: more than one where it was given more memory.
    seats = models.PositiveSmallIntegerField(default=1)
    # Its learner's lesson asked for more memory than there was room for.
    short_of_memory = models.BooleanField(default=False)
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


class SavedWork(models.Model):
    """A learner's ~/work as it was last saved: bytes that only a sandbox ever unpacks."""

    class Problem(models.TextChoices):
        NONE = ""
        TOO_LARGE = "too-large"
        TOO_MANY = "too-many"
        NOT_RESTORED = "not-restored"

    learner = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="saved_work",
    )
    # None: nothing has been saved yet.
    archive = models.BinaryField(null=True)
    size = models.PositiveBigIntegerField(default=0)
    fingerprint = models.CharField(max_length=64, blank=True)
    # The sandbox that it came from or went into. No other may replace it: what is not restored
    # yet must not be lost.
    sandbox_id = models.UUIDField(null=True)
    # When the archive was last known to be what is in the sandbox, and when that was last tried.
    saved_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(default=timezone.now)
    # What the learner has to know about the last try.
    problem = models.CharField(max_length=12, choices=Problem, blank=True, default=Problem.NONE)

    def __str__(self) -> str:
        return f"the work of {self.learner_id}, {self.saved_at}"


def make_port_token() -> str:
    """160 bits, in an address."""
    return secrets.token_hex(20)


class PortPass(models.Model):
    """Lets one browser session at the ports of one sandbox; worth nothing once either has ended."""

    token = models.CharField(max_length=40, unique=True, default=make_port_token)
    sandbox = models.ForeignKey(Sandbox, on_delete=models.CASCADE, related_name="port_passes")
    session_key = models.CharField(max_length=40)
    # What is shown when a port doesn't answer is in the language that it was opened in.
    language = models.CharField(max_length=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sandbox", "session_key"], name="one_pass_a_sandbox_and_session"
            )
        ]

    def __str__(self) -> str:
        return f"ports of {self.sandbox_id}"


class QueuePlace(models.Model):
    """Somebody who waits for a seat, with a page that is open."""

    learner = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="queue_place"
    )
    joined_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    # When they were told that it is their turn.
    called_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.learner} since {self.joined_at}"


class Reservation(models.Model):
    """Seats that only a class may take for a time."""

    # Who is in a sandbox then is not put out: seats are kept free for some minutes before.
    HELD_BEFORE = timedelta(minutes=15)

    cohort = models.ForeignKey(
        "accounts.Cohort", on_delete=models.CASCADE, related_name="reservations"
    )
    seats = models.PositiveSmallIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(seats__gt=0, ends_at__gt=models.F("starts_at")),
                name="some_seats_for_some_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seats} for {self.cohort} at {self.starts_at}"

    @classmethod
    def at(cls, now: datetime) -> "models.QuerySet[Reservation]":
        """Those that hold seats now."""
        return cls.objects.filter(starts_at__lte=now + cls.HELD_BEFORE, ends_at__gt=now)
