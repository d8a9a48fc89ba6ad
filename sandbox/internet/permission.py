"""Which sandboxes have the internet: those of a class whose instructor switched it on."""

from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import close_old_connections
from django.db.models import Q

from hakoniwa.accounts.models import User
from sandbox.lifecycle import State
from sandbox.models import Sandbox

# What the engine gives each sandbox (sandbox/engine/prepare.py, ADR 22).
FIRST_ID, IDS_EACH = 0x70000000, 65536


def first_id_of(uid: int) -> int | None:
    """The first of the host ids that this one belongs to; None for somebody in no sandbox."""
    return uid - (uid - FIRST_ID) % IDS_EACH if uid >= FIRST_ID else None


class Permission:
    """As it was a moment ago; `refresh` asks again."""

    def __init__(self) -> None:
        self._allowed: dict[int, Sandbox] = {}

    def sandbox_of(self, first_id: int) -> UUID | None:
        """The sandbox with these ids, if it may use the internet.

        Ids are given to another once a sandbox has ended, so its folder must still be there.
        """
        sandbox = self._allowed.get(first_id)
        if sandbox is None or _first_id_of(sandbox) != first_id:
            return None
        return sandbox.pk

    def refresh(self) -> None:
        """Ask the database; while it does not answer nobody may."""
        allowed, self._allowed = _allowed(), {}
        for sandbox in allowed:
            if first_id := _first_id_of(sandbox):
                self._allowed[first_id] = sandbox

    def forget(self) -> None:
        self._allowed = {}


def _allowed() -> list[Sandbox]:
    learner = Q(owner__role=User.Role.LEARNER, owner__cohort__internet=True)
    # Who teaches such a class sees in their own sandbox what the class sees.
    instructor = Q(owner__role=User.Role.INSTRUCTOR, owner__taught_cohorts__internet=True)
    close_old_connections()
    claimed = Sandbox.objects.filter(state=State.CLAIMED).exclude(container="")
    return list(claimed.filter(learner | instructor, owner__is_active=True).distinct())


def _first_id_of(sandbox: Sandbox) -> int | None:
    """The engine's folder for a sandbox belongs to the sandbox; None where it is gone."""
    engine = Path(settings.SANDBOX_ENGINE.removeprefix("unix://"))
    try:
        return first_id_of((engine.parent / "sandboxes" / sandbox.container).stat().st_uid)
    except OSError:
        return None
