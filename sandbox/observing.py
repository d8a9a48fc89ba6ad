"""From a learner's engine to a snapshot: every answer is checked, nothing in it is believed."""

from typing import Annotated, Any
from urllib.parse import quote

from pydantic import Field

from .answers import Answer, Few, Text, first, read
from .errors import EngineAnswerError, EngineNotFound
from .learner_engine import LearnerEngine
from .snapshot import Container, Image, Question, Snapshot, Status, full_reference

# Far above what a lesson makes; a learner who has more is only checked on the newest.
MOST_CONTAINERS = 40
MOST_IMAGES = 200
MOST_VOLUMES = 200
MOST_CHANGES = 5000

ContainerId = Annotated[str, Field(pattern=r"^[0-9a-f]{12,64}$")]


class _ImageEntry(Answer):
    Id: Text
    RepoTags: Few[Text] | None = None


class _ContainerEntry(Answer):
    Id: ContainerId


class _State(Answer):
    Status: Text
    ExitCode: int = 0
    StartedAt: Text = ""
    FinishedAt: Text = ""


class _Config(Answer):
    Image: Text = ""
    OpenStdin: bool = False
    Tty: bool = False


class _Mount(Answer):
    Type: Text = ""
    Name: Text = ""


class _Endpoint(Answer):
    IPAddress: Text = ""


class _Networks(Answer):
    Networks: Annotated[dict[Text, _Endpoint], Field(max_length=100)] | None = None


class _ContainerAnswer(Answer):
    Id: ContainerId
    Name: Text
    Image: Text = ""
    Path: Text = ""
    Args: Few[Text] | None = None
    State: _State
    Config: _Config
    Mounts: Few[_Mount] | None = None
    NetworkSettings: _Networks


class _Change(Answer):
    Path: Text


class _Volume(Answer):
    Name: Text


class _VolumesAnswer(Answer):
    Volumes: list[Any] | None = None


async def observe(engine: LearnerEngine, question: Question) -> Snapshot:
    """Take a snapshot. Raises EngineAnswerError for an answer out of bounds or out of form."""
    engine.begin_look()
    images, more_images = first(_ImageEntry, await engine.get("/images/json"), MOST_IMAGES)
    entries, more_containers = first(
        _ContainerEntry, await engine.get("/containers/json?all=1"), MOST_CONTAINERS
    )
    listed = read(_VolumesAnswer, await engine.get("/volumes")).Volumes
    volumes, _more = first(_Volume, listed, MOST_VOLUMES)
    tags = {image.Id: tuple(image.RepoTags or ()) for image in images}
    containers = []
    for entry in entries:
        try:
            containers.append(await _container(engine, entry.Id, question, tags))
        except EngineNotFound:
            continue  # removed since it was listed
    return Snapshot(
        images=tuple(Image(image_id, names) for image_id, names in tags.items()),
        containers=tuple(containers),
        volumes=tuple(volume.Name for volume in volumes),
        truncated=more_images or more_containers,
    )


async def _container(
    engine: LearnerEngine, container: str, question: Question, tags: dict[str, tuple[str, ...]]
) -> Container:
    answer = read(_ContainerAnswer, await engine.get(f"/containers/{container}/json"))
    endpoints = (answer.NetworkSettings.Networks or {}).values()
    return Container(
        id=answer.Id,
        name=answer.Name.removeprefix("/"),
        image=_image_name(answer, tags),
        status=_status(answer.State.Status),
        exit_code=answer.State.ExitCode,
        interactive=answer.Config.OpenStdin,
        tty=answer.Config.Tty,
        command=(answer.Path, *(answer.Args or [])),
        addresses=tuple(point.IPAddress for point in endpoints if point.IPAddress),
        volumes=tuple(m.Name for m in answer.Mounts or [] if m.Type == "volume" and m.Name),
        restarted=_was_started_again(answer.State),
        changed_paths=await _changes(engine, container) if question.changes else frozenset(),
        files=await _files(engine, container, question.files),
    )


async def _changes(engine: LearnerEngine, container: str) -> frozenset[str]:
    """What `docker diff` shows."""
    listed = await engine.get(f"/containers/{container}/changes")
    changes, _more = first(_Change, listed, MOST_CHANGES)
    return frozenset(change.Path for change in changes)


async def _files(engine: LearnerEngine, container: str, paths: frozenset[str]) -> frozenset[str]:
    """Those of the paths that exist, volumes included; their content is never read."""
    found = set()
    for path in sorted(paths):
        if await engine.exists(f"/containers/{container}/archive?path={quote(path, safe='')}"):
            found.add(path)
    return frozenset(found)


def _image_name(answer: _ContainerAnswer, tags: dict[str, tuple[str, ...]]) -> str:
    """The image as a tag, even where the learner named it by its id."""
    typed = full_reference(answer.Config.Image)
    known = tags.get(answer.Image, ())
    return typed if typed in known or not known else known[0]


def _status(word: str) -> Status:
    try:
        return Status(word)
    except ValueError:
        raise EngineAnswerError(f"no container state: {word[:40]!r}") from None


def _was_started_again(state: _State) -> bool:
    """Runs now and has ended before; the engine writes year 1 for "never"."""
    return state.Status == Status.RUNNING and not state.FinishedAt.startswith("0001-")
