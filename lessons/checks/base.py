"""What every kind of check is: a pure question about a snapshot of a learner's engine."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from sandbox.snapshot import Question, Snapshot


@dataclass(frozen=True)
class Outcome:
    """Whether a check holds, and two sentences for the learner in the active language."""

    passed: bool
    seen: str
    expected: str


class Check(BaseModel):
    """Fields are what an author may write in `lesson.yml`; anything else is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: ClassVar[str]

    def question(self) -> Question:
        """What the snapshot must hold for this check."""
        return Question()

    @abstractmethod
    def evaluate(self, snapshot: Snapshot) -> Outcome:
        """Look at the snapshot; touches nothing else."""
