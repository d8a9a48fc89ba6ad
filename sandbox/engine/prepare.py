"""What a sandbox has of this machine for itself: a disk, a range of host ids, a user namespace.

prepare.py BUNDLE FOLDER STATE SIZE HOOK: makes it in FOLDER, its disk's file in STATE, and writes
it into the bundle's config.json before runc makes the container (docs/adr/0022-disk-and-ids.md).

A program of its own on the machine's Python, run as root by `runtime` beside it.
"""

# Every start of a sandbox waits for these: subprocess and typing would cost 7 ms more.
from __future__ import annotations

import ctypes
import errno
import fcntl
import json
import os
import re
import signal
import stat
import struct
import sys
import time
from pathlib import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

# Host ids from 0x70000000 are nobody's: systemd leaves them free (https://systemd.io/UIDS-GIDS/).
FIRST_ID = 0x70000000
IDS_EACH = 65536
# The last of them is in no sandbox: it owns the user namespace, and the kernel counts on it what
# the whole sandbox uses up.
IDS_INSIDE = IDS_EACH - 1
# Disks are sparse, so all together may be promised more than there is: this much is left alone.
KEPT_FREE = 2 * 1024**3
DISK_LABEL = b"Hakoniwa sandbox"
# A sandbox has no network. One server, in a net that is nobody's (RFC 5737), so that a name which
# nobody knows fails alike on every machine, and in the time of one.
DNS = "nameserver 192.0.2.53\n"
HOSTS = """\
127.0.0.1	localhost
::1	localhost ip6-localhost ip6-loopback
fe00::0	ip6-localnet
ff00::0	ip6-mcastprefix
ff02::1	ip6-allnodes
ff02::2	ip6-allrouters
"""

# <linux/loop.h>, <linux/mount.h>, <linux/sched.h>, <linux/prctl.h>, <linux/securebits.h>
LOOP_CTL_GET_FREE, LOOP_CONFIGURE, AUTOCLEAR, DIRECT_IO = 0x4C82, 0x4C0A, 4, 16
LOOP_CONFIG = struct.Struct("=II5Q4I64s64s32s2Q8Q")
MS_NODEV, MS_NOATIME, MS_BIND = 4, 1024, 4096
SYS_OPEN_TREE, SYS_MOVE_MOUNT, SYS_MOUNT_SETATTR = 428, 429, 442
OPEN_TREE_CLONE, MOVE_MOUNT_F_EMPTY_PATH, MOUNT_ATTR_IDMAP = 1, 4, 0x00100000
AT_FDCWD, AT_EMPTY_PATH = -100, 0x1000
CLONE_NEWUSER, PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP = 0x10000000, 28, 4

libc = ctypes.CDLL(None, use_errno=True)


def call(function: Callable[..., int], *arguments: Any) -> int:
    """A call of libc. Raises OSError with the kernel's reason."""
    answer = function(*(a.encode() if isinstance(a, str) else a for a in arguments))
    if answer < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(arguments))
    return answer


def mount(source: str, target: Path, kind: str, flags: int = 0, options: str = "") -> None:
    call(libc.mount, source, str(target), kind, ctypes.c_ulong(flags), options)


def attach_disk(state: str, size: str) -> tuple[int, int]:
    """A loop device over a new sparse file: its number, and a descriptor that holds it.

    The file has no name and the device goes with its last user: no crash can leave either behind.
    """
    with Path("/dev/loop-control").open("rb") as control:
        file = os.open(state, os.O_TMPFILE | os.O_RDWR | os.O_CLOEXEC, 0o600)
        os.ftruncate(file, int(size))
        while True:
            number = fcntl.ioctl(control, LOOP_CTL_GET_FREE)
            device = os.open(f"/dev/loop{number}", os.O_RDWR | os.O_CLOEXEC)
            # Direct: else what a learner writes would be cached a second time, at nobody's expense.
            info = (0,) * 8 + (AUTOCLEAR | DIRECT_IO, DISK_LABEL, b"", b"") + (0,) * 10
            try:
                fcntl.ioctl(device, LOOP_CONFIGURE, LOOP_CONFIG.pack(file, 4096, *info))
            except OSError as error:
                os.close(device)
                if error.errno != errno.EBUSY:  # another sandbox was quicker
                    raise
            else:
                return number, device


