"""What the lessons teach works in a sandbox as on any machine with Docker."""

import json
import time
from collections.abc import Callable

import pytest

from .conftest import PATIENCE, Sandbox

pytestmark = pytest.mark.alone


def test_engine_answers_soon_after_the_start(new_sandbox: Callable[[], Sandbox]) -> None:
    """The promise is half a second on a quiet machine (benchmarks/pull.py measures it)."""
    started = time.monotonic()
    sandbox = new_sandbox()
    sandbox.wait_for_engine()
    assert time.monotonic() - started < 8 * PATIENCE


def test_memory_limit_kills(sandbox: Sandbox) -> None:
    """Said by an event of the control group's, which is lost where the group goes too soon."""
    sandbox.shell(
        "docker run -d --name hungry --memory=32m ubuntu sh -c"
        " 'until [ -e /go ]; do sleep 0.1; done; tail /dev/zero; echo $? > /code; sleep 600'"
    )
    try:
        sandbox.shell("docker exec hungry touch /go")
        sandbox.shell(
            "until docker inspect --format '{{.State.OOMKilled}}' hungry | grep true;"
            " do sleep 0.1; done",
            seconds=20,
        )
        assert sandbox.shell("docker exec hungry cat /code") == "137"
    finally:
        sandbox.shell("docker rm -f hungry")


def test_cpu_limit_slows_down(sandbox: Sandbox) -> None:
    """The kernel itself counts how often it has held the container back."""
    busy = "timeout 2 sh -c 'while :; do :; done'; cd /sys/fs/cgroup; cat cpu.stat cpu/cpu.stat"
    done = sandbox.run("docker", "run", "--rm", "--cpus=0.2", "ubuntu", "sh", "-c", busy)
    counted = dict(line.split() for line in done.stdout.splitlines())
    assert int(counted["nr_throttled"]) > 0, done.stderr


def test_pause_stats_and_top(sandbox: Sandbox) -> None:
    sandbox.shell("docker run -d --name sleeper ubuntu sleep 600")
    try:
        sandbox.shell("docker pause sleeper")
        assert sandbox.shell("docker inspect -f '{{.State.Status}}' sleeper") == "paused"
        sandbox.shell("docker unpause sleeper")
        statistics = json.loads(sandbox.shell("docker stats --no-stream --format json sleeper"))
        assert not statistics["MemUsage"].startswith("0B")
        assert "sleep 600" in sandbox.shell("docker top sleeper")
    finally:
        sandbox.shell("docker rm -f sleeper")


def test_an_init_in_a_container_hands_on_the_signal_to_stop(sandbox: Sandbox) -> None:
    sandbox.shell("docker run --detach --init --name polite busybox sleep 600")
    sandbox.shell("docker stop polite")
    assert sandbox.shell("docker wait polite") == "143"  # by SIGTERM; SIGKILL would be 137
    sandbox.shell("docker rm polite")


def test_published_port_serves_a_page(sandbox: Sandbox) -> None:
    sandbox.shell("docker run -d --name web -p 8080:80 nginx")
    try:
        page = sandbox.shell("curl -sf --retry 5 --retry-connrefused 127.0.0.1:8080")
        assert "nginx" in page
    finally:
        sandbox.shell("docker rm -f web")


def test_swarm_service_reaches_running(sandbox: Sandbox) -> None:
    sandbox.shell("docker swarm init --advertise-addr 127.0.0.1")
    try:
        sandbox.shell("docker service create --detach --name pages nginx")
        for _ in range(60):
            state = sandbox.shell("docker service ps pages --format '{{.CurrentState}}'")
            if state.startswith("Running"):
                break
            time.sleep(0.5)
        assert state.startswith("Running"), state
    finally:
        sandbox.shell("docker swarm leave --force")


def test_build_compose_network_and_volume(sandbox: Sandbox) -> None:
    sandbox.shell(
        "mkdir -p ~/built && cd ~/built"
        " && printf 'FROM ubuntu\\nRUN echo kept > /kept\\n' > Dockerfile"
        ' && docker build -q -t built . && test "$(docker run --rm built cat /kept)" = kept'
    )
    sandbox.shell(
        "docker network create n && docker volume create kept && docker run --rm --network n"
        " -v kept:/v ubuntu touch /v/x && docker network rm n && docker volume rm kept"
    )
    sandbox.shell("docker compose version && docker buildx version")


def test_engine_comes_back_when_it_dies(new_sandbox: Callable[[], Sandbox]) -> None:
    sandbox = new_sandbox()
    sandbox.wait_for_engine()
    sandbox.shell("kill -9 $(pidof dockerd)", user="root")
    time.sleep(0.3)
    sandbox.wait_for_engine()
