"""Sandboxes on the real engine. A missing engine is a failure here, never a skip."""

import contextlib
import json
import os
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import docker
import pytest
from docker import APIClient

from sandbox import keeping, services, starting

# How many times as long as on an ordinary machine anything may take: more where it is emulated.
PATIENCE = float(os.environ.get("HAKONIWA_TEST_PATIENCE", "1"))
SPECIFICATION = Path(__file__).parents[2] / "sandbox" / "engine" / "sandbox.json"


@dataclass
class Sandbox:
    """A sandbox of a test's own, and the shortest way to type something into it."""

    engine: str
    container: str

    def run(
        self, *command: str, user: str = "student", typed: str = "", seconds: int = 60
    ) -> subprocess.CompletedProcess[str]:
        docker_exec = ["docker", "--host", self.engine, "exec", "--interactive", "--user", user]
        return subprocess.run(
            [*docker_exec, self.container, *command],
            input=typed,
            capture_output=True,
            text=True,
            timeout=seconds * PATIENCE,
            check=False,
        )

    def shell(self, line: str, user: str = "student", seconds: int = 60) -> str:
        """What a line prints; it must succeed."""
        done = self.run("bash", "-c", line, user=user, seconds=seconds)
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        return done.stdout.strip()

    def refused(self, line: str, user: str = "root") -> str:
        """The error of a line that must fail."""
        done = self.run("bash", "-c", line, user=user)
        assert done.returncode != 0, f"{line} was not refused: {done.stdout}"
        return done.stderr

    def wait_for_engine(self, seconds: float = 10) -> None:
        end = time.monotonic() + seconds * PATIENCE
        while self.run("docker", "version").returncode != 0:
            assert time.monotonic() < end, "the engine in the sandbox does not answer"


@pytest.fixture(autouse=True)
def patient_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where everything takes longer, a start may too; each module has the constant by its name."""
    seconds = starting.START_SECONDS * PATIENCE
    for module in (starting, services, keeping):
        monkeypatch.setattr(module, "START_SECONDS", seconds)


@pytest.fixture(scope="session")
def engine() -> APIClient:
    address = os.environ.get("HAKONIWA_ENGINE", "")
    assert address, "HAKONIWA_ENGINE is not set: run the tests with ./classroom test"
    client = docker.APIClient(base_url=address, version="1.41", timeout=60)
    client.ping()
    return client


@contextlib.contextmanager
def sandboxes(engine: APIClient) -> Iterator[Callable[..., Sandbox]]:
    """Starts them as the site does, or with changes of HostConfig; all end with the block."""
    started: list[str] = []

    def start(**changes: object) -> Sandbox:
        body = json.loads(SPECIFICATION.read_text())
        body |= {
            "Image": os.environ["HAKONIWA_SANDBOX_IMAGE"],
            "Hostname": "hakoniwa",
            "Env": ["LANG=ja_JP.UTF-8", "HAKONIWA_LANGUAGE=ja"],
            "Labels": {"hakoniwa.site": f"{os.environ['HAKONIWA_SITE']}-engine"},
            "Volumes": {"/var/lib/docker": {}},
        }
        body["HostConfig"]["Binds"] = [f"{os.environ['HAKONIWA_MIRROR_DIR']}:/run/hakoniwa:ro"]
        body["HostConfig"] |= changes
        name = f"hakoniwa-test-{uuid.uuid4().hex[:8]}"
        container = engine.create_container_from_config(body, name)["Id"]  # type: ignore[no-untyped-call]
        started.append(container)
        engine.start(container)
        return Sandbox(os.environ["HAKONIWA_ENGINE"], container)

    yield start
    for container in started:
        with contextlib.suppress(docker.errors.NotFound):
            engine.remove_container(container, v=True, force=True)


@pytest.fixture(scope="module")
def new_sandbox(engine: APIClient) -> Iterator[Callable[..., Sandbox]]:
    """Starts a sandbox. With its module ends whatever a test has left running in it."""
    with sandboxes(engine) as start:
        yield start


@pytest.fixture(scope="session")
def sandbox(engine: APIClient) -> Iterator[Sandbox]:
    """One sandbox for all tests that leave it as it was, with `ubuntu` and `nginx` pulled."""
    with sandboxes(engine) as start:
        sandbox = start()
        sandbox.wait_for_engine()
        sandbox.shell("docker pull -q ubuntu && docker pull -q nginx", seconds=120)
        yield sandbox


@pytest.fixture
def run() -> Callable[..., str]:
    """Run a line as the learner in a container that the test has by its id."""

    def run(container: str, line: str) -> str:
        return Sandbox(os.environ["HAKONIWA_ENGINE"], container).shell(line)

    return run