def make_disk(folder: Path, state: str, size: str) -> int:
    """A file system in FOLDER/disk that is the sandbox's root's; the first of its host ids."""
    room = os.statvfs(state)
    free = room.f_bavail * room.f_frsize
    if free < KEPT_FREE:
        sys.exit(f"no space left on device for another sandbox: {free >> 20} MiB are free")
    number, device = attach_disk(state, size)
    first = FIRST_ID + number * IDS_EACH
    name = f"/dev/loop{number}"
    # No journal and no waiting for the platter: a disk never outlives its sandbox, or grows.
    features = ["-t", "ext4", "-O", "^has_journal,^resize_inode", "-m", "0", "-i", "32768"]
    extended = f"root_owner={first}:{first},lazy_itable_init=1,nodiscard"
    command = ["mke2fs", "-q", "-F", *features, "-E", extended, name]
    _pid, status = os.waitpid(os.posix_spawnp("mke2fs", command, os.environ), 0)
    if status:
        sys.exit(f"mke2fs ended with {os.waitstatus_to_exitcode(status)}")
    disk = folder / "disk"
    disk.mkdir()
    # Tables that the kernel would fill with zeros would make the sparse file a full one.
    mount(name, disk, "ext4", MS_NODEV | MS_NOATIME, "nobarrier,noinit_itable,discard")
    os.close(device)
    (disk / "lost+found").rmdir()
    for part in ("docker", "changes", "work"):
        (disk / part).mkdir(mode=0o755)
    for part in ("docker", "changes"):
        os.chown(disk / part, first, first)
    return first


def new_user_namespace(owner: int, ids: str) -> int:
    """A descriptor of a namespace with these ids: "inside outside count" on each line."""
    ready, go = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            # Some machines let only root make one, so the capabilities are kept.
            call(libc.prctl, PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0)
            os.setresuid(owner, owner, owner)
            call(libc.unshare, CLONE_NEWUSER)
            os.write(go, b"+")
            signal.pause()
        finally:
            os._exit(1)
    try:
        os.close(go)
        if not os.read(ready, 1):
            raise OSError("a user namespace could not be made")
        for kind in ("uid_map", "gid_map"):
            Path(f"/proc/{child}/{kind}").write_text(ids)
        return os.open(f"/proc/{child}/ns/user", os.O_RDONLY | os.O_CLOEXEC)
    finally:
        os.close(ready)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def layers_of(root: Path) -> list[Path]:
    """The folders that the engine's own overlay on `root` is made of, topmost first."""
    # Where many come and go, the kernel's list has been seen without one that was there.
    for _try in range(10):
        for line in Path("/proc/self/mountinfo").read_text().splitlines():
            before, after = line.split(" - ")
            if unescape(before.split()[4]) == str(root):
                options = dict(part.partition("=")[::2] for part in after.split()[2].split(","))
                # Relative to the driver's folder where the engine shortened them.
                lowers = options["lowerdir"].split(":")
                below = [root.parent.parent / unescape(low) for low in lowers]
                return [Path(unescape(options["upperdir"])), *below]
        time.sleep(0.01)
    raise OSError(f"{root} is no overlay")


def unescape(text: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), text)


