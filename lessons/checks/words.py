"""How containers are spoken of in a check's two sentences."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from sandbox.snapshot import Container, Snapshot, Status

if TYPE_CHECKING:
    from .selection import ContainerSelection


def status_word(status: Status) -> str:
    """The learner's word for a container's state."""
    return {
        Status.CREATED: _("created but not started"),
        Status.RUNNING: _("running"),
        Status.PAUSED: _("paused"),
        Status.RESTARTING: _("restarting"),
        Status.REMOVING: _("being removed"),
        Status.EXITED: _("stopped"),
        Status.DEAD: _("dead"),
    }[status]


def container_as_seen(container: Container) -> str:
    """Names a container that exists; cut short, since a learner may call it anything."""
    values = {"name": container.name[:40], "image": container.image[:60]}
    return _("Container %(name)s from the image %(image)s") % values


def container_as_wanted(selection: "ContainerSelection") -> str:
    """Names the container that an author asks for."""
    values = {
        "name": selection.name,
        "image": selection.image,
        "volume": selection.mounts_volume,
        "project": selection.project,
        "service": selection.service,
    }
    if selection.project and selection.service:
        return _("A container of the service %(service)s in the project %(project)s") % values
    if selection.service:
        return _("A container of the service %(service)s") % values
    if selection.project:
        return _("A container of the project %(project)s") % values
    if selection.name and selection.mounts_volume:
        return _("A container called %(name)s with the volume %(volume)s") % values
    if selection.name and selection.image:
        return _("A container called %(name)s from the image %(image)s") % values
    if selection.name:
        return _("A container called %(name)s") % values
    if selection.mounts_volume:
        return _("A container with the volume %(volume)s") % values
    if selection.image:
        return _("A container from the image %(image)s") % values
    return _("A container")


def nothing_seen(snapshot: Snapshot) -> str:
    """What to say where no container is the one that an author asks for."""
    return (
        _("There is no such container.") if snapshot.containers else _("There is no container yet.")
    )
