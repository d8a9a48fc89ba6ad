"""The example on each kind's page, on a real engine: it fails, is done, and passes."""

import asyncio
from collections.abc import Callable

import pytest

from lessons.checks import KINDS, parse_check
from sandbox.models import Sandbox as SandboxRow
from sandbox.watching import look_at
from tests.check_examples import example_of
from tests.check_pages import example_on

from .conftest import Sandbox

CHECKS = {kind: parse_check(example_on(kind)) for kind in KINDS}


def look(sandbox: Sandbox, kind: str) -> tuple[bool, str]:
    check = CHECKS[kind]
    row = SandboxRow(container=sandbox.container)
    outcome = check.evaluate(asyncio.run(look_at(row, check.question())))
    return outcome.passed, outcome.seen


@pytest.fixture(scope="module")
def untouched(new_sandbox: Callable[[], Sandbox]) -> Sandbox:
    sandbox = new_sandbox()
    sandbox.wait_for_engine()
    return sandbox


def test_in_an_access_log_a_look_is_told_from_the_learner(sandbox: Sandbox) -> None:
    sandbox.shell("docker run --detach --name logged --publish 8090:80 nginx")
    try:
        sandbox.shell("curl --silent --retry 5 --retry-all-errors localhost:8090")
        check = parse_check({"http": {"port": 8090}})
        row = SandboxRow(container=sandbox.container)
        assert check.evaluate(asyncio.run(look_at(row, check.question()))).passed
        log = sandbox.shell("docker logs logged 2> /dev/null").splitlines()
        assert '"Hakoniwa"' in log[-1]
        assert "curl/" in log[-2]
    finally:
        sandbox.shell("docker rm -f logged")


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_passes_in_an_untouched_sandbox(untouched: Sandbox, kind: str) -> None:
    passed, seen = look(untouched, kind)
    assert not passed
    assert seen


@pytest.fixture(scope="module")
def done(untouched: Sandbox) -> Sandbox:
    """One after the other: later ones stand on what earlier ones have made."""
    first = ("container", "image", "registry")
    for kind in (*first, *sorted(KINDS.keys() - {*first})):
        untouched.shell(f"cd ~/work; {example_of(kind, CHECKS[kind]).do}", seconds=120)
    return untouched


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_passes_once_it_is_done(done: Sandbox, kind: str) -> None:
    passed, seen = look(done, kind)
    assert passed, seen
