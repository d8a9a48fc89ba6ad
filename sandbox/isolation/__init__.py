"""Whether a sandbox holds on this machine: tried from within before anybody is let in.

What is tried is in probes.sh; who tries it, here. tests/engine/test_isolation.py uses the same.
"""

import asyncio
import secrets
import shlex
from collections.abc import Sequence
from pathlib import Path

from sandbox import containers
from sandbox.containers import in_engine_thread
from sandbox.errors import SandboxError
from sandbox.streams import run_in_sandbox

PROBES = Path(__file__).parent / "probes.sh"
# Against hanging, not against slowness: an emulated machine needs some 30.
PROBE_SECONDS = 90.0
MOST_BYTES = 64 * 1024
# Every right that the inner engine can give: `--privileged` itself it refuses.
INNER_ROOT = (
    "docker run --rm --cap-add ALL --security-opt seccomp=unconfined"
    " --security-opt systempaths=unconfined --security-opt apparmor=unconfined"
    " --pid host --network host --ipc host --volume /:/h busybox"
)
READY = "until docker version > /dev/null 2>&1; do sleep 0.05; done; docker pull -q busybox"
# The user who types, what comes before `sh`, and where the sandbox's own files are.
IDENTITIES = {
    "root": ("root", "", ""),
    "student": ("student", "", ""),
    "container": ("student", INNER_ROOT, "/h"),
}


async def breaches(also: Sequence[str] = ()) -> list[str]:
    """Start a sandbox, try to leave it in every way, remove it; what succeeded, a line each.

    `also`: paths that must not open for writing either. Raises SandboxError where it can't be
    tried.
    """
    container = await in_engine_thread(
        containers.start_container, f"isolation-{secrets.token_hex(4)}"
    )
    try:
        await _printed(container, "student", READY)
        found: list[str] = []
        for name in IDENTITIES:
            found += [f"{name}: {line}" for line in await probe(container, name, also)]
        return found
    finally:
        await in_engine_thread(containers.remove_container, container)


async def probe(container: str, identity: str, also: Sequence[str] = ()) -> list[str]:
    """What succeeded as one identity. Raises SandboxError where it was not tried to the end."""
    user, prefix, root = IDENTITIES[identity]
    line = f"{prefix} sh -c {shlex.join([PROBES.read_text(), 'probes', root, *also])}"
    *succeeded, last = (await _printed(container, user, line)).splitlines() or [""]
    if last != "DONE":
        raise SandboxError(f"as {identity} it could not be tried whether sandboxes hold")
    return succeeded


async def _printed(container: str, user: str, line: str) -> str:
    """What a line prints. Raises SandboxError after PROBE_SECONDS."""
    try:
        async with asyncio.timeout(PROBE_SECONDS):
            stream = await run_in_sandbox(container, ["sh", "-c", line], user=user)
            content = b""
            while len(content) < MOST_BYTES and (piece := await stream.read()):
                content += piece
            await stream.close()
            return content.decode(errors="replace")
    except TimeoutError:
        raise SandboxError("trying whether sandboxes hold took too long") from None
