"""How many sandboxes a machine may hold: one reckoning for the site and for `./classroom doctor`.

Nothing but Python's own library: doctor calls it before anything is installed.

    python3 sandbox/capacity.py MEMORY DISK FOLDER

prints how many by memory and how many by disk. MEMORY and DISK are one sandbox's limits, as in
`1g`; FOLDER is where the sandbox engine keeps its data.
"""

import os
import sys
from pathlib import Path

UNITS = {"b": 1, "k": 1024, "m": 1024**2, "g": 1024**3, "t": 1024**4}
# The machine's memory that sandboxes may use; the rest stays for the site itself.
SHARE_OF_MEMORY = 0.8
# Few learners use all they may at one time; an idle sandbox takes 33 MiB (measured), so half of
# the limit each is generous.
MEMORY_OVERCOMMIT = 2
# A lesson fills some hundred MiB: the images it pulls, unpacked. A quarter of 4 GiB for each is
# still more than that; whoever fills all of theirs makes the free space, and so this number, less.
DISK_OVERCOMMIT = 4
# For the database, logs and the engine's own files.
KEPT_FREE = 2 * UNITS["g"]


def size_in_bytes(written: str) -> int:
    """`512m` as a number. Raises ValueError for what is no size."""
    text = written.strip().lower().removesuffix("ib").removesuffix("b")
    unit = text[-1:] if text[-1:] in UNITS else "b"
    return int(float(text.removesuffix(unit)) * UNITS[unit])


def seats_by_memory(sandbox_memory: str) -> int:
    total = next(
        int(line.split()[1]) * 1024
        for line in Path("/proc/meminfo").read_text().splitlines()
        if line.startswith("MemTotal:")
    )
    share = size_in_bytes(sandbox_memory) / MEMORY_OVERCOMMIT
    return max(1, int(total * SHARE_OF_MEMORY / share))


def seats_by_disk(sandbox_disk: str, folder: str) -> int:
    """What sandboxes hold already is not free any more, so a disk that fills lets fewer in."""
    place = Path(folder)
    while not place.is_dir():
        place = place.parent
    disk = os.statvfs(place)
    free = disk.f_bavail * disk.f_frsize - KEPT_FREE
    return max(0, int(free * DISK_OVERCOMMIT / size_in_bytes(sandbox_disk)))


if __name__ == "__main__":
    print(seats_by_memory(sys.argv[1]), seats_by_disk(sys.argv[2], sys.argv[3]))
