"""`login`: the docker command has credentials for a registry."""

from typing import ClassVar

from django.utils.translation import gettext as _

from sandbox import looks
from sandbox.snapshot import Command, Ran

from .asking import AskingCheck
from .registry import Host


class LoginCheck(AskingCheck):
    kind: ClassVar[str] = "login"

    registry: Host = "localhost:5000"
    helper: bool | None = None

    def command(self) -> Command:
        return looks.logins_command()

    def expected(self) -> str:
        values = {"registry": self.registry}
        if self.helper:
            return _("Signed in to %(registry)s, the password kept by a helper.") % values
        if self.helper is False:
            return _("Signed in to %(registry)s, the password kept in a file.") % values
        return _("Signed in to %(registry)s.") % values

    def verdict(self, ran: Ran) -> tuple[bool, str]:
        values = {"registry": self.registry}
        login = next((one for one in looks.logins_in(ran) if one.registry == self.registry), None)
        if login is None:
            return False, _("The docker command is not signed in to %(registry)s.") % values
        passed = self.helper in (None, login.helper)
        if login.helper:
            return passed, _("The password for %(registry)s is kept by a helper.") % values
        return passed, _("The password for %(registry)s is kept in ~/.docker/config.json.") % values
