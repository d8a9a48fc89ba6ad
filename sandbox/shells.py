"""The shells of a sandbox: which there are, and the end of one.

The sandbox itself is asked (`hakoniwa-shells` in the image). Its owner is root in there, so what
comes back is only a claim: bounded, and of no use to anybody but themselves.
"""

import asyncio
import contextlib
import re
import uuid
from dataclasses import dataclass

from channels.layers import get_channel_layer

from .errors import SandboxError, SandboxSilent, ShellRefused
from .models import Sandbox
from .student_command import read_at_most, student_command

# Every name that a shell can have, so no sandbox has more of them through the site.
NAMES = ("main", "2", "3", "4", "5", "6")
MOST_SECONDS = 5.0
# Six lines are under 200 bytes.
MOST_BYTES = 4096
LONGEST_PROGRAM = 15  # Linux keeps no more of a process's name: TASK_COMM_LEN of proc(5)
ROLL_CALL_SECONDS = 2.0
LINE = re.compile(r"(?P<name>\w+) (?:running ?(?P<program>.*)|ended (?P<code>\d{1,3}))")

# Only the end of a process of the site leaves something attached, so once in each is enough.
_looked_after: set[uuid.UUID] = set()


@dataclass(frozen=True)
class Shell:
    name: str
    program: str = ""  # what runs in it, if anything does
    exit_code: int | None = None  # None while it runs


def group_of_shells(sandbox_id: object) -> str:
    """The channel-layer group of all browsers that are attached to a sandbox's shells."""
    return f"shells.{sandbox_id}"


async def shells_in(sandbox: Sandbox) -> list[Shell]:
    """The shells that run and those whose end nobody has seen to yet, in the order of NAMES.

    Raises SandboxError (one of its kinds).
    """
    found = dict(_read(await _ask(sandbox)))
    return [found[name] for name in NAMES if name in found]


async def end_shell(sandbox: Sandbox, name: str) -> None:
    """End a shell and all that runs in it; every browser hears of it.

    Raises SandboxError (one of its kinds).
    """
    await _ask(sandbox, "end", name)
    await announce_shells(sandbox)


async def announce_shells(sandbox: Sandbox) -> None:
    """Which shells there are has changed: pages that show them ask again."""
    if layer := get_channel_layer():
        await layer.group_send(group_of_shells(sandbox.pk), {"type": "shells.changed"})


async def let_go_of_lost_browsers(sandbox: Sandbox) -> None:
    """End what a site that was killed left attached, which no engine tells that it was.

    Every browser that is there answers a roll call, whichever process of the site it is at; one
    that has come since is too young to be meant. Raises SandboxError (one of its kinds).
    """
    layer = get_channel_layer()
    if layer is None or sandbox.pk in _looked_after:
        return
    _looked_after.add(sandbox.pk)
    channel = await layer.new_channel()
    await layer.group_send(group_of_shells(sandbox.pk), {"type": "roll.call", "reply_to": channel})
    present = []
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(ROLL_CALL_SECONDS):
            while True:
                present.append(str((await layer.receive(channel))["browser"]))
    await _ask(sandbox, "keep", *present)


def _read(answer: str) -> list[tuple[str, Shell]]:
    shells = []
    for match in filter(None, map(LINE.fullmatch, answer.splitlines())):
        program = "".join(filter(str.isprintable, match["program"] or ""))[:LONGEST_PROGRAM]
        code = None if match["code"] is None else int(match["code"])
        shells.append((match["name"], Shell(match["name"], program, code)))
    return shells


async def _ask(sandbox: Sandbox, *arguments: str) -> str:
    """What `hakoniwa-shells` says. Raises SandboxError (one of its kinds)."""
    command = ("hakoniwa-shells", *arguments)
    try:
        async with student_command(sandbox, *command, seconds=MOST_SECONDS) as stream:
            said = await read_at_most(stream, MOST_BYTES)
    except SandboxError as error:
        # The engine is there and refuses or the program is silent, as for a terminal.
        if type(error) in (SandboxError, SandboxSilent):
            raise ShellRefused(str(error)) from error
        raise
    if said is None:
        raise ShellRefused("hakoniwa-shells said too much")
    return said.decode(errors="replace")
