"""`script`: Bash in the sandbox, for what no other kind can see; exit code 0 passes."""

from typing import ClassVar

from django.utils.translation import gettext as _
from pydantic import Field

from lessons.bilingual import Bilingual
from sandbox import looks
from sandbox.snapshot import Command, Ran

from .asking import AskingCheck


class ScriptCheck(AskingCheck):
    kind: ClassVar[str] = "script"

    run: str = Field(min_length=1, max_length=4000)
    expect: Bilingual
    otherwise: Bilingual
    seconds: int = Field(default=5, ge=1, le=10)

    def command(self) -> Command:
        return looks.script_command(self.run, self.seconds)

    def expected(self) -> str:
        return str(self.expect)

    def verdict(self, ran: Ran) -> tuple[bool, str]:
        if ran.took_too_long:
            return False, _("Your sandbox took too long over this.")
        if ran.exit_code != 0:
            return False, str(self.otherwise)
        return True, _("It is as expected.")
