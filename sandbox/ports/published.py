"""Which ports a learner's containers publish at the moment, as their engine says."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from sandbox.answers import Answer, Few, Text, first
from sandbox.learner_engine import learner_engine
from sandbox.models import Sandbox

from .passes import PORTS

MOST_CONTAINERS = 40
LONGEST_NAME = 60


class _Port(Answer):
    Type: Text = ""
    PublicPort: Annotated[int, Field(ge=PORTS.start, lt=PORTS.stop)] | None = None


class _Entry(Answer):
    Names: Few[Text] | None = None
    Image: Text = ""
    Ports: Annotated[list[_Port], Field(max_length=1000)] | None = None


@dataclass(frozen=True, order=True)
class Published:
    port: int
    container: str
    image: str


async def published_ports(sandbox: Sandbox) -> list[Published]:
    """Sorted, each port once. Raises EngineAnswerError or SandboxError."""
    async with learner_engine(sandbox.container) as engine:
        entries, _more = first(_Entry, await engine.get("/containers/json"), MOST_CONTAINERS)
    found = {
        port.PublicPort: Published(port.PublicPort, _name(entry), _cut(entry.Image))
        for entry in entries
        for port in entry.Ports or []
        if port.PublicPort is not None and port.Type == "tcp"
    }
    return sorted(found.values())


def _name(entry: _Entry) -> str:
    return _cut((entry.Names or [""])[0].removeprefix("/"))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_NAME else f"{text[: LONGEST_NAME - 1]}…"
