"""`http`: a port of the sandbox answers a request for a page."""

from typing import Annotated, ClassVar

from django.utils.translation import gettext as _
from pydantic import Field, StringConstraints

from sandbox import looks
from sandbox.snapshot import Command, Ran

from .asking import AskingCheck
from .texts import Sought, is_in


class HttpCheck(AskingCheck):
    kind: ClassVar[str] = "http"

    port: int = Field(ge=1, le=65535)
    path: Annotated[str, StringConstraints(pattern=r"^/[!-~]{0,300}$")] = "/"
    status: int = 200
    contains: Sought | None = None

    def command(self) -> Command:
        return looks.page_command(self.port, self.path)

    def expected(self) -> str:
        values = self._values()
        if self.contains:
            return _("%(page)s answers with status %(status)s and “%(text)s”.") % values
        return _("%(page)s answers with status %(status)s.") % values

    def verdict(self, ran: Ran) -> tuple[bool, str]:
        values = self._values()
        page = looks.page_in(ran)
        if page is None:
            return False, _("Nothing answers at %(page)s.") % values
        values["status"] = str(page.status)
        if page.status == self.status and self.contains and not is_in(page.text, self.contains):
            return False, _("%(page)s answers, but without “%(text)s”.") % values
        return page.status == self.status, _("%(page)s answered with status %(status)s.") % values

    def _values(self) -> dict[str, str]:
        return {
            "page": f"localhost:{self.port}{self.path}",
            "status": str(self.status),
            "text": self.contains or "",
        }
