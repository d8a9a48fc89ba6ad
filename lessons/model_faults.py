"""What pydantic found wrong with a lesson, said to its author: where, and in plain words."""

from collections.abc import Iterator
from functools import reduce
from operator import getitem
from typing import Any

from django.utils.translation import gettext as _
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from .checks import KINDS, parse_check
from .faults import MOST_FAULTS, Fault, Misplaced, meant
from .names import ADDRESS, MEMORY
from .written import Way, Written


def faults_of(
    error: ValidationError, model: type[BaseModel], written: Written, file: str
) -> list[Fault]:
    """A fault for each error, in the order of the file."""
    faults = []
    for way, details in _apart(_telling(error.errors(include_url=False)), written.value):
        key = details["type"] == "extra_forbidden" or way[-1:] == ("[key]",)
        place = written.place(way[:-1] if way[-1:] == ("[key]",) else way, key=key)
        suggestion = _meant(model, way) if details["type"] == "extra_forbidden" else ""
        faults.append(Fault(file, *place, _words(way, details), suggestion))
    return sorted(faults[:MOST_FAULTS], key=lambda fault: (fault.line, fault.column))


def _telling(found: list[ErrorDetails]) -> list[ErrorDetails]:
    """Without what pydantic says of a list with faulty entries: that it is too short."""
    ways = {one["loc"] for one in found}
    within = {way[:length] for way in ways for length in range(len(way))}
    return [one for one in found if not (one["type"] == "too_short" and one["loc"] in within)]


def _apart(found: list[ErrorDetails], written: Any) -> Iterator[tuple[Way, ErrorDetails]]:
    """Each error with the way to it. Those within checks are found anew, since the ways that
    pydantic gives leave out which check it was.
    """
    checks: set[Way] = set()
    for one in found:
        way = tuple(one["loc"])
        cause = one.get("ctx", {}).get("error")
        check = _check_on(way)
        if check and one["type"] != "missing":
            if check not in checks:
                yield from _in_check(reduce(getitem, check, written), check, 0)
            checks.add(check)
        elif isinstance(cause, Misplaced):
            yield (*way, *cause.way), one
        else:
            yield way, one


def _check_on(way: Way) -> Way:
    """The part of the way that leads to a check, if there is one."""
    ends = (index + 1 for index, part in enumerate(way) if part in ("check", "when"))
    return way[: next(ends, 0)]


def _in_check(written: Any, way: Way, depth: int) -> Iterator[tuple[Way, ErrorDetails]]:
    kind, fields = ("", None)
    if isinstance(written, dict) and len(written) == 1:
        [(kind, fields)] = written.items()
    if kind in ("all", "any") and isinstance(fields, list) and fields:
        for index, each in enumerate(fields):
            yield from _in_check(each, (*way, kind, index), depth + 1)
        return
    if kind == "not":
        yield from _in_check(fields, (*way, kind), depth + 1)
        return
    try:
        parse_check(written, depth)
    except ValidationError as error:
        for found in error.errors(include_url=False):
            yield (*way, kind, *found["loc"]), found
    except ValueError as error:
        yield way, ErrorDetails(type="value_error", loc=way, msg=str(error), input=None)


def _words(way: Way, found: ErrorDetails) -> str:
    """The sentence; `way` ends at what it is about."""
    names = (part for part in reversed(way) if isinstance(part, str) and part != "[key]")
    name = next(names, "lesson")
    context = {"name": name[:60], **found.get("ctx", {})}
    sentences = {
        "missing": _("`%(name)s` is missing."),
        "extra_forbidden": _("`%(name)s` is no key that may stand here."),
        "string_type": _("`%(name)s` must be text; put it in quotes."),
        "string_too_short": _("`%(name)s` is empty."),
        "string_too_long": _("`%(name)s` is longer than %(max_length)s characters."),
        "string_pattern_mismatch": _(
            "`%(name)s` is not written as a name must be: small letters, digits and hyphens."
        ),
        "too_long": _("`%(name)s` has more than %(max_length)s entries."),
        "too_short": _("`%(name)s` needs %(min_length)s or more entries."),
        "greater_than": _("`%(name)s` must be more than %(gt)s."),
        "greater_than_equal": _("`%(name)s` must be %(ge)s or more."),
        "less_than_equal": _("`%(name)s` must be %(le)s or less."),
        "literal_error": _("`%(name)s` must be one of these: %(expected)s."),
    }
    kinds = {
        "int": _("`%(name)s` must be a whole number."),
        "bool": _("`%(name)s` must be `true` or `false`."),
        "tuple": _("`%(name)s` must be a list."),
        "list": _("`%(name)s` must be a list."),
        "dict": _("`%(name)s` must have keys with values."),
        "model": _("`%(name)s` must have keys with values."),
    }
    patterns = {
        ADDRESS: _("`%(name)s` must be an address that begins with `https://` or `http://`."),
        MEMORY: _("`%(name)s` must be a size, such as `512m` or `2g`."),
    }
    sentence = (
        patterns.get(context.get("pattern", ""))
        or sentences.get(found["type"])
        or kinds.get(found["type"].split("_")[0])
    )
    if sentence is None:
        return found["msg"].removeprefix("Value error, ")
    return sentence % context


def _meant(model: type[BaseModel], way: Way) -> str:
    """The key that is most like an unknown one."""
    return meant(str(way[-1]), _keys_of(model, way[:-1]))


def _keys_of(model: type[BaseModel], way: Way) -> list[str]:
    """The keys that may stand at the end of this way."""
    names = [part for part in way if isinstance(part, str)]
    if names and names[-1] in KINDS and len(names) > 1:
        return [*KINDS[names[-1]].model_fields]
    for name in names:
        field = model.model_fields.get(name)
        inner = _model_in(field.annotation) if field else None
        if inner is None:
            return []
        model = inner
    return [*model.model_fields]


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model of a field, or of the items of a tuple."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = (_model_in(argument) for argument in getattr(annotation, "__args__", ()))
    return next((found for found in inner if found is not None), None)
