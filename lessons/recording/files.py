"""Files that were written in a container's own layer, as far as somebody meant to."""

from pathlib import PurePosixPath

from sandbox.snapshot import Container

# Programs write here by themselves, package managers most of all.
BY_THEMSELVES = (
    "/dev",
    "/proc",
    "/run",
    "/sys",
    "/var/cache",
    "/var/lib/apt",
    "/var/lib/dpkg",
    "/var/log",
    "/var/run",
)
NAMES = {".ash_history", ".bash_history", ".lesshst", ".python_history", ".viminfo", "ld.so.cache"}
# Of more than this somebody has installed something: what can be run tells what.
MOST_PATHS = 3


def written_paths(old: Container | None, new: Container) -> list[str]:
    """Those that are different now and were not before; of folders only the empty ones."""
    changed = new.changed_paths - (old.changed_paths if old else frozenset())
    folders = {str(folder) for path in changed for folder in PurePosixPath(path).parents}
    mounted = tuple(mount.target for mount in new.mounts)
    meant = sorted(
        path
        for path in changed - folders
        if not _is_below(path, BY_THEMSELVES + mounted) and PurePosixPath(path).name not in NAMES
    )
    if len(meant) > MOST_PATHS:
        programs = [path for path in meant if PurePosixPath(path).parent.name in ("bin", "sbin")]
        meant = programs or meant
    return meant[:MOST_PATHS]


def _is_below(path: str, places: tuple[str, ...]) -> bool:
    return any(path == place or path.startswith(f"{place}/") for place in places)
