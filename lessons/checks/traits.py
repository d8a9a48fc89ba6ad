"""What is asked of an object, one thing at a time, and the two sentences made of it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from django.utils.translation import gettext as _

from .base import Outcome

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

T = TypeVar("T")
V = TypeVar("V")

# A learner may call things anything.
LONGEST_SHOWN = 60


@dataclass(frozen=True)
class Trait(Generic[T]):
    """In the active language: what is asked, and what is there instead, if anything."""

    wish: str
    fault: Callable[[T], str | None]


def equal(wanted: V, actual: Callable[[T], V], words: Callable[[V], str]) -> Trait[T]:
    """The very value; both sentences put it into the same words."""

    def fault(found: T) -> str | None:
        return None if actual(found) == wanted else words(actual(found))

    return Trait(words(wanted), fault)


# For having and for lacking; lazy, of one and of several (`number`), with a place for `%(these)s`.
Words = Mapping[bool, "StrPromise"]


def all_of(wanted: Iterable[V], has: Callable[[T, V], bool], words: Words) -> Trait[T]:
    """All of several."""
    these = [*wanted]

    def said(yes: bool, some: Sequence[V]) -> str:
        return str(words[yes] % {"these": listed(some), "number": len(some)})

    def fault(found: T) -> str | None:
        missing = [one for one in these if not has(found, one)]
        return said(False, missing) if missing else None

    return Trait(said(True, these), fault)


def judge(
    found: Sequence[T],
    traits: Sequence[Trait[T]],
    name: Callable[[T], str],
    wanted: str,
    nothing: str,
) -> Outcome:
    """Whether one of them has every trait; else it speaks of the one that lacks the fewest."""
    expected = sentence(wanted, [trait.wish for trait in traits])
    if not found:
        return Outcome(False, nothing, expected)
    faults = {index: _faults(one, traits) for index, one in enumerate(found)}
    nearest = min(faults, key=lambda index: len(faults[index]))
    seen = sentence(name(found[nearest]), faults[nearest])
    return Outcome(not faults[nearest], seen, expected)


def sentence(subject: str, traits: Iterable[str]) -> str:
    """Something and what is to be said of it."""
    said = _(", ").join(traits)
    if not said:
        return _("%(container)s.") % {"container": subject}
    return _("%(container)s, %(traits)s.") % {"container": subject, "traits": said}


def listed(things: Iterable[object]) -> str:
    return _(", ").join(shown(str(thing)) for thing in things)


def shown(text: str, most: int = LONGEST_SHOWN) -> str:
    """Cut short where it is long."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _faults(found: T, traits: Iterable[Trait[T]]) -> list[str]:
    return [fault for trait in traits if (fault := trait.fault(found)) is not None]
