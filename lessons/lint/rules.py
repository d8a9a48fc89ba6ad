"""The rules of lint; each is a function in the module of its group."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lessons.faults import Fault

from .finding import Severity
from .reading import Reading

Look = Callable[[Reading], Iterator[Fault]]


@dataclass(frozen=True)
class Rule:
    """`look` finds what the rule is against. Its page is docs/authoring/lint.md."""

    name: str
    severity: Severity
    look: Look


RULES: dict[str, Rule] = {}


def error(name: str) -> Callable[[Look], Look]:
    return _rule(name, Severity.ERROR)


def warning(name: str) -> Callable[[Look], Look]:
    return _rule(name, Severity.WARNING)


def _rule(name: str, severity: Severity) -> Callable[[Look], Look]:
    def register(look: Look) -> Look:
        RULES[name] = Rule(name, severity, look)
        return look

    return register