def make_root(folder: Path, layers: list[Path], image_first: int, first: int) -> None:
    """FOLDER/root: the engine's layers with their owners shifted, and changes on the disk."""
    layers = [layer.resolve() for layer in layers]
    home = Path(os.path.commonpath(layers))
    shifted, root = folder / "layers", folder / "root"
    shifted.mkdir()
    root.mkdir()
    # The engine's own folders are root's and stay so.
    ids = f"0 0 1\n{image_first} {first} {IDS_INSIDE}"
    namespace = new_user_namespace(first + IDS_INSIDE, ids)
    tree = call(libc.syscall, SYS_OPEN_TREE, AT_FDCWD, str(home), OPEN_TREE_CLONE)
    attributes = struct.pack("=4Q", MOUNT_ATTR_IDMAP, 0, 0, namespace)
    call(libc.syscall, SYS_MOUNT_SETATTR, tree, "", AT_EMPTY_PATH, attributes, len(attributes))
    call(libc.syscall, SYS_MOVE_MOUNT, tree, "", AT_FDCWD, str(shifted), MOVE_MOUNT_F_EMPTY_PATH)
    os.close(namespace)
    os.close(tree)
    try:
        # Relative paths, because all options have to fit on one page of memory.
        os.chdir(shifted)
        lower = ":".join(str(layer.relative_to(home)) for layer in layers)
        upper = f"upperdir={folder}/disk/changes,workdir={folder}/disk/work"
        mount("overlay", root, "overlay", MS_NODEV, f"index=off,lowerdir={lower},{upper}")
    finally:
        os.chdir("/")
        call(libc.umount2, str(shifted), 2)
        shifted.rmdir()


def pin(namespace: int, path: Path) -> None:
    path.touch()
    mount(f"/proc/self/fd/{namespace}", path, "none", MS_BIND)


def rewrite(config: dict[str, Any], folder: Path, first: int) -> None:
    """Put all of it into the container's description."""
    config["root"]["path"] = str(folder / "root")
    linux = config["linux"]
    ids = [{"containerID": 0, "hostID": first, "size": IDS_INSIDE}]
    linux["uidMappings"] = linux["gidMappings"] = ids
    for namespace in linux["namespaces"]:
        if namespace["type"] == "user":
            namespace["path"] = str(folder / "user")
    shm = ["nosuid", "nodev", "noexec", "mode=1777", "size=64m"]
    own = {
        "/var/lib/docker": {
            "type": "bind",
            "source": f"{folder}/disk/docker",
            "options": ["rbind"],
        },
        "/dev/shm": {"type": "tmpfs", "source": "shm", "options": shm},  # noqa: S108
    }
    # The engine's would be for ids that the sandbox hasn't got.
    name = f"{config['hostname']}\n"
    files = {"/etc/hosts": HOSTS, "/etc/hostname": name, "/etc/resolv.conf": DNS}
    for target, content in files.items():
        file = folder / "root" / target[1:]
        file.write_text(content)
        os.chown(file, first, first)
    mounts = [entry for entry in config["mounts"] if entry["destination"] not in files]
    config["mounts"] = [entry | own.get(entry["destination"], {}) for entry in mounts]


def main(bundle: str, folder_name: str, state: str, size: str, hook: str) -> None:
    path = Path(bundle, "config.json")
    config = json.loads(path.read_text())
    if not config["linux"].get("uidMappings"):
        sys.exit("a container without a user namespace is refused")
    config.setdefault("hooks", {}).setdefault("createRuntime", []).append({"path": hook})
    # Only what has a volume for an engine's data is a sandbox; else it is a build of an image.
    if any(entry["destination"] == "/var/lib/docker" for entry in config["mounts"]):
        prepare(config, Path(bundle), Path(folder_name), state, size)
    path.write_text(json.dumps(config))


def prepare(config: dict[str, Any], bundle: Path, folder: Path, state: str, size: str) -> None:
    folder.mkdir(mode=0o700)
    first = make_disk(folder, state, size)
    # Nobody else on the machine looks in, where programs of a learner's lie.
    os.chown(folder, first, first)
    namespace = new_user_namespace(first + IDS_INSIDE, f"0 {first} {IDS_INSIDE}")
    pin(namespace, folder / "user")
    os.close(namespace)
    root = Path(bundle, config["root"]["path"]).resolve()
    make_root(folder, layers_of(root), config["linux"]["uidMappings"][0]["hostID"], first)
    rewrite(config, folder, first)
    (folder / "first-id").write_text(f"{first}\n")
    for stream in (0, 1, 2):
        # What the engine listens at was made for its own ids.
        if stat.S_ISFIFO(os.fstat(stream).st_mode):
            os.fchown(stream, first, first)


if __name__ == "__main__":
    main(*sys.argv[1:])
