"""Whether it is a lesson at all."""

from collections.abc import Iterator

from lessons.faults import Fault

from .reading import Reading
from .rules import error


@error("schema")
def schema(reading: Reading) -> Iterator[Fault]:
    """What keeps it from being read."""
    yield from reading.faults
