"""What lint has to say about a lesson."""

from dataclasses import dataclass
from enum import StrEnum

from lessons.faults import together


class Severity(StrEnum):
    ERROR = "error"  # a learner would stumble over it, or the lesson can't be read
    WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """`line` and `column` count from 1; message and suggestion are in the active language."""

    file: str
    line: int
    column: int
    rule: str
    severity: Severity
    message: str
    suggestion: str = ""

    @property
    def words(self) -> str:
        """What is wrong and what to do."""
        return together(self.message, self.suggestion)

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}"
        return f"{place}: {self.severity}: {self.words} [{self.rule}]"
