"""Environment variables and labels: names with the values that an author asks for."""

from collections.abc import Callable, Mapping
from typing import Annotated, TypeVar

from django.utils.translation import ngettext_lazy
from pydantic import BeforeValidator, Field

from .traits import Trait, Words, all_of

VARIABLES = {
    True: ngettext_lazy("with the variable %(these)s", "with the variables %(these)s", "number"),
    False: ngettext_lazy(
        "without the variable %(these)s", "without the variables %(these)s", "number"
    ),
}
LABELS = {
    True: ngettext_lazy("with the label %(these)s", "with the labels %(these)s", "number"),
    False: ngettext_lazy("without the label %(these)s", "without the labels %(these)s", "number"),
}

T = TypeVar("T")


def _as_text(written: object) -> object:
    """YAML makes numbers and truth values of what is text to Docker."""
    match written:
        case bool():
            return str(written).lower()
        case int() | float():
            return str(written)
    return written


Value = Annotated[
    str | None,
    BeforeValidator(_as_text, json_schema_input_type=str | bool | int | float | None),
]
# A name without a value may have any.
Wanted = Annotated[dict[str, Value], Field(max_length=50)]


def with_env(wanted: Mapping[str, str | None], of: Callable[[T], Mapping[str, str]]) -> Trait[T]:
    return _trait(wanted, of, VARIABLES)


def with_labels(wanted: Mapping[str, str | None], of: Callable[[T], Mapping[str, str]]) -> Trait[T]:
    return _trait(wanted, of, LABELS)


class _Pair(tuple[str, "str | None"]):
    __slots__ = ()

    def __str__(self) -> str:
        name, value = self
        return name if value is None else f"{name}={value}"


def _trait(
    wanted: Mapping[str, str | None],
    of: Callable[[T], Mapping[str, str]],
    words: Words,
) -> Trait[T]:
    def has(found: T, pair: _Pair) -> bool:
        name, value = pair
        pairs = of(found)
        return name in pairs and value in (None, pairs[name])

    return all_of([_Pair(pair) for pair in wanted.items()], has, words)
