"""How long `./classroom up` takes where all is set up and nothing has changed.

    ./classroom bench up [--json] [--quick] [--repetitions N]

From the command to its last line, which says that the classroom is open: the engine is up, the
site is not. It is the classroom of this clone, so it must not be open already. Beside it
`manage.py check`: what Django alone takes to start once, with the same settings.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.comparison import Comparison, load, options, report
from benchmarks.served_site import PROJECT, free_port

MOST_SECONDS = 120
# The last line of both languages ends with the address.
OPEN = "http://"


def main() -> None:
    chosen = options(__doc__ or "", "times", usual=5)
    if is_open():
        sys.exit("The classroom of this clone is open; ./classroom down first.")
    load_before = load()
    up = Comparison("warm `./classroom up`", "`manage.py check`", "< 5 s")
    seconds_until_open()  # what has changed is prepared, and does not count
    for _turn in range(chosen.repetitions):
        up.add(seconds_until_open(), seconds_of_check())
    report([up], load_before, chosen.json)


def is_open() -> bool:
    """By the file with which `./classroom` finds its own site again."""
    state = Path(os.environ["HAKONIWA_STATE_DIR"], "site.process")
    return state.exists() and Path("/proc", state.read_text().split()[0]).exists()


def seconds_until_open() -> float:
    began = time.perf_counter()
    command = [str(PROJECT / "classroom"), "up", "--yes", "--port", str(free_port())]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as classroom:
        try:
            for line in classroom.stdout or ():
                if OPEN in line:
                    return time.perf_counter() - began
        finally:
            classroom.send_signal(signal.SIGINT)
            classroom.wait(MOST_SECONDS)
    sys.exit(f"./classroom up ended with {classroom.returncode}")


def seconds_of_check() -> float:
    began = time.perf_counter()
    check = [sys.executable, "manage.py", "check"]
    subprocess.run(check, cwd=PROJECT, check=True, capture_output=True)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
