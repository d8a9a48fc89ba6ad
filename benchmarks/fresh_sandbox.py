"""Sandboxes for a benchmark: started as the site starts them, removed whatever happens."""

import asyncio
import os
import secrets
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sandbox.containers import in_engine_thread, remove_container, start_container
from sandbox.errors import EngineAnswerError
from sandbox.learner_engine import learner_engine

POLL_SECONDS = 0.01
MOST_SECONDS = 40.0


def use_the_engine_of_the_classroom() -> None:
    """Take the engine from the environment, but no label, database or key of an open classroom."""
    if "HAKONIWA_ENGINE" not in os.environ:
        sys.exit("HAKONIWA_ENGINE is not set: see benchmarks/README.md")
    os.environ["DJANGO_SETTINGS_MODULE"] = "hakoniwa.settings.local"
    os.environ["HAKONIWA_SITE"] = os.environ.get("HAKONIWA_SITE", "hakoniwa") + "-benchmark"
    # Nobody waits for a seat, however full this machine's memory and disk are.
    os.environ |= {"HAKONIWA_MAX_SANDBOXES": "1000", "HAKONIWA_SANDBOX_DISK": "64m"}
    os.environ["HAKONIWA_SECRET_KEY"] = secrets.token_urlsafe(64)
    for name in ("HAKONIWA_SECRET_KEY_FILE", "HAKONIWA_DATABASE_URL", "HAKONIWA_REDIS_URL"):
        os.environ.pop(name, None)


@dataclass(frozen=True)
class FreshSandbox:
    """A sandbox that nobody has used, and how long it took to answer."""

    container: str
    started_in: float

    def shell(self, line: str) -> str:
        """What a line prints in the sandbox; it must succeed."""
        return on_the_engine("exec", "--user", "student", self.container, "bash", "-c", line)

    def bytes_of(self, line: str, typed: bytes = b"") -> bytes:
        """What a line makes of what is typed into it; it must succeed."""
        command = ["exec", "--interactive", "--user", "student", self.container, "sh", "-c", line]
        docker = ["docker", "--host", os.environ["HAKONIWA_ENGINE"], *command]
        done = subprocess.run(docker, input=typed, stdout=subprocess.PIPE, timeout=120, check=True)
        return done.stdout

    def seconds_of(self, line: str) -> float:
        """How long a line takes in the sandbox, without the way there."""
        clock = self.shell(f"a=$EPOCHREALTIME; {line} > /dev/null && echo $a $EPOCHREALTIME")
        started, ended = clock.split()
        return float(ended) - float(started)


def on_the_engine(*command: str) -> str:
    """What the Docker CLI prints on the sandbox engine; it must succeed."""
    docker = ["docker", "--host", os.environ["HAKONIWA_ENGINE"], *command]
    done = subprocess.run(docker, stdout=subprocess.PIPE, text=True, timeout=120, check=True)
    return done.stdout


def run_true() -> float:
    """Seconds of the least that a container of the same image can do."""
    began = time.perf_counter()
    image = os.environ["HAKONIWA_SANDBOX_IMAGE"]
    on_the_engine("run", "--rm", "--network", "none", "--entrypoint", "true", image)
    return time.perf_counter() - began


@asynccontextmanager
async def fresh_sandbox() -> AsyncIterator[FreshSandbox]:
    began = time.perf_counter()
    name = f"benchmark-{secrets.token_hex(4)}"
    container = await in_engine_thread(start_container, name)
    try:
        await until_it_answers(container)
        yield FreshSandbox(container, time.perf_counter() - began)
    finally:
        await in_engine_thread(remove_container, container)


async def until_it_answers(container: str) -> None:
    async with asyncio.timeout(MOST_SECONDS):
        while True:
            try:
                async with learner_engine(container, starting=True) as engine:
                    await engine.ping()
                    return
            except EngineAnswerError:
                await asyncio.sleep(POLL_SECONDS)
