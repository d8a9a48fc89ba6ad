"""What Docker chooses by chance: the next learner has something else there."""

import re

from sandbox.snapshot import Container, Snapshot

# Docker's own names for containers, such as eager_curie and, where that is taken, eager_curie7.
_NAME = re.compile(r"[a-z]+_[a-z]+\d?")
# Where Linux takes ports from that nobody has asked for.
FIRST_RANDOM_PORT = 32768


def has_own_name(container: Container) -> bool:
    return _NAME.fullmatch(container.name) is None


def short(reference: str) -> str:
    """As an author writes it."""
    return reference.removesuffix(":latest")


def identity(container: Container, snapshot: Snapshot) -> dict[str, str]:
    """By what the next learner's container is known; nothing where that can't be told."""
    if has_own_name(container):
        return {"name": container.name}
    return image_of(container, snapshot)


def image_of(container: Container, snapshot: Snapshot) -> dict[str, str]:
    """Nothing where its image has no tag any more."""
    if snapshot.image(container.image) is None:
        return {}
    return {"image": short(container.image)}
