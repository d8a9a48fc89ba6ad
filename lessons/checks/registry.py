"""`registry`: a repository in a registry that the learner runs."""

from typing import Annotated, ClassVar

from django.utils.translation import gettext as _
from pydantic import StringConstraints

from sandbox import looks
from sandbox.snapshot import Command, Ran

from .asking import AskingCheck
from .traits import listed

Host = Annotated[str, StringConstraints(pattern=r"^(localhost|127\.0\.0\.1):[0-9]{1,5}$")]
Repository = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9]+([._/-]+[a-z0-9]+)*$", max_length=200)
]


class RegistryCheck(AskingCheck):
    kind: ClassVar[str] = "registry"

    registry: Host = "localhost:5000"
    repository: Repository
    tag: str | None = None

    def command(self) -> Command:
        return looks.tags_command(self.registry, self.repository)

    def expected(self) -> str:
        return _("The image %(image)s in the registry %(registry)s.") % self._values()

    def verdict(self, ran: Ran) -> tuple[bool, str]:
        values = self._values()
        tags = looks.tags_in(ran)
        if tags is None:
            return False, _("No registry answers at %(registry)s.") % values
        if not tags:
            return False, _("The registry %(registry)s does not have %(image)s.") % values
        if self.tag is not None and self.tag not in tags:
            values["tags"] = listed(sorted(tags)[:5])
            seen = _("The registry %(registry)s does not have %(image)s; its tags: %(tags)s.")
            return False, seen % values
        return True, _("The registry %(registry)s has %(image)s.") % values

    def _values(self) -> dict[str, str]:
        image = self.repository if self.tag is None else f"{self.repository}:{self.tag}"
        return {"registry": self.registry, "image": image}
