"""A lesson's `setup`: run in a sandbox before its tasks are looked at there for the first time."""

import hashlib

from sandbox.author_script import run_once
from sandbox.models import Sandbox
from sandbox.snapshot import Ran

from .document import Lesson

SETUP_SECONDS = 60.0


async def set_up(sandbox: Sandbox, lesson: Lesson) -> Ran:
    """How it ended: once in each sandbox, however many pages of the lesson are open.

    A setup that has been edited is another one. Raises SandboxError.
    """
    if not lesson.setup:
        return Ran(0)
    edition = hashlib.sha256(lesson.setup.encode()).hexdigest()[:12]
    return await run_once(sandbox, f"{lesson.slug}-{edition}", lesson.setup, SETUP_SECONDS)
