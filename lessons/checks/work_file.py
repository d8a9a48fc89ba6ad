"""`work_file`: a file in the learner's ~/work."""

from pathlib import PurePosixPath
from typing import Annotated, ClassVar

from django.utils.translation import gettext as _
from pydantic import AfterValidator, Field

from sandbox import looks
from sandbox.snapshot import Command, Ran

from .asking import AskingCheck
from .texts import Sought, is_in


def _in_work(path: str) -> str:
    parts = PurePosixPath(path).parts
    if path.startswith("/") or not parts or ".." in parts or "\0" in path:
        raise ValueError(f"`{path}` is no path in ~/work; write for example site/index.html")
    return "/".join(parts)


class WorkFileCheck(AskingCheck):
    kind: ClassVar[str] = "work_file"

    path: Annotated[str, Field(max_length=500), AfterValidator(_in_work)]
    contains: Sought | None = None

    def command(self) -> Command:
        return looks.file_command(self.path)

    def expected(self) -> str:
        values = {"path": self.path, "text": self.contains}
        if self.contains:
            return _("A file ~/work/%(path)s that contains “%(text)s”.") % values
        return _("A file ~/work/%(path)s.") % values

    def verdict(self, ran: Ran) -> tuple[bool, str]:
        values = {"path": self.path, "text": self.contains}
        if ran.exit_code != 0:
            return False, _("There is no file ~/work/%(path)s.") % values
        if self.contains and not is_in(ran.output, self.contains):
            return False, _("~/work/%(path)s is there, but “%(text)s” is not in it.") % values
        return True, _("The file ~/work/%(path)s is there.") % values
