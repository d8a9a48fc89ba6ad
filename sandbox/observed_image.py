"""What an engine answers about an image, and the image that a snapshot shows."""

from typing import Annotated

from pydantic import Field

from .answers import Answer, Few, Number, Pairs, Some, Text, Words, first, read
from .environment import as_mapping
from .errors import EngineNotFound
from .learner_engine import LearnerEngine
from .snapshot import Details, Image

ImageId = Annotated[str, Field(pattern=r"^(sha256:)?[0-9a-f]{12,64}$")]
MOST_STEPS = 200


class ImageEntry(Answer):
    """One of `GET /images/json`."""

    Id: Text
    RepoTags: Few[Text] | None = None
    RepoDigests: Some[Words] = None
    Size: Number = 0
    ParentId: Words = ""
    Labels: Pairs[Words] = None


class _Config(Answer):
    User: Words = ""
    Env: Some[Words] = None
    Cmd: Some[Words] = None
    Entrypoint: Some[Words] = None
    ExposedPorts: Pairs[object] = None
    Healthcheck: object = None


class _RootFS(Answer):
    Layers: Some[Words] = None


class _ImageAnswer(Answer):
    Container: Words = ""
    Config: _Config | None = None
    RootFS: _RootFS = _RootFS()


class _Step(Answer):
    CreatedBy: Words = ""


def listed(entry: ImageEntry) -> Image:
    """The image as the list shows it."""
    return Image(
        id=entry.Id,
        tags=tuple(entry.RepoTags or ()),
        digests=tuple(entry.RepoDigests or ()),
        size=max(entry.Size, 0),
        parent=entry.ParentId,
        labels=entry.Labels or {},
    )


async def details(engine: LearnerEngine, image: str) -> Details | None:
    """What the list does not tell; None where it is gone. Raises EngineAnswerError."""
    image = read(ImageId, image)
    try:
        answer = read(_ImageAnswer, await engine.get(f"/images/{image}/json"))
        steps, _more = first(_Step, await engine.get(f"/images/{image}/history"), MOST_STEPS)
    except EngineNotFound:
        return None
    config = answer.Config or _Config()
    return Details(
        layers=tuple(answer.RootFS.Layers or ()),
        command=tuple(config.Cmd or ()),
        entrypoint=tuple(config.Entrypoint or ()),
        user=config.User,
        env=as_mapping(config.Env),
        exposed=frozenset(config.ExposedPorts or ()),
        healthcheck=config.Healthcheck is not None,
        made_from_container=answer.Container,
        history=tuple(step.CreatedBy for step in steps),
    )
