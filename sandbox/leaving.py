"""A guest who leaves can't come back: what was theirs is free for others at once."""

from typing import Any

from django.dispatch import receiver

from hakoniwa.accounts.models import User
from hakoniwa.accounts.sessions import guest_left

from .lifecycle import State
from .models import Sandbox, SavedWork


@receiver(guest_left)
def give_up_sandbox(guest: User, **_signal: Any) -> None:
    """The keeper ends a sandbox that belongs to nobody; nobody can ask for their work again."""
    Sandbox.objects.filter(owner=guest, state=State.CLAIMED).update(owner=None)
    SavedWork.objects.filter(learner=guest).delete()
