"""What a machine spends in all, whoever spends it: by the kernel's own accounts."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.comparison import Unit

MIB = 1024 * 1024
MEBIBYTES = Unit("mebibytes", "MiB", digits=1)
THOUSANDTHS = Unit("thousandths of a processor", "‰ of a processor", digits=1)


def taken_bytes() -> int:
    """Memory that nothing else can have: the kernel's own reckoning of what is available, undone.

    Files that are cached count as available, so what sandboxes share of an image costs nothing
    here once it has been read.
    """
    return total_bytes() - _meminfo("MemAvailable")


def total_bytes() -> int:
    return _meminfo("MemTotal")


def _meminfo(name: str) -> int:
    lines = Path("/proc/meminfo").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{name}:"))


def group_bytes(pid: int) -> int:
    """What the kernel charges the control group of a container with, cached files aside."""
    groups = Path(f"/proc/{pid}/cgroup").read_text().splitlines()
    for _number, controllers, path in (group.split(":", 2) for group in groups):
        if controllers == "memory":
            folder = Path(f"/sys/fs/cgroup/memory{path}")
            kernel = int((folder / "memory.kmem.usage_in_bytes").read_text())
            stat = _numbers(folder / "memory.stat")
            return stat["total_rss"] + stat["total_shmem"] + kernel
        if not controllers and Path(f"/sys/fs/cgroup{path}/memory.current").exists():
            # A sandbox has moved its processes into a group of its own below the container's.
            folder = Path(f"/sys/fs/cgroup{path.removesuffix('/sandbox')}")
            stat = _numbers(folder / "memory.stat")
            return int((folder / "memory.current").read_text()) - stat["file"] + stat["shmem"]
    raise LookupError(f"no control group counts the memory of {pid}")


def _numbers(file: Path) -> dict[str, int]:
    return {name: int(number) for name, number in map(str.split, file.read_text().splitlines())}


def busy_seconds() -> float:
    """Processor time since the machine started, of all that was not idle or waiting."""
    fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    user, nice, system, _idle, _waiting, hard, soft, *_ = map(int, fields)
    return (user + nice + system + hard + soft) / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Spent:
    """Bytes, and processors on average."""

    memory: int
    processors: float

    @classmethod
    def over(cls, seconds: float) -> "Spent":
        """What the machine spends now, watched for so long."""
        before, began = busy_seconds(), time.perf_counter()
        time.sleep(seconds)
        processors = (busy_seconds() - before) / (time.perf_counter() - began)
        return cls(taken_bytes(), processors)
