"""Bash that a lesson's author wrote, run in a sandbox as its learner."""

import secrets

from .models import Sandbox
from .snapshot import Ran
from .student_command import exit_code, read_at_most, student_command

# The end of what it printed, for its author.
MOST_OUTPUT = 4096
# For a shell to start, and for one that waits for another.
MARGIN_SECONDS = 10.0
# What stands there for an exit code while the script runs, or where it was killed.
UNFINISHED = 125
# Its own children may outlive it: none of them has the lock or the output's end.
RUN = f"""
place=~/.local/state/hakoniwa/$1
mkdir -p "${{place%/*}}"
exec 9> "$place.lock"
flock 9
if [ ! -e "$place" ]; then
  echo {UNFINISHED} > "$place"
  timeout --kill-after=2 "$2" bash -c "$3" > "$place.log" 2>&1 < /dev/null 9>&-
  echo "$?" > "$place"
fi
tail -c {MOST_OUTPUT} "$place.log"
exit "$(cat "$place")"
"""


async def run_once(sandbox: Sandbox, name: str, script: str, seconds: float) -> Ran:
    """Run it, or wait for whoever runs it by this name in this sandbox; how that one run ended.

    Of its output the end is kept. Raises SandboxError.
    """
    words = ("bash", "-c", RUN, "bash", name, f"{seconds:.0f}", script)
    async with student_command(sandbox, *words, seconds=seconds + MARGIN_SECONDS) as stream:
        output = await read_at_most(stream, MOST_OUTPUT) or b""
        return Ran(await exit_code(stream), output.decode(errors="replace"))


async def run(sandbox: Sandbox, script: str, seconds: float) -> Ran:
    """As `run_once`, whatever ran before."""
    return await run_once(sandbox, secrets.token_hex(8), script, seconds)
