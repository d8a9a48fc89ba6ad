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

    def __str__(self) -> str:
        words = together(self.message, self.suggestion)
        return f"{self.file}:{self.line}:{self.column}: {self.severity}: {words} [{self.rule}]"
