"""Variables that are declared, and used."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from lessons.faults import Fault, meant
from lessons.variables import USE
from lessons.written import Way

from .reading import Reading
from .rules import warning

# Bash may have variables of its own.
SCRIPTS = {"setup", "solve", "do", "run"}


@warning("unknown-variable")
def unknown_variable(reading: Reading) -> Iterator[Fault]:
    """`${name}` in what people read is declared."""
    for path, text in reading.texts.items():
        in_blocks = {
            number
            for fence in text.fences()
            for number in range(fence.line, fence.line + fence.content.count("\n"))
        }
        for number, line in enumerate(text.written.split("\n"), start=1):
            for use in USE.finditer(line) if number not in in_blocks else ():
                if use[1] not in reading.values:
                    yield Fault(path, number, use.start() + 1, *_unknown(use[1], reading))
    for way, value in _strings(reading):
        if not SCRIPTS.intersection(way) and "variables" not in way:
            for name in dict.fromkeys(USE.findall(value)):
                if name not in reading.values:
                    yield reading.fault(way, *_unknown(name, reading))


@warning("unused-variable")
def unused_variable(reading: Reading) -> Iterator[Fault]:
    """What is declared is used."""
    used = {name for _way, value in _strings(reading) for name in USE.findall(value)}
    for text in reading.texts.values():
        used |= {*USE.findall(text.written)}
    for name in reading.values:
        if name not in used:
            words = _("`%(name)s` is declared and not used.") % {"name": name}
            yield reading.fault(("variables", name), words, key=True)


def _strings(reading: Reading) -> Iterator[tuple[Way, str]]:
    for way, value in reading.mappings():
        for key, item in value.items():
            for index, each in enumerate(item) if isinstance(item, list) else ((None, item),):
                if isinstance(each, str):
                    yield (*way, key, *(() if index is None else (index,))), each


def _unknown(name: str, reading: Reading) -> tuple[str, str]:
    words = _("`${%(name)s}` is not declared under `variables`.") % {"name": name}
    return words, meant(name, reading.values)
