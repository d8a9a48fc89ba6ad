"""`all`, `any` and `not`: checks made of checks."""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import ClassVar

from django.utils.translation import gettext as _

from sandbox.snapshot import Question, Snapshot

from .base import Check, Outcome


class AllCheck(Check):
    kind: ClassVar[str] = "all"

    checks: tuple[Check, ...]

    def question(self) -> Question:
        return _together(self.checks)

    def evaluate(self, snapshot: Snapshot) -> Outcome:
        outcomes = [check.evaluate(snapshot) for check in self.checks]
        telling = [outcome for outcome in outcomes if not outcome.passed] or outcomes
        return Outcome(
            all(outcome.passed for outcome in outcomes),
            " ".join(dict.fromkeys(outcome.seen for outcome in telling)),
            " ".join(outcome.expected for outcome in outcomes),
        )


class AnyCheck(Check):
    kind: ClassVar[str] = "any"

    checks: tuple[Check, ...]

    def question(self) -> Question:
        return _together(self.checks)

    def evaluate(self, snapshot: Snapshot) -> Outcome:
        outcomes = [check.evaluate(snapshot) for check in self.checks]
        telling = next((outcome for outcome in outcomes if outcome.passed), outcomes[0])
        choices = _(", or: ").join(outcome.expected.rstrip(".。") for outcome in outcomes)
        return Outcome(
            any(outcome.passed for outcome in outcomes),
            telling.seen,
            _("%(choices)s.") % {"choices": choices},
        )


class NotCheck(Check):
    kind: ClassVar[str] = "not"

    check: Check

    def question(self) -> Question:
        return self.check.question()

    def evaluate(self, snapshot: Snapshot) -> Outcome:
        outcome = self.check.evaluate(snapshot)
        expected = _("Not: %(state)s") % {"state": outcome.expected}
        return Outcome(not outcome.passed, outcome.seen, expected)


def _together(checks: Iterable[Check]) -> Question:
    return reduce(or_, (check.question() for check in checks), Question())
