"""Exercises recorded on a real engine: what is proposed, and that it fits the next learner's."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import reduce
from operator import or_
from typing import Any

import pytest

from lessons.checks import parse_check
from lessons.recording import QUESTION, propose, question_beyond
from sandbox.models import Sandbox as SandboxRow
from sandbox.snapshot import Question, Snapshot
from sandbox.watching import look_at
from tests.recorded_exercises import EXERCISES

from .conftest import Sandbox


def look(sandbox: Sandbox, question: Question) -> Snapshot:
    return asyncio.run(look_at(SandboxRow(container=sandbox.container), question))


def do(sandbox: Sandbox, script: str) -> None:
    """As a learner would: what one command says matters to nobody."""
    sandbox.run("bash", "-c", f"cd ~/work\n{script}", seconds=180)


def prepared(sandbox: Sandbox) -> Sandbox:
    sandbox.wait_for_engine()
    given = [exercise.given for exercise in EXERCISES.values() if exercise.given]
    do(sandbox, "\n".join(["docker pull -q busybox", *given]))
    return sandbox


def recorded(sandbox: Sandbox) -> dict[str, list[dict[str, Any]]]:
    """What is proposed for one exercise after the other, each with a look before and after."""
    found = {}
    before = look(prepared(sandbox), QUESTION)
    for name, exercise in EXERCISES.items():
        do(sandbox, exercise.do)
        after = look(sandbox, QUESTION)
        if (more := question_beyond(before, after)) != QUESTION:
            after = look(sandbox, more)
        found[name] = propose(before, after)
        before = after
    return found


def done_again(sandbox: Sandbox) -> Snapshot:
    """By the next learner, with the names that Docker finds this time."""
    do(prepared(sandbox), "\n".join(exercise.do for exercise in EXERCISES.values()))
    checks = [parse_check(one) for each in EXERCISES.values() for one in each.proposed]
    return look(sandbox, reduce(or_, (check.question() for check in checks), QUESTION))


@pytest.fixture(scope="module")
def both(
    new_sandbox: Callable[[], Sandbox],
) -> tuple[dict[str, list[dict[str, Any]]], Snapshot]:
    """At the same time, since each waits for its engine most of the time."""
    with ThreadPoolExecutor() as pool:
        proposals = pool.submit(recorded, new_sandbox())
        next_learner = pool.submit(done_again, new_sandbox())
        return proposals.result(), next_learner.result()


@pytest.mark.parametrize("name", EXERCISES)
def test_what_an_exercise_is_about_is_proposed_and_fits_the_next_learner(
    name: str, both: tuple[dict[str, list[dict[str, Any]]], Snapshot]
) -> None:
    proposals, next_learner = both
    assert proposals[name] == EXERCISES[name].proposed
    for written in proposals[name]:
        outcome = parse_check(written).evaluate(next_learner)
        assert outcome.passed, outcome.seen
