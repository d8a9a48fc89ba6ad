"""What is different between two looks, proposed as the checks that an author would write."""

from collections.abc import Iterator
from functools import reduce
from itertools import chain
from operator import or_
from typing import Any

from lessons.checks import Check, parse_check
from sandbox import looks
from sandbox.snapshot import Question, Snapshot

from .client import client_candidates
from .compose import compose_candidates
from .containers import container_candidates
from .images import image_candidates
from .volumes_and_networks import network_candidates, volume_candidates

# As a check stands in `lesson.yml`.
Written = dict[str, Any]

QUESTION = Question(
    changes=True,
    images=True,
    networks=True,
    commands=frozenset({looks.contexts_command(), looks.logins_command()}),
)
# More than an author would read; what comes from the sandbox has no other end.
MOST_PROPOSALS = 30
MOST_CANDIDATES = 200


def propose(before: Snapshot, after: Snapshot) -> list[Written]:
    """The checks that did not hold and do now; what Docker has chosen by chance is in none.

    Both were taken with QUESTION, the second also with `question_beyond`.
    """
    return [
        written
        for written, check in _candidates(before, after)
        if not check.evaluate(before).passed and check.evaluate(after).passed
    ][:MOST_PROPOSALS]


def question_beyond(before: Snapshot, after: Snapshot) -> Question:
    """What the second look must hold for the proposals to be judged."""
    return reduce(or_, (check.question() for _, check in _candidates(before, after)), QUESTION)


def _candidates(before: Snapshot, after: Snapshot) -> list[tuple[Written, Check]]:
    found: list[tuple[Written, Check]] = []
    for written in _written(before, after):
        check = _parsed(written)
        if check is not None and all(check != other for _, other in found):
            found.append((written, check))
        if len(found) == MOST_CANDIDATES:
            break
    return found


def _written(before: Snapshot, after: Snapshot) -> Iterator[Written]:
    return chain(
        image_candidates(before, after),
        network_candidates(before, after),
        volume_candidates(before, after),
        container_candidates(before, after),
        compose_candidates(before, after),
        client_candidates(before, after),
    )


def _parsed(written: Written) -> Check | None:
    """None for what no author could write: names in the sandbox may be anything."""
    try:
        return parse_check(written)
    except ValueError:
        return None
