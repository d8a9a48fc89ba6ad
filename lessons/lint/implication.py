"""Whether one check holds wherever another does, as far as their written form tells."""

from collections.abc import Iterator

from lessons.checks import Check
from lessons.checks.composition import AllCheck, AnyCheck, NotCheck

# Every field that is added says more of one and the same object.
NARROWING = {"container", "image", "volume", "network", "file", "writable_layer"}
# Checks in a check; larger ones are compared by being equal alone.
LARGEST = 20


def implies(one: Check, other: Check) -> bool:
    """True only where it is certain that `other` holds wherever `one` does."""
    if one == other:
        return True
    if max(_size(one), _size(other)) > LARGEST:
        return False
    return _implies(one, other)


def impossible(check: Check) -> bool:
    """True only where it is certain that it never holds: it asks for something and its opposite."""
    if not isinstance(check, AllCheck) or _size(check) > LARGEST:
        return False
    refused = [each.check for each in check.checks if isinstance(each, NotCheck)]
    return any(_implies(each, other) for each in check.checks for other in refused)


def _implies(one: Check, other: Check) -> bool:
    if one == other:
        return True
    if isinstance(other, AllCheck):
        return all(_implies(one, each) for each in other.checks)
    if isinstance(one, AnyCheck):
        return all(_implies(each, other) for each in one.checks)
    if isinstance(one, AllCheck) and any(_implies(each, other) for each in one.checks):
        return True
    if isinstance(other, AnyCheck):
        return any(_implies(one, each) for each in other.checks)
    if isinstance(one, NotCheck) and isinstance(other, NotCheck):
        return _implies(other.check, one.check)
    return _narrows(one, other)


def _narrows(one: Check, other: Check) -> bool:
    """Whether it says all that the other says, and maybe more."""
    if one.kind != other.kind or one.kind not in NARROWING:
        return False
    said, asked = (check.model_dump(exclude_none=True) for check in (one, other))
    return all(field in said and said[field] == value for field, value in asked.items())


def _size(check: Check) -> int:
    return sum(1 for _each in _within(check))


def _within(check: Check) -> Iterator[Check]:
    yield check
    if isinstance(check, AllCheck | AnyCheck):
        for each in check.checks:
            yield from _within(each)
    elif isinstance(check, NotCheck):
        yield from _within(check.check)
