"""From a learner's engine to a snapshot: every answer is checked, nothing in it is believed."""

from dataclasses import replace
from typing import Any

from .answers import Answer, Pairs, Some, Text, Words, first, read
from .container_texts import end_of_log, file_content, file_exists
from .errors import EngineNotFound
from .learner_engine import LearnerEngine
from .observed_container import ContainerAnswer, ContainerId, observed, with_names_for_ids
from .observed_image import ImageEntry, details, listed
from .snapshot import Container, Image, Network, Question, Snapshot, Volume

# Far above what a lesson makes; a learner who has more is only checked on the newest.
MOST_CONTAINERS = 40
MOST_IMAGES = 200
MOST_IMAGES_IN_DETAIL = 40
MOST_VOLUMES = 200
MOST_NETWORKS = 100
MOST_CHANGES = 5000


class _ContainerEntry(Answer):
    Id: ContainerId


class _Change(Answer):
    Path: Text


class _Volume(Answer):
    Name: Text
    Driver: Words = ""
    Labels: Pairs[Words] = None


class _VolumesAnswer(Answer):
    Volumes: list[Any] | None = None


class _Subnet(Answer):
    Subnet: Words = ""


class _AddressPlan(Answer):
    Config: Some[_Subnet] = None


class _Network(Answer):
    Name: Text
    Driver: Words = ""
    Internal: bool = False
    IPAM: _AddressPlan = _AddressPlan()
    Labels: Pairs[Words] = None


async def observe(engine: LearnerEngine, question: Question) -> Snapshot:
    """Take a snapshot. Raises EngineAnswerError for an answer out of bounds or out of form."""
    engine.begin_look()
    images, more_images = await _images(engine, question)
    entries, more_containers = first(
        _ContainerEntry, await engine.get("/containers/json?all=1"), MOST_CONTAINERS
    )
    volumes = await _volumes(engine)
    tags = {image.id: image.tags for image in images}
    containers = []
    for entry in entries:
        try:
            containers.append(await _container(engine, entry.Id, question, tags))
        except EngineNotFound:
            continue  # removed since it was listed
    return Snapshot(
        images=images,
        containers=with_names_for_ids(containers),
        volumes=volumes,
        networks=await _networks(engine) if question.networks else (),
        truncated=more_images or more_containers,
    )


async def _images(engine: LearnerEngine, question: Question) -> tuple[tuple[Image, ...], bool]:
    entries, more = first(ImageEntry, await engine.get("/images/json"), MOST_IMAGES)
    images = [listed(entry) for entry in entries]
    if question.images:
        for place, image in enumerate(images[:MOST_IMAGES_IN_DETAIL]):
            images[place] = replace(image, details=await details(engine, image.id))
    return tuple(images), more


async def _volumes(engine: LearnerEngine) -> tuple[Volume, ...]:
    answer = read(_VolumesAnswer, await engine.get("/volumes")).Volumes
    volumes, _more = first(_Volume, answer, MOST_VOLUMES)
    return tuple(Volume(one.Name, one.Driver, one.Labels or {}) for one in volumes)


async def _networks(engine: LearnerEngine) -> tuple[Network, ...]:
    networks, _more = first(_Network, await engine.get("/networks"), MOST_NETWORKS)
    return tuple(
        Network(
            name=one.Name,
            driver=one.Driver,
            internal=one.Internal,
            subnets=tuple(subnet.Subnet for subnet in one.IPAM.Config or []),
            labels=one.Labels or {},
        )
        for one in networks
    )


async def _container(
    engine: LearnerEngine, container: str, question: Question, tags: dict[str, tuple[str, ...]]
) -> Container:
    answer = read(ContainerAnswer, await engine.get(f"/containers/{container}/json"))
    seen = observed(answer, tags)
    wants_log = seen.name in question.logs
    return replace(
        seen,
        changed_paths=await _changes(engine, container) if question.changes else frozenset(),
        files=await _files(engine, container, question.files),
        contents=await _contents(engine, container, question.contents),
        log=await end_of_log(engine, container, seen.tty) if wants_log else None,
    )


async def _changes(engine: LearnerEngine, container: str) -> frozenset[str]:
    """What `docker diff` shows."""
    answer = await engine.get(f"/containers/{container}/changes")
    changes, _more = first(_Change, answer, MOST_CHANGES)
    return frozenset(change.Path for change in changes)


async def _files(engine: LearnerEngine, container: str, paths: frozenset[str]) -> frozenset[str]:
    """Those of the paths that exist, volumes included."""
    return frozenset([path for path in sorted(paths) if await file_exists(engine, container, path)])


async def _contents(engine: LearnerEngine, container: str, paths: frozenset[str]) -> dict[str, str]:
    found = {path: await file_content(engine, container, path) for path in sorted(paths)}
    return {path: content for path, content in found.items() if content is not None}
