"""Checks that need a command to look around in the sandbox."""

from abc import abstractmethod

from django.utils.translation import gettext as _

from sandbox.snapshot import Command, Question, Ran, Snapshot

from .base import Check, Outcome


class AskingCheck(Check):
    """Judges how one command ended."""

    @abstractmethod
    def command(self) -> Command:
        """What is to be run."""

    @abstractmethod
    def expected(self) -> str:
        """What is asked, as a sentence in the active language."""

    @abstractmethod
    def verdict(self, ran: Ran) -> tuple[bool, str]:
        """Whether it is so, and what was seen."""

    def question(self) -> Question:
        return Question(commands=frozenset({self.command()}))

    def evaluate(self, snapshot: Snapshot) -> Outcome:
        ran = snapshot.ran.get(self.command())
        if ran is None:
            return Outcome(False, _("This has not been looked at yet."), self.expected())
        passed, seen = self.verdict(ran)
        return Outcome(passed, seen, self.expected())
