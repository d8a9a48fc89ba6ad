"""Sandbox containers on the dedicated sandbox engine: start, find, remove.

Everything here blocks; call it through `in_engine_thread`.
"""

import asyncio
import json
import logging
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import cache, wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import docker
import requests
from django.conf import settings
from docker.utils import parse_bytes

from .errors import DiskFull, EngineDown, ImageMissing, RuntimeMissing, SandboxError, SandboxGone

log = logging.getLogger(__name__)
P = ParamSpec("P")
T = TypeVar("T")

SPECIFICATION = Path(__file__).parent / "engine" / "sandbox.json"
# The names that the engine gives.
ANONYMOUS = re.compile(r"[0-9a-f]{64}")
LABEL_SITE = "hakoniwa.site"
LABEL_SANDBOX = "hakoniwa.sandbox"
# Engine 20.10, the oldest one we run on, speaks 1.41.
API_VERSION = "1.41"
# Six at a time: beyond that the engine only queues them (measured in the design).
_threads = ThreadPoolExecutor(max_workers=6, thread_name_prefix="engine")


async def in_engine_thread(call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a blocking engine call off the event loop.

    Raises EngineDown after 40 seconds; the engine's own time-out of 30 comes first.
    """
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(40):
            return await loop.run_in_executor(_threads, lambda: call(*args, **kwargs))
    except TimeoutError:
        raise EngineDown(f"{call.__name__} took too long") from None


def _telling(call: Callable[P, T]) -> Callable[P, T]:
    """Turn what the engine says into the few errors that a learner is told."""

    @wraps(call)
    def telling(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return call(*args, **kwargs)
        except docker.errors.ImageNotFound as error:
            raise ImageMissing(str(error)) from error
        except docker.errors.NotFound as error:
            raise SandboxGone(str(error)) from error
        except docker.errors.APIError as error:
            raise _kind_of(str(error))(str(error)) from error
        except (docker.errors.DockerException, requests.exceptions.RequestException) as error:
            raise EngineDown(str(error)) from error

    return telling


def _kind_of(reason: str) -> type[SandboxError]:
    """By what the engine says itself."""
    if "no space left on device" in reason:
        return DiskFull
    return RuntimeMissing if "nknown runtime specified" in reason else SandboxError


@_telling
def start_container(sandbox_id: str) -> str:
    """Start a sandbox and return its container's id.

    Raises EngineDown, ImageMissing, DiskFull or SandboxError; nothing half-made is left.
    """
    engine = _engine()
    body = description(sandbox_id)
    created = engine.create_container_from_config(body, f"hakoniwa-{sandbox_id}")  # type: ignore[no-untyped-call]
    container = str(created["Id"])
    try:
        engine.start(container)
    except Exception:
        engine.remove_container(container, v=True, force=True)
        raise
    return container


def description(sandbox_id: str) -> dict[str, Any]:
    """A sandbox's container, in the engine's own form."""
    body: dict[str, Any] = json.loads(SPECIFICATION.read_text())
    body |= {
        "Image": settings.SANDBOX_IMAGE,
        "Hostname": "hakoniwa",
        "Labels": {LABEL_SITE: settings.SANDBOX_SITE, LABEL_SANDBOX: sandbox_id},
        "Volumes": {"/var/lib/docker": {}},
    }
    # Both alike: no swap on top.
    memory = parse_bytes(settings.SANDBOX_MEMORY)
    processors = int(settings.SANDBOX_CPUS * 1e9)
    body["HostConfig"] |= {"Memory": memory, "MemorySwap": memory, "NanoCpus": processors}
    if settings.SANDBOX_RUNTIME:
        body["HostConfig"]["Runtime"] = settings.SANDBOX_RUNTIME
    if settings.SANDBOX_MIRROR_DIR:
        body["HostConfig"]["Binds"] = [f"{settings.SANDBOX_MIRROR_DIR}:/run/hakoniwa:ro"]
    return body


@_telling
def give_memory(container: str, memory: int) -> None:
    """Let a sandbox use so many bytes, if that is more than it may now; no swap on top."""
    if _engine().inspect_container(container)["HostConfig"]["Memory"] < memory:
        _engine().update_container(container, mem_limit=memory, memswap_limit=memory)


@_telling
def remove_container(container: str) -> None:
    """Remove a sandbox with all that is in it; one already gone is fine."""
    try:
        _engine().remove_container(container, v=True, force=True)
    except docker.errors.APIError as error:
        if error.status_code not in (404, 409):  # 409: somebody else is removing it
            raise
        log.info("sandbox container %s was gone already", container[:12])


@_telling
def is_running(container: str) -> bool:
    """Whether the sandbox's container exists and runs."""
    try:
        return bool(_engine().inspect_container(container)["State"]["Running"])
    except docker.errors.NotFound:
        return False


@_telling
def containers_of_this_site() -> dict[str, str]:
    """Every sandbox container of this site, whatever its state: its id and its sandbox's id."""
    label = f"{LABEL_SITE}={settings.SANDBOX_SITE}"
    found = _engine().containers(all=True, filters={"label": label})
    return {str(entry["Id"]): str(entry["Labels"].get(LABEL_SANDBOX, "")) for entry in found}


@_telling
def orphan_volumes(older_than: timedelta) -> list[str]:
    """Volumes that a container has left on this engine, which serves sandboxes alone."""
    made_before = datetime.now(UTC) - older_than
    unused = _engine().volumes(filters={"dangling": ["true"]})["Volumes"] or []
    return [
        str(volume["Name"])
        for volume in unused
        if ANONYMOUS.fullmatch(volume["Name"])
        and datetime.fromisoformat(volume["CreatedAt"]) < made_before
    ]


@_telling
def remove_volume(volume: str) -> None:
    """Remove a volume; one already gone, or in use after all, is fine."""
    try:
        _engine().remove_volume(volume)
    except docker.errors.APIError as error:
        if error.status_code not in (404, 409):
            raise


@cache
def _engine() -> docker.APIClient:
    if not settings.SANDBOX_ENGINE:
        raise EngineDown("HAKONIWA_ENGINE is not set")
    return docker.APIClient(base_url=settings.SANDBOX_ENGINE, version=API_VERSION, timeout=30)
