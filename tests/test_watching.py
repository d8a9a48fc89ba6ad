"""How often a learner's engine is looked at, whatever wakes the looks."""

import asyncio
import contextlib
from typing import cast

import pytest

from sandbox import watching
from sandbox.learner_engine import LearnerEngine
from sandbox.models import Sandbox
from sandbox.watching import Watch


async def test_looks_that_wake_the_next_one_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where a lesson's script starts a container, and the engine tells of it."""
    monkeypatch.setattr(watching, "SETTLE_SECONDS", 0.001)
    wake = asyncio.Event()
    looks = Watch(Sandbox(), cast(LearnerEngine, None), wake).looks()
    taken = 0
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(watching.PAUSE_SECONDS / 2):
            async for _look in looks:
                taken += 1
                wake.set()
    assert taken == watching.MOST_IN_A_ROW + 1
