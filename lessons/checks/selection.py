"""Which container a check is about."""

from sandbox.snapshot import Container, Snapshot, full_reference

from .base import Check


class ContainerSelection(Check):
    """The fields that single out containers; a check adds what it asks of them."""

    name: str | None = None
    image: str | None = None
    mounts_volume: str | None = None
    project: str | None = None
    service: str | None = None

    def selected(self, snapshot: Snapshot) -> list[Container]:
        """The containers that the author's fields single out, newest first as the engine lists."""
        return [container for container in snapshot.containers if self._is_meant(container)]

    def _is_meant(self, container: Container) -> bool:
        return (
            self.name in (None, container.name)
            and (self.image is None or full_reference(self.image) == container.image)
            and (self.mounts_volume is None or self.mounts_volume in container.volumes)
            and self.project in (None, container.project)
            and self.service in (None, container.service)
        )
