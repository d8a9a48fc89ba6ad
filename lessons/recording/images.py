"""Images that were pulled, built, committed, tagged, pushed or removed."""

from collections.abc import Iterator
from typing import Any

from lessons.checks.image import OWN_HOSTS
from sandbox.snapshot import Details, Image, Snapshot

from .chance import short

RUN = "RUN /bin/sh -c "
BUILDKIT = "# buildkit"


def image_candidates(before: Snapshot, after: Snapshot) -> Iterator[dict[str, Any]]:
    old = {image.id: image for image in before.images}
    for image in reversed(after.images):  # the engine lists the newest first
        if image.id in old:
            yield from _tagged(image, old[image.id], before)
        else:
            yield from _made(image, before, after)
        yield from _pushed(image, old.get(image.id))
    for image in before.images:
        for tag in image.tags:
            yield {"not": {"image": {"reference": short(tag)}}}


def _tagged(now: Image, then: Image, before: Snapshot) -> Iterator[dict[str, Any]]:
    stayed = [tag for tag in then.tags if tag in now.tags]
    for tag in now.tags:
        if before.image(tag) != then:
            same = {"same_as": short(stayed[0])} if stayed else {}
            yield {"image": {"reference": short(tag)} | same}


def _made(image: Image, before: Snapshot, after: Snapshot) -> Iterator[dict[str, Any]]:
    """What was pulled only to run a container of it is told by the container."""
    tags = sorted(image.tags, key=lambda tag: tag.startswith(OWN_HOSTS))
    pulled = any(not digest.startswith(OWN_HOSTS) for digest in image.digests)
    used = any(one.image_id == image.id for one in after.containers)
    for tag in tags[:1] if not (pulled and used) else ():
        reference = {"reference": short(tag)}
        yield {"image": reference | ({} if pulled else _origin(image, before))}
        if (earlier := before.image(tag)) and (step := _new_step(image, earlier)):
            yield {"image": reference | {"history": step}}
    for tag in tags[1:]:
        yield {"image": {"reference": short(tag), "same_as": short(tags[0])}}


def _origin(image: Image, before: Snapshot) -> dict[str, Any]:
    details = image.details or Details()
    if details.made_from_container:
        return {"committed": True}
    base = _base(details, before)
    under = (base and base.details) or Details()
    found = {
        "built": True,
        "based_on": short(base.tags[0]) if base else "",
        "user": details.user if details.user != under.user else "",
        "exposed": sorted(port.removesuffix("/tcp") for port in details.exposed - under.exposed),
        "healthcheck": details.healthcheck and not under.healthcheck,
        "labels": _beyond(image.labels, base.labels if base else {}),
        "env": _beyond(details.env, under.env) if base else {},
    }
    return {name: value for name, value in found.items() if value}


def _base(details: Details, before: Snapshot) -> Image | None:
    """Of those that were here already; a learner need not have pulled what a build fetches."""
    below = [
        image
        for image in before.images
        if image.tags and image.details and 0 < len(image.details.layers) < len(details.layers)
    ]
    fitting = [
        image
        for image in below
        if image.details and details.layers[: len(image.details.layers)] == image.details.layers
    ]
    return max(fitting, key=lambda image: len((image.details or Details()).layers), default=None)


def _beyond(found: Any, by_itself: Any) -> dict[str, str]:
    return {
        name: value
        for name, value in found.items()
        if by_itself.get(name) != value and not name.startswith("com.docker.")
    }


def _new_step(now: Image, then: Image) -> str:
    """The last step that the earlier image of this name did not have."""
    earlier = (then.details or Details()).history
    steps = [step for step in (now.details or Details()).history if step not in earlier]
    return steps[0].removeprefix(RUN).removesuffix(BUILDKIT).strip() if steps else ""


def _pushed(now: Image, then: Image | None) -> Iterator[dict[str, Any]]:
    """To a registry in the sandbox; which tag, its tags tell."""
    for digest in now.digests:
        if digest.startswith(OWN_HOSTS) and (then is None or digest not in then.digests):
            name = digest.partition("@")[0]
            registry, _slash, repository = name.partition("/")
            tags = [tag.removeprefix(f"{name}:") for tag in now.tags if tag.startswith(f"{name}:")]
            pushed = {"registry": registry, "repository": repository}
            yield {"registry": pushed | ({"tag": tags[0]} if tags else {})}
