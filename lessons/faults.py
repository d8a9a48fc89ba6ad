"""What keeps a lesson from being read, each fault with its place."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from django.utils.translation import gettext as _

# More would help nobody.
MOST_FAULTS = 50


@dataclass(frozen=True)
class Fault:
    """`line` and `column` count from 1; words and suggestion are in the active language."""

    file: str
    line: int = 1
    column: int = 1
    words: str = ""
    suggestion: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}"
        return f"{place}: {together(self.words, self.suggestion)}"


class LessonError(Exception):
    """A lesson that can't be read; the text has a line for each fault."""

    def __init__(self, faults: Sequence[Fault], name: str = "") -> None:
        self.faults = tuple(faults[:MOST_FAULTS])
        place = f"{name}/" if name else ""
        super().__init__("\n".join(f"{place}{fault}" for fault in self.faults))


class Misplaced(ValueError):
    """A fault of a model, with the way from the model to what it is about."""

    def __init__(self, words: str, *way: str | int) -> None:
        super().__init__(words)
        self.way = way


def together(words: str, suggestion: str) -> str:
    """What is wrong and what to do; Japanese has no blank between two sentences."""
    return f"{words}{'' if words.endswith('。') else ' '}{suggestion}".rstrip()


def meant(written: str, known: Iterable[str]) -> str:
    """The name that is most like an unknown one, as a question; empty where none is."""
    if close := get_close_matches(written[:100], list(known), n=1):
        return _("Did you mean `%(name)s`?") % {"name": close[0]}
    return ""
