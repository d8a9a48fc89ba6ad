"""A site that is killed while it saves or restores a learner's work: run as a program by a test.

killed_work.py FUNCTION     starts afresh, and is killed where `sandbox.work` calls this
killed_work.py look         what the learner's note says after the next claim
"""

import os
import signal
import sys
from typing import Any

import django

django.setup()

from asgiref.sync import async_to_sync  # noqa: E402

from hakoniwa.accounts.models import User  # noqa: E402
from sandbox import services, work  # noqa: E402
from sandbox.models import Sandbox  # noqa: E402
from sandbox.student_command import read_at_most, student_command  # noqa: E402


def shell(sandbox: Sandbox, line: str) -> str:
    async def run() -> bytes | None:
        async with student_command(sandbox, "bash", "-c", line, seconds=20) as stream:
            return await read_at_most(stream, 1000)

    return (async_to_sync(run)() or b"").decode().strip()


def die(*_arguments: Any, **_more: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def act(function: str) -> None:
    learner, _created = User.objects.get_or_create(username="learner", name="learner")
    sandbox = async_to_sync(services.claim)(learner)
    shell(sandbox, "cd ~/work && echo first > note && head -c 3000000 /dev/urandom > big")
    async_to_sync(work.save)(sandbox)
    shell(sandbox, "echo second > ~/work/note")
    if function == "archive_of":
        pieces = work.archive_of

        async def half(saved: Any) -> Any:
            async for piece in pieces(saved):
                yield piece
                die()

        work.archive_of = half
    else:
        setattr(work, function, die)
    async_to_sync(services.start_afresh)(learner)


def look() -> None:
    learner = User.objects.get(username="learner")
    sandbox = async_to_sync(services.claim)(learner)
    print(shell(sandbox, "cd ~/work; cat note; stat -c %s big"))
    async_to_sync(services.end)(sandbox, "the test is over")
    learner.delete()


if __name__ == "__main__":
    look() if sys.argv[1] == "look" else act(sys.argv[1])
